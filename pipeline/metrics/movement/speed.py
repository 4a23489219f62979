"""Speed, acceleration, sprints and speed bands of tracks. Tables in, tables out.

Thresholds as in the reports on the FIFA World Cup: bands 0-7, 7-15, 15-20, 20-25, 25+ km/h; a
sprint holds 25 km/h for 0.7 s; an acceleration holds 3 m/s^2 for 0.5 s and reaches 10 km/h.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.movement.track_motion import MAX_BRIDGE_S

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

KMH = 1 / 3.6
"""One km/h in m/s."""
BAND_EDGES_KMH: tuple[float, ...] = (7.0, 15.0, 20.0, 25.0)
BAND_NAMES: tuple[str, ...] = ("0_7", "7_15", "15_20", "20_25", "25_plus")
SPRINT_MPS = 25 * KMH
SPRINT_HOLD_S = 0.7
ACCELERATION_MPS2 = 3.0
ACCELERATION_HOLD_S = 0.5
ACCELERATION_REACH_MPS = 10 * KMH
PSV_FROM_MPS = 4.0


def bands_m(speed_mps: Array, step_m: Array) -> dict[str, float]:
    """Add up the metres of each speed band, by name of `BAND_NAMES`."""
    band = np.searchsorted(np.array(BAND_EDGES_KMH) * KMH, speed_mps, side="right")
    metres = np.bincount(band, weights=step_m, minlength=len(BAND_NAMES))
    return dict(zip(BAND_NAMES, metres.tolist(), strict=True))


def psv99_mps(speed_mps: Array, seconds: Array) -> float:
    """Give the 99th percentile, by time, of the speed above 4 m/s; NaN if never so fast."""
    fast = (speed_mps > PSV_FROM_MPS) & (seconds > 0)
    if not fast.any():
        return float("nan")
    order = np.argsort(speed_mps[fast])
    weight = np.cumsum(seconds[fast][order])
    at = np.searchsorted(weight, 0.99 * weight[-1])
    return float(speed_mps[fast][order][min(int(at), len(order) - 1)])


def holds(
    times_s: Array, values: Array, usable: Mask, level: float, hold_s: float
) -> list[tuple[float, float]]:
    """Find when ``values`` stay at or above ``level`` for at least ``hold_s``: a list of (start, end), s.

    Crossings are interpolated, so the answer does not hang on the frame rate. Unusable samples end
    a run, and so does a gap between samples.
    """
    above = usable & (values >= level)
    apart = np.diff(times_s) > MAX_BRIDGE_S
    edges = np.flatnonzero((above[1:] != above[:-1]) | (above[1:] & apart)) + 1
    bounds = [0, *edges.tolist(), len(times_s)]
    out = []
    for first, stop in pairwise(bounds):
        if stop == first or not above[first]:
            continue
        start, end = times_s[first], times_s[stop - 1]
        if first > 0 and usable[first - 1] and not apart[first - 1]:
            start = _crossing(times_s, values, first - 1, level)
        if stop < len(times_s) and usable[stop] and not apart[stop - 1]:
            end = _crossing(times_s, values, stop - 1, level)
        if end - start >= hold_s:
            out.append((float(start), float(end)))
    return out


def _crossing(times_s: Array, values: Array, before: int, level: float) -> float:
    rise = values[before + 1] - values[before]
    share = (level - values[before]) / rise if rise else 0.0
    return float(times_s[before] + np.clip(share, 0, 1) * (times_s[before + 1] - times_s[before]))


def sprints(track: pd.DataFrame) -> list[tuple[float, float]]:
    """Find the sprints in one track's `motion`: (start, end), s."""
    return [run for part in _parts(track) for run in holds(*part[:3], SPRINT_MPS, SPRINT_HOLD_S)]


def accelerations(track: pd.DataFrame) -> list[tuple[float, float]]:
    """Find the accelerations in one track's `motion`: (start, end), s."""
    out = []
    for times, speed, usable, gain in _parts(track):
        for start, end in holds(times, gain, usable, ACCELERATION_MPS2, ACCELERATION_HOLD_S):
            if np.interp(end, times, speed) >= ACCELERATION_REACH_MPS:
                out.append((start, end))
    return out


def _parts(track: pd.DataFrame) -> list[tuple[Array, Array, Mask, Array]]:
    """Cut one track's `motion`, sorted by time, into its stretches."""
    if track.empty:
        return []
    columns = [track[n].to_numpy(float) for n in ("time_s", "speed_mps", "gain_mps2")]
    steady, stretch = track["steady"].to_numpy(bool), track["stretch"].to_numpy()
    edges = [0, *(np.flatnonzero(np.diff(stretch)) + 1).tolist(), len(track)]
    return [(columns[0][a:b], columns[1][a:b], steady[a:b], columns[2][a:b]) for a, b in pairwise(edges)]
