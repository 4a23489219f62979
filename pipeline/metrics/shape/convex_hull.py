"""Convex hulls of many small groups of points at once. Arrays in, arrays out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_CHUNK = 1024


def hull_areas(points: Array) -> Array:
    """Measure the area of the convex hull of each group.

    A pair of points is an edge of the hull when all others lie to its left; with a dozen points a
    group, asking that of all pairs at once beats one library call a group some hundred times over.

    Parameters
    ----------
    points
        Shape ``(F, P, 2)``; NaN where a group has fewer points.

    Returns
    -------
    Shape ``(F,)``; NaN under 3 points, 0 where they lie on a line.
    """
    out = np.full(len(points), np.nan)
    for start in range(0, len(points), _CHUNK):
        out[start : start + _CHUNK] = _areas(points[start : start + _CHUNK])
    return out


def _areas(groups: Array) -> Array:
    points = _without_twins(groups)
    present = np.isfinite(points.sum(axis=2))
    first = np.argmax(present, axis=1)
    origin = np.nan_to_num(points[np.arange(len(points)), first])[:, None]
    filled = np.where(present[..., None], points - origin, 0.0)
    x, y = filled[..., 0], filled[..., 1]
    way_x, way_y = x[:, None, :] - x[:, :, None], y[:, None, :] - y[:, :, None]  # [group, from, to]
    length2 = way_x**2 + way_y**2
    # [group, from, to, other]: how far the other lies to the left of the way, and how far along it
    left = way_x[..., None] * way_y[:, :, None, :] - way_y[..., None] * way_x[:, :, None, :]
    along = way_x[..., None] * way_x[:, :, None, :] + way_y[..., None] * way_y[:, :, None, :]
    tiny = 1e-9 * length2.max(axis=(1, 2), initial=1e-9)[:, None, None, None]
    between = (np.abs(left) <= tiny) & (along >= -tiny) & (along <= length2[..., None] + tiny)
    edge = ((left > tiny) | between | ~present[:, None, None, :]).all(axis=3)
    edge &= present[:, :, None] & present[:, None, :] & (length2 > 0)
    area = (
        np.where(edge, x[:, :, None] * y[:, None, :] - y[:, :, None] * x[:, None, :], 0.0).sum(axis=(1, 2))
        / 2
    )
    enough = np.isfinite(groups.sum(axis=2)).sum(axis=1) >= 3
    return np.asarray(np.where(enough, np.maximum(area, 0.0), np.nan))


def _without_twins(points: Array) -> Array:
    """Blank all but the first of points that coincide: they would count an edge twice."""
    same = (points[:, :, None] == points[:, None, :]).all(axis=3)
    twin = np.triu(same, 1).any(axis=1)
    return np.asarray(np.where(twin[..., None], np.nan, points))
