"""Which goal each team defends, and so whose goalkeeper stands in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_WINDOW_S = 60.0
_MIN_PLAYERS = 3
_SOFT_M = 1.5
_NEAR_M = 8.0


def keeper_team_a(
    place_m: Array, time_s: Array, x_m: Array, at_s: Array, frame: Ints, is_a: NDArray[np.bool_]
) -> Array:
    """Probability that goalkeepers belong to team A, ``(K,)``; NaN where positions tell nothing.

    A team stands nearer to the goal that it defends than its opponents do.

    Parameters
    ----------
    place_m, time_s
        Each goalkeeper's mean position ``(K, 2)`` and when ``(K,)``.
    x_m, at_s, frame, is_a
        Outfield players of both teams, one entry for each frame of each: position along the length,
        time, frame, and whether of team A.
    """
    when, lead = _leads(x_m, at_s, frame, is_a)
    out = np.full(len(place_m), np.nan)
    sums, counts = np.concatenate([[0], np.cumsum(lead)]), np.arange(len(lead) + 1)
    begin = np.searchsorted(when, time_s - _WINDOW_S)
    end = np.searchsorted(when, time_s + _WINDOW_S)
    n = counts[end] - counts[begin]
    with np.errstate(invalid="ignore", divide="ignore"):
        lead_m = (sums[end] - sums[begin]) / n
    told = (n > 0) & ~np.isnan(place_m[:, 0])
    # Team A more to the right and the goalkeeper on the right: team A's.
    sure = np.tanh(lead_m[told] / _SOFT_M) * np.tanh(place_m[told, 0] / _NEAR_M)
    out[told] = 0.5 + 0.49 * sure
    return out


def _leads(x_m: Array, at_s: Array, frame: Ints, is_a: NDArray[np.bool_]) -> tuple[Array, Array]:
    """For each frame with three of each team in view: its time, and how far A stands right of B, m."""
    usable = ~np.isnan(x_m)
    x_m, at_s, frame, is_a = x_m[usable], at_s[usable], frame[usable], is_a[usable]
    if not len(frame):
        return np.zeros(0), np.zeros(0)
    number, at = np.unique(frame, return_inverse=True)
    count_a, count_b = np.bincount(at, is_a, len(number)), np.bincount(at, ~is_a, len(number))
    sum_a, sum_b = np.bincount(at, x_m * is_a, len(number)), np.bincount(at, x_m * ~is_a, len(number))
    when = np.zeros(len(number))
    when[at] = at_s
    keep = (count_a >= _MIN_PLAYERS) & (count_b >= _MIN_PLAYERS)
    return when[keep], sum_a[keep] / count_a[keep] - sum_b[keep] / count_b[keep]
