"""Both teams and the ball at moments a fixed time apart. Tables in, arrays out.

Players are padded: ``P`` is the most that a team shows at once. Nothing is filled in for those unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.direction.left_to_right import Sides

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
TEAMS = ("A", "B")
_BIN_S = 1e-6


@dataclass(frozen=True, slots=True)
class Moments:
    """A match at ``T`` moments, in the pitch's own directions; teams are numbered 0 (A) and 1 (B).

    ``times_s``, ``frames`` ``(T,)``; ``step_s``: time each moment stands for. ``period`` ``(T,)``: row of
    ``play_s``, -1 in breaks. ``places_m``, ``velocity_mps`` ``(2, T, P, 2)``, NaN where absent or unknown;
    ``tracks`` ``(2, T, P)``, -1 where unknown; ``keeper`` ``(2, T, P)``. ``ball_m``, ``ball_mps`` ``(T, 2)``,
    NaN where unseen; ``ball_error_m`` ``(T,)``: median error of its place. ``spell`` ``(T,)``: row of the
    sorted spells of possession, -1 for none; ``owner`` ``(T,)``: 0 or 1, -1 for nobody. ``sign`` ``(2, T)``:
    1 where a team attacks to the right, -1 to the left, 0 where that is unclear.
    """

    times_s: Array
    frames: Ints
    step_s: Array
    period: Ints
    places_m: Array
    velocity_mps: Array
    tracks: Ints
    keeper: Mask
    ball_m: Array
    ball_mps: Array
    ball_error_m: Array
    spell: Ints
    owner: Ints
    sign: Array

    @property
    def seen(self) -> Mask:
        """Which places hold somebody, ``(2, T, P)``."""
        return np.asarray(np.isfinite(self.places_m[..., 0]))

    @property
    def outfield(self) -> Mask:
        """Which places hold an outfield player, ``(2, T, P)``."""
        return np.asarray(self.seen & ~self.keeper)

    def forward(self, team: int, points_m: Array) -> Array:
        """Turn points ``(T, ..., 2)`` so that ``team`` attacks to the right; NaN where that is unclear."""
        sign = np.where(self.sign[team] == 0, np.nan, self.sign[team])
        return np.asarray(points_m * sign.reshape(-1, *[1] * (points_m.ndim - 1)))

    def has_ball(self, team: int) -> Mask:
        """When ``team`` has the ball, ``(T,)``."""
        return np.asarray(self.owner == team)


def moments(
    people: pd.DataFrame,
    ball: pd.DataFrame,
    spells: pd.DataFrame,
    way: Sides,
    play_s: Array,
    every_s: float,
    moving: pd.DataFrame | None = None,
) -> Moments:
    """Lay out a match.

    Parameters
    ----------
    people
        Players and goalkeepers with a team on the pitch (`who_is_where.people`), in the pitch's directions.
    ball
        ``frame, time_s, x_m, y_m, error_m``, at most one row a frame.
    spells
        Table ``possession``, may be empty.
    play_s
        Periods, ``(P, 2)`` s.
    every_s
        At most one frame in each interval of this length is taken.
    moving
        What `track_motion.motion` gives, for velocities; None without tracks.
    """
    frames, times = _grid(people, ball, every_s)
    own = people[people["frame"].isin(frames)].sort_values(["frame", "track_id"], kind="stable")
    laid = _laid_out(own, frames, _velocities(own, moving))
    at, at_mps, off_m = _ball(ball, frames, times, every_s)
    usual = float(np.median(np.diff(times))) if len(times) > 1 else every_s
    ordered = spells.sort_values("start_s")
    spell = _rows_at(times, ordered[["start_s", "end_s"]].to_numpy(float))
    owner_of = np.r_[(ordered["team"] == "B").to_numpy(np.int64), -1]
    return Moments(
        times_s=times,
        frames=frames,
        step_s=np.minimum(np.diff(times, append=times[-1:] + usual), 1.5 * usual),
        period=_rows_at(times, play_s),
        ball_m=at,
        ball_mps=at_mps,
        ball_error_m=off_m,
        spell=spell,
        owner=owner_of[spell],
        sign=np.stack([way.signs(times, np.full(len(times), t, dtype=object)) for t in TEAMS]),
        **laid,
    )


def _grid(people: pd.DataFrame, ball: pd.DataFrame, every_s: float) -> tuple[Ints, Array]:
    """Take the first frame of each interval that shows anything."""
    frame = np.r_[people["frame"].to_numpy(np.int64), ball["frame"].to_numpy(np.int64)]
    time = np.r_[people["time_s"].to_numpy(float), ball["time_s"].to_numpy(float)]
    frames, first = np.unique(frame, return_index=True)
    times = time[first]
    kept = np.unique(np.floor(times / every_s + _BIN_S), return_index=True)[1]
    return frames[kept], times[kept]


def _velocities(own: pd.DataFrame, moving: pd.DataFrame | None) -> Array:
    """Give each row's velocity ``(N, 2)`` m/s, NaN where it lies on no smooth path."""
    if moving is None or moving.empty:
        return np.full((len(own), 2), np.nan)
    known = moving[["track_id", "frame", "vx_mps", "vy_mps"]].drop_duplicates(["track_id", "frame"])
    joined = own[["track_id", "frame"]].merge(known, "left", ["track_id", "frame"])
    return joined[["vx_mps", "vy_mps"]].to_numpy(float)


def _laid_out(own: pd.DataFrame, frames: Ints, velocity: Array) -> dict[str, Any]:
    row = np.searchsorted(frames, own["frame"].to_numpy(np.int64))
    side = (own["team"] == "B").to_numpy(np.int64)
    key = side * len(frames) + row
    order = np.argsort(key, kind="stable")
    sorted_key = key[order]
    first = np.searchsorted(sorted_key, sorted_key)
    slot = np.empty(len(own), np.int64)
    slot[order] = np.arange(len(own)) - first
    shape = (2, len(frames), int(slot.max(initial=-1)) + 1)
    places, speeds = np.full((*shape, 2), np.nan), np.full((*shape, 2), np.nan)
    tracks, keeper = np.full(shape, -1, np.int64), np.zeros(shape, bool)
    places[side, row, slot] = own[["x_m", "y_m"]].to_numpy(float)
    speeds[side, row, slot] = velocity
    tracks[side, row, slot] = own["track_id"].fillna(-1).to_numpy(np.int64)
    keeper[side, row, slot] = (own["role"] == "goalkeeper").to_numpy(bool)
    return {"places_m": places, "velocity_mps": speeds, "tracks": tracks, "keeper": keeper}


def _ball(ball: pd.DataFrame, frames: Ints, times: Array, every_s: float) -> tuple[Array, Array, Array]:
    """Place, velocity and error of the ball at each moment; the velocity is that between its neighbours."""
    at, off_m = np.full((len(frames), 2), np.nan), np.full(len(frames), np.nan)
    known = ball[ball["frame"].isin(frames)]
    row = np.searchsorted(frames, known["frame"].to_numpy(np.int64))
    at[row], off_m[row] = known[["x_m", "y_m"]].to_numpy(float), known["error_m"].to_numpy(float)
    moved = np.full((len(frames), 2), np.nan)
    if len(frames) > 2:
        apart = times[2:] - times[:-2]
        close = apart <= 4 * every_s
        moved[1:-1][close] = (at[2:] - at[:-2])[close] / apart[close, None]
    return at, moved, off_m


def _rows_at(times_s: Array, spans: Array) -> Ints:
    """Give the row of the span ``(start, end)`` that each time lies in, the later of two; -1 for none."""
    if not len(spans):
        return np.full(len(times_s), -1, np.int64)
    at = np.searchsorted(spans[:, 0], times_s + _BIN_S, side="right") - 1
    return np.where((at >= 0) & (times_s <= spans[at, 1] + _BIN_S), at, -1)
