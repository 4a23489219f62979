"""A first view from the landmarks of one picture, and whether a view makes sense at all. No I/O."""

from __future__ import annotations

from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.camera_model.many_views import medians, on_ground
from pipeline.calibration.camera_model.markings import markings
from pipeline.calibration.camera_model.pinhole import Camera, decompose
from pipeline.calibration.evidence.pitch_evidence import Evidence
from pipeline.calibration.solver.line_support import explained, line_support
from pipeline.core.camera_lens import STRAIGHT, Lens
from pipeline.core.geometry import orient, to_image, to_pitch
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_TOGETHER = 256
"""Pairs of views that are compared together."""

AGREE = 0.01
"""A landmark agrees with a view within this share of the picture's longer side."""
MIN_SUPPORT, MIN_EXPLAINED = 0.55, 0.5
"""Least share of the markings that a view puts into the picture which must be seen there, and of the
picture's line points that a doubtful view must explain."""
_SURE_SUPPORT, _SURE_SHARE = 0.8, 0.7
_HEIGHT_M = (2.0, 120.0)
_DISTANCE_M = 220.0
_FOCAL = (0.4, 15.0)
"""Plausible height of a camera, distance from the centre spot, and focal length in picture widths."""
_SAMPLES, _FINALISTS = 400, 12


def first_view(evidence: Evidence, pitch: Pitch) -> Array | None:
    """Fit a homography to the landmarks of one picture, or None where they do not carry a sensible one.

    MAGSAC first; where its answer is doubtful (landmarks of the left and right end often respond in the
    same place), many small samples are tried, and the painted lines decide between them.

    Returns
    -------
    ``image_from_pitch``, oriented.
    """
    if len(evidence.keypoint) < 4:
        return None
    likely = _magsac(evidence, pitch)
    if likely is not None and _sensible(likely, evidence, pitch):
        sure = _agreement(likely, evidence, pitch) > _SURE_SHARE
        if sure and line_support(likely, evidence, pitch) > _SURE_SUPPORT:
            return likely
    best, best_worth, marks = None, 0.0, markings(pitch)
    for view in (likely, *_sampled(evidence, pitch)):
        if view is None or not _sensible(view, evidence, pitch):
            continue
        support = line_support(view, evidence, pitch)
        worth = _agreement(view, evidence, pitch) + 2 * support
        if support > MIN_SUPPORT and worth > best_worth and explained(view, evidence, marks) > MIN_EXPLAINED:
            best, best_worth = view, worth
    return best


def plausible(pitch_from_image: Array, width_px: int, height_px: int, pitch: Pitch) -> bool:
    """Say whether a view is one of a real camera that sees a real part of the pitch.

    Not mirrored, the camera above the ground at a height and distance that stadiums have, its focal
    length one that lenses have, and at least a tenth of the picture on the pitch.
    """
    if not np.isfinite(pitch_from_image).all() or np.linalg.det(pitch_from_image) >= 0:
        return False
    if pitch.contains(to_pitch(picture_grid(width_px, height_px), pitch_from_image)).mean() < 0.1:
        return False
    camera = decompose(pitch_from_image, (width_px / 2, height_px / 2))
    return camera is None or plausible_camera(camera, width_px, height_px)


def plausible_camera(camera: Camera, width_px: int, height_px: int) -> bool:
    """Say whether a camera is where cameras are and has a lens that there is."""
    x, y, z = camera.position_m
    focal = camera.focal_px / max(width_px, height_px)
    return bool(
        _HEIGHT_M[0] < z < _HEIGHT_M[1] and np.hypot(x, y) < _DISTANCE_M and _FOCAL[0] < focal < _FOCAL[1]
    )


def picture_grid(width_px: int, height_px: int) -> Array:
    """Points ``(96, 2)`` spread over a picture, px."""
    x, y = np.meshgrid((np.arange(12) + 0.5) / 12 * width_px, (np.arange(8) + 0.5) / 8 * height_px)
    return np.column_stack([x.ravel(), y.ravel()])


def through_points(metres: Array, pixels: Array) -> Array | None:
    """Fit a view to four or more points, all taken for true; None where they lie on a line, or nearly.

    Returns
    -------
    ``image_from_pitch``, oriented; mirrored if the points are.
    """
    if _on_a_line(metres) or _on_a_line(pixels):
        return None
    matrix, _ = cv2.findHomography(metres, pixels, 0)
    return None if matrix is None else _oriented(matrix, pixels)


def _sensible(view: Array, evidence: Evidence, pitch: Pitch) -> bool:
    distance = _distances(view, evidence, pitch)
    agree = distance < AGREE * max(evidence.width_px, evidence.height_px)
    if agree.sum() < 4 or _on_a_line(pitch.keypoints_m()[evidence.keypoint[agree]]):
        return False
    return plausible(inverted(view), evidence.width_px, evidence.height_px, pitch)


def _agreement(view: Array, evidence: Evidence, pitch: Pitch) -> float:
    """Share of the landmarks, by score, that agree with a view."""
    agree = _distances(view, evidence, pitch) < AGREE * max(evidence.width_px, evidence.height_px)
    return float((agree * evidence.score).sum() / evidence.score.sum())


def _distances(view: Array, evidence: Evidence, pitch: Pitch) -> Array:
    there = to_image(pitch.keypoints_m()[evidence.keypoint], inverted(view))
    return np.asarray(np.nan_to_num(np.linalg.norm(there - evidence.keypoints_px, axis=1), nan=np.inf))


def _magsac(evidence: Evidence, pitch: Pitch) -> Array | None:
    pixels, metres = evidence.keypoints_px, pitch.keypoints_m()[evidence.keypoint]
    limit = 0.8 * AGREE * max(evidence.width_px, evidence.height_px)
    # y down, as in the picture: OpenCV keeps the sense of rotation, which forbids mirrored views
    matrix, _ = cv2.findHomography(metres * [1, -1], pixels, cv2.USAC_MAGSAC, limit, None, 5000, 0.999)
    return None if matrix is None else _oriented(matrix * [1, -1, 1], pixels)


def _sampled(evidence: Evidence, pitch: Pitch) -> list[Array]:
    """Views through samples of four landmarks, fitted to all that agree: those with most agreement."""
    pixels, metres = evidence.keypoints_px, pitch.keypoints_m()[evidence.keypoint]
    unit = float(max(evidence.width_px, evidence.height_px))
    every = np.array(list(combinations(range(len(pixels)), 4)))
    if len(every) > _SAMPLES:
        every = every[np.random.default_rng(0).choice(len(every), _SAMPLES, replace=False)]
    views = _through_four(metres[every], pixels[every] / unit)
    ground = np.c_[metres, np.ones(len(metres))]
    at = np.einsum("sij,kj->ski", views, ground)
    ahead = np.sign(at[:, :, 2][np.arange(len(every))[:, None], every])
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        distance = np.minimum(np.linalg.norm(at[..., :2] / at[..., 2:] - pixels / unit, axis=2), 9.0)
    worth = (evidence.score * np.maximum(1 - np.nan_to_num(distance, nan=9.0) / AGREE, 0)).sum(axis=1)
    mirrored = np.linalg.det(views) * ahead[:, 0] >= 0
    worth[mirrored | (np.abs(ahead.sum(axis=1)) < 4)] = 0
    out = []
    for s in np.argsort(-worth)[:_FINALISTS]:
        agree = distance[s] < AGREE
        if worth[s] <= 0 or agree.sum() < 4:
            break
        matrix, _ = cv2.findHomography(metres[agree], pixels[agree], 0)
        view = None if matrix is None else _oriented(matrix, pixels[agree])
        if view is not None:
            out.append(view)
    return out


def _through_four(metres: Array, pixels: Array) -> Array:
    """Homographies ``(S, 3, 3)`` through four points each, ``(S, 4, 2)``; singular ones come out as zeros."""
    x, y = metres[..., 0] / 50, metres[..., 1] / 50
    u, v = pixels[..., 0], pixels[..., 1]
    one, zero = np.ones_like(x), np.zeros_like(x)
    rows_u = np.stack([x, y, one, zero, zero, zero, -u * x, -u * y], axis=2)
    rows_v = np.stack([zero, zero, zero, x, y, one, -v * x, -v * y], axis=2)
    system = np.concatenate([rows_u, rows_v], axis=1)
    regular = np.abs(np.linalg.det(system)) > 1e-9
    out = np.zeros((len(metres), 3, 3))
    right = np.concatenate([u, v], axis=1)[regular, :, None]
    solved = np.linalg.solve(system[regular], right)[:, :, 0]
    out[regular] = np.c_[solved, np.ones(len(solved))].reshape(-1, 3, 3) @ np.diag([0.02, 0.02, 1.0])
    return out


def _oriented(view: Array, pixels: Array) -> Array | None:
    if not np.isfinite(view).all() or np.linalg.cond(view) > 1e9:
        return None
    inverse = orient(inverted(view), (float(pixels[:, 0].mean()), float(pixels[:, 1].mean())))
    return inverted(inverse)


def _on_a_line(points: Array) -> bool:
    """Whether all points but at most one lie on one line, or nearly."""
    for left_out in [None, *range(len(points))] if len(points) < 8 else [None]:
        kept = points if left_out is None else np.delete(points, left_out, axis=0)
        spread = np.linalg.svd(kept - kept.mean(axis=0), compute_uv=False)
        if spread[1] < 0.03 * spread[0]:
            return True
    return False


def each_apart_m(ones: Array, others: Array, size_px: tuple[int, int], pitch: Pitch) -> Array:
    """Like `apart_m`, of N pairs of views of straight pictures: ``(N,)``."""
    grid, out = picture_grid(*size_px), np.zeros(len(ones))
    for start in range(0, len(ones), _TOGETHER):
        part = slice(start, start + _TOGETHER)
        here, there = on_ground(grid, inverted(ones[part]))[0], on_ground(grid, inverted(others[part]))[0]
        on = pitch.contains(here.reshape(-1, 2)).reshape(here.shape[:2]) & np.isfinite(there[..., 0])
        out[part] = np.nan_to_num(medians(np.linalg.norm(here - there, axis=2), on))
    return out


def apart_m(
    one: Array,
    other: Array,
    size_px: tuple[int, int],
    pitch: Pitch,
    lens: Lens = STRAIGHT,
    other_lens: Lens = STRAIGHT,
) -> float:
    """Median distance, metres, between where two image_from_pitch put the pitch; 0 if none is seen."""
    grid = picture_grid(*size_px)
    here, there = to_pitch(grid, inverted(one), lens), to_pitch(grid, inverted(other), other_lens)
    on = pitch.contains(here) & np.isfinite(there[:, 0])
    return float(np.median(np.linalg.norm(here[on] - there[on], axis=1))) if on.any() else 0.0
