"""Kinds of pitch by name: the Laws of the Game, the FA's and the DFB's small-sided pitches, futsal. No I/O.

Yards of the FA's guide to pitch and goalpost dimensions are written as yards. Associations leave much open
and clubs paint as they like: every number can be set (`pipeline.core.settings.pitch_settings`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from pipeline.core.grounds.marks import Marks

PresetName = Literal["11", "9-fa", "9-dfb", "7-fa", "7-dfb", "5-fa", "5-dfb", "futsal"]


@dataclass(frozen=True, slots=True)
class Preset:
    """A kind of pitch: usual size, what lengths and widths make sense, marks, players a side."""

    length_m: float
    width_m: float
    lengths_m: tuple[float, float]
    widths_m: tuple[float, float]
    marks: Marks
    players: int


def _yd(*yards: float) -> tuple[float, ...]:
    return tuple(round(0.9144 * y, 2) for y in yards)


def _area(depth_yd: float, width_yd: float) -> tuple[float, float]:
    depth, width = _yd(depth_yd, width_yd)
    return depth, width


_FA_9 = Marks(
    penalty_area_m=_area(13, 32),
    goal_area_m=_area(4, 14),
    penalty_spot_m=_yd(9)[0],
    circle_radius_m=_yd(7)[0],
    goal_m=(4.88, 2.13),
)
_FA_7 = Marks(
    penalty_area_m=_area(10, 18),
    goal_area_m=None,
    penalty_spot_m=_yd(8)[0],
    circle_radius_m=_yd(6)[0],
    penalty_arc=False,
    goal_m=(3.66, 1.83),
)
_FA_5 = Marks(
    penalty_area_m=None,
    goal_area_m=None,
    penalty_spot_m=6.0,
    circle_radius_m=_yd(3)[0],
    penalty_arc=False,
    corner_radius_m=None,
    goal_m=(3.66, 1.83),
    area_radius_m=6.0,
    around_posts=False,
)
_DFB_9 = Marks(
    penalty_area_m=(12.0, 29.0),
    goal_area_m=(4.0, 13.0),
    penalty_spot_m=9.0,
    circle_radius_m=None,
    penalty_arc=False,
    goal_m=(5.0, 2.0),
)
_DFB_7 = Marks(
    penalty_area_m=(12.0, 29.0),
    goal_area_m=(4.0, 13.0),
    penalty_spot_m=8.0,
    circle_radius_m=None,
    penalty_arc=False,
    goal_m=(5.0, 2.0),
)
_DFB_5 = Marks(
    penalty_area_m=None,
    goal_area_m=None,
    penalty_spot_m=None,
    circle_radius_m=None,
    penalty_arc=False,
    corner_radius_m=None,
    goal_m=(5.0, 2.0),
)
_FUTSAL = Marks(
    penalty_area_m=None,
    goal_area_m=None,
    penalty_spot_m=6.0,
    second_spot_m=10.0,
    circle_radius_m=3.0,
    penalty_arc=False,
    corner_radius_m=0.25,
    goal_m=(3.0, 2.0),
    area_radius_m=6.0,
)

PRESETS: dict[PresetName, Preset] = {
    "11": Preset(105.0, 68.0, (80.0, 120.0), (45.0, 90.0), Marks(), 11),
    "9-fa": Preset(73.15, 45.72, (55.0, 85.0), (35.0, 60.0), _FA_9, 9),
    "9-dfb": Preset(70.0, 50.0, (55.0, 85.0), (35.0, 60.0), _DFB_9, 9),
    "7-fa": Preset(54.86, 36.58, (40.0, 70.0), (25.0, 50.0), _FA_7, 7),
    "7-dfb": Preset(55.0, 35.0, (40.0, 75.0), (30.0, 55.0), _DFB_7, 7),
    "5-fa": Preset(36.58, 27.43, (20.0, 50.0), (15.0, 40.0), _FA_5, 5),
    "5-dfb": Preset(40.0, 25.0, (20.0, 50.0), (15.0, 40.0), _DFB_5, 5),
    "futsal": Preset(40.0, 20.0, (25.0, 42.0), (15.0, 25.0), _FUTSAL, 5),
}
assert set(PRESETS) == set(get_args(PresetName))
