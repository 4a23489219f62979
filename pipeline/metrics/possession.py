"""Spells of possession: the table ``possession``. Arrays in, table out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Owner = NDArray[np.object_]


def given_spells(times_s: Array, owner: Owner, part: NDArray[np.int64]) -> pd.DataFrame:
    """Turn what a provider says frame by frame into spells: table ``possession``, source ``given``.

    Parameters
    ----------
    times_s
        Shape ``(F,)``, increasing.
    owner
        Shape ``(F,)``: "A", "B", or None where unknown or the ball is dead.
    part
        Shape ``(F,)``: number of the period; no spell crosses from one to the next.
    """
    return _table(times_s, owner, np.ones(len(times_s)), part, "given")


def _table(times_s: Array, owner: Owner, score: Array, part: NDArray[np.int64], source: str) -> pd.DataFrame:
    """One row for each run of frames with the same owner and part; it ends where the next frame begins."""
    import pandas as pd

    from pipeline import tables

    if not len(times_s):
        return tables.empty("possession")
    usual = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 0.0
    ends = np.minimum(np.r_[times_s[1:], times_s[-1] + usual], times_s + 1.5 * usual)
    code = np.array([{"A": 1, "B": 2}.get(o, 0) for o in owner])
    whole = np.r_[np.diff(times_s) <= 1.5 * usual, False]
    edges = np.flatnonzero((np.diff(code) != 0) | (np.diff(part) != 0) | ~whole[:-1]) + 1
    first, last = np.r_[0, edges], np.r_[edges, len(code)] - 1
    known = code[first] > 0
    first, last = first[known], last[known]
    table = pd.DataFrame(
        {
            "start_s": times_s[first],
            "end_s": ends[last],
            "team": np.array(["", "A", "B"], object)[code[first]],
            "source": source,
            "score": [float(score[a : b + 1].mean()) for a, b in zip(first, last, strict=True)],
        }
    )
    return tables.conform(table, "possession")
