"""Goals with nets and corner flags: behind people, or before them when the camera stands behind a goal."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.synthetic.venue.true_camera import Camera

Array = NDArray[np.float64]
Image32 = NDArray[np.float32]
Lines = list[Array]

_SCALE = 2
_NET, _FRAME, _FLAG = (225.0, 228.0, 226.0), (236.0, 238.0, 238.0), (40.0, 190.0, 235.0)


@dataclass(frozen=True, slots=True)
class Layer:
    """Something thin over a part of the picture.

    ``colour`` ``(h, w, 3)`` is premultiplied by ``alpha`` ``(h, w)``; the part starts at ``top``, ``left``.
    ``goal`` ``(h, w)`` is how much of each pixel is post or bar.
    """

    top: int
    left: int
    colour: Image32
    alpha: Image32
    goal: Image32
    in_front: bool

    def part(self) -> tuple[slice, slice]:
        """Rows and columns of the picture that it covers."""
        height, width = self.alpha.shape
        return slice(self.top, self.top + height), slice(self.left, self.left + width)


@dataclass(frozen=True, slots=True)
class _Ink:
    """Polylines (or polygons, ``width_m`` 0) ``(N, 3)`` m to draw in one colour, ``strength`` 0..255."""

    lines: Lines
    width_m: float
    strength: int
    colour: tuple[float, float, float]
    is_goal: bool = False


def props(pitch: Pitch, camera: Camera) -> list[Layer]:
    """Draw the goals and corner flags that are in the picture."""
    out = []
    for side in (-1.0, 1.0):
        posts, mesh = goal_lines(pitch, side)
        behind_goal = bool(side * camera.position_m[0] > pitch.length_m / 2)
        inks = [_Ink(mesh, 0.012, 80, _NET), _Ink(posts, 0.12, 255, _FRAME, is_goal=True)]
        out.append(_layer(inks, camera, behind_goal))
    for pole, cloth in zip(*flag_lines(pitch), strict=True):
        out.append(_layer([_Ink([pole], 0.045, 235, _FRAME), _Ink([cloth], 0.0, 255, _FLAG)], camera, False))
    return [layer for layer in out if layer is not None]


def goal_lines(pitch: Pitch, side: float) -> tuple[Lines, Lines]:
    """Frame and net of one goal (side -1 or +1) as polylines ``(N, 3)`` m: (posts and bar, net)."""
    x0, half = side * pitch.length_m / 2, pitch.marks.goal_m[0] / 2
    top, back_low, back_high = pitch.marks.goal_m[1], x0 + side * 2.0, x0 + side * 1.2
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


def _layer(inks: list[_Ink], camera: Camera, in_front: bool) -> Layer | None:
    """Draw on a fine canvas as large as needed; None when nothing is in the picture."""
    px, depth = camera.project(np.concatenate([line for ink in inks for line in ink.lines]))
    if (depth < 1.0).any():
        return None
    size = np.array([camera.width_px, camera.height_px])
    low = np.clip(np.floor(px.min(axis=0)) - 4, 0, size).astype(int)
    high = np.clip(np.ceil(px.max(axis=0)) + 5, 0, size).astype(int)
    width, height = (int(v) for v in high - low)
    if width <= 0 or height <= 0:
        return None
    colour, alpha = np.zeros((height, width, 3), np.float32), np.zeros((height, width), np.float32)
    goal = np.zeros_like(alpha)
    for ink in inks:
        canvas = np.zeros((height * _SCALE, width * _SCALE), np.uint8)
        for line in ink.lines:
            _draw(canvas, line, ink, camera, low)
        small = cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0
        colour *= (1 - small)[..., None]
        colour += small[..., None] * np.array(ink.colour, np.float32)
        alpha *= 1 - small
        alpha += small
        if ink.is_goal:
            goal += small
    return Layer(int(low[1]), int(low[0]), colour, alpha, goal, in_front)


def _draw(canvas: NDArray[np.uint8], line: Array, ink: _Ink, camera: Camera, low: NDArray[np.int64]) -> None:
    """Draw one polyline or polygon, in place; ``low`` is the canvas's corner in the picture."""
    px, depth = camera.project(line)
    if np.abs(px).max() > 2**20:
        return
    fixed = np.round(((px - low + 0.5) * _SCALE - 0.5) * 16).astype(np.int32)
    if ink.width_m == 0:
        cv2.fillPoly(canvas, [fixed], ink.strength, cv2.LINE_AA, 4)
        return
    width = max(1, round(ink.width_m * camera.focal_px / float(depth.mean()) * _SCALE))
    cv2.polylines(canvas, [fixed], False, ink.strength, width, cv2.LINE_AA, 4)
