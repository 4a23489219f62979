"""Two people taken for each other over a stretch of the match: found though each one's place is a mixture.

A step-by-step search cannot see it: with half of each other's time, both seem to play between their places.
So places are fitted anew for every stretch that two people could swap (sums are enough for that).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.linking.evidence.appearance_match import VOTE, Looks
from pipeline.linking.evidence.link_evidence import Evidence, offsets
from pipeline.linking.evidence.place_model import RETURN_S
from pipeline.linking.search.exchange import exchange_steps
from pipeline.linking.search.first_pass import batches

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_START_LOOKS = 0.5
_CANDIDATES = 300
_WORST_STEP = -12.0
_WORTH = 1.0
_PRIOR_LOOKS = 0.3


def swapped(evidence: Evidence, looks: Looks, who: Ints, ref_m: Array) -> tuple[Ints, int]:
    """Swap the pairs of people for whom that explains their places best, each in at most one stretch.

    Returns
    -------
    The new ``who`` ``(N,)``, and how many pairs were swapped.
    """
    cut = batches(evidence.pieces.start_s)
    k = evidence.n_people
    steps = exchange_steps(evidence, who, cut)
    weight, total = _sums(evidence, who, ref_m, cut)
    votes = _votes(looks, who, k, cut)
    found = []
    for p in range(k):
        for q in range(p + 1, k):
            stretch = _best(
                steps[:, p, q], weight[:, [p, q]], total[:, [p, q]], evidence.roam_m[[p, q]], votes[:, [p, q]]
            )
            if stretch is not None:
                found.append((*stretch, p, q))
    who = who.copy()
    done: set[int] = set()
    for _, first, last, p, q in sorted(found, reverse=True):
        if done & {p, q}:
            continue
        done |= {p, q}
        a, b = cut[first][0], cut[last][0] if last < len(cut) else len(who)
        part = who[a:b]
        who[a:b] = np.where(part == p, q, np.where(part == q, p, part))
    return who, len(done) // 2


def _sums(evidence: Evidence, who: Ints, ref_m: Array, cut: list[tuple[int, int]]) -> tuple[Array, Array]:
    """Looks ``(B + 1, K)`` and summed offsets ``(B + 1, K, 2)`` of each person before each batch."""
    k, pieces = evidence.n_people, evidence.pieces
    batch = np.repeat(np.arange(len(cut)), [b - a for a, b in cut])
    looks = pieces.seconds / (2 * RETURN_S) + _START_LOOKS
    weight, total = np.zeros((len(cut) + 1, k)), np.zeros((len(cut) + 1, k, 2))
    own = who >= 0
    np.add.at(weight, (batch[own] + 1, who[own]), looks[own])
    np.add.at(total, (batch[own] + 1, who[own]), (looks[:, None] * offsets(pieces, ref_m))[own])
    return weight.cumsum(axis=0), total.cumsum(axis=0)


def _best(
    step: Array, weight: Array, total: Array, roam_m: Array, votes: Array
) -> tuple[float, int, int] | None:
    """The stretch of batches, with its gain, whose swap explains the places of two people best."""
    ends = np.flatnonzero(step > _WORST_STEP)
    if len(ends) > _CANDIDATES:
        ends = np.sort(ends[np.argsort(-step[ends], kind="stable")[:_CANDIDATES]])
    if len(ends) < 2:
        return None
    w, s = weight[ends], total[ends]
    dw, ds = w[None] - w[:, None], s[None] - s[:, None]
    precision = 1 / (roam_m**2).mean(axis=0)
    new = [
        _explained(
            weight[-1, m] - dw[..., m] + dw[..., 1 - m], total[-1, m] - ds[..., m, :] + ds[..., 1 - m, :]
        )
        @ precision
        for m in (0, 1)
    ]
    old = sum(_explained(weight[-1, m], total[-1, m]) @ precision for m in (0, 1))
    number = _number_gain(votes, ends) if votes.any() else 0.0
    gain = 0.5 * (new[0] + new[1] - old) + number + step[ends][:, None] + step[ends][None]
    gain[np.tril_indices(len(ends))] = -np.inf
    i, j = np.unravel_index(int(gain.argmax()), gain.shape)
    return (float(gain[i, j]), int(ends[i]), int(ends[j])) if gain[i, j] > _WORTH else None


def _votes(looks: Looks, who: Ints, k: int, cut: list[tuple[int, int]]) -> Array:
    """Votes ``(B + 1, K, M)`` for each of M shirt numbers before each batch."""
    read = np.flatnonzero((looks.number >= 0) & (who >= 0))
    names, code = np.unique(looks.number[read], return_inverse=True)
    batch = np.repeat(np.arange(len(cut)), [b - a for a, b in cut])
    votes = np.zeros((len(cut) + 1, k, len(names)))
    np.add.at(votes, (batch[read] + 1, who[read], code), looks.number_score[read])
    return votes.cumsum(axis=0)


def _number_gain(votes: Array, ends: Ints) -> Array:
    """How much better each stretch's swap explains the numbers of two people, ``(E, E)``."""
    seen = votes[-1].any(axis=0)
    at, whole = votes[ends][..., seen], votes[-1][:, seen]
    part = at[None] - at[:, None]
    moved = part[..., 1, :] - part[..., 0, :]
    new = _told(whole[0] + moved) + _told(whole[1] - moved)
    return np.asarray(new - _told(whole[0]) - _told(whole[1]))


def _told(votes: Array) -> Array:
    """Log-likelihood of votes ``(..., M)`` of one person, who has one number, but for a constant."""
    return np.asarray(VOTE * votes.max(axis=-1))


def _explained(weight: Array, total: Array) -> Array:
    """Weighted squares that a common place explains, per axis."""
    return np.asarray(total**2 / (np.asarray(weight) + _PRIOR_LOOKS)[..., None])
