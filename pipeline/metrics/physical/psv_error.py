"""How far off a PSV-99 may be. Arrays in, numbers out.

Two things add up: the error of a speed from the positions' own error, and, as long as a player was not always
seen, which of his fast runs were seen. The second is bootstrapped over the runs and shrinks with the share of
the time that was seen (finite population: nothing is left to chance once all is seen).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BIN_MPS, TOP_MPS, DRAWS = 0.05, 15.0, 200
SHARE = 0.99


def psv_error_mps(
    times_s: Array, speed_mps: Array, seconds: Array, from_mps: float, coverage: float, speed_error_mps: float
) -> float:
    """Give the error of the 99th percentile of the speed above ``from_mps``, m/s (one standard deviation).

    Parameters
    ----------
    times_s, speed_mps, seconds
        Shape ``(N,)``, in order of time: those samples that PSV-99 is made of, and the time each stands for.
    coverage
        Share of the time on the pitch that was seen, 0 to 1.
    speed_error_mps
        Of one speed, from the positions' error.

    Returns
    -------
    NaN if never so fast.
    """
    fast = (speed_mps > from_mps) & (seconds > 0)
    if not fast.any():
        return float("nan")
    unseen = max(1.0 - coverage, 0.0)
    spread = _bootstrap(times_s[fast], speed_mps[fast], seconds[fast]) if unseen > 0 else 0.0
    return float(np.hypot(speed_error_mps, spread * np.sqrt(unseen)))


def _bootstrap(times_s: Array, speed_mps: Array, seconds: Array) -> float:
    """Standard deviation of the percentile when whole runs are drawn anew; of a single run its own."""
    usual = float(np.median(seconds))
    run = np.r_[0, np.cumsum(np.diff(times_s) > 2 * usual + 1e-9)]
    n = int(run[-1]) + 1
    edges = np.arange(0.0, TOP_MPS + BIN_MPS, BIN_MPS)
    at = np.clip(np.searchsorted(edges, speed_mps, side="right") - 1, 0, len(edges) - 1)
    weight = np.zeros((n, len(edges)))
    np.add.at(weight, (run, at), seconds)
    if n == 1:
        return float(np.std(speed_mps))
    draws = np.random.default_rng(0).multinomial(n, np.full(n, 1 / n), size=DRAWS)
    total = np.cumsum(draws @ weight, axis=1)
    place = (total < SHARE * total[:, -1:]).sum(axis=1)
    return float(np.std(edges[np.minimum(place, len(edges) - 1)]))
