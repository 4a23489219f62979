"""Speed, acceleration, sprints and speed bands of tracks. Tables in, tables out.

Thresholds are settings (`MeasureSettings`); the defaults are those of the reports on the FIFA World Cup.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.core.config import MeasureSettings
from pipeline.metrics.movement.track_motion import MAX_BRIDGE_S
from pipeline.tables.speed_bands import speed_bands

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

KMH = 1 / 3.6
"""One km/h in m/s."""
DEFAULT = MeasureSettings()


def bands_m(speed_mps: Array, step_m: Array, settings: MeasureSettings = DEFAULT) -> dict[str, float]:
    """Add up the metres of each speed band of ``settings``, by name of its column."""
    bands = speed_bands(settings.bands_kmh)
    band = np.searchsorted(np.array(settings.bands_kmh) * KMH, speed_mps, side="right")
    metres = np.bincount(band, weights=step_m, minlength=len(bands))
    return {b.column: m for b, m in zip(bands, metres.tolist(), strict=True)}


def psv99_mps(speed_mps: Array, seconds: Array, settings: MeasureSettings = DEFAULT) -> float:
    """Give the 99th percentile, by time, of the speed above ``psv_from_mps``; NaN if never so fast."""
    fast = (speed_mps > settings.psv_from_mps) & (seconds > 0)
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


def sprints(track: pd.DataFrame, settings: MeasureSettings = DEFAULT) -> list[tuple[float, float]]:
    """Find the sprints in one track's `motion`: (start, end), s."""
    level, hold_s = settings.sprint_from_kmh * KMH, settings.sprint_hold_s
    return [run for part in stretches_of(track) for run in holds(*part[:3], level, hold_s)]


def accelerations(track: pd.DataFrame, settings: MeasureSettings = DEFAULT) -> list[tuple[float, float]]:
    """Find the accelerations in one track's `motion`: (start, end), s."""
    out = []
    reach_mps = settings.acceleration_reach_kmh * KMH
    for times, speed, usable, gain in stretches_of(track):
        for start, end in holds(
            times, gain, usable, settings.acceleration_mps2, settings.acceleration_hold_s
        ):
            if np.interp(end, times, speed) >= reach_mps:
                out.append((start, end))
    return out


def stretches_of(track: pd.DataFrame) -> list[tuple[Array, Array, Mask, Array]]:
    """Cut one track's `motion`, sorted by time, into its stretches: time, speed, steady, gain of speed."""
    if track.empty:
        return []
    columns = [track[n].to_numpy(float) for n in ("time_s", "speed_mps", "gain_mps2")]
    steady, stretch = track["steady"].to_numpy(bool), track["stretch"].to_numpy()
    edges = [0, *(np.flatnonzero(np.diff(stretch)) + 1).tolist(), len(track)]
    return [(columns[0][a:b], columns[1][a:b], steady[a:b], columns[2][a:b]) for a, b in pairwise(edges)]
