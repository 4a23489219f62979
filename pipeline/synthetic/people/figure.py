"""Draw people: shade their faces, project them, fill them, and say exactly which pixels they cover."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.synthetic.looks import Light
from pipeline.synthetic.people.body import layer_bias_m, surface, topology
from pipeline.synthetic.people.gait import Poses
from pipeline.synthetic.people.skeleton import joints
from pipeline.synthetic.venue.true_camera import Camera

Array = NDArray[np.float64]
Image32 = NDArray[np.float32]

_SUB = 4
"""Fractional bits of polygon corners handed to OpenCV."""


@dataclass(frozen=True, slots=True)
class Sprite:
    """A drawn thing: where its crop lies and how it covers it.

    ``colour`` ``(h, w, 3)`` is premultiplied by ``alpha`` ``(h, w)`` in 0..1; ``depth_m`` orders the
    painting; the crop may stick out of the picture.
    """

    top: int
    left: int
    colour: Image32
    alpha: Image32
    depth_m: float


@dataclass(frozen=True, slots=True)
class Shell:
    """Bodies as shaded polygons in the picture at one moment.

    ``corners_px`` ``(B, F, 4, 2)``, ``colour`` ``(B, F, 3)``, ``order`` face numbers from back to front for
    each body, ``depth_m`` ``(B,)``; ``vertices_m`` ``(B, V, 3)`` and ``sunlit`` ``(B,)`` are for shadows.
    """

    corners_px: Array
    colour: Array
    order: list[NDArray[np.int64]]
    depth_m: Array
    vertices_m: Array
    sunlit: Array


def shells(pose: Poses, paints: Array, camera: Camera, light: Light, two_digits: NDArray[np.bool_]) -> Shell:
    """Build, light and project bodies; ``paints`` is ``(B, F, 4)`` from `paint`."""
    body = joints(pose)
    vertices = surface(body, pose.height_m, pose.build, two_digits)
    topo = topology()
    corners = vertices[:, topo.faces]
    normal = np.cross(corners[:, :, 2] - corners[:, :, 0], corners[:, :, 3] - corners[:, :, 1])
    normal /= np.maximum(np.linalg.norm(normal, axis=2, keepdims=True), 1e-9)
    middle = corners.mean(axis=2)
    flip = topo.tube == topo.tube.max()
    normal[:, flip] = np.cross(body.up, body.left)[:, None]
    px, depth = camera.project(vertices)
    facing = ((camera.position_m - middle) * normal).sum(axis=2) > 0
    shown = facing & (paints[:, :, 3] > 0)
    face_depth = depth[:, topo.faces].mean(axis=2) + layer_bias_m()[topo.tube]
    order = []
    for b in range(len(vertices)):
        seen = np.flatnonzero(shown[b])
        order.append(seen[np.argsort(-face_depth[b, seen])])
    sunlit = lit(pose.root_m, light)
    colour = paints[:, :, :3] * shade(normal, light, sunlit)[..., None] * np.array(light.tint)
    return Shell(px[:, topo.faces], np.clip(colour, 0, 255), order, depth.mean(axis=1), vertices, sunlit)


def lit(points_m: Array, light: Light) -> Array:
    """How much of the sun reaches ``(B, 2)`` points, ``(B,)``: 1, or less in the stand's shadow."""
    if light.shade is None:
        return np.ones(len(points_m))
    a, b, c = light.shade
    return np.where(points_m[:, 0] * a + points_m[:, 1] * b < c, 0.15, 1.0)


def sun_directions(light: Light) -> list[tuple[Array, float]]:
    """Unit vectors towards the lights, with their shares."""
    out = []
    for azimuth, elevation, share in light.suns:
        a, e = np.radians(azimuth), np.radians(elevation)
        out.append((np.array([np.cos(e) * np.cos(a), np.cos(e) * np.sin(a), np.sin(e)]), share))
    return out


def shade(normal: Array, light: Light, sunlit: Array) -> Array:
    """Brightness of faces with ``normal`` ``(B, F, 3)`` on bodies that get ``sunlit`` ``(B,)`` of the sun."""
    sky = 0.86 + 0.2 * normal[..., 2]
    direct = np.zeros(normal.shape[:2])
    for way, share in sun_directions(light):
        direct += share * np.clip((normal @ way + 0.25) / 1.25, 0.0, 1.0)
    return np.asarray(light.ambient * sky + (1 - light.ambient) * 1.45 * direct * sunlit[:, None])


def draw(moments: list[Shell], body: int, supersample: int, size_px: tuple[int, int]) -> Sprite | None:
    """Fill one body's polygons, averaged over the exposure's ``moments``; None when outside the picture.

    ``size_px`` is (width, height); crops are cut to a margin around the picture.
    """
    box = _crop(moments, body, size_px)
    if box is None:
        return None
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    total = np.zeros((height, width, 4), np.float32)
    for shell in moments:
        canvas = np.zeros((height * supersample, width * supersample, 4), np.uint8)
        local = (shell.corners_px[body] - [left, top] + 0.5) * supersample - 0.5
        points = np.round(local * (1 << _SUB)).astype(np.int32)
        colours = np.c_[shell.colour[body], np.full(len(points), 255.0)].tolist()
        for face in shell.order[body].tolist():
            cv2.fillConvexPoly(canvas, points[face], colours[face], cv2.LINE_8, _SUB)
        total += cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA)
    total /= len(moments)
    depth = float(np.mean([s.depth_m[body] for s in moments]))
    return Sprite(top, left, total[..., :3], total[..., 3] / 255.0, depth)


def _crop(moments: list[Shell], body: int, size_px: tuple[int, int]) -> tuple[int, int, int, int] | None:
    corners = np.concatenate([s.corners_px[body].reshape(-1, 2) for s in moments])
    if not np.isfinite(corners).all() or min(s.depth_m[body] for s in moments) < 1.0:
        return None
    left, top = np.floor(corners.min(axis=0)).astype(int) - 2
    right, bottom = np.ceil(corners.max(axis=0)).astype(int) + 3
    if right <= 0 or bottom <= 0 or left >= size_px[0] or top >= size_px[1]:
        return None
    return int(left), int(top), int(right), int(bottom)
