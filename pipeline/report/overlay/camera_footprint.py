"""The part of the pitch that a camera view shows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.core.camera_lens import STRAIGHT, Lens
from pipeline.core.geometry import transform
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]
_NEAR_HORIZON = 0.02
_EDGE_POINTS = 16


def footprint_m(
    pitch_from_image: Array,
    height: int,
    width: int,
    pitch: Pitch,
    margin_m: float = 0.0,
    lens: Lens = STRAIGHT,
) -> Array:
    """Give the outline of what is in view, cut at the pitch's lines plus ``margin_m``.

    Parameters
    ----------
    pitch_from_image
        Homography, oriented (see `pipeline.core.geometry.orient`).
    height, width
        Of the frame, px.
    lens
        How the frame is bent: its edge is then seen as a curve.

    Returns
    -------
    Corners of a polygon, convex without a lens, ``(N, 2)`` m; ``(0, 2)`` if no part of the pitch is in view.
    """
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float64)
    if lens.bends:
        corners = lens.straight(
            np.concatenate([_edge(a, b) for a, b in zip(corners, np.roll(corners, -1, 0), strict=True)])
        )
        corners = corners[np.isfinite(corners).all(axis=1)]
    if not len(corners):
        return np.zeros((0, 2))
    scale = np.c_[corners, np.ones(len(corners))] @ pitch_from_image[2]
    limit = _NEAR_HORIZON * float(scale.max())
    if limit <= 0:
        return np.zeros((0, 2))
    ground = _clip(corners, pitch_from_image[2, :2], pitch_from_image[2, 2] - limit)
    outline = transform(ground, pitch_from_image)
    for axis, half in ((0, pitch.length_m / 2), (1, pitch.width_m / 2)):
        for sign in (1.0, -1.0):
            normal = np.zeros(2)
            normal[axis] = -sign
            outline = _clip(outline, normal, half + margin_m)
    return outline


def _edge(start: Array, end: Array) -> Array:
    """Points from a corner of the frame to just before the next."""
    return np.asarray(start + np.linspace(0, 1, _EDGE_POINTS, endpoint=False)[:, None] * (end - start))


def _clip(polygon: Array, normal: Array, offset: float) -> Array:
    """Keep the part of a convex polygon where ``normal . point + offset >= 0`` (Sutherland-Hodgman)."""
    if not len(polygon):
        return polygon
    side = polygon @ normal + offset
    out = []
    for i in range(len(polygon)):
        j = (i + 1) % len(polygon)
        if side[i] >= 0:
            out.append(polygon[i])
        if (side[i] >= 0) != (side[j] >= 0):
            share = side[i] / (side[i] - side[j])
            out.append(polygon[i] + share * (polygon[j] - polygon[i]))
    return np.array(out).reshape(-1, 2)
