"""Better and better: within a window of time, or from a moment on, everybody is decided for anew.

Each move is solved exactly (an assignment of stretches to people) and taken only if the whole match gets
likelier, so the likelihood never falls.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
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
        spans = []
        for (a, b), possible in zip(cut, _doubtful(evidence, who, cut), strict=True):
            stop = b if length == 0 else max(b, int(np.searchsorted(start, start[a] + length)))
            if possible and (length == 0 or stop > b):
                spans.append((a, stop))
        for s in range(0, len(spans), _AT_ONCE):
            ahead = [_cut_out(chains, who, *span) for span in spans[s : s + _AT_ONCE]]
            ahead = [w for w in ahead if w.segments and settled.get(w.span) != w.around]
            weighed = {(w.span, w.around): g for w, g in zip(ahead, _weighed(evidence, ahead), strict=True)}
            for span in spans[s : s + _AT_ONCE]:
                window = _cut_out(chains, who, *span)
                if not window.segments or settled.get(span) == window.around:
                    continue
                settled[span] = window.around
                # an earlier one of these may have changed what surrounds this one
                gains = weighed.get((span, window.around)) or _weighed(evidence, [window])[0]
                if _decided(window, *gains, who, unknown_cost):
                    settled.pop(span)
                    chains = _chains(who, evidence.n_people)
    return who


_AT_ONCE = 64
"""Windows that are weighed together; few change, and so few are weighed in vain."""


@dataclass(frozen=True, slots=True)
class _Window:
    """Pieces ``span``; what each person has before and behind it (-1: nothing), and in it.

    ``segments``: his pieces of those who have some (``owner``), then unknown ones each for itself.
    """

    span: tuple[int, int]
    head: Ints
    tail: Ints
    owner: list[int]
    segments: list[list[int]]
    around: bytes
    """All of this in one, to be compared."""


def _cut_out(chains: list[list[int]], who: Ints, a: int, b: int) -> _Window:
    cuts = [(bisect_left(c, a), bisect_left(c, b)) for c in chains]
    head = np.array([c[i - 1] if i else -1 for c, (i, _) in zip(chains, cuts, strict=True)], np.int64)
    tail = np.array([c[j] if j < len(c) else -1 for c, (_, j) in zip(chains, cuts, strict=True)], np.int64)
    owner = [p for p, (i, j) in enumerate(cuts) if i < j]
    segments = [chains[p][slice(*cuts[p])] for p in owner] + [[i] for i in range(a, b) if who[i] < 0]
    return _Window((a, b), head, tail, owner, segments, head.tobytes() + who[a:b].tobytes() + tail.tobytes())


def _decided(window: _Window, gain: Array, empty: Array, who: Ints, unknown_cost: float) -> bool:
    """Decide for the pieces of a window anew; whether ``who`` was changed."""
    k, segments = len(window.head), window.segments
    gain = gain + unknown_cost * np.array([len(s) for s in segments])[None]
    table = np.hstack([gain, np.repeat(empty[:, None], k, axis=1)])
    nothing = np.ones(k, bool)
    nothing[window.owner] = False
    now = gain[window.owner, np.arange(len(window.owner))].sum() + empty[nothing].sum()
    rows, columns = linear_sum_assignment(table, maximize=True)
    if table[rows, columns].sum() <= now + _BETTER:
        return False
    who[slice(*window.span)] = -1
    for p, q in zip(rows, columns, strict=True):
        if q < len(segments):
            who[segments[q]] = p
    return True


def _weighed(evidence: Evidence, windows: list[_Window]) -> list[tuple[Array, Array]]:
    """Gains of each window: ``(K, Q)`` of a segment in a person's life, ``(K,)`` of his life without any."""
    if not windows:
        return []
    k = evidence.n_people
    people = np.arange(k)
    asked = [_steps_of(w, people) for w in windows]
    before, after, whose = (np.concatenate([a[n] for a in asked]) for n in range(3))
    steps = np.split(evidence.step(before, after, whose), np.cumsum([len(a[0]) for a in asked])[:-1])
    return [_gains(evidence, w, s) for w, s in zip(windows, steps, strict=True)]


def _steps_of(window: _Window, people: Ints) -> tuple[Ints, Ints, Ints]:
    """All steps that a window asks for: into segments, out of them, within them, and past them."""
    k, q = len(people), len(window.segments)
    first, last = (np.array([s[e] for s in window.segments], np.int64) for e in (0, -1))
    x, y = _inner(window)[1:]
    before = np.concatenate([np.repeat(window.head, q), np.tile(last, k), np.repeat(x, k), window.head])
    after = np.concatenate([np.tile(first, k), np.repeat(window.tail, q), np.repeat(y, k), window.tail])
    each = np.repeat(people, q)
    return before, after, np.concatenate([each, each, np.tile(people, len(x)), people])


def _inner(window: _Window) -> Ints:
    """Segment, piece and next piece of each step within a segment, ``(3, S)``."""
    inner = [(n, x, y) for n, s in enumerate(window.segments) for x, y in pairwise(s)]
    return np.array(inner, np.int64).reshape(-1, 3).T


def _gains(evidence: Evidence, window: _Window, steps: Array) -> tuple[Array, Array]:
    k, q = len(window.head), len(window.segments)
    out: Array = (steps[: k * q] + steps[k * q : 2 * k * q]).reshape(k, q)
    np.add.at(out.T, _inner(window)[0], steps[2 * k * q : -k].reshape(-1, k))
    member = np.repeat(np.arange(q), [len(s) for s in window.segments])
    np.add.at(out.T, member, evidence.unary[np.concatenate(window.segments)])
    return out, steps[-k:]


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
