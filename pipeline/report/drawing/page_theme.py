"""The match's colours as CSS variables, for paper and for a dark screen."""

from __future__ import annotations

from pipeline.report.drawing.markup import Ink
from pipeline.report.style.colours import Colours, Rgb, deuteranope, distance, to_hex, to_lab, to_rgb

_DARK_SAFE: tuple[Rgb, Rgb] = ((86, 180, 233), (230, 159, 0))
"""Sky blue and orange (Okabe and Ito 2008)."""
_LIGHT_ENOUGH = 55.0
_APART, _APART_DEUTERANOPE = 38.0, 22.0


def team_ink(team: str) -> Ink:
    """Say how a team is drawn on the page: A as discs and whole lines, B as squares and dashes."""
    letter = team.lower()
    return Ink(f"var(--team-{letter})", f"var(--on-{letter})", round=team == "A")


def readable_on(rgb: Rgb) -> Rgb:
    """Give black or white, whichever has more contrast (WCAG 2): one of them always has 4.5 to 1."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgb)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    black, white = (luminance + 0.05) / 0.05, 1.05 / (luminance + 0.05)
    return (0, 0, 0) if black >= white else (255, 255, 255)


def theme_css(colours: Colours) -> str:
    """Write the variables ``--team-a --on-a --team-b --on-b``."""
    light = {"a": colours.a.page, "b": colours.b.page}
    dark = dict(zip("ab", dark_pair(colours), strict=True))
    return (
        f":root {{ {_variables(light)} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_variables(dark)} }} }}\n"
    )


def dark_pair(colours: Colours) -> tuple[Rgb, Rgb]:
    """Choose the teams' colours on a dark ground: their own made light, where these can be told apart."""
    one, two = (_lit(c.video) for c in (colours.a, colours.b))
    seen = distance(deuteranope(one), deuteranope(two))
    if distance(one, two) >= _APART and seen >= _APART_DEUTERANOPE:
        return one, two
    return _DARK_SAFE


def _lit(rgb: Rgb) -> Rgb:
    lightness, a, b = (float(v) for v in to_lab(rgb))
    return to_rgb((max(lightness, _LIGHT_ENOUGH), a, b))


def _variables(pair: dict[str, Rgb]) -> str:
    return " ".join(f"--team-{n}: {to_hex(c)}; --on-{n}: {to_hex(readable_on(c))};" for n, c in pair.items())
