"""How sure each decision is, and who was second: what it costs at least to confuse two people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.linking.evidence.link_evidence import Evidence
from pipeline.linking.search.exchange import around, exchange_steps
from pipeline.linking.search.first_pass import batches

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_TEMPER = 2.0
"""Likelihoods count evidence that is not independent; so tempered, scores came true on validation runs."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """Of N pieces: ``score`` ``(N,)`` probability of the person (0 for unknown); ``second`` ``(N,)``
    the likeliest other person, -1 for none, and ``second_score`` ``(N,)``.
    """

    score: Array
    second: Ints
    second_score: Array


def doubts(evidence: Evidence, who: Ints) -> Doubts:
    """Weigh every decision against its best alternatives.

    For each piece and each other person: the cheapest stretch of the match, holding that piece, over which
    the two could have been swapped. Exact for swaps of two, for any stretch.
    """
    n, k = len(who), evidence.n_people
    score, second, second_score = np.zeros(n), np.full(n, -1, np.int64), np.zeros(n)
    cut = batches(evidence.pieces.start_s)
    known = np.flatnonzero(who >= 0)
    if not len(known):
        return Doubts(score, second, second_score)
    cost = _swap_costs(evidence, who, cut)
    batch = np.repeat(np.arange(len(cut)), [b - a for a, b in cut])
    mine = cost[batch[known], who[known]]
    mine[np.arange(len(known)), who[known]] = np.inf
    chance = np.exp(-np.clip(mine, -20.0, 700.0) / _TEMPER)
    whole = 1 + chance.sum(axis=1)
    score[known] = 1 / whole
    if k > 1:
        best = chance.argmax(axis=1)
        some = chance[np.arange(len(known)), best] > 1e-6
        second[known[some]] = best[some]
        second_score[known] = chance.max(axis=1) / whole
    return Doubts(score, second, second_score)


def _swap_costs(evidence: Evidence, who: Ints, cut: list[tuple[int, int]]) -> Array:
    """Least cost ``(B, K, K)`` of swapping two people over a stretch that holds each batch."""
    k = evidence.n_people
    edge = -exchange_steps(evidence, who, cut)
    inside = np.zeros((len(cut), k, k))
    for n, (a, b) in enumerate(cut):
        for i in range(a, b):
            if (p := who[i]) >= 0:
                loss = evidence.unary[i, p] - evidence.unary[i]
                inside[n, p] += loss
                inside[n, :, p] += loss
    # a stretch from before both were ever seen to after both were gone only exchanges their names
    head, tail = around(who, k, cut)
    apart = [(n >= 0)[:, :, None] | (n >= 0)[:, None, :] for n in (head, tail[1:])]
    real = np.where(apart[0], edge[:-1], np.inf)
    last = np.zeros((1, k, k), bool)
    real_after = np.where(np.concatenate([apart[1], last]), edge[1:], np.inf)
    before, before_real = _forwards(edge[:-1], inside), _forwards(real, inside)
    after, after_real = (_forwards(e[::-1], inside[::-1])[::-1] for e in (edge[1:], real_after))
    return inside + np.minimum(before_real + after, before + after_real)


def _forwards(edge: Array, inside: Array) -> Array:
    """Least cost of a stretch's beginning, at each batch: there, or before with all between swapped too."""
    out = edge.copy()
    for n in range(1, len(out)):
        out[n] = np.minimum(out[n], out[n - 1] + inside[n - 1])
    return out
