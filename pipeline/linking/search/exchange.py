"""What it costs, at each moment, to exchange the futures of two people: where that is cheap, doubt is due."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.linking.evidence.link_evidence import Evidence

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


def exchange_steps(evidence: Evidence, who: Ints, cut: list[tuple[int, int]]) -> Array:
    """What it costs to exchange what follows of two, before each batch: ``(B + 1, K, K)``; last row 0."""
    k = evidence.n_people
    head, tail = around(who, k, cut)
    shape = (len(cut), k, k)
    before = np.broadcast_to(head[:, :, None], shape).ravel()
    after = np.broadcast_to(tail[:, None, :], shape).ravel()
    person = np.broadcast_to(np.arange(k)[None, :, None], shape).ravel()
    move = evidence.step(before, after, person).reshape(shape)
    own = np.einsum("bii->bi", move)
    change = move + move.transpose(0, 2, 1) - own[:, :, None] - own[:, None, :]
    return np.concatenate([change, np.zeros((1, k, k))])


def around(who: Ints, k: int, cut: list[tuple[int, int]]) -> tuple[Ints, Ints]:
    """The latest piece of each person before each batch and the first from it on, ``(B, K)``; -1 for none."""
    edge = np.array([a for a, _ in cut], np.int64)
    head, tail = np.full((len(cut), k), -1, np.int64), np.full((len(cut), k), -1, np.int64)
    for p in range(k):
        own = np.concatenate([[-1], np.flatnonzero(who == p), [-1]])
        at = np.searchsorted(own[1:-1], edge)
        head[:, p], tail[:, p] = own[at], own[at + 1]
    return head, tail
