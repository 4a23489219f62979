"""Refine a motion on the edges of the picture: the pitch's lines, boards, stands.

Corners are rare on grass; its painted lines are not, but a line can only be followed across, not
along. So here every edge pixel asks for its own displacement across the edge, and all together
determine the motion (direct alignment, inverse compositional Gauss-Newton).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.egomotion.corner_points import Grey, best_of_cells
from pipeline.egomotion.motion_fit import Matrix, Points, bend_prior, residuals_px, unit_frame

_BLUR_PX = 1.0
_SOBEL = 8
"""By how much the Sobel operator exceeds the slope a px."""
_SMALL_CELLS = 1400
_MIN_SLOPE = 2.0
_FULL_SLOPE = 8.0
_TUKEY_PX = 2.0
_NOISE_PX = 0.3
_ROUNDS = 5
_MAX_STEP = 0.1
_MAX_AWAY_PX = 4.0


@dataclass(frozen=True, slots=True)
class Edges:
    """Edge pixels of a reference picture.

    ``points`` ``(N, 2)`` px, ``level`` ``(N,)`` their grey level after a blur, ``slope`` ``(N,)`` its
    gradient in levels a px, ``columns`` ``(8, N)`` how each parameter of a homography in half-widths moves
    the point across its edge, in px.
    """

    points: Points
    level: NDArray[np.float64]
    slope: NDArray[np.float64]
    columns: NDArray[np.float64]


def find_edges(grey: Grey, hidden: NDArray[np.bool_] | None = None) -> Edges:
    """Find the strongest edge pixel in each of about 1,400 equal cells, outside ``hidden`` ``(h, w)``."""
    smooth = cv2.GaussianBlur(grey, (0, 0), _BLUR_PX)
    across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    # Whole numbers below 2**24, so exact. cv2.magnitude is not: its last bit depends on where in memory the
    # pictures lie, and with it, which of two equally strong pixels is the strongest.
    strength = across * across + down * down
    points = best_of_cells(strength, _SMALL_CELLS, (_SOBEL * _MIN_SLOPE) ** 2, hidden)
    column, row = points.astype(int).T
    gradient = np.stack([across[row, column], down[row, column]], 1).astype(np.float64) / _SOBEL
    slope = np.hypot(*gradient.T)
    normal = gradient / slope[:, None]
    to_unit, _ = unit_frame((grey.shape[1], grey.shape[0]))
    x, y = (points @ to_unit[:2, :2].T + to_unit[:2, 2]).T
    n, m = normal.T / to_unit[0, 0]
    along = x * n + y * m
    columns = np.stack([x * n, y * n, n, x * m, y * m, m, -x * along, -y * along])
    return Edges(points, smooth[row, column].astype(np.float64), slope, columns)


def align(edges: Edges, grey: Grey, rough: Matrix) -> Matrix:
    """Refine ``rough``, the ``(3, 3)`` motion in px from the picture of ``edges`` to ``grey``.

    It must be right to about 2 px. Edges that seem further off are left out: what moves by itself, and
    overlays. The number of rounds is fixed, as an end at a threshold would let rounding decide.
    Where the result is further off than that, it is not believed, and ``rough`` comes back.
    """
    if len(edges.points) < 100:
        return rough
    smooth = cv2.GaussianBlur(grey, (0, 0), _BLUR_PX)
    to_unit, from_unit = unit_frame((grey.shape[1], grey.shape[0]))
    motion = rough
    trust = edges.slope**2 / (edges.slope**2 + _FULL_SLOPE**2)
    prior = bend_prior(to_unit @ rough @ from_unit) * _NOISE_PX**2
    for _ in range(_ROUNDS):
        moved = cv2.perspectiveTransform(edges.points[:, None], motion).astype(np.float32)
        level = cv2.remap(smooth, moved, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)[:, 0]
        off_px = (level.astype(np.float64) - edges.level) / edges.slope
        weight = trust * np.clip(1 - (off_px / _TUKEY_PX) ** 2, 0, None) ** 2 * _inside(moved[:, 0], grey)
        weighted = edges.columns * weight
        step = np.linalg.solve(weighted @ edges.columns.T + prior, weighted @ off_px)
        if np.abs(step).max() > _MAX_STEP:
            return rough
        change = np.eye(3) + np.append(step, 0.0).reshape(3, 3)
        motion = motion @ from_unit @ np.linalg.inv(change) @ to_unit
        motion /= motion[2, 2]
    away_px = residuals_px(edges.points, cv2.perspectiveTransform(edges.points[:, None], rough)[:, 0], motion)
    return motion if float(np.median(away_px)) < _MAX_AWAY_PX else rough


def _inside(points: NDArray[np.float32], grey: Grey) -> NDArray[np.bool_]:
    height, width = grey.shape
    x, y = points.T
    inside: NDArray[np.bool_] = (x >= 1) & (x < width - 2) & (y >= 1) & (y < height - 2)
    return inside
