"""A true pinhole camera, and how an operator moves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.core.geometry import orient

Array = NDArray[np.float64]
Preset = Literal["broadcast", "tactical", "behind_goal"]


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole: where it stands, how it is turned, how far it is zoomed.

    ``position_m`` is ``(3,)`` in pitch metres with z up; ``camera_from_world`` is ``(3, 3)`` with rows right,
    down, forward. Pixel centres lie at whole numbers; the principal point is the picture's centre.
    """

    position_m: Array
    camera_from_world: Array
    focal_px: float
    width_px: int
    height_px: int

    def intrinsics(self) -> Array:
        """``(3, 3)``: image from camera."""
        cx, cy = (self.width_px - 1) / 2, (self.height_px - 1) / 2
        return np.array([[self.focal_px, 0, cx], [0, self.focal_px, cy], [0, 0, 1.0]])

    def image_from_world(self) -> Array:
        """``(3, 4)`` projection of homogeneous metres to homogeneous px."""
        rotation = self.camera_from_world
        return np.asarray(self.intrinsics() @ np.c_[rotation, -rotation @ self.position_m])

    def image_from_pitch(self) -> Array:
        """``(3, 3)`` homography of the grass (z = 0), m to px; its scale is the depth in metres."""
        return np.asarray(self.image_from_world()[:, [0, 1, 3]])

    def pitch_from_image(self) -> Array:
        """``(3, 3)`` homography px to m, oriented as `pipeline.core.geometry.transform` expects."""
        ground = self.ground_point()
        x, y, w = self.image_from_pitch() @ np.array([ground[0], ground[1], 1.0])
        return orient(np.asarray(np.linalg.inv(self.image_from_pitch())), (x / w, y / w))

    def ground_point(self) -> Array:
        """Where the middle of the picture's lower edge meets the grass, ``(2,)`` m."""
        ray = self.camera_from_world.T @ np.array([0.0, (self.height_px / 2) / self.focal_px, 1.0])
        return np.asarray(self.position_m[:2] - ray[:2] * self.position_m[2] / ray[2])

    def project(self, points_m: Array) -> tuple[Array, Array]:
        """Project ``(..., 3)`` metres: ``(..., 2)`` px and ``(...)`` depth in m (not positive = behind)."""
        local = (points_m - self.position_m) @ self.camera_from_world.T
        depth = local[..., 2]
        safe = np.where(depth > 1e-6, depth, np.nan)[..., None]
        centre = np.array([(self.width_px - 1) / 2, (self.height_px - 1) / 2])
        return local[..., :2] / safe * self.focal_px + centre, depth

    def px_per_m(self, point_m: Array) -> float:
        """Size of one metre held up at ``point_m`` (3,), px."""
        return float(self.focal_px / ((point_m - self.position_m) @ self.camera_from_world[2]))


def looking_at(
    position_m: Array, target_m: Array, focal_px: float, size_px: tuple[int, int], roll_rad: float = 0.0
) -> Camera:
    """A camera at ``position_m`` whose centre shows ``target_m``, (3,); ``size_px`` is (width, height)."""
    forward = target_m - position_m
    forward = forward / np.linalg.norm(forward)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    down = np.cross(forward, right)
    c, s = np.cos(roll_rad), np.sin(roll_rad)
    rows = np.stack([c * right + s * down, -s * right + c * down, forward])
    return Camera(np.asarray(position_m, dtype=np.float64), rows, focal_px, size_px[0], size_px[1])


@dataclass(frozen=True, slots=True)
class CameraPlan:
    """How a shot is filmed.

    ``position_m`` is the tripod, ``field_m`` the width of the pitch shown at the target (the zoom),
    ``follow`` how much of the ball's way along and across the target goes, ``lag_s`` the operator's lag,
    ``zoom_swing`` the share by which the zoom varies.
    """

    position_m: tuple[float, float, float] = (0.0, -76.0, 24.0)
    field_m: float = 46.0
    follow: tuple[float, float] = (0.85, 0.3)
    target_offset_m: tuple[float, float] = (0.0, 0.0)
    lag_s: float = 0.55
    zoom_swing: float = 0.12
    shake_rad: float = 0.00012


PLANS: dict[Preset, CameraPlan] = {
    "broadcast": CameraPlan(),
    "tactical": CameraPlan((0.0, -88.0, 38.0), 84.0, (0.25, 0.05), (0.0, -2.0), 2.0, 0.02, 0.0),
    "behind_goal": CameraPlan((-88.0, 2.0, 22.0), 58.0, (0.3, 0.3), (-16.0, 0.0), 1.0, 0.04),
}
"""Camera presets, by name."""


@dataclass(frozen=True, slots=True)
class CameraPath:
    """A camera over ``time_s`` ``(T,)``: ``target_m`` ``(T, 3)``, ``focal_px`` and ``roll_rad`` ``(T,)``."""

    position_m: Array
    time_s: Array
    target_m: Array
    focal_px: Array
    roll_rad: Array
    size_px: tuple[int, int]

    def at(self, time_s: float) -> Camera:
        """The camera at any time, interpolated."""
        target = np.array([np.interp(time_s, self.time_s, self.target_m[:, i]) for i in range(3)])
        focal = float(np.interp(time_s, self.time_s, self.focal_px))
        roll = float(np.interp(time_s, self.time_s, self.roll_rad))
        return looking_at(self.position_m, target, focal, self.size_px, roll)


def follow(
    plan: CameraPlan,
    time_s: Array,
    ball_m: Array,
    size_px: tuple[int, int],
    rng: np.random.Generator,
    reach_m: tuple[float, float] = (40.0, 26.0),
) -> CameraPath:
    """Film the ball as an operator would: late, smooth, never quite centred.

    ``ball_m`` is ``(T, 3)``; ``time_s`` ``(T,)``; ``reach_m``: how far out the ball is followed.
    """
    position = np.asarray(plan.position_m)
    wanted = np.clip(ball_m[:, :2], -np.array(reach_m), reach_m) * plan.follow + plan.target_offset_m
    target = np.c_[_smooth(wanted, time_s, plan.lag_s), np.full(len(time_s), 1.0)]
    slow = _wander(time_s, 5.0, rng)
    field = plan.field_m * (1.0 + plan.zoom_swing * slow)
    distance = np.linalg.norm(target - position, axis=1)
    focal = _smooth((size_px[0] * distance / field)[:, None], time_s, plan.lag_s * 1.5)[:, 0]
    shake = np.stack([_wander(time_s, 0.5, rng) for _ in range(2)], axis=1) * plan.shake_rad
    target[:, 0] += shake[:, 0] * distance
    target[:, 2] += shake[:, 1] * distance
    return CameraPath(position, time_s, target, focal, np.zeros(len(time_s)), size_px)


def _smooth(values: Array, time_s: Array, lag_s: float) -> Array:
    """Follow ``(T, D)`` values with a critically damped spring that starts at rest on the first one."""
    out = np.empty_like(values)
    out[0], velocity = values[0], np.zeros(values.shape[1])
    rate = 2.0 / max(lag_s, 1e-6)
    for i in range(1, len(values)):
        dt = time_s[i] - time_s[i - 1]
        velocity = velocity + (rate**2 * (values[i] - out[i - 1]) - 2 * rate * velocity) * dt
        out[i] = out[i - 1] + velocity * dt
    return out


def _wander(time_s: Array, period_s: float, rng: np.random.Generator) -> Array:
    """A smooth random wave of about unit size, ``(T,)``."""
    waves = [
        np.sin(2 * np.pi * time_s / (period_s * rng.uniform(0.7, 1.9)) + rng.uniform(0, 2 * np.pi))
        for _ in range(3)
    ]
    return np.asarray(np.sum(waves, axis=0) / 1.7)
