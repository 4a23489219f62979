"""What people wear and how the light falls: kits, complexions, light. Plain values, no drawing.

Colours are ``(blue, green, red)`` in 0..255, as everywhere beside OpenCV.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Colour = tuple[float, float, float]
Pattern = Literal["plain", "stripes", "hoops", "halves", "sash", "sleeves"]


@dataclass(frozen=True, slots=True)
class Kit:
    """One set of clothes; ``pattern`` uses ``second`` beside ``shirt``, long sleeves cover the forearms."""

    shirt: Colour
    shorts: Colour
    socks: Colour
    number: Colour
    second: Colour | None = None
    pattern: Pattern = "plain"
    long_sleeves: bool = False
    long_trousers: bool = False
    gloves: Colour | None = None


KITS: dict[str, Kit] = {
    "red": Kit((40, 34, 190), (235, 235, 235), (40, 34, 190), (240, 240, 240)),
    "white": Kit((232, 230, 228), (60, 40, 30), (232, 230, 228), (50, 30, 25)),
    "sky": Kit((225, 180, 105), (235, 235, 235), (225, 180, 105), (60, 40, 20)),
    "navy": Kit((85, 40, 25), (85, 40, 25), (85, 40, 25), (225, 225, 225)),
    "black_blue": Kit((38, 30, 28), (32, 28, 26), (32, 28, 26), (220, 190, 60), (200, 110, 30), "stripes"),
    "yellow": Kit((45, 205, 235), (150, 60, 20), (45, 205, 235), (120, 50, 20)),
    "green": Kit((60, 120, 25), (235, 235, 235), (60, 120, 25), (240, 240, 240)),
    "lime": Kit((70, 230, 130), (70, 225, 125), (70, 225, 125), (30, 40, 30)),
    "orange": Kit((25, 120, 235), (30, 30, 30), (25, 120, 235), (25, 25, 25)),
    "claret": Kit((55, 25, 105), (235, 230, 225), (55, 25, 105), (230, 200, 160), (215, 170, 110), "sleeves"),
    "red_white": Kit((45, 40, 200), (40, 35, 35), (45, 40, 200), (30, 30, 30), (235, 235, 235), "stripes"),
    "blue_white": Kit((190, 80, 25), (235, 235, 235), (190, 80, 25), (40, 40, 200), (235, 235, 235), "hoops"),
    "black_white": Kit(
        (35, 32, 32), (35, 32, 32), (235, 235, 235), (50, 200, 230), (235, 235, 235), "stripes"
    ),
    "red_blue": Kit((150, 45, 25), (140, 45, 25), (150, 45, 25), (60, 210, 235), (55, 30, 160), "halves"),
    "white_sash": Kit((235, 235, 235), (30, 30, 30), (235, 235, 235), (30, 30, 30), (45, 40, 200), "sash"),
    "purple": Kit((115, 45, 90), (115, 45, 90), (115, 45, 90), (240, 240, 240)),
    "grey": Kit((125, 120, 118), (70, 66, 64), (125, 120, 118), (240, 240, 240)),
    "pink": Kit((175, 130, 235), (40, 35, 35), (175, 130, 235), (40, 35, 35)),
}
"""Kits for teams, by name."""


def _keeper(shirt: Colour, shorts: Colour, number: Colour, gloves: Colour = (240, 240, 240)) -> Kit:
    """Plain, with long sleeves and gloves; socks as the shorts."""
    return Kit(shirt, shorts, shorts, number, long_sleeves=True, gloves=gloves)


KEEPER_KITS: dict[str, Kit] = {
    "green": _keeper((70, 205, 85), (70, 200, 80), (30, 30, 30)),
    "orange": _keeper((40, 120, 240), (40, 115, 235), (30, 30, 30)),
    "yellow": _keeper((60, 220, 235), (60, 215, 230), (30, 30, 30), gloves=(60, 60, 60)),
    "black": _keeper((45, 42, 42), (40, 38, 38), (60, 220, 220), gloves=(60, 220, 90)),
    "pink": _keeper((170, 105, 235), (165, 100, 230), (40, 30, 30)),
    "cyan": _keeper((220, 195, 60), (215, 190, 60), (40, 30, 30)),
}
"""Kits for goalkeepers, by name."""

REFEREE_KITS: dict[str, Kit] = {
    "black": Kit((42, 38, 38), (38, 34, 34), (38, 34, 34), (60, 60, 60)),
    "yellow": Kit((40, 225, 235), (35, 32, 32), (45, 235, 240), (60, 60, 60)),
    "blue": Kit((200, 150, 50), (35, 32, 32), (35, 32, 32), (60, 60, 60)),
    "red": Kit((60, 45, 205), (35, 32, 32), (35, 32, 32), (60, 60, 60)),
}
"""Kits for the referee and the assistants, by name."""

STAFF_KIT = Kit((48, 40, 36), (44, 38, 36), (44, 38, 36), (48, 40, 36), None, "plain", True, True)
"""Dark tracksuit of coaches."""

SKINS: tuple[Colour, ...] = ((150, 175, 222), (125, 155, 208), (95, 128, 182), (62, 88, 135), (42, 58, 92))
HAIRS: tuple[Colour, ...] = ((28, 26, 28), (34, 36, 44), (40, 58, 88), (82, 128, 168), (120, 120, 122))
BOOTS: tuple[Colour, ...] = ((240, 240, 240), (35, 35, 35), (60, 90, 240), (70, 235, 190), (200, 120, 240))


@dataclass(frozen=True, slots=True)
class Light:
    """How a scene is lit.

    ``suns`` are ``(azimuth_deg, elevation_deg, share)``: one for daylight, four for floodlights; azimuth
    counts from +x towards +y. ``ambient`` is the share of light that comes from everywhere.
    ``shade`` is a half plane ``(a, b, c)``: the pitch where ``a x + b y < c`` lies in the stand's shadow, lit
    by ``shade_level``; None for no such shadow.
    """

    suns: tuple[tuple[float, float, float], ...]
    ambient: float
    shadow: float
    tint: Colour = (1.0, 1.0, 1.0)
    grass: Colour = (52, 142, 108)
    surround: float = 0.6
    shade: tuple[float, float, float] | None = None
    shade_level: float = 0.5


LIGHTS: dict[str, Light] = {
    "night": Light(
        ((35.0, 38.0, 0.3), (145.0, 38.0, 0.3), (215.0, 38.0, 0.2), (325.0, 38.0, 0.2)), 0.62, 0.16
    ),
    "overcast": Light(((120.0, 60.0, 1.0),), 0.82, 0.12, grass=(60, 112, 78), surround=0.75),
    "sun": Light(((140.0, 42.0, 1.0),), 0.55, 0.42, (0.96, 1.0, 1.04), (62, 138, 100), 0.85),
    "low_sun": Light(
        ((160.0, 22.0, 1.0),), 0.5, 0.45, (0.88, 1.0, 1.1), (55, 135, 105), 0.8, (0.25, 1.0, 6.0), 0.45
    ),
    "dusk": Light(((200.0, 50.0, 1.0),), 0.75, 0.12, (1.08, 0.98, 0.92), (48, 96, 66), 0.45),
    "dim": Light(((35.0, 38.0, 0.5), (215.0, 38.0, 0.5)), 0.5, 0.2, (0.75, 0.75, 0.78), (40, 94, 70), 0.35),
}
"""Light presets, by name."""
