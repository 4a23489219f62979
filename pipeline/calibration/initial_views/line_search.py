"""A first view from the painted lines alone, where the landmarks say nothing: a camera behind a goal,
high up in a corner, or so close that too few landmarks are in the picture. No I/O.

Many cameras are drawn from where cameras stand around pitches; those whose markings fall on lines in the
picture are fitted, and one is believed only if it explains nearly all lines and no other does as well.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.camera_model.markings import Markings, markings
from pipeline.calibration.camera_model.pinhole import Camera, decompose, level_views
from pipeline.calibration.evidence.chamfer import chamfer_score
from pipeline.calibration.evidence.pitch_evidence import Evidence
from pipeline.calibration.initial_views.shot_start import FirstViews
from pipeline.calibration.initial_views.single_view import plausible
from pipeline.calibration.solver.line_support import explained, line_support
from pipeline.calibration.solver.observations import alone
from pipeline.calibration.solver.robust_fit import settle
from pipeline.calibration.solver.view_parameters import StillCamera
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_DRAWN, _PARENTS, _CHILDREN, _FITTED = 40_000, 250, 80, 40
_LOWEST_M = 6.0
_NEAR_ORIENTATION = np.array([0.04, 0.025, 0.08, 0.0])
_NEAR_PLACE = np.array([6.0, 6.0, 4.0, 0.0, 0.0, 0.0])
"""How far around a promising camera more are drawn: pan, tilt (rad), zoom (log), and metres."""
_MIN_POINTS = 120
"""Line points that a picture needs before searching makes sense."""
_MIN_SUPPORT, _MIN_EXPLAINED, _MARGIN = 0.75, 0.6, 0.15
_SAME_M = 8.0
"""Fitted cameras closer than this are the same one."""
_TRIES = 3
_REACHES = (0.05, 0.025, 0.012, 0.006)


def searched(first: FirstViews, pitch: Pitch) -> FirstViews:
    """Search a view in the pictures with most line points; with one found, landmarks are no longer used.

    Landmarks that gave no view in the whole shot are taken for misread.
    """
    counts = np.array([len(e.line_px) for e in first.evidence])
    order = [int(k) for k in np.argsort(-counts, kind="stable")[:: max(1, len(counts) // 8)][:_TRIES]]
    for k in order:
        view = search_view(first.evidence[k], pitch)
        if view is None:
            continue
        views = np.full_like(first.views, np.nan)
        views[k] = view
        cameras: list[Camera | None] = [None] * len(views)
        item = first.evidence[k]
        cameras[k] = decompose(inverted(view), (item.width_px / 2, item.height_px / 2))
        bare = tuple(
            replace(e, keypoint=e.keypoint[:0], keypoints_px=e.keypoints_px[:0], score=e.score[:0])
            for e in first.evidence
        )
        return FirstViews(views, bare, tuple(cameras))
    return first


def search_view(evidence: Evidence, pitch: Pitch) -> Array | None:
    """Find the one view whose markings lie on the picture's lines, or None.

    Returns
    -------
    ``image_from_pitch``. Of the two views that differ by half a turn of the pitch, the one with the camera
    at negative y.
    """
    if len(evidence.line_px) < _MIN_POINTS:
        return None
    centre = (evidence.width_px / 2, evidence.height_px / 2)
    own, shared = _draw_cameras(evidence, pitch)
    score = chamfer_score(level_views(own, shared, centre), evidence, pitch)
    own, shared = _draw_around(own, shared, np.argsort(-score)[:_PARENTS])
    score = chamfer_score(level_views(own, shared, centre), evidence, pitch)
    marks = markings(pitch)
    found: list[tuple[float, Array, Array]] = []
    for k in np.argsort(-score)[:_FITTED]:
        camera = _fit(own[k], shared[k], evidence, pitch, marks)
        view = camera.matrices()[0]
        if not plausible(inverted(view), evidence.width_px, evidence.height_px, pitch):
            continue
        support, share = line_support(view, evidence, pitch), explained(view, evidence, marks)
        if support > _MIN_SUPPORT and share > _MIN_EXPLAINED:
            found.append((support + share, view, camera.shared[:3]))
    if not found:
        return None
    best, view, position = max(found, key=lambda item: item[0])
    half_turned = position * [-1, -1, 1]
    for worth_too, _, other in found:
        apart = min(np.linalg.norm(other - position), np.linalg.norm(other - half_turned))
        if apart > _SAME_M and worth_too > best - _MARGIN:
            return None
    return view if position[1] <= 0 else np.asarray(view @ np.diag([-1.0, -1.0, 1.0]))


def _draw_cameras(evidence: Evidence, pitch: Pitch) -> tuple[Array, Array]:
    """Cameras around the pitch, level, looking at a point on it: own ``(N, 4)``, shared ``(N, 6)``."""
    rng = np.random.default_rng(0)
    n = _DRAWN
    half = np.array([pitch.length_m / 2, pitch.width_m / 2])
    angle = rng.uniform(-np.pi, 0, n)
    direction = np.column_stack([np.cos(angle), np.sin(angle)])
    edge = (half / np.maximum(np.abs(direction), 1e-6)).min(axis=1)
    position = direction * (edge + rng.uniform(3, 70, n))[:, None]
    height = rng.uniform(_LOWEST_M, 45, n)
    target = rng.uniform(-1, 1, (n, 2)) * half * [0.95, 0.8]
    away = target - position
    distance = np.hypot(np.linalg.norm(away, axis=1), height)
    pan = np.arctan2(-away[:, 0], away[:, 1])
    tilt = np.arcsin(height / distance)
    seen_m = np.exp(rng.uniform(np.log(25), np.log(130), n))
    focal = np.log(distance / seen_m * evidence.width_px)
    own = np.column_stack([pan, tilt, focal, np.zeros(n)])
    shared = np.column_stack([position, height, np.zeros((n, 3))])
    return own, shared


def _draw_around(own: Array, shared: Array, best: NDArray[np.intp]) -> tuple[Array, Array]:
    """The best cameras, and some near each of them."""
    rng = np.random.default_rng(1)
    parents = np.concatenate([best, np.repeat(best, _CHILDREN)])
    spread = np.concatenate([np.zeros(len(best)), np.ones(len(best) * _CHILDREN)])[:, None]
    orientations = own[parents] + spread * rng.normal(0, 1, (len(parents), 4)) * _NEAR_ORIENTATION
    places = shared[parents] + spread * rng.normal(0, 1, (len(parents), 6)) * _NEAR_PLACE
    places[:, 2] = np.maximum(places[:, 2], _LOWEST_M)
    return orientations, places


def _fit(own: Array, shared: Array, evidence: Evidence, pitch: Pitch, marks: Markings) -> StillCamera:
    bare = alone([evidence], pitch.keypoints_m())
    sigma = np.array([10.0, 10.0, 6.0, 0.02, 0.001, 0.001])
    camera = StillCamera(
        own[None], shared, (evidence.width_px / 2, evidence.height_px / 2), shared, sigma, 1e-4
    )
    for reach in _REACHES:
        camera, _ = settle(camera, bare, marks, reach, rounds=10)
    return camera
