"""Where to begin a shot: which first views to believe, and where the camera stands. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.camera_model.markings import markings
from pipeline.calibration.camera_model.pinhole import Camera, decompose
from pipeline.calibration.evidence.pitch_evidence import Evidence
from pipeline.calibration.initial_views.single_view import AGREE, first_view, plausible, plausible_camera
from pipeline.calibration.solver.line_support import line_support
from pipeline.calibration.solver.observations import alone
from pipeline.calibration.solver.robust_fit import refine, settle_landmarks
from pipeline.calibration.solver.view_parameters import FreeViews
from pipeline.core.geometry import transform
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_SUPPORT_PX = 0.03
"""Two first views support each other within this share of the picture's longer side."""
_NEIGHBOURS = 12
_TOGETHER = 64
"""Pictures whose own views are fitted at a time: enough to be quick, few enough to need little memory."""


@dataclass(frozen=True, slots=True)
class FirstViews:
    """What single pictures say, made to agree on which end is which.

    ``views`` ``(N, 3, 3)`` image_from_pitch, NaN where a picture carries none; ``evidence`` without the
    landmarks that contradict the picture's own view, and renumbered where a picture was read half a turn
    round; ``cameras`` behind the views, None where unknown.
    """

    views: Array
    evidence: tuple[Evidence, ...]
    cameras: tuple[Camera | None, ...]

    @property
    def found(self) -> NDArray[np.intp]:
        """Key frames with a view."""
        return np.flatnonzero(np.isfinite(self.views[:, 0, 0]))


def first_views(evidence: Sequence[Evidence], pitch: Pitch) -> FirstViews:
    """Fit each picture by itself, keep what a real camera could see, and settle which end is which.

    A pitch looks the same from its other end: a picture read half a turn round puts the camera on the
    opposite side. Within a shot the camera stays on its side, so the minority is turned.
    """
    views = np.full((len(evidence), 3, 3), np.nan)
    for k, item in enumerate(evidence):
        view = first_view(item, pitch)
        if view is not None:
            views[k] = view
    views = _on_lines(views, evidence, pitch)
    cameras = [_camera(view, item) for view, item in zip(views, evidence, strict=True)]
    own = [_agreeing(item, view, pitch) for item, view in zip(evidence, views, strict=True)]
    turn = _wrong_way_round([c for c in cameras if c is not None])
    with_camera = [k for k, c in enumerate(cameras) if c is not None]
    renumbered = list(own)
    partner = half_turn(pitch.keypoints_m())
    for k in (k for k, wrong in zip(with_camera, turn, strict=True) if wrong):
        views[k] = views[k] @ np.diag([-1.0, -1.0, 1.0])
        camera = cameras[k]
        if camera is not None:
            cameras[k] = replace(camera, position_m=camera.position_m * [-1, -1, 1], pan=camera.pan + np.pi)
        renumbered[k] = replace(own[k], keypoint=partner[own[k].keypoint])
    return FirstViews(views, tuple(renumbered), tuple(cameras))


def _on_lines(views: Array, evidence: Sequence[Evidence], pitch: Pitch) -> Array:
    """Fit single views to the painted lines too, where that finds more of them."""
    found = np.flatnonzero(np.isfinite(views[:, 0, 0]))
    out = views.copy()
    for start in range(0, len(found), _TOGETHER):
        rows = found[start : start + _TOGETHER]
        chosen = [evidence[int(k)] for k in rows]
        for k, item, view in zip(rows, chosen, _fitted(views[rows], chosen, pitch), strict=True):
            size = (item.width_px, item.height_px)
            if not np.isfinite(view).all() or not plausible(inverted(view), *size, pitch):
                continue
            if line_support(view, item, pitch) > line_support(views[k], item, pitch) - 0.02:
                out[k] = view
    return out


def _fitted(views: Array, evidence: Sequence[Evidence], pitch: Pitch) -> Array:
    like = evidence[0]
    free = FreeViews(views, (like.width_px / 2, like.height_px / 2), like.width_px / 2)
    seen = alone(evidence, pitch.keypoints_m())
    return refine(settle_landmarks(free, seen)[0], seen, markings(pitch))[0].views


def _agreeing(item: Evidence, view: Array, pitch: Pitch) -> Evidence:
    """Leave out landmarks that contradict the picture's own view."""
    if not np.isfinite(view).all():
        return item
    there = transform(pitch.keypoints_m()[item.keypoint], view)
    keep = np.linalg.norm(there - item.keypoints_px, axis=1) < 3 * AGREE * max(item.width_px, item.height_px)
    return replace(
        item, keypoint=item.keypoint[keep], keypoints_px=item.keypoints_px[keep], score=item.score[keep]
    )


def _camera(view: Array, seen: Evidence) -> Camera | None:
    if not np.isfinite(view).all():
        return None
    camera = decompose(inverted(view), (seen.width_px / 2, seen.height_px / 2))
    if camera is None or not plausible_camera(camera, seen.width_px, seen.height_px):
        return None
    return camera


def half_turn(landmarks_m: Array) -> NDArray[np.int64]:
    """For each landmark, the one that takes its place when the pitch is turned half round."""
    distance = np.linalg.norm(landmarks_m[:, None] + landmarks_m[None], axis=2)
    return np.asarray(np.nan_to_num(distance, nan=np.inf).argmin(axis=1), dtype=np.int64)


def supported(first: FirstViews, links: Array) -> NDArray[np.bool_]:
    """Which first views agree with most of their neighbours, carried to them by the camera's motion.

    A view without neighbours in reach of the motion counts as supported.
    """
    out = np.isfinite(first.views[:, 0, 0])
    found = first.found
    for k in found:
        votes = []
        carried, at = first.views[k], k
        while at + 1 < len(first.views) and at - k < _NEIGHBOURS and np.isfinite(links[at]).all():
            carried, at = links[at] @ carried, at + 1
            if np.isfinite(first.views[at, 0, 0]):
                votes.append((at, _apart(carried, first.views[at], first.evidence[at])))
        carried, at = first.views[k], k
        while at > 0 and k - at < _NEIGHBOURS and np.isfinite(links[at - 1]).all():
            carried, at = inverted(links[at - 1]) @ carried, at - 1
            if np.isfinite(first.views[at, 0, 0]):
                votes.append((at, _apart(carried, first.views[at], first.evidence[at])))
        limit = _SUPPORT_PX
        if votes and np.mean([apart < limit for _, apart in votes]) < 0.5:
            out[k] = False
    return out


def spread(views: Array, known: NDArray[np.bool_], links: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Carry known views along the motion to frames without; the nearest known one wins.

    Returns
    -------
    ``(N, 3, 3)`` views and which of them are known now.
    """
    out, distance = views.copy(), np.where(known, 0, np.iinfo(np.int64).max // 2)
    for k in range(1, len(views)):
        if distance[k - 1] + 1 < distance[k] and np.isfinite(links[k - 1]).all():
            out[k], distance[k] = links[k - 1] @ out[k - 1], distance[k - 1] + 1
    for k in range(len(views) - 2, -1, -1):
        if distance[k + 1] + 1 < distance[k] and np.isfinite(links[k]).all():
            out[k], distance[k] = inverted(links[k]) @ out[k + 1], distance[k + 1] + 1
    return out, distance < np.iinfo(np.int64).max // 2


def _wrong_way_round(cameras: Sequence[Camera]) -> NDArray[np.bool_]:
    """Which cameras are on the other side of the centre spot than most."""
    if len(cameras) < 2:
        return np.zeros(len(cameras), bool)
    at = np.array([c.position_m[:2] for c in cameras])
    unit = at / np.maximum(np.linalg.norm(at, axis=1, keepdims=True), 1e-9)
    axis = np.linalg.eigh(unit.T @ unit)[1][:, -1]
    side = unit @ axis > 0
    return np.asarray(side != (side.mean() > 0.5))


def _apart(one: Array, other: Array, seen: Evidence) -> float:
    """Median distance between two views of the same picture, as a share of its longer side."""
    x, y = np.meshgrid([0.15, 0.5, 0.85], [0.3, 0.6, 0.9])
    points = np.column_stack([x.ravel() * seen.width_px, y.ravel() * seen.height_px])
    moved = transform(points, one @ inverted(other))
    gap = np.linalg.norm(moved - points, axis=1) / max(seen.width_px, seen.height_px)
    return float(np.median(np.nan_to_num(gap, nan=1.0)))
