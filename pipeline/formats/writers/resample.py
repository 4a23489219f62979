"""Tracks at a steady whole rate, as exchange formats want them: by time, never across gaps. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.runs.pitch_tracks import RunTracks

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

BALL = 0
"""`Resampled.track` of the ball; tracks count from 1."""
_SAME_S = 5e-4
"""Moments closer than this are one: 6 mm at the fastest run."""


@dataclass(frozen=True, slots=True)
class Resampled:
    """Tracks on a grid of moments.

    Of each moment, ``(F,)``: ``frame`` (number, ``time_s * fps`` rounded, increasing), ``time_s``,
    ``period`` and ``step`` (moments since the period began, so ``step / fps`` s). Of each sample,
    ``(N,)`` and in order of row: ``row`` of the moment, ``track`` (`BALL` for the ball), ``xy_m``
    ``(N, 2)``, and ``observed``: seen in the run's own frames around the moment.
    """

    fps: int
    frame: Ints
    time_s: Array
    period: Ints
    step: Ints
    row: Ints
    track: Ints
    xy_m: Array
    observed: NDArray[np.bool_]

    def spans(self) -> Ints:
        """Where samples begin, ``(F + 1,)``: those of moment i are ``spans[i]:spans[i + 1]``."""
        return np.searchsorted(self.row, np.arange(len(self.frame) + 1)).astype(np.int64)


def resample(run: RunTracks, fps: int) -> Resampled:
    """Bring players with a team, and the ball, to ``fps`` moments a second from each period's first frame.

    Between two positions a track lies on the straight line, if they are of neighbouring frames of one shot
    and no further apart in time than the run bridges: short gaps were filled by the run itself, and what it
    left open stays open. A moment further than that from any frame is left out.
    """
    times = run.frames["time_s"].to_numpy(np.float64)
    shots = run.frames["shot"].to_numpy(np.int64)
    known = _Known(_wanted(run), run.frames)
    parts: list[tuple[Any, ...]] = []
    moments: list[tuple[Any, ...]] = []
    n_rows, next_frame = 0, 0
    for period, start_s, end_s in run.periods[["period", "start_s", "end_s"]].to_numpy(float).tolist():
        first, last = np.searchsorted(times, (start_s - _SAME_S, end_s - _SAME_S))
        if first == last:
            continue
        step = np.arange(int((times[last - 1] - times[first] + _SAME_S) * fps) + 1)
        at = times[first] + step / fps
        near = _covered(at, times[first:last], run.max_gap_s)
        step, at = step[near], at[near]
        frame = step + max(round(times[first] * fps), next_frame)
        next_frame = int(frame[-1]) + 1
        moments.append((frame, at, np.full(len(at), period), step))
        for track in known.tracks.tolist():
            row, xy, seen = known.at(track, at, (first, last), shots, run.max_gap_s)
            parts.append((row + n_rows, np.full(len(row), track), xy, seen))
        n_rows += len(at)
    frame, time_s, periods, steps = _joined(moments, 4)
    row, track, xy, seen = _joined(parts, 4)
    order = np.lexsort((track, row))
    return Resampled(
        fps,
        *(frame.astype(np.int64), time_s.astype(np.float64)),
        *(periods.astype(np.int64), steps.astype(np.int64)),
        *(row[order].astype(np.int64), track[order].astype(np.int64)),
        *(xy[order].reshape(-1, 2).astype(np.float64), seen[order].astype(bool)),
    )


class _Known:
    """Positions of each track in order of time."""

    def __init__(self, wanted: pd.DataFrame, frames: pd.DataFrame) -> None:
        wanted = wanted.sort_values(["key", "frame"])
        self._key = wanted["key"].to_numpy(np.int64)
        self._own = wanted["track_id"].fillna(-1).to_numpy(np.int64)
        self._row = np.searchsorted(frames["frame"].to_numpy(), wanted["frame"].to_numpy())
        self._time = frames["time_s"].to_numpy(np.float64)[self._row]
        self._xy = wanted[["x_m", "y_m"]].to_numpy(np.float64)
        self._seen = wanted["observed"].to_numpy(bool)
        self.tracks = np.unique(self._key)

    def at(
        self, track: int, at: Array, rows: tuple[int, int], shots: Ints, max_gap_s: float
    ) -> tuple[Ints, Array, NDArray[np.bool_]]:
        """Where ``track`` is at the moments ``at``, by frames ``rows``: indices of moments, xy, seen."""
        low, high = np.searchsorted(self._key, (track, track + 1))
        low, high = low + np.searchsorted(self._row[low:high], rows)
        time, row, own = self._time[low:high], self._row[low:high], self._own[low:high]
        xy, seen = self._xy[low:high], self._seen[low:high]
        before = np.searchsorted(time, at + _SAME_S, side="right") - 1
        index = np.flatnonzero(before >= 0)
        a = before[index]
        exact = at[index] - time[a] <= _SAME_S
        b = np.where(exact, a, np.minimum(a + 1, len(time) - 1))
        next_to = (row[b] - row[a] == 1) & (own[a] == own[b]) & (shots[row[a]] == shots[row[b]])
        gap_s = np.where(exact, 1.0, time[b] - time[a])
        good = exact | (next_to & (gap_s <= max_gap_s + 1e-9))
        index, a, b, gap_s = index[good], a[good], b[good], gap_s[good]
        share = np.where(a == b, 0.0, (at[index] - time[a]) / gap_s)
        return index, xy[a] + share[:, None] * (xy[b] - xy[a]), seen[a] & seen[b]


def _wanted(run: RunTracks) -> pd.DataFrame:
    """Rows of the players that have a team, and one ball a frame: observed first, then its longest track."""
    import pandas as pd

    positions = run.positions
    players = positions[positions["track_id"].isin(run.people["track_id"])]
    ball = positions[positions["role"] == "ball"]
    n_rows = ball.groupby("track_id", dropna=False)["frame"].transform("size")
    ball = ball.assign(n=n_rows).sort_values(["frame", "observed", "n"], ascending=[True, False, False])
    ball = ball.drop_duplicates("frame").drop(columns="n")
    players = players.drop_duplicates(["frame", "track_id"])
    return pd.concat([players.assign(key=players["track_id"].astype("int64")), ball.assign(key=BALL)])


def _covered(at: Array, times: Array, max_gap_s: float) -> NDArray[np.bool_]:
    """Which moments lie on a frame, or between two frames no further apart than ``max_gap_s``."""
    a = np.clip(np.searchsorted(times, at + _SAME_S, side="right") - 1, 0, None)
    b = np.minimum(a + 1, len(times) - 1)
    return np.asarray((np.abs(at - times[a]) <= _SAME_S) | (times[b] - times[a] <= max_gap_s + 1e-9))


def _joined(parts: list[tuple[Any, ...]], n: int) -> list[Any]:
    return [np.concatenate([p[i] for p in parts]) if parts else np.zeros(0) for i in range(n)]
