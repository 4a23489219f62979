"""How far off a view is, in metres on the pitch. No I/O."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.single import picture_grid
from pipeline.geometry import to_pitch
from pipeline.pitch import Pitch

Array = NDArray[np.float64]

MEDIAN_OF_RMS = 0.83
"""The median length of a two-dimensional Gaussian error over its root mean square."""


def ground_errors(
    views: Array, derivative: Array, covariance: Array, size_px: tuple[int, int], pitch: Pitch
) -> Array:
    """Expected (median) position error of each view over the part of the pitch that it shows.

    Parameters
    ----------
    views
        ``(N, 3, 3)`` image_from_pitch.
    derivative
        ``(N, p, 3, 3)``: of the views by their parameters.
    covariance
        ``(N, p, p)`` of those.

    Returns
    -------
    ``(N,)`` metres; infinite where a view shows no pitch.
    """
    grid = np.c_[picture_grid(*size_px), np.ones(96)]
    out = np.full(len(views), np.inf)
    for k, (view, change, spread) in enumerate(zip(views, derivative, covariance, strict=True)):
        inverse = np.linalg.inv(view)
        ground = grid @ inverse.T
        on = pitch.contains(to_pitch(grid[:, :2], inverse), 0.0)
        if on.sum() < 3:
            continue
        ground = ground[on]
        moved = -np.einsum("ij,pjk,nk->npi", inverse, change, ground)
        at = ground[:, :2] / ground[:, 2:]
        jacobian = (moved[..., :2] - at[:, None] * moved[..., 2:]) / ground[:, 2][:, None, None]
        square = np.einsum("npa,pq,nqa->n", jacobian, spread, jacobian)
        out[k] = MEDIAN_OF_RMS * float(np.sqrt(np.median(np.maximum(square, 0))))
    return out


def metres_per_px(points_px: Array, pitch_from_image: Array) -> Array:
    """Local Jacobian of the projection onto the pitch, ``(N, 2, 2)``: metres (x, y) by px (x, y).

    NaN beyond the horizon.
    """
    homogeneous = np.c_[points_px, np.ones(len(points_px))] @ pitch_from_image.T
    w = np.where(homogeneous[:, 2] > 1e-12, homogeneous[:, 2], np.nan)
    at = homogeneous[:, :2] / w[:, None]
    return np.asarray(
        (pitch_from_image[None, :2, :2] - at[:, :, None] * pitch_from_image[None, 2:, :2]) / w[:, None, None]
    )
