"""Many views at once: where each puts the points of a picture on the pitch. No I/O."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def on_ground(points_px: Array, pitch_from_image: Array) -> tuple[Array, Array]:
    """Put the same points ``(M, 2)`` on the pitch by each of N views ``(N, 3, 3)``.

    Returns
    -------
    Places ``(N, M, 2)``, metres, and the scale ``w`` ``(N, M)`` there; both NaN on or beyond the horizon.
    """
    points = np.c_[points_px, np.ones(len(points_px))]
    homogeneous = points @ np.swapaxes(pitch_from_image, 1, 2)
    w = np.where(homogeneous[..., 2] > 1e-12, homogeneous[..., 2], np.nan)
    return homogeneous[..., :2] / w[..., None], w


def medians(values: Array, chosen: NDArray[np.bool_]) -> Array:
    """Median of the ``chosen`` values of each row, ``(N, M)`` both: ``(N,)``; NaN where none is."""
    ordered = np.sort(np.where(chosen, values, np.inf), axis=1)
    n, row = chosen.sum(axis=1), np.arange(len(values))
    low, high = np.maximum(n - 1, 0) // 2, np.minimum(n // 2, values.shape[1] - 1)
    middle = (ordered[row, low] + ordered[row, high]) / 2
    return np.asarray(np.where(n > 0, middle, np.nan))
