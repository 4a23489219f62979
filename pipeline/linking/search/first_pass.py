"""A first guess of who is who: through the match once, everyone who appears decided for together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from pipeline.linking.evidence.link_evidence import offsets
from pipeline.linking.evidence.place_model import NEVER, ROAM_M, log_move, log_spot
from pipeline.linking.evidence.shape_model import PRIOR_M, homes, reference_mps
from pipeline.linking.tracklets.pieces import GRID_S, Pieces

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

TOGETHER_S = 0.3
"""Pieces that begin within this of each other are decided for together."""


def batches(start_s: Array) -> list[tuple[int, int]]:
    """Ranges of pieces, sorted by ``start_s``, that begin at about the same time."""
    if not len(start_s):
        return []
    edges, begun = [0], start_s[0]
    for i, t in enumerate(start_s):
        if t - begun > TOGETHER_S:
            edges.append(i)
            begun = t
    return list(zip(edges, [*edges[1:], len(start_s)], strict=True))


def first_guess(
    pieces: Pieces,
    ref_m: Array,
    n_people: int,
    unknown_cost: float,
    new_cost: float,
    home_m: Array | None = None,
) -> Ints:
    """Assign pieces in the order of time; person ``(N,)``, -1 for nobody.

    ``home_m`` ``(K, 2)``: places in the shape where they are known; else they are learnt on the way.
    """
    last = len(ref_m) - 1
    tick = np.clip((np.stack([pieces.start_s, pieces.end_s]) / GRID_S).astype(np.int64), 0, last)
    start_ref, end_ref = ref_m[tick[0]], ref_m[tick[1]]
    ref_mps = reference_mps(pieces, len(ref_m))
    start_mps, end_mps = ref_mps[tick[0]], ref_mps[tick[1]]
    offset = offsets(pieces, ref_m)
    anybody = log_spot(pieces.start_m - start_ref, np.full(2, PRIOR_M**2))
    who = np.full(len(pieces), -1, np.int64)
    roam = np.full(2, ROAM_M)
    latest = np.full(n_people, -1, np.int64)
    total, seconds = np.zeros((n_people, 2)), np.zeros(n_people)
    for a, b in batches(pieces.start_s):
        j = np.arange(a, b)[:, None]
        home = homes(total, seconds) if home_m is None else home_m
        i = latest[None]
        move = log_move(
            *(pieces.end_m[i], pieces.end_mps[i], end_ref[i], end_mps[i]),
            *(pieces.start_m[j], pieces.start_mps[j], start_ref[j], start_mps[j]),
            pieces.start_s[j] - pieces.end_s[i],
            np.hypot(pieces.error_m[j], pieces.error_m[i]),
            home[None],
            roam,
        )
        gain = np.maximum(move - anybody[j], NEVER)
        if home_m is None:
            gain[:, latest < 0] = -new_cost
        else:
            role = log_spot(pieces.start_m[j] - start_ref[j] - home[None], roam**2) - anybody[j]
            gain[:, latest < 0] = role[:, latest < 0]
        table = np.hstack([gain, np.full((b - a, b - a), -unknown_cost)])
        for row, column in zip(*linear_sum_assignment(table, maximize=True), strict=True):
            if column < n_people:
                piece = a + row
                latest[column], who[piece] = piece, column
                total[column] += offset[piece] * pieces.seconds[piece]
                seconds[column] += pieces.seconds[piece]
    return who
