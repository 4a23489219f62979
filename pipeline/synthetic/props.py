"""Goals with nets and corner flags: behind people, or before them when the camera stands behind a goal."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.pitch import GOAL_HEIGHT_M, GOAL_WIDTH_M, Pitch
from pipeline.synthetic.camera import Camera

Array = NDArray[np.float64]
Image32 = NDArray[np.float32]
Lines = list[Array]

_SCALE = 2
_NET, _FRAME, _FLAG = (225.0, 228.0, 226.0), (236.0, 238.0, 238.0), (40.0, 190.0, 235.0)


@dataclass(frozen=True, slots=True)
class Layer:
    """Something thin over the picture: ``colour`` ``(H, W, 3)`` premultiplied by ``alpha`` ``(H, W)``."""

    colour: Image32
    alpha: Image32
    in_front: bool


def props(pitch: Pitch, camera: Camera) -> list[Layer]:
    """Draw both goals and the corner flags."""
    out = []
    for side in (-1.0, 1.0):
        posts, mesh = goal_lines(pitch, side)
        behind_goal = side * camera.position_m[0] > pitch.length_m / 2
        out.append(
            _layer([(mesh, 0.012, 80, _NET), (posts, 0.12, 255, _FRAME)], [], camera, bool(behind_goal))
        )
    poles, cloths = flag_lines(pitch)
    out.append(_layer([(poles, 0.045, 235, _FRAME)], cloths, camera, False))
    return out


def goal_lines(pitch: Pitch, side: float) -> tuple[Lines, Lines]:
    """Frame and net of one goal (side -1 or +1) as polylines ``(N, 3)`` m: (posts and bar, net)."""
    x0, half = side * pitch.length_m / 2, GOAL_WIDTH_M / 2
    top, back_low, back_high = GOAL_HEIGHT_M, x0 + side * 2.0, x0 + side * 1.2
    frame = [np.array([[x0, -half, 0], [x0, -half, top], [x0, half, top], [x0, half, 0]], float)]
    back = [(back_low, -half, 0.0), (back_low, half, 0.0), (back_high, half, top), (back_high, -half, top)]
    roof = [(x0, -half, top), (x0, half, top), (back_high, half, top), (back_high, -half, top)]
    net = [*_sheet(back, 49, 17), *_sheet(roof, 49, 9)]
    for y in (-half, half):
        net += _sheet([(x0, y, 0.0), (back_low, y, 0.0), (back_high, y, top), (x0, y, top)], 13, 17)
    return frame, net


def flag_lines(pitch: Pitch) -> tuple[Lines, Lines]:
    """Corner posts as polylines, and their flags as polygons, ``(N, 3)`` m."""
    poles, cloths = [], []
    for x in (-pitch.length_m / 2, pitch.length_m / 2):
        for y in (-pitch.width_m / 2, pitch.width_m / 2):
            poles.append(np.array([[x, y, 0.0], [x, y, 1.5]]))
            cloths.append(np.array([[x, y, 1.5], [x + 0.42, y, 1.45], [x + 0.4, y, 1.15], [x, y, 1.15]]))
    return poles, cloths


def _sheet(corners: list[tuple[float, float, float]], n: int, m: int) -> Lines:
    """A net of ``n`` by ``m`` strings over four corners."""
    a, b, c, d = (np.array(corner) for corner in corners)
    up = [np.array([a + (b - a) * t, d + (c - d) * t]) for t in np.linspace(0, 1, n)]
    return up + [np.array([a + (d - a) * t, b + (c - b) * t]) for t in np.linspace(0, 1, m)]


def _layer(
    lines: list[tuple[Lines, float, int, tuple[float, float, float]]],
    cloths: Lines,
    camera: Camera,
    in_front: bool,
) -> Layer:
    size = (camera.width_px, camera.height_px)
    colour, alpha = np.zeros((*size[::-1], 3), np.float32), np.zeros(size[::-1], np.float32)
    for group, width_m, strength, ink in lines:
        canvas = np.zeros((size[1] * _SCALE, size[0] * _SCALE), np.uint8)
        _draw_lines(canvas, group, camera, width_m, strength)
        _over(colour, alpha, canvas, ink)
    if cloths:
        canvas = np.zeros((size[1] * _SCALE, size[0] * _SCALE), np.uint8)
        for cloth in cloths:
            px, depth = camera.project(cloth)
            if (depth > 1.0).all() and np.abs(px).max() < 20000:
                cv2.fillPoly(canvas, [_fixed(px)], 255.0, cv2.LINE_AA, 4)
        _over(colour, alpha, canvas, _FLAG)
    return Layer(colour, alpha, in_front)


def _over(
    colour: Image32, alpha: Image32, canvas: NDArray[np.uint8], ink: tuple[float, float, float]
) -> None:
    """Lay a fine canvas of one colour over a layer, in place."""
    small = cv2.resize(canvas, alpha.shape[::-1], interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0
    colour *= (1 - small)[..., None]
    colour += small[..., None] * np.array(ink, np.float32)
    alpha *= 1 - small
    alpha += small


def _fixed(px: Array) -> NDArray[np.int32]:
    return np.round(((px + 0.5) * _SCALE - 0.5) * 16).astype(np.int32)


def _draw_lines(canvas: NDArray[np.uint8], lines: Lines, camera: Camera, width_m: float, value: int) -> None:
    """Draw 3-D polylines of a width in metres on a fine single-channel canvas, in place."""
    for line in lines:
        px, depth = camera.project(line)
        if (depth < 1.0).any() or np.abs(px).max() > 2**20:
            continue
        width = max(1, round(width_m * camera.focal_px / float(depth.mean()) * _SCALE))
        cv2.polylines(canvas, [_fixed(px)], False, value, width, cv2.LINE_AA, 4)
