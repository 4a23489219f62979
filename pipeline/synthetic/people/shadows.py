"""Shadows of people on the grass, and the darkness where their feet touch it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.synthetic.looks import Light
from pipeline.synthetic.people.body import TUBES
from pipeline.synthetic.people.figure import Shell, sun_directions
from pipeline.synthetic.venue.true_camera import Camera

Array = NDArray[np.float64]
Image32 = NDArray[np.float32]

_SUB = 4


def shadow_level(shell: Shell, camera: Camera, light: Light) -> Image32:
    """How bright the ground stays, ``(H, W)`` in 0..1, under everyone's shadows."""
    out = np.ones((camera.height_px, camera.width_px), np.float32)
    total = sum(share for _, share in sun_directions(light))
    for way, share in sun_directions(light):
        canvas = np.zeros(out.shape, np.uint8)
        ground = shell.vertices_m - way * (shell.vertices_m[..., 2:] / way[2])
        px, depth = camera.project(ground)
        for b in np.flatnonzero((depth > 1.0).all(axis=1) & (shell.sunlit > 0.5)):
            _fill_tubes(canvas, px[b])
        soft = cv2.GaussianBlur(canvas, (0, 0), 0.8 if total > 0.9 and len(light.suns) == 1 else 1.2)
        out *= 1.0 - light.shadow * (share / total) * len(light.suns) ** 0.5 * soft.astype(np.float32) / 255.0
    return out * (1.0 - 0.30 * _contact(shell, camera))


def _fill_tubes(canvas: NDArray[np.uint8], points_px: Array) -> None:
    start = 0
    height, width = canvas.shape
    for tube in TUBES:
        part = points_px[start : start + tube.sides * len(tube.across_m)]
        start += len(part)
        if (part.max(axis=0) < 0).any() or part[:, 0].min() > width or part[:, 1].min() > height:
            continue
        hull = cv2.convexHull(np.round(part * (1 << _SUB)).astype(np.int32))
        cv2.fillConvexPoly(canvas, hull, 255.0, cv2.LINE_AA, _SUB)


def _contact(shell: Shell, camera: Camera) -> Image32:
    canvas = np.zeros((camera.height_px, camera.width_px), np.uint8)
    angle = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    ring = 0.3 * np.c_[np.cos(angle), np.sin(angle), 0 * angle]
    feet = shell.vertices_m.mean(axis=1) * [1, 1, 0]
    px, depth = camera.project(feet[:, None] + ring)
    for b in np.flatnonzero((depth > 1.0).all(axis=1)):
        polygon = np.round(px[b] * (1 << _SUB))
        if np.abs(polygon).max() < 2**20:
            cv2.fillConvexPoly(canvas, polygon.astype(np.int32), 255.0, cv2.LINE_AA, _SUB)
    return np.asarray(cv2.GaussianBlur(canvas, (0, 0), 2.0), dtype=np.float32) / 255.0
