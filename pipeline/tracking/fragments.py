"""Pieces of tracks: where they begin and end, how they move there, what they wear."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.core.boxes import box_iou
from pipeline.tracking import kalman
from pipeline.tracking.accumulated_motion import Chain
from pipeline.tracking.detections import Shot

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_FIT_S = 0.5
_KIT_SAMPLES = 40
_MIN_SIDE = 6
_SPLIT_DISTANCE = 22.0
_SPLIT_RATIO = 2.5
_ENCOUNTER_IOU = 0.05
_ENCOUNTER_S = 0.6


@dataclass(frozen=True, slots=True)
class End:
    """One end of a fragment, in the pixels of its ``frame`` (counted within the shot).

    ``place`` ``(2,)`` px, ``velocity`` ``(2,)`` px/s with variance ``velocity_var`` along each axis,
    ``height`` px, ``kit`` ``(6,)`` as in `Detections`.
    """

    frame: int
    time_s: float
    place: Array
    velocity: Array
    velocity_var: float
    height: float
    kit: Array


def members(track: Ints) -> list[Ints]:
    """Detections of each track 0, 1, ... in order of time (an empty array for an unused number)."""
    order = np.argsort(track, kind="stable")
    bounds = np.searchsorted(track[order], np.arange(track.max(initial=-1) + 2))
    return [order[a:b] for a, b in pairwise(bounds)]


def end_of(shot: Shot, frame_of: Ints, chain: Chain, rows: Ints, last: bool) -> End:
    """Describe the last (or first) moment of the fragment made of detections ``rows``."""
    at = rows[-1] if last else rows[0]
    frame = int(frame_of[at])
    time_s = shot.time_s[frame_of[rows]]
    near = rows[np.abs(time_s - shot.time_s[frame]) <= _FIT_S]
    place = np.array([_carry(shot.found.centre[r], chain.between(int(frame_of[r]), frame)) for r in near])
    t = shot.time_s[frame_of[near]] - shot.time_s[frame]
    height = float(np.median(shot.found.size[near, 1]))
    velocity, var = _velocity(t, place, height)
    half = rows[-_KIT_SAMPLES:] if last else rows[:_KIT_SAMPLES]
    return End(
        frame, float(shot.time_s[frame]), place[near == at][0], velocity, var, height, robust_kit(shot, half)
    )


def robust_kit(shot: Shot, rows: Ints) -> Array:
    """Median kit colour over detections ``rows``, ``(6,)``; NaN where never known."""
    kit = shot.found.kit[rows]
    out = np.full(6, np.nan)
    known = ~np.isnan(kit)
    for half in (slice(0, 3), slice(3, 6)):
        good = known[:, half].all(axis=1)
        if good.any():
            out[half] = np.median(kit[good, half], axis=0)
    return out


def split_at_swaps(shot: Shot, frame_of: Ints, track: Ints) -> Ints:
    """Cut tracks whose kit changes for good where they met someone: two people swapped there.

    Both pieces keep their times; which belongs to whom is left to stitching.
    """
    out = track.copy()
    fresh = int(track.max(initial=-1)) + 1
    met = _encounters(shot, frame_of)
    for rows in members(track):
        cut = _kit_change(shot, frame_of, rows, met)
        if cut is not None:
            out[rows[cut:]] = fresh
            fresh += 1
    return out


def _kit_change(shot: Shot, frame_of: Ints, rows: Ints, met: NDArray[np.bool_]) -> int | None:
    kit = shot.found.kit[rows, :3]
    known = np.flatnonzero(~np.isnan(kit).any(axis=1) & ~met[rows])
    if len(known) < 2 * _MIN_SIDE or not met[rows].any():
        return None
    kit = kit[known]
    sums = np.vstack([np.zeros(3), np.cumsum(kit, axis=0)])
    n = np.arange(_MIN_SIDE, len(kit) - _MIN_SIDE + 1)
    left, right = sums[n] / n[:, None], (sums[-1] - sums[n]) / (len(kit) - n)[:, None]
    gain = n * (len(kit) - n) / len(kit) * ((left - right) ** 2).sum(axis=1)
    k = int(n[gain.argmax()])
    before, after = np.median(kit[:k], axis=0), np.median(kit[k:], axis=0)
    distance = float(np.linalg.norm(before - after))
    noise = float(np.median(np.linalg.norm(np.vstack([kit[:k] - before, kit[k:] - after]), axis=1)))
    if distance < max(_SPLIT_DISTANCE, _SPLIT_RATIO * noise):
        return None
    moments = shot.time_s[frame_of[rows]]
    change = moments[known[k]]
    meetings = np.flatnonzero(met[rows])
    nearest = meetings[np.abs(moments[meetings] - change).argmin()]
    return int(nearest) if abs(moments[nearest] - change) <= _ENCOUNTER_S and nearest > 0 else None


def _encounters(shot: Shot, frame_of: Ints) -> NDArray[np.bool_]:
    """Say which detections overlap another."""
    met = np.zeros(len(frame_of), bool)
    boxes = shot.found.boxes()
    for begin, end in pairwise(shot.bounds):
        overlap = box_iou(boxes[begin:end], boxes[begin:end])
        np.fill_diagonal(overlap, 0)
        met[begin:end] = overlap.max(axis=1, initial=0) > _ENCOUNTER_IOU
    return met


def _carry(point: Array, target_from_source: Array) -> Array:
    return np.asarray(kalman.warp_points(point[None], target_from_source)[0][0])


def _velocity(t: Array, place: Array, height: float) -> tuple[Array, float]:
    """Slope of places over time, px/s, shrunk towards standing still; and its variance, (px/s)^2."""
    centred = t - t.mean()
    prior = (kalman.PLACE_STD / kalman.VELOCITY_STD) ** 2
    weight = float((centred**2).sum()) + prior
    slope = (centred[:, None] * place).sum(axis=0) / weight
    return slope, (kalman.PLACE_STD * height) ** 2 / weight
