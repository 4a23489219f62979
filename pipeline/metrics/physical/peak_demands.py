"""The hardest minutes of a player: table ``peak_demands``.

A window of given length moves over the match a second at a time; the greatest rate of metres counts (Delaney
et al., Int J Sports Physiol Perform 13 (2018) 1). Rates are those of the visible time; a window in which the
player was seen for less than ``physical.peak_coverage`` of it does not count, nor one that crosses a break.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.config import MeasureSettings
from pipeline.core.settings.physical_settings import PhysicalSettings
from pipeline.metrics.movement.speed import KMH

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

GRID_S = 1.0
_SLACK_S = 1e-6


def peak_demands(
    moving: pd.DataFrame, play_s: Array, measure: MeasureSettings, physical: PhysicalSettings
) -> pd.DataFrame:
    """Find each player's greatest metres a minute, of all running, at high speed and in sprinting.

    Parameters
    ----------
    moving
        As for `fast_runs.fast_runs`.
    play_s
        Periods, ``(P, 2)`` s.
    """
    import pandas as pd

    from pipeline.tables import storage

    rows = [
        row for _, track in moving.groupby("track_id") for row in _of_track(track, play_s, measure, physical)
    ]
    return storage.conform(pd.DataFrame(rows) if rows else storage.empty("peak_demands"), "peak_demands")


def _of_track(
    track: pd.DataFrame, play_s: Array, measure: MeasureSettings, physical: PhysicalSettings
) -> Iterator[dict[str, Any]]:
    head = track.iloc[0]
    who = {
        "track_id": int(head["track_id"]),
        "role": str(head["role"]),
        "team": head["team"] if isinstance(head["team"], str) else None,
    }
    times, step_s = track["time_s"].to_numpy(float), track["step_s"].to_numpy(float)
    for measured, metres in metres_by_measure(track, measure).items():
        for minutes in physical.peak_windows_min:
            found = hardest(times, step_s, metres, play_s, minutes * 60, physical.peak_coverage)
            if found is not None:
                start_s, rate, coverage = found
                yield who | {
                    "measure": measured,
                    "window_min": minutes,
                    "m_per_min": rate,
                    "start_s": start_s,
                    "coverage": coverage,
                }


def metres_by_measure(track: pd.DataFrame, measure: MeasureSettings) -> dict[str, Array]:
    """Give the metres of each step ``(N,)``: of all, of those at high speed, of those at a sprint's speed."""
    step_s, step_m = track["step_s"].to_numpy(float), track["step_m"].to_numpy(float)
    speed = np.divide(step_m, step_s, out=np.zeros_like(step_m), where=step_s > 0)
    return {
        "distance": step_m,
        "high_speed": np.where(speed >= measure.high_speed_from_kmh * KMH, step_m, 0.0),
        "sprint": np.where(speed >= measure.sprint_from_kmh * KMH, step_m, 0.0),
    }


def hardest(
    times_s: Array, step_s: Array, metres: Array, play_s: Array, window_s: float, coverage: float
) -> tuple[float, float, float] | None:
    """Find the window of the most metres a visible minute: its start (s), the rate (m/min), its coverage.

    Parameters
    ----------
    times_s, step_s, metres
        Shape ``(N,)``, in order: end of each step, the time it stands for, its metres.
    """
    starts = [
        np.arange(a, b - window_s + _SLACK_S, GRID_S)
        for a, b in play_s.tolist()
        if b - a >= window_s - _SLACK_S
    ]
    if not starts or not len(times_s):
        return None
    start = np.concatenate(starts)
    seen, run = (_within(times_s, step_s, start, window_s, of) for of in (step_s, metres))
    enough = seen >= coverage * window_s - _SLACK_S
    if not enough.any():
        return None
    rate = np.where(enough, run / np.maximum(seen, _SLACK_S) * 60, -np.inf)
    best = int(rate.argmax())
    return float(start[best]), float(rate[best]), min(float(seen[best] / window_s), 1.0)


def _within(times_s: Array, step_s: Array, start: Array, window_s: float, amount: Array) -> Array:
    """Add up what lies in each window; a step counts evenly over the time it took, a gap for nothing."""
    knots = np.column_stack([times_s - step_s, times_s]).ravel()
    total = np.cumsum(amount)
    height = np.column_stack([total - amount, total]).ravel()
    return np.interp(start + window_s, knots, height) - np.interp(start, knots, height)
