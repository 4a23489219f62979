"""A real camera above a pitch: position, direction and zoom, to and from a homography. No I/O.

World: metres, x along the pitch, y across it, z up. Camera: x right, y down, z forward. Pixels are
square and the principal point is the middle of the picture, unless that was cut from the side of a
wider one. A main camera stands still and pans, tilts and zooms, so a shot has one position (and one small
lean of its head) and a few numbers a frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.homography import inverted

Array = NDArray[np.float64]

N_LOCAL, N_SHARED = 4, 6
"""Parameters of each frame (pan, tilt, log focal length, and how far right of the centre the principal
point lies, in focal lengths) and of the shot (x, y, z, roll, lean x, lean y)."""

_BASE = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
"""camera_from_world rotation of a level camera that looks along +y."""
_STEP = 1e-6


@dataclass(frozen=True, slots=True)
class Camera:
    """One picture's camera. Angles in radians: pan 0 looks along +y (across the pitch) and grows to the
    left, tilt grows downwards, roll turns the picture clockwise. ``focal_px`` is the focal length.
    """

    position_m: Array
    pan: float
    tilt: float
    roll: float
    focal_px: float


def image_from_pitch(local: Array, shared: Array, centre_px: tuple[float, float]) -> Array:
    """Homographies of cameras with shared position and lean.

    Parameters
    ----------
    local
        ``(N, 4)``: pan, tilt, log focal length in px, shift of the principal point.
    shared
        ``(6,)``: position in metres, roll, lean about x and about y.
    centre_px
        Principal point without shift.

    Returns
    -------
    ``(N, 3, 3)``, scaled so that points before the camera have a positive third coordinate.
    """
    pan, tilt, log_focal, shift = np.asarray(local, dtype=np.float64).reshape(-1, N_LOCAL).T
    turn = _about_x(shared[4]) @ _about_y(shared[5])
    rotation = _about_z(shared[3]) @ _about_x(tilt) @ _BASE @ _about_z(-pan) @ turn
    pose = np.concatenate([rotation[:, :, :2], -(rotation @ shared[:3])[:, :, None]], axis=2)
    focal = np.exp(log_focal)
    out = np.empty_like(pose)
    out[:, 0] = focal[:, None] * (pose[:, 0] + shift[:, None] * pose[:, 2]) + centre_px[0] * pose[:, 2]
    out[:, 1] = focal[:, None] * pose[:, 1] + centre_px[1] * pose[:, 2]
    out[:, 2] = pose[:, 2]
    return out


def derivatives(local: Array, shared: Array, centre_px: tuple[float, float]) -> Array:
    """Derivatives of `image_from_pitch` by the local parameters, ``(N, 4, 3, 3)``."""
    local = np.asarray(local, dtype=np.float64).reshape(-1, N_LOCAL)
    out = np.empty((len(local), N_LOCAL, 3, 3))
    for j, step in enumerate(np.eye(N_LOCAL) * _STEP):
        ahead = image_from_pitch(local + step, shared, centre_px)
        out[:, j] = (ahead - image_from_pitch(local - step, shared, centre_px)) / (2 * _STEP)
    return out


def shared_derivatives(local: Array, shared: Array, centre_px: tuple[float, float]) -> Array:
    """Derivatives of `image_from_pitch` by the shared parameters, ``(N, 6, 3, 3)``."""
    local = np.asarray(local, dtype=np.float64).reshape(-1, N_LOCAL)
    out = np.empty((len(local), N_SHARED, 3, 3))
    for j, step in enumerate(np.eye(N_SHARED) * _STEP):
        ahead = image_from_pitch(local, shared + step, centre_px)
        out[:, j] = (ahead - image_from_pitch(local, shared - step, centre_px)) / (2 * _STEP)
    return out


def level_views(own: Array, shared: Array, centre_px: tuple[float, float]) -> Array:
    """``image_from_pitch`` of many level cameras, each in a place of its own, ``(N, 3, 3)``.

    ``own`` is ``(N, 4)`` and ``shared`` ``(N, 6)``, of which only the position counts.
    """
    out = image_from_pitch(own, np.zeros(N_SHARED), centre_px)
    tilt, focal = own[:, 1], np.exp(own[:, 2])
    down = np.stack([np.zeros(len(own)), -focal * np.cos(tilt), -np.sin(tilt)], axis=1)
    down[:, :2] += down[:, 2:] * np.array(centre_px)
    lens = np.concatenate([out[:, :, :2], down[:, :, None]], axis=2)
    out[:, :, 2] = -(lens @ shared[:, :3, None])[:, :, 0]
    return out


def orientation(views: Array, shared: Array, centre_px: tuple[float, float]) -> Array:
    """Turn a camera of known position and lean so that it sees as nearly as possible what ``views`` see.

    Parameters
    ----------
    views
        ``(N, 3, 3)`` image_from_pitch, scaled so that visible ground has a positive third coordinate.

    Returns
    -------
    ``(N, 4)``: pan, tilt, log focal length, and no shift, as in `image_from_pitch`.
    """
    seat = np.column_stack([np.eye(3)[:, :2], -shared[:3]])
    turn = _about_x(shared[4]) @ _about_y(shared[5])
    lens = views @ inverted(seat) @ turn.T
    forward = lens[:, 2] / np.linalg.norm(lens[:, 2], axis=1, keepdims=True)
    scale = np.linalg.norm(lens[:, 2], axis=1)
    across = lens[:, 0] / scale[:, None] - centre_px[0] * forward
    down = lens[:, 1] / scale[:, None] - centre_px[1] * forward
    focal = np.sqrt(np.linalg.norm(across, axis=1) * np.linalg.norm(down, axis=1))
    tilt = np.arcsin(np.clip(-forward[:, 2], -1, 1))
    pan = np.arctan2(-forward[:, 0], forward[:, 1])
    focal = np.maximum(focal, 1e-3)
    return np.column_stack([pan, tilt, np.log(focal), np.zeros(len(pan))])


def decompose(pitch_from_image: Array, centre_px: tuple[float, float]) -> Camera | None:
    """Find the camera behind a homography; None when no real camera sees a flat pitch like that.

    Parameters
    ----------
    pitch_from_image
        ``(3, 3)``, oriented (see `pipeline.core.geometry.orient`).
    centre_px
        Principal point.

    Returns
    -------
    The camera, with its position above or below the ground as the homography has it: a mirrored view
    comes out below. None when the focal length is not real or the matrix is singular.
    """
    try:
        matrix = inverted(pitch_from_image)
    except np.linalg.LinAlgError:
        return None
    shift = np.array([[1, 0, -centre_px[0]], [0, 1, -centre_px[1]], [0, 0, 1.0]])
    columns = shift @ matrix
    focal = _focal_length(columns)
    if focal is None:
        return None
    pose = np.diag([1 / focal, 1 / focal, 1.0]) @ columns
    scale = np.sqrt(np.linalg.norm(pose[:, 0]) * np.linalg.norm(pose[:, 1]))
    pose = pose / scale
    u, _, vt = np.linalg.svd(np.column_stack([pose[:, 0], pose[:, 1], np.cross(pose[:, 0], pose[:, 1])]))
    rotation = u @ np.diag([1, 1, np.linalg.det(u @ vt)]) @ vt
    position = -rotation.T @ pose[:, 2]
    # rotation = Rz(roll) Rx(tilt) BASE Rz(-pan)
    tilt = float(np.arcsin(np.clip(-rotation[2, 2], -1, 1)))
    pan = float(np.arctan2(-rotation[2, 0], rotation[2, 1]))
    roll = float(np.arctan2(rotation[0, 2], -rotation[1, 2]))
    return Camera(position, pan, tilt, roll, focal)


def _focal_length(columns: Array) -> float | None:
    """Focal length from two columns of a centred ``image_from_pitch``: equally long, at right angles."""
    a, b = columns[:, 0] / np.linalg.norm(columns[:, 0]), columns[:, 1] / np.linalg.norm(columns[:, 0])
    # (a.b)_xy / f^2 + a_z b_z = 0 and (a.a - b.b)_xy / f^2 + a_z^2 - b_z^2 = 0, least squares in 1/f^2
    left = np.array([a[0] * b[0] + a[1] * b[1], a[0] ** 2 + a[1] ** 2 - b[0] ** 2 - b[1] ** 2])
    right = -np.array([a[2] * b[2], a[2] ** 2 - b[2] ** 2])
    square = float(left @ left)
    inverse = float(left @ right) / square if square > 0 else 0.0
    return float(1 / np.sqrt(inverse)) if inverse > 0 else None


def _about_x(angle: NDArray[np.float64] | float) -> Array:
    c, s = np.cos(angle), np.sin(angle)
    zero, one = np.zeros_like(c), np.ones_like(c)
    return _matrix([[one, zero, zero], [zero, c, -s], [zero, s, c]])


def _about_y(angle: NDArray[np.float64] | float) -> Array:
    c, s = np.cos(angle), np.sin(angle)
    zero, one = np.zeros_like(c), np.ones_like(c)
    return _matrix([[c, zero, s], [zero, one, zero], [-s, zero, c]])


def _about_z(angle: NDArray[np.float64] | float) -> Array:
    c, s = np.cos(angle), np.sin(angle)
    zero, one = np.zeros_like(c), np.ones_like(c)
    return _matrix([[c, -s, zero], [s, c, zero], [zero, zero, one]])


def _matrix(rows: list[list[NDArray[np.float64]]]) -> Array:
    out = np.array(rows)
    return out.transpose(2, 0, 1) if out.ndim == 3 else out
