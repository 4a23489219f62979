"""Orientation of a camera whose place is known: that of another view, or by two landmarks. No I/O."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.camera_model.pinhole import image_from_pitch, orientation
from pipeline.calibration.evidence.pitch_evidence import Evidence
from pipeline.calibration.initial_views.single_view import AGREE
from pipeline.calibration.solver.line_support import line_support
from pipeline.calibration.solver.observations import Observations, alone
from pipeline.calibration.solver.robust_fit import settle_landmarks
from pipeline.calibration.solver.view_parameters import OrientedCamera
from pipeline.core.geometry import to_pitch, transform
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_MIN_SUPPORT = 0.7
_APART = 0.08
"""Two landmarks aim a camera only if they are this share of the picture's longer side apart."""
_FOCAL = (0.4, 15.0)
_GRID = np.array([(x, y) for y in (0.3, 0.6, 0.95) for x in (0.05, 0.35, 0.65, 0.95)])
"""Where in the picture two views are compared, as shares of width and height."""
_FAR_M = 200.0


def shift_sigma(width_px: int, height_px: int) -> float:
    """How far off the middle a principal point may be, in focal lengths.

    A picture narrower than 3 : 2 was likely cut from one of 16 : 9; anything else is taken whole.
    """
    return 0.1 if width_px < 1.5 * height_px else 1e-4


def orient_like(views: Array, like: Evidence, shared: Array) -> OrientedCamera:
    """Aim a camera that stands at ``shared`` so that it sees as nearly as possible what ``views`` see.

    Parameters
    ----------
    views
        ``(N, 3, 3)`` image_from_pitch.
    like
        Gives the size of the pictures.
    """
    size = (like.width_px, like.height_px)
    centre = (like.width_px / 2, like.height_px / 2)
    own = orientation(views, shared, centre)
    own[:, 0] = np.unwrap(own[:, 0])
    sigma = np.array([np.inf, np.inf, np.inf, shift_sigma(*size)])
    camera = OrientedCamera(own, shared, centre, np.zeros_like(own), sigma)
    if len(views) == 0:
        return camera
    pixels = _GRID * size
    ground = [to_pitch(pixels, inverted(view)) for view in views]
    near = [np.linalg.norm(np.nan_to_num(g, nan=np.inf), axis=1) < _FAR_M for g in ground]
    rows = np.repeat(np.arange(len(views)), [int(n.sum()) for n in near])
    n = len(views) - 1
    seen = Observations(
        size,
        rows,
        np.concatenate([g[on] for g, on in zip(ground, near, strict=True)]),
        np.concatenate([pixels[on] for on in near]),
        np.ones(len(rows)),
        np.zeros(0, np.intp),
        np.zeros((0, 2)),
        np.zeros((0, 2)),
        np.full((n, 3, 3), np.nan),
        np.ones(n),
    )
    return settle_landmarks(camera, seen, rounds=6)[0]


def orientation_from_landmarks(evidence: Evidence, shared: Array, pitch: Pitch) -> Array | None:
    """Aim a camera that stands at ``shared`` by two landmarks of a picture; the lines must confirm it.

    Returns
    -------
    ``image_from_pitch`` of the pair whose view the painted lines confirm best, or None.
    """
    unit = max(evidence.width_px, evidence.height_px)
    centre = (evidence.width_px / 2, evidence.height_px / 2)
    metres = pitch.keypoints_m()[evidence.keypoint]
    best, best_score = None, 0.0
    for view in image_from_pitch(orientations_from_landmarks(evidence, shared, pitch), shared, centre):
        gap = np.linalg.norm(transform(metres, view) - evidence.keypoints_px, axis=1)
        agree = float((gap < 1.5 * AGREE * unit).mean())
        support = line_support(view, evidence, pitch)
        if agree * len(metres) >= 2 and support > _MIN_SUPPORT and agree + support > best_score:
            best, best_score = view, agree + support
    return best


def orientations_from_landmarks(evidence: Evidence, shared: Array, pitch: Pitch) -> Array:
    """Aim a camera that stands at ``shared`` at each pair of landmarks far enough apart.

    Returns
    -------
    ``(P, 4)`` as in `pinhole.image_from_pitch`; pairs that ask for a lens that there is not are left out.
    """
    unit = max(evidence.width_px, evidence.height_px)
    centre = (evidence.width_px / 2, evidence.height_px / 2)
    metres = pitch.keypoints_m()[evidence.keypoint]
    pairs = [
        (i, j)
        for i, j in combinations(range(len(metres)), 2)
        if np.linalg.norm(evidence.keypoints_px[i] - evidence.keypoints_px[j]) > _APART * unit
    ]
    if not pairs:
        return np.zeros((0, 4))
    rays = np.c_[metres, np.zeros(len(metres))] - shared[:3]
    rays /= np.linalg.norm(rays, axis=1, keepdims=True)
    own = np.array([_from_pair(rays[[i, j]], evidence.keypoints_px[[i, j]] - centre) for i, j in pairs])
    focal = np.exp(own[:, 2]) / unit
    real = (focal > _FOCAL[0]) & (focal < _FOCAL[1])
    if not real.any():
        return np.zeros((0, 4))
    chosen = [_only(evidence, [i, j]) for (i, j), good in zip(pairs, real, strict=True) if good]
    sigma = np.array([np.inf, np.inf, np.inf, shift_sigma(evidence.width_px, evidence.height_px)])
    camera = OrientedCamera(own[real], shared, centre, np.zeros_like(own[real]), sigma)
    return settle_landmarks(camera, alone(chosen, pitch.keypoints_m()), rounds=5)[0].own


def _only(evidence: Evidence, which: list[int]) -> Evidence:
    """Evidence with only some of its landmarks, and those certain."""
    return replace(
        evidence,
        keypoint=evidence.keypoint[which],
        keypoints_px=evidence.keypoints_px[which],
        score=np.ones(len(which)),
    )


def _from_pair(rays: Array, offsets_px: Array) -> Array:
    """Pan, tilt, log focal length of a level camera that sees two rays at two offsets from its centre."""
    angle = np.arccos(np.clip(rays[0] @ rays[1], -1, 1))
    gap = float(np.linalg.norm(offsets_px[0] - offsets_px[1]))
    focal = gap / max(2 * np.tan(angle / 2), 1e-6)
    for _ in range(3):
        seen = np.c_[offsets_px, np.full(2, focal)]
        seen /= np.linalg.norm(seen, axis=1, keepdims=True)
        focal *= np.arccos(np.clip(seen[0] @ seen[1], -1, 1)) / max(angle, 1e-6)
    ray, offset = rays.mean(axis=0), offsets_px.mean(axis=0)
    pan = np.arctan2(-ray[0], ray[1]) + np.arctan2(offset[0], focal)
    tilt = np.arctan2(-ray[2], np.hypot(ray[0], ray[1])) - np.arctan2(offset[1], np.hypot(focal, offset[0]))
    return np.array([pan, tilt, np.log(max(focal, 1e-3)), 0.0])
