"""Bright ridges in a picture: the middles of painted lines, to a fraction of a pixel. No I/O."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_MIN_STRENGTH = 2.0
"""Least curvature of brightness across a line, grey levels per px^2."""
_REACH_PX = 0.6
"""A ridge belongs to the pixel if its crest is no further than this from the pixel's middle."""
_EDGE = 8
_SECOND, _SMOOTH, _SLOPE = np.array([1, -2, 1.0]), np.array([0.25, 0.5, 0.25]), np.array([-0.5, 0, 0.5])
_KERNELS = np.stack(
    [
        np.outer(down, along).ravel()
        for along, down in (
            (_SECOND, _SMOOTH),
            (_SMOOTH, _SECOND),
            (_SLOPE, _SLOPE),
            (_SLOPE, _SMOOTH),
            (_SMOOTH, _SLOPE),
        )
    ]
)
"""Derivatives xx, yy, xy, x, y of a picture as 3 x 3 kernels, row by row."""
_MAX_POINTS = 256


def ridges(image: NDArray[np.uint8], where: NDArray[np.bool_], blur_px: float) -> tuple[Array, Array, Array]:
    """Find bright ridges (Steger 1998), where red and blue stand out: white does from grass.

    Parameters
    ----------
    image
        ``(H, W, 3)`` uint8, BGR.
    where
        ``(H, W)``: pixels to look at.
    blur_px
        Standard deviation of the blur before; a third of a line's width or more.

    Returns
    -------
    Points ``(N, 2)`` px, unit normals across the ridge ``(N, 2)`` and strengths ``(N,)``.
    """
    rows, columns = np.flatnonzero(where.any(axis=1)), np.flatnonzero(where.any(axis=0))
    if len(rows) == 0:
        return np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0)
    top, left = max(0, rows[0] - _EDGE), max(0, columns[0] - _EDGE)
    part = np.s_[top : rows[-1] + _EDGE + 1, left : columns[-1] + _EDGE + 1]
    red_blue = cv2.transform(image[part], np.array([[0.5, 0, 0.5]])).astype(np.float32)
    grey = cv2.GaussianBlur(red_blue, (0, 0), blur_px)
    bend = cv2.filter2D(grey, -1, (_KERNELS[0] + _KERNELS[1]).reshape(3, 3))
    candidate = (bend < -_MIN_STRENGTH / 2) & where[part]
    candidate[[0, -1]], candidate[:, [0, -1]] = False, False
    y, x = np.nonzero(candidate)
    around = np.stack([grey[y + dy, x + dx] for dy in (-1, 0, 1) for dx in (-1, 0, 1)])
    xx, yy, xy, dx, dy = _KERNELS @ around.astype(np.float64)
    half = (xx - yy) / 2
    radius = np.hypot(half, xy)
    across, along = (xx + yy) / 2 - radius, (xx + yy) / 2 + radius
    angle = 0.5 * np.arctan2(xy, half) + np.pi / 2
    normal = np.column_stack([np.cos(angle), np.sin(angle)])
    with np.errstate(divide="ignore", invalid="ignore"):
        offset = -(dx * normal[:, 0] + dy * normal[:, 1]) / across
    keep = (across < -_MIN_STRENGTH) & (-across > 2 * np.abs(along)) & (np.abs(offset) < _REACH_PX)
    points = np.column_stack([x + left, y + top]) + offset[:, None] * normal
    return points[keep], normal[keep], -across[keep]


def thinned(points: Array, strength: Array, bin_px: float) -> NDArray[np.intp]:
    """Choose the strongest point of each square bin, and at most `_MAX_POINTS` of those, evenly."""
    bins = np.floor(points / bin_px).astype(np.int64)
    order = np.lexsort((-strength, bins[:, 1], bins[:, 0]))
    ordered = bins[order]
    first = np.ones(len(order), bool)
    first[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    keep = order[first]
    if len(keep) <= _MAX_POINTS:
        return keep
    return np.asarray(keep[np.linspace(0, len(keep) - 1, _MAX_POINTS).astype(int)])
