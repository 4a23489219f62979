"""A first view where the landmarks are too few, or lie on one line, for a homography. No I/O.

A real camera has fewer unknowns than a homography, and main cameras stand in much the same places. From
each of those, pairs of landmarks give orientations; those whose markings fall on lines in the picture are
fitted to landmarks and lines together, the camera's place among the unknowns.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.camera_model.markings import Markings, markings
from pipeline.calibration.camera_model.pinhole import decompose, image_from_pitch
from pipeline.calibration.evidence.chamfer import chamfer_score
from pipeline.calibration.evidence.pitch_evidence import Evidence
from pipeline.calibration.initial_views.orientation import orientations_from_landmarks, shift_sigma
from pipeline.calibration.initial_views.shot_start import FirstViews
from pipeline.calibration.initial_views.single_view import AGREE, apart_m, plausible
from pipeline.calibration.solver.line_support import explained, line_support
from pipeline.calibration.solver.observations import alone
from pipeline.calibration.solver.residuals import keypoint_distances
from pipeline.calibration.solver.robust_fit import settle
from pipeline.calibration.solver.view_parameters import StillCamera
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_PLACES = [
    np.array([x, y, z, 0.0, 0.0, 0.0]) for x, y, z in product((-8.0, 8.0), (-60, -75, -92), (12, 20, 32))
]
_USUAL = np.array([0.0, -75.0, 20.0, 0.0, 0.0, 0.0])
_SPREAD = np.array([12.0, 15.0, 8.0, 0.01, 1e-4, 1e-4])
"""Where main cameras stand (m; the landmarks' numbers put the main stand at negative y), and how they
vary."""
_FITTED = 8
_REACHES = (0.05, 0.02, 0.01, 0.005)
_MIN_LANDMARKS, _MIN_POINTS = 2, 60
_LEAST, _ENOUGH, _MARGIN = 0.5, 2.05, 0.1
"""Of the markings seen, the line points explained and the landmarks agreeing (0 to 1 each): the least of the
first two and of the sum, and by how much no other view may come near it."""
_TRIES = 4
_SAME_M = 3.0
"""Fits whose views differ by less than this are the same one."""


def view_from_few_landmarks(evidence: Evidence, pitch: Pitch) -> Array | None:
    """Find the one view that explains two or more landmarks and nearly all line points, or None.

    Returns
    -------
    ``image_from_pitch``. None too where a second view, metres away, explains the picture nearly as well.
    """
    if len(evidence.keypoint) < _MIN_LANDMARKS or len(evidence.line_px) < _MIN_POINTS:
        return None
    marks = markings(pitch)
    found: list[tuple[float, Array]] = []
    for own, place in _orientations(evidence, pitch):
        camera = _fit(own, place, evidence, pitch, marks)
        view = camera.matrices()[0]
        score = _score(view, evidence, pitch, marks)
        if score is not None:
            found.append((score, view))
    found.sort(key=lambda pair: -pair[0])
    if not found:
        return None
    best, view = found[0]
    size = (evidence.width_px, evidence.height_px)
    rivals = [w for w, other in found[1:] if apart_m(view, other, size, pitch) > _SAME_M]
    return None if rivals and rivals[0] > best - _MARGIN else view


def with_few_landmarks(first: FirstViews, pitch: Pitch) -> FirstViews:
    """Try the pictures with most landmarks, where none of a shot carries a view by itself."""
    counts = np.array([len(e.keypoint) for e in first.evidence])
    for k in np.argsort(-counts, kind="stable")[:_TRIES]:
        item = first.evidence[k]
        view = view_from_few_landmarks(item, pitch)
        if view is None:
            continue
        views, cameras = first.views.copy(), list(first.cameras)
        views[k] = view
        cameras[k] = decompose(inverted(view), (item.width_px / 2, item.height_px / 2))
        return replace(first, views=views, cameras=tuple(cameras))
    return first


def _orientations(evidence: Evidence, pitch: Pitch) -> list[tuple[Array, Array]]:
    """The most promising orientations ``(4,)``, with their places ``(6,)``."""
    centre = (evidence.width_px / 2, evidence.height_px / 2)
    orientations = [orientations_from_landmarks(evidence, place, pitch) for place in _PLACES]
    places = [place for place, own in zip(_PLACES, orientations, strict=True) for _ in own]
    if not places:
        return []
    views = np.concatenate(
        [image_from_pitch(a, p, centre) for a, p in zip(orientations, _PLACES, strict=True)]
    )
    score, every = chamfer_score(views, evidence, pitch), np.concatenate(orientations)
    return [(every[k], places[k]) for k in np.argsort(-score)[:_FITTED]]


def _fit(own: Array, place: Array, evidence: Evidence, pitch: Pitch, marks: Markings) -> StillCamera:
    centre = (evidence.width_px / 2, evidence.height_px / 2)
    off = shift_sigma(evidence.width_px, evidence.height_px)
    camera = StillCamera(own[None], place, centre, _USUAL, _SPREAD, off)
    seen = alone([evidence], pitch.keypoints_m())
    for reach in _REACHES:
        camera, _ = settle(camera, seen, marks, reach, rounds=8)
    return camera


def _score(view: Array, evidence: Evidence, pitch: Pitch, marks: Markings) -> float | None:
    """How well a view explains the picture; None if not well enough."""
    if not plausible(inverted(view), evidence.width_px, evidence.height_px, pitch):
        return None
    seen = alone([evidence], pitch.keypoints_m())
    agree = keypoint_distances(view[None], seen) < 1.5 * AGREE * seen.unit_px
    support, share = line_support(view, evidence, pitch), explained(view, evidence, marks)
    if agree.sum() < _MIN_LANDMARKS or not (support > _LEAST and share > _LEAST):
        return None
    total = support + share + float((agree * evidence.score).sum() / evidence.score.sum())
    return total if total > _ENOUGH else None
