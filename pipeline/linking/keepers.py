"""Goalkeepers: whoever stands before a team's goal is the same man, unless two do at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


def one_at_a_time(start_s: Array, end_s: Array, weight: Array) -> Ints:
    """Choose pieces that do not overlap, with the most ``weight`` together: 0 for the chosen, -1 else.

    Weighted interval scheduling, exact. All ``(N,)``, in the order of ``start_s``.
    """
    n = len(start_s)
    order = np.argsort(end_s, kind="stable")
    ends = end_s[order]
    best = np.zeros(n + 1)
    free = np.searchsorted(ends, start_s[order], side="left")
    for m, i in enumerate(order):
        best[m + 1] = max(best[m], best[min(free[m], m)] + weight[i])
    out = np.full(n, -1, np.int64)
    m = n
    while m:
        i = order[m - 1]
        if best[m] > best[m - 1]:
            out[i] = 0
            m = min(int(free[m - 1]), m - 1)
        else:
            m -= 1
    return out
