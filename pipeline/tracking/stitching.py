"""Joining track fragments of a shot: whose end fits whose beginning, decided for all together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipeline.tracking import association_cost, kalman
from pipeline.tracking.accumulated_motion import Chain
from pipeline.tracking.detections import Shot
from pipeline.tracking.fragments import End, end_of, members

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_UNLINKED = 11.0
_MIN_CERTAINTY = 0.8
_GAP_COST_S = 0.7
_KIT_CAP = 15.0
_PASSES = 2
_MIN_SEEN = 3
"""A piece seen less often than this says too little of where it goes."""


def stitch(shot: Shot, frame_of: Ints, chain: Chain, track: Ints, max_gap_s: float) -> tuple[Ints, Array]:
    """Join fragments of one person.

    Conservative: a join needs a place, velocity and kit that fit, and no rival nearly as good, since a
    wrong join costs more than a split.

    Returns
    -------
    Track of each detection ``(N,)`` (numbers of joined fragments become the first one's), and for each
    detection that begins a joined fragment the certainty of that join, 1 elsewhere.
    """
    track, sure = track.copy(), np.ones(len(track))
    for _ in range(_PASSES):
        pieces = [rows for rows in members(track) if len(rows) >= _MIN_SEEN]
        before = [end_of(shot, frame_of, chain, rows, last=True) for rows in pieces]
        after = [end_of(shot, frame_of, chain, rows, last=False) for rows in pieces]
        joins = _joins(before, after, chain, max_gap_s)
        head = np.arange(len(pieces))
        for i, j, p in joins:
            head[j] = head[i]
            sure[pieces[j][0]] = p
        for k, piece in enumerate(pieces):
            track[piece] = track[pieces[head[k]][0]]
        if not joins:
            break
    return track, sure


def _joins(
    before: list[End], after: list[End], chain: Chain, max_gap_s: float
) -> list[tuple[int, int, float]]:
    """Choose joins (end, beginning, certainty), each group of possible partners for itself."""
    pairs = _possible(before, after, max_gap_s)
    fits = np.array([join_cost(before[i], after[j], chain) for i, j in pairs])
    pairs, fits = pairs[fits < _UNLINKED], fits[fits < _UNLINKED]
    out: list[tuple[int, int, float]] = []
    for group in _groups(pairs, len(before)):
        ends, i = np.unique(pairs[group, 0], return_inverse=True)
        begins, j = np.unique(pairs[group, 1], return_inverse=True)
        table = np.full((len(ends), len(begins)), association_cost.NEVER)
        table[i, j] = fits[group]
        rows, columns = association_cost.assign(table, _UNLINKED)
        certain = association_cost.certainty(table, rows, columns, _UNLINKED)
        chosen = zip(ends[rows], begins[columns], certain, strict=True)
        out.extend((int(e), int(b), float(p)) for e, b, p in chosen if p >= _MIN_CERTAINTY)
    return sorted(out, key=lambda join: before[join[0]].time_s)


def _possible(before: list[End], after: list[End], max_gap_s: float) -> Ints:
    """Pairs ``(P, 2)`` of an end and a beginning within ``max_gap_s`` after it."""
    ended, begun = np.array([e.time_s for e in before]), np.array([e.time_s for e in after])
    order = np.argsort(begun, kind="stable")
    low = np.searchsorted(begun[order], ended + 1e-9, "right")
    high = np.searchsorted(begun[order], ended + max_gap_s + 1e-9, "right")
    ends = np.repeat(np.arange(len(ended)), np.maximum(high - low, 0))
    begins = [order[a:b] for a, b in zip(low, high, strict=True)]
    return np.column_stack([ends, np.concatenate([*begins, np.zeros(0, np.int64)])]).astype(np.int64)


def _groups(pairs: Ints, n: int) -> list[Ints]:
    """Indices of pairs that share an end or a beginning, directly or through others."""
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], n + pairs[:, 1])), shape=(2 * n, 2 * n))
    _, label = connected_components(graph, directed=False)
    order = np.argsort(label[pairs[:, 0]], kind="stable")
    edges = np.flatnonzero(np.diff(label[pairs[order, 0]])) + 1
    return [g.astype(np.int64) for g in np.split(order, edges) if len(g)]


def join_cost(first: End, second: End, chain: Chain) -> float:
    """Minus log-likelihood that ``second`` continues ``first``; `association_cost.NEVER` where it cannot."""
    place, jacobian = kalman.warp_points(second.place[None], chain.between(second.frame, first.frame))
    velocity = jacobian[0] @ second.velocity
    zoom = float(np.sqrt(abs(np.linalg.det(jacobian[0]))))
    height = 0.5 * (first.height + zoom * second.height)
    gap = second.time_s - first.time_s
    jerk = (kalman.ACCELERATION_STD * height) ** 2
    both = first.velocity_var + zoom**2 * second.velocity_var
    place_var = 2 * (kalman.PLACE_STD * height) ** 2 + jerk * gap**3 / 12 + both * gap**2 / 4
    turn_var = both + jerk * gap
    miss = place[0] - first.place - 0.5 * gap * (first.velocity + velocity)
    turn = velocity - first.velocity
    scale = np.log(zoom * second.height / first.height) / 0.25
    fit = float(miss @ miss) / place_var + float(turn @ turn) / turn_var
    if fit > 25 or abs(scale) > 3 or zoom * zoom > 16 or zoom * zoom < 1 / 16:
        return association_cost.NEVER
    spread = np.log(place_var / (2 * (kalman.PLACE_STD * height) ** 2))
    kit = float(association_cost.kit_cost(first.kit[None], second.kit[None])[0, 0])
    return float(0.5 * fit + spread + 0.5 * scale * scale + min(kit, _KIT_CAP) + _GAP_COST_S * gap)
