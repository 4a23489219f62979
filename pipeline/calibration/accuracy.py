"""How far off a view is, in metres on the pitch. No I/O."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.matrices import inverted
from pipeline.calibration.single import picture_grid
from pipeline.geometry import to_pitch
from pipeline.pitch import Pitch

Array = NDArray[np.float64]

_FEWEST = 3

MEDIAN_OF_RMS = 0.83
"""The median length of a two-dimensional Gaussian error over its root mean square."""
STATISTICAL = 3.0
SYSTEMATIC = 1.5 / 1280
"""How stated errors follow from the least squares: its own spread times `STATISTICAL`, and, whatever the
evidence, this share of the picture's longer side on the ground: for lens distortion, pitches that are not
quite the size they should be, and paint. Both chosen on the validation matches, so that 9 of 10 errors
against hand-made labels lie under twice the stated one (``benchmarks/calibration_accuracy.py``)."""


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
    pixels = picture_grid(*size_px)
    out = np.full(len(views), np.inf)
    for k, (view, change, spread) in enumerate(zip(views, derivative, covariance, strict=True)):
        inverse = inverted(view)
        on = pitch.contains(to_pitch(pixels, inverse))
        if on.sum() < _FEWEST:
            continue
        ground = np.c_[pixels[on], np.ones(int(on.sum()))] @ inverse.T
        moved = -np.einsum("ij,pjk,nk->npi", inverse, change, ground)
        at = ground[:, :2] / ground[:, 2:]
        jacobian = (moved[..., :2] - at[:, None] * moved[..., 2:]) / ground[:, 2][:, None, None]
        statistical = np.einsum("npa,pq,nqa->n", jacobian, spread, jacobian)
        systematic = (metres_per_px(pixels[on], inverse) ** 2).sum(axis=(1, 2)) / 2
        square = STATISTICAL**2 * np.median(np.maximum(statistical, 0)) * MEDIAN_OF_RMS**2
        out[k] = np.sqrt(square + (SYSTEMATIC * max(size_px)) ** 2 * np.median(systematic))
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
