"""Painted lines near where a view expects them: for views that are nearly right already. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from pipeline.calibration.evidence.ridges import ridges, thinned
from pipeline.core.camera_lens import Lens
from pipeline.core.geometry import transform
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_PIECE_M = 0.5
_LINE_M = 0.12
_THIN_PX, _BLURS_PX = 4.0, (1.2, 2.6)
"""Lines up to so wide are looked for with the first blur, wider ones with the second."""
_SAME_WAY = 0.94
_BINS = 300
_CLOSE = 0.0022
"""A ridge lies on a marking within this share of the picture's longer side, at least `_CLOSE_PX`."""
_CLOSE_PX = 2.0
_FEW = 25


@dataclass(frozen=True, slots=True)
class Expected:
    """Pieces of the markings as a view shows them: middles ``(N, 2)`` px, unit normals ``(N, 2)``, lengths
    and the width of the paint there ``(N,)`` px.
    """

    middle_px: Array
    normal: Array
    length_px: Array
    width_px: Array


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ``(H, W, 3)`` uint8 BGR of a pitch, and ``boxes_px`` ``(P, 4)`` xyxy of people in it, whose
    limbs must not pass for lines.
    """

    image: NDArray[np.uint8]
    boxes_px: NDArray[np.floating]

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height."""
        return self.image.shape[1], self.image.shape[0]


def expected(view: Array, lens: Lens, size_px: tuple[int, int], pitch: Pitch) -> Expected:
    """Where the markings run in the picture by an image_from_pitch ``(3, 3)`` of the straight one."""
    starts, ends, sides = [], [], []
    for line in pitch.lines_m(_PIECE_M):
        along = np.diff(line, axis=0)
        across = np.c_[-along[:, 1], along[:, 0]] / np.maximum(np.linalg.norm(along, axis=1), 1e-9)[:, None]
        starts.append(line[:-1])
        ends.append(line[1:])
        sides.append((line[:-1] + line[1:]) / 2 + across * _LINE_M)
    start, end, side = (lens.bent(transform(np.concatenate(p), view)) for p in (starts, ends, sides))
    middle, along = (start + end) / 2, end - start
    length = np.linalg.norm(along, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        normal = np.c_[-along[:, 1], along[:, 0]] / length[:, None]
        inside = ((middle >= 0) & (middle < size_px)).all(axis=1) & (length > 0) & (length < max(size_px))
    width = np.abs(((side - middle) * normal).sum(axis=1))
    return Expected(*(part[inside] for part in (middle, normal, length, width)))


@dataclass(frozen=True, slots=True)
class Ridges:
    """Points on bright ridges ``(N, 2)`` px, their unit normals ``(N, 2)`` and strengths ``(N,)``."""

    points_px: Array
    normal: Array
    strength: Array

    def few(self, size_px: tuple[int, int]) -> Ridges:
        """Thin them to some hundreds, spread evenly."""
        keep = thinned(self.points_px, self.strength, max(size_px) / _BINS)
        return Ridges(self.points_px[keep], self.normal[keep], self.strength[keep])


def paint_near(picture: Picture, lines: Expected, reach_px: float) -> Ridges:
    """Find ridges no further than ``reach_px`` from where lines are expected, that run their way."""
    parts = []
    thin = lines.width_px <= _THIN_PX
    for those, blur in zip((thin, ~thin), _BLURS_PX, strict=True):
        if not those.any():
            continue
        where = _corridor(picture, lines.middle_px[those], lines.length_px[those], reach_px)
        points, normal, strength = ridges(picture.image, where, blur)
        if not len(points):
            continue
        distance, nearest = cKDTree(lines.middle_px[those]).query(points)
        alike = np.abs((lines.normal[those][nearest] * normal).sum(axis=1)) > _SAME_WAY
        alike &= distance < reach_px + lines.length_px[those][nearest]
        parts.append((points[alike], normal[alike], strength[alike]))
    if not parts:
        return Ridges(np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0))
    return Ridges(*(np.concatenate(p) for p in zip(*parts, strict=True)))


def seen_share(lines: Expected, found: Ridges, picture: Picture) -> float:
    """Share of the lines' length, where nobody stands, that has a ridge right on it; NaN with few lines."""
    free = ~_covered(lines.middle_px, picture.boxes_px)
    if free.sum() < _FEW:
        return float("nan")
    if not len(found.points_px):
        return 0.0
    close = max(_CLOSE_PX, _CLOSE * max(picture.size_px))
    middle, normal, length = lines.middle_px[free], lines.normal[free], lines.length_px[free]
    nearest = cKDTree(found.points_px).query(middle)[1]
    beside = found.points_px[nearest] - middle
    across = np.abs((beside * normal).sum(axis=1))
    along = np.abs(beside[:, 0] * normal[:, 1] - beside[:, 1] * normal[:, 0])
    seen = (across <= close) & (along <= length / 2 + close)
    return float(length[seen].sum() / length.sum())


def _corridor(picture: Picture, middle: Array, length: Array, reach_px: float) -> NDArray[np.bool_]:
    where = np.zeros(picture.image.shape[:2], np.uint8)
    for (x, y), long in zip(np.round(middle).astype(int), length, strict=True):
        cv2.circle(where, (int(x), int(y)), round(reach_px + long / 2), 1, -1)
    for x1, y1, x2, y2 in np.maximum(np.round(picture.boxes_px).astype(int), 0).reshape(-1, 4):
        where[y1 : y2 + 1, x1 : x2 + 1] = 0
    return where.astype(bool)


def _covered(points: Array, boxes_px: NDArray[np.floating]) -> NDArray[np.bool_]:
    out = np.zeros(len(points), bool)
    for x1, y1, x2, y2 in np.asarray(boxes_px, dtype=np.float64).reshape(-1, 4):
        out |= (points[:, 0] >= x1) & (points[:, 0] <= x2) & (points[:, 1] >= y1) & (points[:, 1] <= y2)
    return out
