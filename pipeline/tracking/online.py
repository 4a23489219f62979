"""Linking people frame by frame: camera motion, Kalman prediction, two-stage association."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.core.boxes import box_iou, share_inside
from pipeline.tracking import association_cost, kalman
from pipeline.tracking.common_motion import common_motion
from pipeline.tracking.detections import Detections, Shot
from pipeline.tracking.kalman import State

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

UNLINKED = 13.0
"""Cost of leaving a track without a box (or a box without a track)."""
_UNLINKED_LOW = 8.0
_LOW_RECENT_S = 0.5
_DOUBT_PER_S = 0.4
"""Links across a gap are wrong more often than their fit says; measured on SportsMOT's football."""
_SURE_S, _MIN_CERTAINTY = 0.3, 0.7
"""Who is found again after more than this must be clearly the one; else stitching decides, with hindsight."""
_TWIN_INSIDE = 0.8
"""A box with this share of its area inside a matched one is the same person again."""
_YOUNG_HITS, _YOUNG_GAP_S = 3, 0.3
_KIT_GAIN = 0.15
_CLEAN_IOU = 0.2


@dataclass(frozen=True, slots=True)
class Links:
    """Which track each detection of a shot went to: ``track`` ``(N,)`` from 0, -1 for none.

    ``score`` ``(N,)`` is the probability of that link, 1 where a track begins.
    """

    track: Ints
    score: Array


@dataclass(slots=True)
class _Live:
    """Tracks under way: state now, state when last seen (carried with the camera), kit, when, whose."""

    now: State
    last: State
    kit: Array
    seen_s: Array
    hits: Ints
    number: Ints

    def take(self, keep: NDArray[np.bool_]) -> _Live:
        return _Live(
            self.now.take(keep),
            self.last.take(keep),
            self.kit[keep],
            self.seen_s[keep],
            self.hits[keep],
            self.number[keep],
        )


def link_people(shot: Shot, motion: Array, max_gap_s: float, high_score: float) -> Links:
    """Link the people of one shot.

    Parameters
    ----------
    shot
        Its frames and detections.
    motion
        Camera motion image_from_previous for each frame, ``(F, 3, 3)``, without NaN (see `fill_motion`).
    max_gap_s
        A track unseen for longer ends.
    high_score
        Detections from this score are matched first, and may begin a track.
    """
    track, score = np.full(len(shot.found), -1, np.int64), np.zeros(len(shot.found))
    live = _born(shot.found.take(slice(0, 0)), 0.0, 0)
    born, pending = 0, 0.0
    for i in range(len(shot)):
        dt = float(shot.time_s[i] - shot.time_s[i - 1]) if i else 0.0
        pending = pending + dt
        if len(live.now):
            _move(live, motion[i], 0.0 if shot.duplicate[i] else pending)
        if not shot.duplicate[i]:
            pending = 0.0
        begin, end = shot.bounds[i], shot.bounds[i + 1]
        found = shot.found.take(slice(begin, end))
        rows, columns, sure = _associate(live, found, shot.time_s[i] - dt, high_score)
        track[begin + columns], score[begin + columns] = live.number[rows], sure
        _take_in(live, found, rows, columns, shot.time_s[i], shot.duplicate[i])
        new = _newcomers(found, columns, high_score)
        if len(new):
            track[begin + new], score[begin + new] = born + np.arange(len(new)), 1.0
            live = _append(live, _born(found.take(new), shot.time_s[i], born))
            born += len(new)
        live = _forget(live, shot.time_s[i], max_gap_s)
    return Links(track, score)


def fill_motion(shot: Shot) -> Array:
    """Replace unknown camera motion by the motion that most boxes share; identity at the first frame."""
    motion = shot.motion.copy()
    if len(motion):
        motion[0] = np.eye(3)
    for i in np.flatnonzero(np.isnan(motion).any(axis=(1, 2))):
        before = shot.found.take(slice(shot.bounds[i - 1], shot.bounds[i]))
        after = shot.found.take(slice(shot.bounds[i], shot.bounds[i + 1]))
        motion[i] = common_motion(before, after)
    return motion


def _move(live: _Live, image_from_previous: Array, dt_s: float) -> None:
    live.now = kalman.warp(live.now, image_from_previous)
    live.last = kalman.warp(live.last, image_from_previous)
    if dt_s > 0:
        live.now = kalman.predict(live.now, dt_s)


def _associate(
    live: _Live, found: Detections, before_s: float, high_score: float
) -> tuple[Ints, Ints, Array]:
    """Match confident boxes with all tracks, then the others with what was just seen (ByteTrack).

    ``before_s`` is the time of the frame before: gaps count from there.
    """
    if not len(live.now) or not len(found):
        none = np.zeros(0, np.int64)
        return none, none, np.zeros(0)
    table = association_cost.fit_cost(live.now, live.kit, found)
    high = np.flatnonzero(found.score >= high_score)
    first_rows, first_columns = association_cost.assign(table[:, high], UNLINKED)
    first_columns = high[first_columns]
    left = association_cost.others(len(live.now), first_rows)
    left = left[before_s - live.seen_s[left] <= _LOW_RECENT_S]
    low = np.flatnonzero(found.score < high_score)
    second_rows, second_columns = association_cost.assign(table[np.ix_(left, low)], _UNLINKED_LOW)
    rows = np.concatenate([first_rows, left[second_rows]])
    columns = np.concatenate([first_columns, low[second_columns]])
    gap = np.maximum(before_s - live.seen_s[rows], 0.0)
    sure = association_cost.certainty(table, rows, columns, UNLINKED) * np.exp(-_DOUBT_PER_S * gap)
    clear = (sure >= _MIN_CERTAINTY) | (gap <= _SURE_S)
    return rows[clear], columns[clear], sure[clear]


def _take_in(
    live: _Live, found: Detections, rows: Ints, columns: Ints, time_s: float, duplicate: bool
) -> None:
    if not len(rows):
        return
    if not duplicate:
        gap = time_s - live.seen_s[rows]
        fresh = kalman.update(live.now.take(rows), found.centre[columns], found.size[columns])
        again = np.flatnonzero(gap > 1.5 * np.partition(gap, len(gap) // 2)[len(gap) // 2] + 1e-6)
        if len(again):
            picked = columns[again]
            state = live.last.take(rows[again])
            fresh.put(again, kalman.replay(state, found.centre[picked], found.size[picked], gap[again]))
        live.now.put(rows, fresh)
        live.last.put(rows, fresh)
        _learn_kit(live, found, rows, columns)
    live.seen_s[rows] = time_s
    live.hits[rows] += 1


def _learn_kit(live: _Live, found: Detections, rows: Ints, columns: Ints) -> None:
    boxes = found.boxes()
    overlap = box_iou(boxes, boxes)
    np.fill_diagonal(overlap, 0)
    clean = overlap[columns].max(axis=1) < _CLEAN_IOU
    old, new = live.kit[rows], found.kit[columns]
    gain = np.where(clean, np.maximum(_KIT_GAIN, 1 / (live.hits[rows] + 1)), 0.0)[:, None]
    mixed = np.where(np.isnan(new), old, np.where(np.isnan(old), new, old + gain * (new - old)))
    live.kit[rows] = mixed


def _newcomers(found: Detections, taken: Ints, high_score: float) -> Ints:
    free = association_cost.others(len(found), taken)
    free = free[found.score[free] >= high_score]
    if not len(free) or not len(taken):
        return free
    boxes = found.boxes()
    return np.asarray(free[share_inside(boxes[free], boxes[taken]).max(axis=1) < _TWIN_INSIDE])


def _born(found: Detections, time_s: float, first: int) -> _Live:
    state = kalman.start(found.centre, found.size)
    n = len(found)
    return _Live(
        state,
        state.take(np.arange(n)),
        found.kit.copy(),
        np.full(n, time_s),
        np.ones(n, np.int64),
        first + np.arange(n),
    )


def _append(live: _Live, new: _Live) -> _Live:
    return _Live(
        live.now.join(new.now),
        live.last.join(new.last),
        np.concatenate([live.kit, new.kit]),
        np.concatenate([live.seen_s, new.seen_s]),
        np.concatenate([live.hits, new.hits]),
        np.concatenate([live.number, new.number]),
    )


def _forget(live: _Live, time_s: float, max_gap_s: float) -> _Live:
    gap = time_s - live.seen_s
    keep = (gap <= max_gap_s) & ((live.hits >= _YOUNG_HITS) | (gap <= min(_YOUNG_GAP_S, max_gap_s)))
    return live if keep.all() else live.take(keep)
