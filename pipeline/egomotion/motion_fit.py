"""Fit the motion of a turning and zooming camera to points that moved, most of them with it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Matrix = NDArray[np.float64]

_ROUGH_PX = 1.5
_NEAR_PX = 2.5
_TUKEY_PX = 1.0
_NOISE_PX = 0.3
_ROUNDS = 4
_STILL_PX = 0.25
_CARRIED_PX = 0.75
_MIN_POINTS = 12
_MIN_SHARE = 0.2
_MIN_SHARE_STILL = 0.5
_MIN_BLOCKS = 5
_BLOCKS = 4
_MAX_ZOOM = 1.5


def fit_motion(
    previous: Points, current: Points, size: tuple[int, int], min_share: float = _MIN_SHARE
) -> tuple[Matrix, NDArray[np.bool_]] | None:
    """Fit a homography ``current_from_previous`` to point pairs, by consensus.

    Points that stand still on the screen while the others move are overlays (score bugs, logos): as
    long as the moving points agree among themselves, those do not vote.

    Parameters
    ----------
    previous, current
        ``(N, 2)`` px.
    size
        Width and height of the picture, px.
    min_share
        Share of the points that must agree.

    Returns
    -------
    The homography, and which points ``(N,)`` agree with it; None where too few agree, or just in a
    corner of the picture (as an overlay does across a cut).
    """
    if len(previous) < _MIN_POINTS:
        return None
    still = np.hypot(*(current - previous).T) < _STILL_PX
    fitted = _fit_voters(previous, current, ~still, size, min_share)
    if fitted is None:  # a camera that stands still; but overlays always do, so ask for more of them
        return _fit_voters(previous, current, np.ones_like(still), size, max(min_share, _MIN_SHARE_STILL))
    overlay = still & (residuals_px(previous, previous, fitted[0]) > _CARRIED_PX)
    if np.array_equal(overlay, still):
        return fitted
    return _fit_voters(previous, current, ~overlay, size, min_share) or fitted


def _fit_voters(
    previous: Points, current: Points, voters: NDArray[np.bool_], size: tuple[int, int], min_share: float
) -> tuple[Matrix, NDArray[np.bool_]] | None:
    if voters.sum() < _MIN_POINTS:
        return None
    rough, _ = cv2.estimateAffinePartial2D(
        previous[voters], current[voters], method=cv2.RANSAC, ransacReprojThreshold=_ROUGH_PX, maxIters=500
    )
    if rough is None or not 1 / _MAX_ZOOM < np.hypot(rough[0, 0], rough[1, 0]) < _MAX_ZOOM:
        return None
    motion = refine(previous[voters], current[voters], np.vstack([rough, [0.0, 0.0, 1.0]]), size)
    agree = residuals_px(previous, current, motion) < _TUKEY_PX
    if not _trustworthy(previous, agree & voters, size, min_share):
        return None
    return motion, agree


def refine(previous: Points, current: Points, rough: Matrix, size: tuple[int, int]) -> Matrix:
    """Refine a rough ``(3, 3)`` motion by weighted least squares with a prior.

    A camera that turns and zooms moves the picture by a similarity, plus perspective and shear that grow
    with the motion (a pan of t half-widths bends by about t (width / 2 focal)^2). The prior says just
    that; where points cover the picture they overrule it, where they are all in the stands it keeps the
    grass from being bent away.
    """
    half = max(size) / 2
    to_unit, from_unit = unit_frame(size)
    source, target = (p @ to_unit[:2, :2].T + to_unit[:2, 2] for p in (previous, current))
    motion = to_unit @ rough @ from_unit
    prior = bend_prior(motion)
    near = residuals_px(source, target, motion) * half < _NEAR_PX
    source, target = source[near], target[near]
    rows, values = _linear(source, target)
    both = np.concatenate([rows, values[:, None]], 1)
    for _ in range(_ROUNDS):
        error = residuals_px(source, target, motion) * half
        weight = np.clip(1 - (error / (2.5 * _TUKEY_PX)) ** 2, 0, None) ** 2 / (_NOISE_PX / half) ** 2
        sums = (rows.T * np.tile(weight, 2)) @ both
        motion = np.append(np.linalg.solve(sums[:, :8] + prior, sums[:, 8]), 1.0).reshape(3, 3)
    result: Matrix = from_unit @ motion @ to_unit
    result /= result[2, 2]
    return result


def _linear(source: Points, target: Points) -> tuple[Matrix, Points]:
    """Linearised homography: rows ``(2 N, 8)``, those of x and then those of y, and values ``(2 N,)``."""
    x, y = source.T
    zero, one = np.zeros_like(x), np.ones_like(x)
    u, v = target.T
    rows = [
        np.stack([x, y, one, zero, zero, zero, -u * x, -u * y], 1),
        np.stack([zero, zero, zero, x, y, one, -v * x, -v * y], 1),
    ]
    return np.concatenate(rows), np.concatenate([u, v])


def unit_frame(size: tuple[int, int]) -> tuple[Matrix, Matrix]:
    """``(3, 3)`` transforms from px to half-widths from the picture's centre, and back."""
    half = max(size) / 2
    to_unit = np.array([[1 / half, 0, -size[0] / 2 / half], [0, 1 / half, -size[1] / 2 / half], [0, 0, 1.0]])
    return to_unit, np.linalg.inv(to_unit)


def bend_prior(motion: Matrix) -> Matrix:
    """Precision ``(8, 8)`` of a homography's parameters in half-widths: how little it may bend.

    A similarity is free; perspective and shear have a width that grows with the shift and zoom.
    """
    shift, zoom = float(np.hypot(*motion[:2, 2])), float(np.hypot(*motion[:2, 0]))
    width = 3e-4 + 0.1 * shift + 0.1 * abs(zoom - 1)
    bends = np.zeros((4, 8))
    bends[0, [0, 4]] = 1.0, -1.0
    bends[1, [1, 3]] = 1.0, 1.0
    bends[2, 6] = bends[3, 7] = 1.0
    precision: Matrix = bends.T @ bends / width**2 + 1e-6 * np.eye(8)
    return precision


def residuals_px(previous: Points, current: Points, motion: Matrix) -> Points:
    """Distance ``(N,)`` between where points are and where ``motion`` puts them."""
    moved = previous @ motion[:, :2].T + motion[:, 2]
    out: Points = np.hypot(*(moved[:, :2] / moved[:, 2:] - current).T)
    return out


def _trustworthy(points: Points, agree: NDArray[np.bool_], size: tuple[int, int], min_share: float) -> bool:
    """Whether enough points agree, in enough of the 4 x 4 blocks of the picture."""
    if agree.sum() < max(_MIN_POINTS, min_share * len(points)):
        return False
    blocks = np.floor(points[agree] / (np.array(size) / _BLOCKS)).clip(0, _BLOCKS - 1)
    return len(np.unique(blocks @ [_BLOCKS, 1])) >= _MIN_BLOCKS
