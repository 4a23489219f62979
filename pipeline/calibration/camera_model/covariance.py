"""How uncertain views are: the covariance of small changes of the picture, at any place in it. No I/O.

A view that is a little off shows every point of the pitch a little beside its place in the picture. To first
order that is a homography close to the identity, ``I + D`` with ``D[2, 2] = 0``, applied to the picture
in units of 1000 px from its top-left corner: 8 numbers, whose covariance is a *spread*, ``(8, 8)``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.homography import inverted

Array = NDArray[np.float64]

_UNIT_PX = 1000.0
_UNIT_FROM_IMAGE = np.diag([1 / _UNIT_PX, 1 / _UNIT_PX, 1.0])
_IMAGE_FROM_UNIT = np.diag([_UNIT_PX, _UNIT_PX, 1.0])


def spreads(views: Array, derivative: Array, covariance: Array) -> Array:
    """Turn covariances of views' parameters into spreads.

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
    ``(N, 8, 8)``.
    """
    change = _UNIT_FROM_IMAGE @ derivative @ inverted(views)[:, None] @ _IMAGE_FROM_UNIT
    change = change - change[..., 2:, 2:] * np.eye(3)
    by_parameter = change.reshape(*change.shape[:2], 9)[..., :8]
    return np.asarray(np.swapaxes(by_parameter, 1, 2) @ covariance @ by_parameter)


def even(sigma_px: Array) -> Array:
    """Spreads ``(N, 8, 8)`` of views off by the same all over the picture: ``(N,)`` px along each axis."""
    out = np.zeros((len(sigma_px), 8, 8))
    for axis in (2, 5):
        out[:, axis, axis] = (np.asarray(sigma_px) / _UNIT_PX) ** 2
    return out


def carried(spread: Array, motion: Array) -> Array:
    """Carry spreads along camera motions ``(N, 3, 3)``, image_from_other_image: ``(N, 8, 8)``.

    ``spread`` is one for each ``(N, 8, 8)``, or one for all ``(8, 8)``.
    """
    step = _UNIT_FROM_IMAGE @ motion @ _IMAGE_FROM_UNIT
    # D becomes step D step^-1, less a multiple of the identity that keeps its corner 0
    full = np.einsum("nia,nbj->nijab", step, inverted(step))
    full = full - full[:, 2:, 2:] * np.eye(3)[:, :, None, None]
    matrix = full.reshape(-1, 9, 9)[:, :8, :8]
    return np.asarray(matrix @ spread @ np.swapaxes(matrix, 1, 2))


def offsets_px2(points_px: Array, spread: Array) -> Array:
    """Covariance ``(M, 2, 2)``, px^2, of where a view with this spread shows what is at ``points_px``."""
    rows = _moves(points_px)
    return np.asarray(rows @ spread @ np.swapaxes(rows, 1, 2) * _UNIT_PX**2)


def _moves(points_px: Array) -> Array:
    """How a small change of the picture moves each point, ``(M, 2, 8)``."""
    x, y = np.asarray(points_px, dtype=np.float64).T / _UNIT_PX
    one, zero = np.ones_like(x), np.zeros_like(x)
    return np.array(
        [[x, y, one, zero, zero, zero, -x * x, -x * y], [zero, zero, zero, x, y, one, -x * y, -y * y]]
    ).transpose(2, 0, 1)


def grounds_rms_m(points_px: Array, at_m: Array, w: Array, pitch_from_image: Array, spreads: Array) -> Array:
    """Like `ground_rms_m`, of the same points by N views: ``(N, M)``.

    Parameters
    ----------
    at_m, w
        Where each view puts the points: see `many_views.on_ground`.
    pitch_from_image, spreads
        ``(N, 3, 3)`` and ``(N, 8, 8)``.
    """
    by_px = pitch_from_image[:, None, :2, :2] - at_m[..., :, None] * pitch_from_image[:, None, 2:, :2]
    by_change = (by_px / w[..., None, None]) @ _moves(points_px)
    square = ((by_change @ spreads[:, None]) * by_change).sum(axis=(2, 3)) * _UNIT_PX**2
    return np.asarray(np.sqrt(np.maximum(square, 0)))


def ground_rms_m(points_px: Array, pitch_from_image: Array, spread: Array) -> Array:
    """Root mean square error ``(M,)``, metres, of points put on the pitch; NaN beyond the horizon."""
    jacobian = metres_per_px(points_px, pitch_from_image)
    square = np.einsum("mij,mjk,mik->m", jacobian, offsets_px2(points_px, spread), jacobian)
    return np.asarray(np.sqrt(np.maximum(square, 0)))


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
