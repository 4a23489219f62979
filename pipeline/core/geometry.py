"""Planar geometry between the image and the grass. No I/O."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.core.camera_lens import STRAIGHT, Lens

Array = NDArray[np.float64]


def transform(points: NDArray[np.floating], target_from_source: NDArray[np.floating]) -> Array:
    """Apply a homography to points.

    Parameters
    ----------
    points
        Shape ``(N, 2)``.
    target_from_source
        Shape ``(3, 3)``.

    Returns
    -------
    Shape ``(N, 2)``; NaN where a point falls on or beyond the horizon: its scale ``w`` is not
    positive (`orient` gives visible ground ``w > 0``).
    """
    points = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    homogeneous = np.c_[points, np.ones(len(points))] @ np.asarray(target_from_source).T
    w = homogeneous[:, 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        out = homogeneous[:, :2] / w[:, None]
    out[~(w > 1e-12)] = np.nan
    return np.asarray(out)


def orient(target_from_source: NDArray[np.floating], visible_point: tuple[float, float]) -> Array:
    """Scale a homography so that ``visible_point`` gets a positive scale, as `transform` expects."""
    w = float(target_from_source[2] @ np.array([visible_point[0], visible_point[1], 1.0]))
    scale = np.abs(target_from_source).max()
    return np.asarray(target_from_source * (np.sign(w) or 1.0) / scale)


def to_pitch(
    points_px: NDArray[np.floating], pitch_from_image: NDArray[np.floating], lens: Lens = STRAIGHT
) -> Array:
    """Project image points onto the grass.

    Only points on the ground come out right: pass a player's feet, never the middle of
    the box, and never a ball in the air.

    Parameters
    ----------
    points_px
        Shape ``(N, 2)``: x right, y down, from the top-left corner.
    pitch_from_image
        Homography, shape ``(3, 3)``, oriented (see `orient`), of the picture as a pinhole would show it.
    lens
        How the picture is bent.

    Returns
    -------
    Shape ``(N, 2)``, metres from the centre spot; NaN above the horizon.
    """
    return transform(lens.straight(points_px), pitch_from_image)


def to_image(
    points_m: NDArray[np.floating], pitch_from_image: NDArray[np.floating], lens: Lens = STRAIGHT
) -> Array:
    """Project pitch points into the image, px, bent as ``lens`` does; NaN for points behind the camera."""
    # An oriented view gives w > 0 to visible ground, and so does its inverse: H p = w P <=> H' P = p / w.
    return lens.bent(transform(points_m, np.linalg.inv(pitch_from_image)))
