"""What speaks for a piece being a person's: log-likelihood ratios against anybody of the team."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.linking.evidence.place_model import NEVER, RETURN_S, log_move, log_spot
from pipeline.linking.evidence.shape_model import Shape
from pipeline.linking.tracklets.pieces import Pieces

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_MOST_LOOKS = 4.0
PERSON_COST = 3.0
"""What a person's first piece costs, so that few people are preferred to many."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Gains of one team's N pieces and K people.

    ``unary`` ``(N, K)``: place while in view, appearance, number. ``first`` ``(N, K)``: the gain of a
    piece as a person's first one, without ``unary``; ``anybody`` ``(N,)``: log density of its beginning
    for anybody.
    """

    pieces: Pieces
    start_ref_m: Array
    end_ref_m: Array
    start_ref_mps: Array
    end_ref_mps: Array
    home_m: Array
    roam_m: Array
    unary: Array
    first: Array
    anybody: Array

    @property
    def n_people(self) -> int:
        """How many people there are."""
        return len(self.home_m)

    def step(self, before: Ints, after: Ints, who: Ints) -> Array:
        """Gain of piece ``after`` following ``before`` in the life of ``who``, all ``(M,)``; without unary.

        -1 as ``before``: it is the first. -1 as ``after``: nothing follows, gain 0.
        """
        out = np.zeros(len(before))
        some = after >= 0
        head = some & (before < 0)
        out[head] = self.first[after[head], who[head]]
        both = np.flatnonzero(some & (before >= 0))
        if len(both):
            i, j, p = before[both], after[both], self.pieces
            out[both] = -self.anybody[j] + log_move(
                *(p.end_m[i], p.end_mps[i], self.end_ref_m[i], self.end_ref_mps[i]),
                *(p.start_m[j], p.start_mps[j], self.start_ref_m[j], self.start_ref_mps[j]),
                p.start_s[j] - p.end_s[i],
                np.hypot(p.error_m[i], p.error_m[j]),
                self.home_m[who[both]],
                self.roam_m[who[both]],
            )
            out[both] = np.maximum(out[both], NEVER)
        return out


def evidence_of(pieces: Pieces, shape: Shape, further: Array) -> Evidence:
    """Weigh every piece against every person; ``further`` ``(N, K)``: evidence besides places."""
    last = len(shape.ref_m) - 1
    tick = np.clip((np.stack([pieces.start_s, pieces.end_s]) / 0.2).astype(np.int64), 0, last)
    start_ref, end_ref = shape.ref_m[tick[0]], shape.ref_m[tick[1]]
    roam = shape.roam_m[None] ** 2
    at_start = log_spot((pieces.start_m - start_ref)[:, None] - shape.home_m[None], roam)
    anybody = _mean_exp(at_start)
    inside = _looks(pieces)[:, None] * log_spot(
        offsets(pieces, shape.ref_m)[:, None] - shape.home_m[None], roam
    )
    unary = inside - _mean_exp(inside)[:, None] + further
    return Evidence(
        pieces,
        start_ref,
        end_ref,
        shape.ref_mps[tick[0]],
        shape.ref_mps[tick[1]],
        shape.home_m,
        shape.roam_m,
        unary,
        at_start - anybody[:, None] - PERSON_COST,
        anybody,
    )


def offsets(pieces: Pieces, ref_m: Array) -> Array:
    """Mean place of each piece from the team's reference, ``(N, 2)``."""
    n = len(pieces)
    count = np.maximum(np.bincount(pieces.at_piece, minlength=n), 1)
    offset = pieces.at_m - ref_m[pieces.at_tick]
    return np.column_stack([np.bincount(pieces.at_piece, offset[:, k], n) / count for k in (0, 1)])


def _looks(pieces: Pieces) -> Array:
    """Independent looks at a person's place in the shape that a piece gives, besides its first moment."""
    return np.minimum(pieces.seconds / (2 * RETURN_S), _MOST_LOOKS)


def _mean_exp(logs: Array) -> Array:
    if not logs.size:
        return np.zeros(len(logs))
    top = logs.max(axis=1)
    return np.asarray(top + np.log(np.exp(logs - top[:, None]).mean(axis=1)))
