"""Tracks in motion: smoothed, differentiated, cut at gaps. Tables in, table out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.movement.trajectory_smoothing import low_pass, noise_m, stretches

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

BRIDGE_S = 0.25
"""Missing frames up to this long are no gap to a sprint: shorter than what the low-pass averages over."""
MAX_BRIDGE_S = 0.6
"""Footage with fewer frames than this apart cannot show a sprint, whose dwell is 0.7 s."""
MIN_STRETCH_S = 0.4
"""Shorter stretches of a track say nothing about speed (0.2 m of noise is 0.5 m/s there) and are left out."""


@dataclass(frozen=True, slots=True)
class MotionSettings:
    """How positions become motion; see `pipeline.core.config.MeasureSettings`."""

    cutoff_hz: float = 0.6
    max_speed_mps: float = 12.0
    max_gap_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Gaps:
    """Sightings up to ``bridge_s`` apart follow each other; more than ``split_s`` apart, nothing is known."""

    bridge_s: float
    split_s: float


def motion(samples: pd.DataFrame, settings: MotionSettings) -> pd.DataFrame:
    """Smooth each track and differentiate it.

    Parameters
    ----------
    samples
        ``track_id, time_s, x_m, y_m, observed`` and whatever else should be carried along; one row
        a track and time, without NaN. Interpolated rows (``observed`` False) say which gaps count as
        visible; their places are replaced by the smooth path through the observed ones.

    Returns
    -------
    The rows that lie on a path (others, rejected or in stretches too short, are left out), sorted by
    track and time, with: ``x_m y_m`` smoothed; ``stretch``, its number within the track; ``step_s`` and
    ``step_m`` since the row before in the stretch (0 at its start: nothing is counted across);
    ``vx_mps vy_mps speed_mps``; ``gain_mps2``, the rate at which speed grows; ``bridged``: the step that
    ends here was observed (its sightings are close together), not interpolated; ``steady``: fit for
    peaks, sprints and accelerations, being bridged and not near an end of the stretch;
    ``jitter_m``, the track's frame-to-frame noise per axis before smoothing.
    """
    tracked = samples[samples["track_id"].notna()]
    gaps = gaps_for(tracked["time_s"].to_numpy(float), settings)
    keys = ["track_id", "time_s"]
    rows = tracked.sort_values(keys, kind="stable").drop_duplicates(keys)
    track = rows["track_id"].to_numpy(np.int64)
    times, observed = rows["time_s"].to_numpy(float), rows["observed"].to_numpy(bool)
    places = rows[["x_m", "y_m"]].to_numpy(float)
    made = _Made.of(len(rows))
    edges = np.flatnonzero(np.diff(track)) + 1
    for start, stop in pairwise([0, *edges.tolist(), len(track)]):
        own = slice(start, stop)
        _one(times[own], places[own], observed[own], settings, gaps, made.of_rows(own))
    table = rows.assign(
        stretch=made.stretch, **made.values, bridged=made.bridged, steady=made.steady, jitter_m=made.jitter_m
    )
    return _without_leaps(table[made.stretch >= 0], settings.max_speed_mps)


_MADE = ("x_m", "y_m", "step_s", "step_m", "vx_mps", "vy_mps", "speed_mps", "gain_mps2")


@dataclass(frozen=True, slots=True)
class _Made:
    """What is made of each row, filled in place: `motion` says what; ``stretch`` -1 where on no path."""

    stretch: Ints
    values: dict[str, Array]
    bridged: Mask
    steady: Mask
    jitter_m: Array

    @classmethod
    def of(cls, n: int) -> _Made:
        values = {name: np.zeros(n) for name in _MADE}
        return cls(np.full(n, -1, np.int64), values, np.zeros(n, bool), np.zeros(n, bool), np.zeros(n))

    def of_rows(self, rows: slice) -> _Made:
        """See some rows; what is written there is written here."""
        values = {name: v[rows] for name, v in self.values.items()}
        return _Made(self.stretch[rows], values, self.bridged[rows], self.steady[rows], self.jitter_m[rows])


def gaps_for(times_s: Array, settings: MotionSettings) -> Gaps:
    """Fit what counts as a gap to the frame rate: never less than one and a half frames."""
    apart = np.diff(np.unique(times_s))
    usual = float(np.median(apart)) if len(apart) else 0.0
    return Gaps(min(max(BRIDGE_S, 1.5 * usual), MAX_BRIDGE_S), max(settings.max_gap_s, 1.5 * usual))


def _one(
    times: Array, places: Array, observed: Mask, settings: MotionSettings, gaps: Gaps, made: _Made
) -> None:
    """Fill in what is made of one track."""
    seen = np.flatnonzero(observed)
    numbers = stretches(
        times[seen], places[seen], max_gap_s=gaps.split_s, max_speed_mps=settings.max_speed_mps
    )
    for k in range(int(numbers.max(initial=-1)) + 1):
        own = seen[numbers == k]
        if times[own[-1]] - times[own[0]] < MIN_STRETCH_S:
            continue
        inside = np.arange(own[0], own[-1] + 1)
        inside = inside[~observed[inside] | np.isin(inside, own)]
        path = low_pass(times[own], places[own], settings.cutoff_hz)
        place, velocity, force = path.at(times[inside])
        _fill(made.values, inside, times[inside], place, velocity, force)
        made.stretch[inside] = k
        made.bridged[inside] = _bridged(times[inside], times[own], gaps.bridge_s)
        trim_s = 0.25 / settings.cutoff_hz
        near_end = (times[inside] < times[own[0]] + trim_s) | (times[inside] > times[own[-1]] - trim_s)
        made.steady[inside] = made.bridged[inside] & ~near_end
    made.jitter_m[:] = noise_m(places[seen])


def _fill(
    out: dict[str, Array], rows: NDArray[np.int64], times: Array, place: Array, velocity: Array, force: Array
) -> None:
    speed = np.hypot(velocity[:, 0], velocity[:, 1])
    out["x_m"][rows], out["y_m"][rows] = place.T
    out["vx_mps"][rows], out["vy_mps"][rows] = velocity.T
    out["speed_mps"][rows] = speed
    along = (velocity * force).sum(axis=1)
    out["gain_mps2"][rows] = np.divide(along, speed, out=np.zeros_like(speed), where=speed > 1e-9)
    out["step_s"][rows[1:]] = np.diff(times)
    out["step_m"][rows[1:]] = np.hypot(*np.diff(place, axis=0).T)


def _bridged(times: Array, seen: Array, bridge_s: float) -> Mask:
    """Say which times were seen, or lie between sightings close enough to stand for one."""
    after = np.clip(np.searchsorted(seen, times, side="left"), 1, len(seen) - 1)
    return np.asarray(seen[after] - seen[after - 1] <= bridge_s)


def _without_leaps(made: pd.DataFrame, max_speed_mps: float) -> pd.DataFrame:
    """Take steps that are impossible even when smoothed out of distance, time and peaks."""
    leap = made["speed_mps"].to_numpy() > max_speed_mps
    if not leap.any():
        return made.reset_index(drop=True)
    out = made.copy()
    out.loc[leap, ["step_s", "step_m"]] = 0.0
    out.loc[leap, "steady"] = False
    return out.reset_index(drop=True)
