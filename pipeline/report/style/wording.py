"""Numbers and colours as people say them."""

from __future__ import annotations

import math

from pipeline.report.style.colours import Lab

DASH = "–"


def duration(seconds: float) -> str:
    """Write ``9.8 s``, ``2 min 05 s`` or ``1 h 32 min``."""
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes = round(seconds) // 60
    if minutes < 60:
        return f"{minutes} min {round(seconds) % 60:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def clock(seconds: float) -> str:
    """Write ``0:09`` or ``1:02:05``."""
    whole = math.floor(seconds + 1e-6)
    hours, minutes = whole // 3600, whole % 3600 // 60
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def number(value: float | None, digits: int = 0, unit: str = "") -> str:
    """Write a number with thousands apart; a dash for what is not known."""
    if value is None or not math.isfinite(value):
        return DASH
    text = f"{value:,.{digits}f}".replace(",", "\u202f")
    return f"{text}\u00a0{unit}" if unit else text


def metres(value: float | None, unit: str = "") -> str:
    """Write a distance: with a decimal under 100 m, without from there on."""
    return number(value, 1 if value is not None and value < 100 else 0, unit)


def signed(value: float | None, digits: int = 0) -> str:
    """Write a difference with its sign; a dash for what is not known."""
    if value is None or not math.isfinite(value):
        return DASH
    return f"{value:+,.{digits}f}".replace(",", "\u202f").replace("-", "−")


def share(value: float | None) -> str:
    """Write a share 0..1 in per cent, with a decimal only where it says something."""
    if value is None or not math.isfinite(value):
        return DASH
    percent = 100 * value
    if 0 < percent < 1 or 99 < percent < 100:
        return f"{min(max(percent, 0.1), 99.9):.1f}%"
    return f"{percent:.0f}%"


def many(count: int, one: str, more: str | None = None) -> str:
    """Write ``1 frame`` or ``1 204 frames``."""
    return f"{number(count)} {one if count == 1 else more or one + 's'}"


_HUES = (
    (15, "pink"),
    (45, "red"),
    (75, "orange"),
    (110, "yellow"),
    (170, "green"),
    (225, "turquoise"),
    (300, "blue"),
    (335, "purple"),
    (360, "pink"),
)


def colour_name(lab: Lab) -> str:
    """Name a kit colour (CIE L*a*b*) in a word or two, such as ``dark blue``."""
    lightness, a, b = lab
    chroma, hue = math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360
    if chroma < 13:
        return "white" if lightness > 62 else "black" if lightness < 40 else "grey"
    name = next(word for limit, word in _HUES if hue < limit)
    if name == "orange" and lightness < 45:
        name = "brown" if chroma < 35 else "red"
    if name == "pink" and lightness < 50:
        name = "dark red"
    if name == "blue" and lightness > 58:
        return "sky blue"
    dark = lightness < 33 and not name.startswith("dark")
    return f"dark {name}" if dark else name


def with_variant(name: str, variant: object) -> str:
    """Name a formation, and what it is called where its wings stand as low as here."""
    return f"{name} (low wings: {variant})" if isinstance(variant, str) else name
