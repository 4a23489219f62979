"""How far off a view is, in metres on the pitch. No I/O."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.covariance import even, grounds_rms_m
from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.camera_model.many_views import medians, on_ground
from pipeline.calibration.initial_views.single_view import picture_grid
from pipeline.core.camera_lens import STRAIGHT, Lens
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_FEWEST = 3
_TOGETHER = 128
"""Views that are looked at together: enough to be quick, few enough to need little memory."""

MEDIAN_OF_RMS = 0.83
"""The median length of a two-dimensional Gaussian error over its root mean square."""
STATISTICAL, USUAL_MISFIT, SYSTEMATIC, LEAST = 5.0, 6e-4, 0.7, 1e-4
"""How stated errors follow from the evidence. The least squares take line points for independent; in footage
they err together (lens distortion, pitches not quite drawn to size), which shows as misfit: how far line
points lie beside their markings. Where that reaches `USUAL_MISFIT`, the least squares' own spread is taken
times `STATISTICAL`, so that a picture with few markings is the less certain; less only in pictures that fit
better than footage does. To it come, all over the picture, `SYSTEMATIC` times the misfit and `LEAST`. Lengths
are shares of the picture's longer side. Chosen on the training matches of the shared pictures, whole and
enlarged, and on rendered ones; then tested on the validation matches (``docs/calibration.md``)."""
_LEAST_SCALE = 0.15


def honest_spreads(formal: Array, misfit: Array, longer_px: float) -> Array:
    """Turn spreads that follow from the least squares alone into such that hold.

    Parameters
    ----------
    formal
        ``(N, 8, 8)``.
    misfit
        ``(N,)``: how far line points lie beside their markings, a standard deviation as a share of the
        picture's longer side.
    """
    scale = STATISTICAL * np.clip(misfit / USUAL_MISFIT, _LEAST_SCALE, 1.0)
    return np.asarray(
        scale[:, None, None] ** 2 * formal + even(np.hypot(SYSTEMATIC * misfit, LEAST) * longer_px)
    )


def ground_errors(
    views: Array, spreads: Array, size_px: tuple[int, int], pitch: Pitch, lens: Lens = STRAIGHT
) -> Array:
    """Expected (median) position error of each view over the part of the pitch that it shows.

    Parameters
    ----------
    views
        ``(N, 3, 3)`` image_from_pitch, of the straight picture.
    spreads
        ``(N, 8, 8)``.
    lens
        How the picture is bent.

    Returns
    -------
    ``(N,)`` metres; infinite where a view shows no pitch.
    """
    pixels = lens.straight(picture_grid(*size_px))
    out = np.full(len(views), np.inf)
    for start in range(0, len(views), _TOGETHER):
        part = slice(start, start + _TOGETHER)
        inverse = inverted(views[part])
        at, w = on_ground(pixels, inverse)
        on = pitch.contains(at.reshape(-1, 2)).reshape(w.shape)
        enough = on.sum(axis=1) >= _FEWEST
        rms = grounds_rms_m(pixels, at, w, inverse, spreads[part])
        out[part][enough] = MEDIAN_OF_RMS * medians(rms, on)[enough]
    return out
