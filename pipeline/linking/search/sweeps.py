"""Better and better: within a window of time, or from a moment on, everybody is decided for anew.

Each move is solved exactly (an assignment of stretches to people) and taken only if the whole match gets
likelier, so the likelihood never falls.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from pipeline.linking.evidence.link_evidence import Evidence
from pipeline.linking.search.exchange import around, exchange_steps
from pipeline.linking.search.first_pass import batches

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

WINDOWS_S = (0.0, 4.0, 15.0, 60.0)
_BETTER = 1e-6
_HOPELESS = -15.0
"""An exchange of two people that costs more than this is not worth looking at."""


def improve(
    evidence: Evidence,
    who: Ints,
    unknown_cost: float,
    passes: int = 6,
    windows_s: tuple[float, ...] = WINDOWS_S,
) -> Ints:
    """Sweep until nothing gets better, at most ``passes`` times; the new ``who`` ``(N,)``."""
    who = who.copy()
    settled: dict[tuple[int, int], bytes] = {}
    for _ in range(passes):
        before = who.copy()
        who = _tails(evidence, who, unknown_cost)
        who = _windows(evidence, who, unknown_cost, settled, windows_s)
        if np.array_equal(before, who):
            break
    return who


def total_gain(evidence: Evidence, who: Ints, unknown_cost: float) -> float:
    """Log-likelihood ratio of everything against everybody unknown."""
    chains = _chains(who, evidence.n_people)
    pairs = [(b, a, p) for p, own in enumerate(chains) for b, a in zip([-1, *own], own, strict=False)]
    if not pairs:
        return -unknown_cost * len(who)
    before, after, person = np.array(pairs, np.int64).T
    gain = evidence.step(before, after, person) + evidence.unary[after, person]
    return float(gain.sum() - unknown_cost * (who < 0).sum())


def _chains(who: Ints, n: int) -> list[list[int]]:
    out: list[list[int]] = [[] for _ in range(n)]
    for i, p in enumerate(who.tolist()):
        if p >= 0:
            out[p].append(i)
    return out


def _windows(
    evidence: Evidence,
    who: Ints,
    unknown_cost: float,
    settled: dict[tuple[int, int], bytes],
    windows_s: tuple[float, ...],
) -> Ints:
    start = evidence.pieces.start_s
    cut = batches(start)
    for length in windows_s:
        chains = _chains(who, evidence.n_people)
        for (a, b), possible in zip(cut, _doubtful(evidence, who, cut), strict=True):
            if not possible:
                continue
            stop = b if length == 0 else max(b, int(np.searchsorted(start, start[a] + length)))
            if length and stop == b:
                continue
            if _window(evidence, who, chains, a, stop, unknown_cost, settled):
                chains = _chains(who, evidence.n_people)
    return who


def _window(
    evidence: Evidence,
    who: Ints,
    chains: list[list[int]],
    a: int,
    b: int,
    unknown_cost: float,
    settled: dict[tuple[int, int], bytes],
) -> bool:
    """Decide for the pieces ``a`` to ``b`` anew; whether ``who`` was changed.

    ``settled`` remembers what surrounded a window that was best as it was.
    """
    k = evidence.n_people
    cuts = [(bisect_left(c, a), bisect_left(c, b)) for c in chains]
    head = np.array([c[i - 1] if i else -1 for c, (i, _) in zip(chains, cuts, strict=True)], np.int64)
    tail = np.array([c[j] if j < len(c) else -1 for c, (_, j) in zip(chains, cuts, strict=True)], np.int64)
    around = head.tobytes() + who[a:b].tobytes() + tail.tobytes()
    if settled.get((a, b)) == around:
        return False
    settled[a, b] = around
    parts = [c[i:j] for c, (i, j) in zip(chains, cuts, strict=True)]
    owner = [p for p in range(k) if parts[p]]
    segments = [parts[p] for p in owner] + [[i] for i in range(a, b) if who[i] < 0]
    if not segments:
        return False
    gain = _gains(evidence, head, tail, segments)
    gain += unknown_cost * np.array([len(s) for s in segments])[None]
    people = np.arange(k)
    empty = evidence.step(head, tail, people)
    table = np.hstack([gain, np.repeat(empty[:, None], k, axis=1)])
    now = sum(gain[p, q] for q, p in enumerate(owner)) + sum(empty[p] for p in range(k) if not parts[p])
    rows, columns = linear_sum_assignment(table, maximize=True)
    if table[rows, columns].sum() <= now + _BETTER:
        return False
    who[a:b] = -1
    for p, q in zip(rows, columns, strict=True):
        if q < len(segments):
            who[segments[q]] = p
    settled.pop((a, b))
    return True


def _gains(evidence: Evidence, head: Ints, tail: Ints, segments: list[list[int]]) -> Array:
    """Gain ``(K, Q)`` of each segment in each person's life, between ``head`` and ``tail`` ``(K,)``."""
    k, q = len(head), len(segments)
    first, last = (np.array([s[e] for s in segments], np.int64) for e in (0, -1))
    inner = [(n, x, y) for n, s in enumerate(segments) for x, y in pairwise(s)]
    seg, x, y = np.array(inner, np.int64).reshape(-1, 3).T
    people = np.arange(k)
    before = np.concatenate([np.repeat(head, q), np.tile(last, k), np.repeat(x, k)])
    after = np.concatenate([np.tile(first, k), np.repeat(tail, q), np.repeat(y, k)])
    whose = np.concatenate([np.repeat(people, q), np.repeat(people, q), np.tile(people, len(seg))])
    steps = evidence.step(before, after, whose)
    out: Array = (steps[: k * q] + steps[k * q : 2 * k * q]).reshape(k, q)
    np.add.at(out.T, seg, steps[2 * k * q :].reshape(-1, k))
    member = np.repeat(np.arange(q), [len(s) for s in segments])
    np.add.at(out.T, member, evidence.unary[np.concatenate(segments)])
    return out


def _tails(evidence: Evidence, who: Ints, unknown_cost: float) -> Ints:
    """From the end backwards: at each moment, permute all that follows among the people."""
    k = evidence.n_people
    cut = batches(evidence.pieces.start_s)
    open_, heads = _doubtful(evidence, who, cut), around(who, k, cut)[0]
    follows, onward = _onward(evidence, who)
    person_of, people = np.arange(k), np.arange(k)
    slot = np.full(len(who), -1, np.int64)
    first = np.full(k, -1, np.int64)
    value = np.zeros((k, k))
    for n, (a, b) in reversed(list(enumerate(cut))):
        for i in range(b - 1, a - 1, -1):
            if (p := who[i]) < 0:
                continue
            s = int(np.flatnonzero(person_of == p)[0])
            same = first[s] == follows[i]
            gain = onward[i] if same else evidence.step(np.full(k, i), np.full(k, first[s]), people)
            value[s] += evidence.unary[i] + gain
            first[s], slot[i] = i, s
        if not open_[n]:
            continue
        steps = evidence.step(np.repeat(heads[n], k), np.tile(first, k), np.repeat(people, k))
        table = steps.reshape(k, k) + value.T
        rows, columns = linear_sum_assignment(table, maximize=True)
        if table[rows, columns].sum() > table[person_of, people].sum() + _BETTER:
            person_of[columns] = rows
    return np.where(slot >= 0, person_of[slot], -1)


def _onward(evidence: Evidence, who: Ints) -> tuple[Ints, Array]:
    """What follows each piece (-1: nothing), and the gain of that for each person, ``(N, K)``."""
    k = evidence.n_people
    follows = np.full(len(who), -1, np.int64)
    for own in _chains(who, k):
        follows[own[:-1]] = own[1:]
    before, after = np.repeat(np.arange(len(who)), k), np.repeat(follows, k)
    return follows, evidence.step(before, after, np.tile(np.arange(k), len(who))).reshape(-1, k)


def _doubtful(evidence: Evidence, who: Ints, cut: list[tuple[int, int]]) -> Bools:
    """Where people could be taken for each other, or somebody is unknown, ``(B,)``."""
    steps = exchange_steps(evidence, who, cut)[:-1]
    k = evidence.n_people
    steps[:, np.arange(k), np.arange(k)] = -np.inf
    unknown = np.array([(who[a:b] < 0).any() for a, b in cut], bool)
    return np.asarray(unknown | (steps.max(axis=(1, 2), initial=-np.inf) > _HOPELESS))
