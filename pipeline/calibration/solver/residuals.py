"""What the pictures say about the views: residuals and their normal equations. No I/O."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.camera_model.markings import Markings, Matches, match, offsets
from pipeline.calibration.solver.chain_least_squares import NormalEquations
from pipeline.calibration.solver.observations import Observations
from pipeline.calibration.solver.view_parameters import Views

Array = NDArray[np.float64]

KEYPOINT_SIGMA = 0.0022
LINE_SIGMA = 0.0020
MOTION_SIGMA = 0.0006
"""Standard deviations as a share of the picture's longer side: of a landmark (each axis), of a line point
(inflated, since points of one line err together), and of the motion over `KEY_STEP_S`."""
KEY_STEP_S = 0.2
"""A usual time between key frames, s."""
_GRID = np.array([(x, y) for y in (0.15, 0.5, 0.85) for x in (0.1, 0.5, 0.9)])
"""Where in the picture camera motion is compared, as shares of width and height."""


def normal_equations(
    views: Views, seen: Observations, marks: Markings | None, matched: Matches | None
) -> NormalEquations:
    """Set up the robust normal equations around ``views``.

    Parameters
    ----------
    matched
        Which line points lie on which of ``marks`` (see `match_lines`); None leaves lines out.
    """
    matrices = views.matrices()
    own, shared = views.derivatives()
    n, d, q = seen.n, own.shape[1], shared.shape[1]
    derivative = np.concatenate([own, shared], axis=1)
    total = np.zeros((n, d + q, d + q))
    right = np.zeros((n, d + q))
    cost = _add_keypoints(matrices, derivative, seen, total, right)
    if marks is not None and matched is not None:
        cost += _add_lines(matrices, derivative, seen, marks, matched, total, right)
    above = np.zeros((max(n - 1, 0), d, d))
    cross = np.zeros((n, d, q))
    cost += _add_links(matrices, derivative, seen, d, total, right, above, cross)
    weight, offset = views.prior()
    own_weight, own_offset = views.own_prior()
    total[:, :d, :d] += np.diag(own_weight)
    right[:, :d] -= own_weight * own_offset
    cost += float((weight * offset**2).sum() + (own_weight * own_offset**2).sum())
    corner = total[:, d:, d:].sum(axis=0) + np.diag(weight)
    border = total[:, :d, d:] + cross
    return NormalEquations(
        total[:, :d, :d],
        above,
        border,
        corner,
        right[:, :d],
        right[:, d:].sum(axis=0) - weight * offset,
        cost,
    )


def match_lines(matrices: Array, seen: Observations, marks: Markings, reach: float) -> Matches:
    """Match line points to markings within ``reach``, a share of the picture's longer side."""
    inverse = inverted(matrices)[seen.line_frame]
    return match(
        seen.line_px, seen.line_normal, grounded(inverse, seen.line_px), inverse, marks, reach * seen.unit_px
    )


def keypoint_distances(matrices: Array, seen: Observations) -> Array:
    """Distance in px of each landmark from where the views put it; infinite behind the camera."""
    ground = np.c_[seen.keypoint_m, np.ones(len(seen.keypoint_m))]
    at = np.einsum("kij,kj->ki", matrices[seen.keypoint_frame], ground)
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.linalg.norm(at[:, :2] / at[:, 2:] - seen.keypoint_px, axis=1)
    distance[~(at[:, 2] > 0)] = np.inf
    return np.asarray(distance)


def link_distances(matrices: Array, seen: Observations) -> Array:
    """Median distance in px between the motion of each link and that of the views; NaN where unknown."""
    grid = np.c_[_GRID * seen.size_px, np.ones(len(_GRID))]
    out = np.full(len(seen.links), np.nan)
    for k in np.flatnonzero(np.isfinite(seen.links).all(axis=(1, 2))):
        one, other = grid @ seen.links[k].T, grid @ (matrices[k + 1] @ inverted(matrices[k])).T
        out[k] = np.median(np.linalg.norm(one[:, :2] / one[:, 2:] - other[:, :2] / other[:, 2:], axis=1))
    return out


def grounded(inverse: Array, points_px: Array) -> Array:
    """Points on the pitch, homogeneous ``(N, 3)``, with a view for each ``(N, 3, 3)``."""
    return np.asarray(
        inverse[:, :, 0] * points_px[:, :1] + inverse[:, :, 1] * points_px[:, 1:] + inverse[:, :, 2]
    )


def _add_keypoints(
    matrices: Array, derivative: Array, seen: Observations, total: Array, right: Array
) -> float:
    if len(seen.keypoint_frame) == 0:
        return 0.0
    ground = np.c_[seen.keypoint_m, np.ones(len(seen.keypoint_m))]
    residual, jacobian = _projected(matrices, derivative, seen.keypoint_frame, ground, seen.keypoint_px)
    sigma = KEYPOINT_SIGMA * seen.unit_px
    square = (residual**2).sum(axis=1) / sigma**2
    weight = seen.keypoint_weight * _cauchy(square, 2.0) / sigma**2
    behind = (matrices[seen.keypoint_frame, 2] * ground).sum(axis=1) <= 0
    weight[behind], square[behind], residual[behind], jacobian[behind] = 0, 1e4, 0, 0
    _scatter(seen.keypoint_frame, residual, jacobian, weight, total, right)
    return float((seen.keypoint_weight * _cauchy_cost(square, 2.0)).sum())


def _add_lines(
    matrices: Array,
    derivative: Array,
    seen: Observations,
    marks: Markings,
    matched: Matches,
    total: Array,
    right: Array,
) -> float:
    frame = seen.line_frame[matched.point]
    inverse = inverted(matrices)[frame]
    found = offsets(grounded(inverse, seen.line_px[matched.point]), inverse, marks, matched.marking)
    sigma = LINE_SIGMA * seen.unit_px
    square = (found.residual_px / sigma) ** 2
    weight = _cauchy(square, 1.5) / sigma**2
    product = (found.gradient[:, :, None] * found.ground[:, None, :]).reshape(-1, 9)
    flat = derivative.reshape(*derivative.shape[:2], 9)
    ends = np.searchsorted(frame, np.arange(seen.n + 1))
    for k in range(seen.n):
        rows = slice(ends[k], ends[k + 1])
        jacobian = product[rows] @ -flat[k].T
        weighted = jacobian * weight[rows, None]
        total[k] += weighted.T @ jacobian
        right[k] -= weighted.T @ found.residual_px[rows]
    return float(_cauchy_cost(square, 1.5).sum())


def _add_links(
    matrices: Array,
    derivative: Array,
    seen: Observations,
    d: int,
    total: Array,
    right: Array,
    above: Array,
    cross: Array,
) -> float:
    known = np.flatnonzero(np.isfinite(seen.links).all(axis=(1, 2)))
    if len(known) == 0:
        return 0.0
    grid = np.c_[_GRID * seen.size_px, np.ones(len(_GRID))]
    before, after = np.repeat(known, len(grid)), np.repeat(known + 1, len(grid))
    points = np.tile(grid, (len(known), 1))
    target = np.einsum("kij,kj->ki", seen.links[before], points)
    target = target[:, :2] / target[:, 2:]
    ground = np.einsum("kij,kj->ki", inverted(matrices)[before], points)
    residual, ahead = _projected(matrices, derivative, after, ground, target)
    moved = np.einsum("kpij,kj->kpi", derivative[before], ground)
    moved = np.einsum("kij,kjl,kpl->kpi", matrices[after], inverted(matrices)[before], moved)
    at = np.einsum("kij,kj->ki", matrices[after], ground)
    behind = -(moved[..., :2] - (at[:, :2] / at[:, 2:])[:, None] * moved[..., 2:]) / at[:, 2][:, None, None]
    behind = np.swapaxes(behind, 1, 2)
    sigma = seen.link_sigma_px[before] * np.sqrt(len(grid) / 2)
    square = (residual**2).sum(axis=1) / sigma**2
    weight = _cauchy(square, 2.0) / sigma**2
    weight[~np.isfinite(weight) | (at[:, 2] <= 0)] = 0
    residual = np.nan_to_num(residual)
    joint = np.concatenate([ahead[..., :d], behind[..., :d], ahead[..., d:] + behind[..., d:]], axis=2)
    joint = np.nan_to_num(joint)
    block = np.einsum("k,kap,kaq->kpq", weight, joint, joint).reshape(
        len(known), len(grid), *[joint.shape[2]] * 2
    )
    block = block.sum(axis=1)
    vector = (
        -np.einsum("k,kap,ka->kp", weight, joint, residual).reshape(len(known), len(grid), -1).sum(axis=1)
    )
    a, b, s = slice(0, d), slice(d, 2 * d), slice(2 * d, None)
    total[known + 1, :d, :d] += block[:, a, a]
    total[known, :d, :d] += block[:, b, b]
    total[known, d:, d:] += block[:, s, s]
    above[known] += block[:, b, a]
    cross[known + 1] += block[:, a, s]
    cross[known] += block[:, b, s]
    right[known + 1, :d] += vector[:, a]
    right[known, :d] += vector[:, b]
    right[known, d:] += vector[:, s]
    return float(np.nan_to_num(_cauchy_cost(square, 2.0)).sum())


def _projected(
    matrices: Array, derivative: Array, frame: NDArray[np.intp], ground: Array, target_px: Array
) -> tuple[Array, Array]:
    """Residuals ``(K, 2)`` px of ground points seen in ``frame``, and Jacobians ``(K, 2, p)``."""
    at = np.einsum("kij,kj->ki", matrices[frame], ground)
    change = np.einsum("kpij,kj->kpi", derivative[frame], ground)
    with np.errstate(divide="ignore", invalid="ignore"):
        where = at[:, :2] / at[:, 2:]
        jacobian = (change[..., :2] - where[:, None] * change[..., 2:]) / at[:, 2][:, None, None]
    return where - target_px, np.swapaxes(jacobian, 1, 2)


def _scatter(
    frame: NDArray[np.intp], residual: Array, jacobian: Array, weight: Array, total: Array, right: Array
) -> None:
    """Add ``J' w J`` and ``-J' w r`` of rows that are sorted by frame."""
    if len(frame) == 0:
        return
    present, start = np.unique(frame, return_index=True)
    weighted = jacobian * weight[:, None, None]
    total[present] += np.add.reduceat(np.einsum("kap,kaq->kpq", weighted, jacobian), start, axis=0)
    right[present] -= np.add.reduceat(np.einsum("kap,ka->kp", weighted, residual), start, axis=0)


def _cauchy(square: Array, width: float) -> Array:
    """Weight of a residual whose square, in sigmas, is ``square``: 1 / (1 + square / width^2)."""
    return np.asarray(1 / (1 + square / width**2))


def _cauchy_cost(square: Array, width: float) -> Array:
    return np.asarray(width**2 * np.log1p(square / width**2))
