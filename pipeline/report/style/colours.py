"""Colours that people see: from the real kits where those can be told apart, else from a safe palette."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Rgb = tuple[int, int, int]
Lab = tuple[float, float, float]

GRASS_LAB: Lab = (45.0, -25.0, 30.0)
SAFE: tuple[Rgb, Rgb] = ((0, 114, 178), (213, 94, 0))
"""Blue and vermilion: told apart with any colour vision (Okabe and Ito 2008)."""
_REFEREE: tuple[Rgb, ...] = ((240, 228, 66), (204, 121, 167), (86, 180, 233))
UNCLEAR: Rgb = (170, 170, 170)
BALL: Rgb = (255, 255, 255)
_MIN_APART = 38.0
_MIN_APART_DEUTERANOPE = 22.0
_MIN_FROM_GRASS = 38.0


@dataclass(frozen=True, slots=True)
class TeamColour:
    """Of one team: ``kit`` as measured (None if not), ``video`` on grass, ``page`` on white paper."""

    kit: Rgb | None
    video: Rgb
    page: Rgb


@dataclass(frozen=True, slots=True)
class Colours:
    """Of a match; ``from_kits`` is False when the palette stands in for a kit that could be mistaken."""

    a: TeamColour
    b: TeamColour
    referee: Rgb
    from_kits: bool

    def team(self, name: str) -> TeamColour:
        """Give the colours of team ``A`` or ``B``."""
        return self.a if name == "A" else self.b

    def by_label(self) -> tuple[Rgb, ...]:
        """Give the colour on video of each value of a label map, in the order of `core.types.LABEL_NAMES`."""
        a, b = self.a.video, self.b.video
        return ((0, 0, 0), a, b, lighter(a), lighter(b), self.referee, BALL, UNCLEAR)


def choose(kit_a: Lab | None, kit_b: Lab | None) -> Colours:
    """Choose the colours of a match from the teams' kits (CIE L*a*b*; None where unknown).

    Of all pairs that can be told apart, on grass and on paper, by anybody, the one nearest to the kits.
    """
    if kit_a is None or kit_b is None:
        kits = [None if k is None else to_rgb(k) for k in (kit_a, kit_b)]
        plain = [TeamColour(kit, colour, colour) for kit, colour in zip(kits, SAFE, strict=True)]
        return Colours(plain[0], plain[1], _referee(list(SAFE)), False)
    pairs = [(a, b) for a in _candidates(kit_a) for b in _candidates(kit_b) if _tell_apart(a, b)]
    a, b = min(pairs, key=_departure)
    return Colours(a, b, _referee([a.video, b.video]), _departure((a, b))[0] == 0)


def _departure(pair: tuple[TeamColour, TeamColour]) -> tuple[int, float]:
    """How many teams do not wear their own colour, and how far the colours are from the kits."""
    far = sum(distance(c.video, c.kit) for c in pair if c.kit is not None)
    return sum(c.video in SAFE for c in pair), far


def _candidates(kit: Lab) -> list[TeamColour]:
    real = to_rgb(kit)
    own = TeamColour(real, to_rgb(_vivid(kit, 15, 97)), to_rgb(_vivid(kit, 15, 58)))
    return [own, *(TeamColour(real, colour, colour) for colour in SAFE)]


def to_rgb(lab: Lab) -> Rgb:
    """Turn CIE L*a*b* (D65) into 8-bit sRGB, clipped to what a screen can show."""
    rgb = cv2.cvtColor(np.array([[lab]], np.float32), cv2.COLOR_Lab2RGB)[0, 0]
    r, g, b = (int(v) for v in np.clip(np.rint(rgb * 255), 0, 255))
    return r, g, b


def to_lab(rgb: Rgb) -> NDArray[np.float64]:
    """Turn 8-bit sRGB into CIE L*a*b*, shape ``(3,)``."""
    image = np.array([[rgb]], np.float32) / 255
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2Lab)[0, 0], np.float64)


def distance(first: Rgb, second: Rgb) -> float:
    """CIE76 colour difference; about 2 is just visible."""
    return float(np.linalg.norm(to_lab(first) - to_lab(second)))


def deuteranope(rgb: Rgb) -> Rgb:
    """Show a colour as somebody without green cones sees it (Machado et al. 2009, severity 1)."""
    matrix = np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]])
    linear = (np.array(rgb) / 255) ** 2.2
    r, g, b = (int(v) for v in np.rint(np.clip(matrix @ linear, 0, 1) ** (1 / 2.2) * 255))
    return r, g, b


def lighter(rgb: Rgb, share: float = 0.45) -> Rgb:
    """Mix with white."""
    r, g, b = (round(v + (255 - v) * share) for v in rgb)
    return r, g, b


def ink_on(rgb: Rgb) -> Rgb:
    """Black or white, whichever reads better on ``rgb``."""
    return (20, 20, 20) if to_lab(rgb)[0] > 62 else (255, 255, 255)


def to_hex(rgb: Rgb) -> str:
    """Write as ``#rrggbb``."""
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def of_hex(text: str) -> Rgb:
    """Read ``#rrggbb``."""
    r, g, b = (int(text[i : i + 2], 16) for i in (1, 3, 5))
    return r, g, b


def _vivid(lab: Lab, darkest: float, lightest: float) -> Lab:
    """Undo the dullness of an average over shaded cloth; neutral kits go to black, grey or white."""
    lightness, a, b = lab
    chroma = float(np.hypot(a, b))
    if chroma < 14:
        spread = 97.0 if lightness > 62 else 15.0 if lightness < 38 else lightness
        return min(max(spread, darkest), lightest), 0.0, 0.0
    gain = max(1.0, min(chroma * 1.5, 62.0) / chroma)
    return min(max(lightness, max(darkest, 32.0)), min(lightest, 78.0)), a * gain, b * gain


def _tell_apart(a: TeamColour, b: TeamColour) -> bool:
    return _apart(a.video, b.video) and _apart(a.page, b.page) and _on_grass(a.video) and _on_grass(b.video)


def _apart(first: Rgb, second: Rgb) -> bool:
    seen = distance(deuteranope(first), deuteranope(second))
    return distance(first, second) >= _MIN_APART and seen >= _MIN_APART_DEUTERANOPE


def _on_grass(rgb: Rgb) -> bool:
    return distance(rgb, to_rgb(GRASS_LAB)) >= _MIN_FROM_GRASS


def _referee(teams: list[Rgb]) -> Rgb:
    return max(_REFEREE, key=lambda c: min(45.0, *(distance(c, t) for t in teams)))
