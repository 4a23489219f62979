"""Places in the team's shape without knowing who is who: each moment, those in view fill the places at hand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from pipeline.linking.pieces import GRID_S, Pieces
from pipeline.linking.shape_model import Shape, fit_shape

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_EVERY_TICKS = round(1.0 / GRID_S)
_MOMENTS = 1500
_ROUNDS = 8


def fill_places(pieces: Pieces, shape: Shape, everyone_m: Array) -> Shape:
    """Refine a shape by assigning people in view to places moment by moment (after Bialkowski et al. 2014)."""
    n = len(shape.home_m)
    ticks = np.unique(pieces.at_tick)
    ticks = ticks[:: max(_EVERY_TICKS, len(ticks) // _MOMENTS)]
    chosen = np.flatnonzero(np.isin(pieces.at_tick, ticks))
    order = chosen[np.argsort(pieces.at_tick[chosen], kind="stable")]
    tick, place = pieces.at_tick[order], pieces.at_m[order]
    groups = np.split(np.arange(len(order)), np.flatnonzero(np.diff(tick)) + 1)
    some = Pieces(*(getattr(pieces, f) for f in _FIELDS), np.arange(len(order)), tick, place)
    for _ in range(_ROUNDS):
        offset = place - shape.ref_m[tick]
        cost = ((offset[:, None] - shape.home_m[None]) ** 2).sum(axis=2)
        who = np.full(len(order), -1, np.int64)
        for rows in groups:
            i, j = linear_sum_assignment(cost[rows])
            who[rows[i]] = j
        shape = fit_shape(some, who, n, everyone_m)
    return shape


_FIELDS = ("number", "start_s", "end_s", "start_m", "end_m", "start_mps", "end_mps", "error_m", "seconds")
