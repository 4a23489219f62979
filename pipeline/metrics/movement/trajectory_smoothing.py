"""Positions over time -> a smooth path with speed and acceleration. Arrays in, arrays out.

The low-pass is the zero-phase Butterworth of order 2 (forwards and backwards: gain
``1 / (1 + (f / f_c)^4)``) in its continuous form, the cubic smoothing spline: minimising
``integral (x - y)^2 dt + lambda * integral x''^2 dt`` has exactly that gain for
``lambda = (2 pi f_c)^-4``. Unlike the recursive filter it takes frames at any times (VFR,
dropped and duplicate frames) and short segments, and its ends are free instead of nailed to the
first and last noisy sample. Solved as in Reinsch, Numer. Math. 10 (1967).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solveh_banded

Array = NDArray[np.float64]

JUMP_SLACK_M = 0.5
"""Least allowance for noise, on top of ``max_speed_mps * dt``, before a step is a jump, m."""
SHORT_VISIT_S = 0.3
"""Positions that jump away and come back within this time are errors, not a new place, s."""
_NOISE_FACTOR = 6.0
_MAX_WEIGHT = 3.0


@dataclass(frozen=True, slots=True)
class Path:
    """A natural cubic spline through ``places_m`` ``(N, 2)`` at ``times_s`` ``(N,)``, strictly increasing.

    ``bend_mps2`` ``(N, 2)`` is the second derivative at the knots, 0 at both ends.
    """

    times_s: Array
    places_m: Array
    bend_mps2: Array

    def at(self, times_s: Array) -> tuple[Array, Array, Array]:
        """Give place (m), velocity (m/s) and acceleration (m/s^2), each ``(M, 2)``; NaN outside the path."""
        times = np.asarray(times_s, dtype=np.float64)
        n = len(self.times_s)
        if n < 2:
            known = np.isin(times, self.times_s)[:, None]
            still = np.where(known, np.zeros((1, 2)), np.nan)
            return (still + self.places_m if n else still), still, still.copy()
        i = np.clip(np.searchsorted(self.times_s, times, side="right") - 1, 0, n - 2)
        h = (self.times_s[i + 1] - self.times_s[i])[:, None]
        b = (times - self.times_s[i])[:, None] / h
        a = 1 - b
        p, q, u, v = self.places_m[i], self.places_m[i + 1], self.bend_mps2[i], self.bend_mps2[i + 1]
        place = a * p + b * q + ((a**3 - a) * u + (b**3 - b) * v) * h**2 / 6
        velocity = (q - p) / h + ((1 - 3 * a**2) * u + (3 * b**2 - 1) * v) * h / 6
        acceleration = a * u + b * v
        outside = (times < self.times_s[0]) | (times > self.times_s[-1])
        for out in (place, velocity, acceleration):
            out[outside] = np.nan
        return place, velocity, acceleration


def low_pass(times_s: Array, places_m: Array, cutoff_hz: float) -> Path:
    """Smooth a contiguous stretch of positions.

    Parameters
    ----------
    times_s
        Shape ``(N,)``, strictly increasing, any spacing.
    places_m
        Shape ``(N, 2)``, without NaN.
    cutoff_hz
        Where the gain is one half. A rate too low to carry it leaves the positions nearly as they are.
    """
    n = len(times_s)
    if n < 3:
        return Path(times_s, places_m, np.zeros_like(places_m))
    h = np.diff(times_s)
    stiffness = (2 * np.pi * cutoff_hz) ** -4
    slack = stiffness / _seconds_behind(h)
    inv = 1 / h
    first, middle, last = inv[:-1], -(inv[:-1] + inv[1:]), inv[1:]
    banded = np.zeros((3, n - 2))
    banded[2] = (h[:-1] + h[1:]) / 3 + (first**2 * slack[:-2] + middle**2 * slack[1:-1] + last**2 * slack[2:])
    banded[1, 1:] = h[1:-1] / 6 + middle[:-1] * first[1:] * slack[1:-2] + last[:-1] * middle[1:] * slack[2:-1]
    banded[0, 2:] = last[:-2] * first[2:] * slack[2:-2]
    steps = np.diff(places_m, axis=0) * inv[:, None]
    bend = solveh_banded(banded, np.diff(steps, axis=0))
    pull = np.zeros_like(places_m)
    pull[:-2] += first[:, None] * bend
    pull[1:-1] += middle[:, None] * bend
    pull[2:] += last[:, None] * bend
    full = np.zeros_like(places_m)
    full[1:-1] = bend
    return Path(times_s, places_m - slack[:, None] * pull, full)


def stretches(
    times_s: Array, places_m: Array, *, max_gap_s: float, max_speed_mps: float
) -> NDArray[np.int64]:
    """Number the contiguous stretches of one track, and reject impossible positions.

    A new stretch begins after more than ``max_gap_s`` without a position, and where the track
    jumps faster than ``max_speed_mps`` to another place and stays there (a swapped identity).
    A jump away and back within `SHORT_VISIT_S` is rejected instead. The allowance for noise is
    taken from the track itself, since 0.2 m of noise at 50 Hz is already 14 m/s a step.

    Returns
    -------
    Shape ``(N,)``: number of the stretch from 0, or -1 for a rejected position.
    """
    n = len(times_s)
    out = np.zeros(n, dtype=np.int64)
    if n < 2:
        return out
    slack = max(JUMP_SLACK_M, _NOISE_FACTOR * noise_m(places_m))
    dt = np.diff(times_s)
    step = np.hypot(*np.diff(places_m, axis=0).T)
    breaks = np.flatnonzero((dt > max_gap_s) | (step > max_speed_mps * dt + slack)) + 1
    edges = [0, *breaks.tolist(), n]
    number, last = -1, -1
    for start, stop in pairwise(edges):
        brief = times_s[stop - 1] - times_s[start] < SHORT_VISIT_S
        if last >= 0:
            gap = times_s[start] - times_s[last]
            away = float(np.hypot(*(places_m[start] - places_m[last])))
            joins = gap <= max_gap_s and away <= max_speed_mps * gap + slack
        else:
            joins = False
        if not joins and brief and len(edges) > 2:
            out[start:stop] = -1
            continue
        number += not joins
        out[start:stop] = number
        last = stop - 1
    return out


def noise_m(places_m: Array) -> float:
    """Estimate the frame-to-frame noise of positions, m per axis, from their second differences.

    Real acceleration is invisible between neighbouring frames, so what is left is noise
    (``var(y_i-1 - 2 y_i + y_i+1) = 6 sigma^2``). Robust: the median, not the mean. 0 under 5 positions.
    """
    if len(places_m) < 5:
        return 0.0
    second = np.abs(np.diff(places_m, n=2, axis=0))
    return float(np.median(second) / (0.6745 * np.sqrt(6)))


def _seconds_behind(h: Array) -> Array:
    """Give the time each sample stands for, s; capped so that the ends of a gap don't count for it."""
    seconds = np.zeros(len(h) + 1)
    seconds[:-1] += h / 2
    seconds[1:] += h / 2
    seconds[[0, -1]] *= 2
    usual = float(np.median(h))
    return np.clip(seconds, usual / _MAX_WEIGHT, usual * _MAX_WEIGHT)
