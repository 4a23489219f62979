"""One side of a comparison: a team over a match, a half or a phase, turned to attack from left to right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.metrics.comparison.team_lines import lines
from pipeline.metrics.formation.role_model import RoleModel, role_model
from pipeline.metrics.shape.team_shape import SHAPE_COLUMNS, counted, frame_shapes, team_frames

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

LINE_COLUMNS = ("defence_height_m", "defence_midfield_m", "midfield_attack_m")
MEASURES = (*SHAPE_COLUMNS, *LINE_COLUMNS)
MIN_SEEN = 8
"""Length, width, stretch and hull count in frames with so many of the team in view; lines where whole. What
``measure.shape_min_players`` is unless set."""
BLOCK_S = 10.0


@dataclass(frozen=True, slots=True)
class Side:
    """A team as it stood.

    ``model``: its roles; ``middle_m`` ``(2,)``: its mean place on the pitch; ``shapes``: ``time_s,
    players_seen, block`` and `MEASURES`, a row a second (`team_shape.by_second`), NaN with too few in view;
    ``block`` ``(F,)``: block of each frame of ``model.found``, as `blocks` numbers them;
    ``min_seen``: how many in view that takes.
    """

    team: str
    model: RoleModel
    middle_m: Array
    shapes: pd.DataFrame
    block: NDArray[np.int64]
    min_seen: int = MIN_SEEN


def side(
    people: pd.DataFrame,
    team: str,
    pitch: Pitch,
    possession: pd.DataFrame,
    *,
    min_seen: int = MIN_SEEN,
    cuts_s: tuple[float, ...] = (),
) -> Side:
    """Describe ``team`` over rows of `who_is_where.people`, turned to attack from left to right.

    ``cuts_s``: when its line-up changed, s; its places are found within each line-up and pooled.
    """
    own = people[(people["team"] == team) & (people["role"] == "player")]
    frames = team_frames(own, team, pitch.outfield)
    model = role_model(frames, "left_to_right", cuts_s)
    middle = np.nanmean(frames.places_m.reshape(-1, 2), axis=0) if len(frames.frames) else np.zeros(2)
    min_seen = pitch.fewest(min_seen)
    return Side(
        team,
        model,
        middle,
        _shapes(own, model, pitch, possession, min_seen),
        blocks(model.found.team.times_s, possession),
        min_seen,
    )


def blocks(times_s: Array, possession: pd.DataFrame) -> NDArray[np.int64]:
    """Number what the bootstrap draws as a whole: from one change of possession to the next, or `BLOCK_S`."""
    if not len(possession):
        return np.asarray(np.floor(times_s / BLOCK_S), dtype=np.int64)
    starts = np.sort(possession["start_s"].to_numpy(float))
    return np.asarray(np.searchsorted(starts, times_s, side="right"), dtype=np.int64)


def _shapes(
    own: pd.DataFrame, model: RoleModel, pitch: Pitch, possession: pd.DataFrame, min_seen: int
) -> pd.DataFrame:
    table = counted(frame_shapes(own, min_seen), min_seen)
    found = model.found
    if model.fit is None:
        return _with_block(table.assign(**dict.fromkeys(LINE_COLUMNS, np.nan)), possession)
    made = lines(found, model.fit, "left_to_right", pitch)
    over_time = {name: getattr(made, name) for name in LINE_COLUMNS} | {"frame": found.team.frames}
    import pandas as pd

    return _with_block(table.merge(pd.DataFrame(over_time), "left", "frame"), possession)


def _with_block(table: pd.DataFrame, possession: pd.DataFrame) -> pd.DataFrame:
    at = table.assign(block=blocks(table["time_s"].to_numpy(float), possession))
    at["time_s"] = np.floor(at["time_s"]) + 0.5
    means = dict.fromkeys(("players_seen", *MEASURES), "mean") | {"block": "first"}
    return at.groupby("time_s", as_index=False).agg(means)
