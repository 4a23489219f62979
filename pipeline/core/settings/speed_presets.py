"""What counts as fast, for whom: speed bands that others publish by, km/h."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SpeedPreset = Literal["fifa_men", "fifa_women", "youth"]


@dataclass(frozen=True, slots=True)
class Speeds:
    """Edges of the speed bands, and where high speed and sprinting begin, km/h."""

    bands_kmh: tuple[float, ...]
    high_speed_kmh: float
    sprint_kmh: float


SPEED_PRESETS: dict[SpeedPreset, Speeds] = {
    "fifa_men": Speeds((7.0, 15.0, 20.0, 25.0), 20.0, 25.0),
    "fifa_women": Speeds((7.0, 13.0, 19.0, 23.0), 19.0, 23.0),
    "youth": Speeds((7.0, 13.0, 16.1, 19.1), 16.1, 19.1),
}
"""FIFA's reports on the World Cup 2022, and on the Women's World Cups 2019 and 2023 (Bradley); for players of
13 to 18 Buchheit et al., Int J Sports Med 31 (2010) 818, as FIFA has no bands of its own for them."""
