"""Outlines from and to masks: several parts, holes, image borders, one-pixel lines. No I/O.

Coordinates are continuous image px: pixel ``i`` covers ``[i, i + 1)``. A pixel belongs to a polygon when its
centre lies inside (even-odd rule), so overlapping or touching labels share no pixel by rounding.
Outlines run a quarter px inside the pixels' edges: filling them again gives back the same pixels, here and
with fillers that truncate coordinates to whole px, as ultralytics does.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core import masks
from pipeline.core.masks import crop
from pipeline.core.types import CropMask

Ring = NDArray[np.float64]


def outlines(mask: CropMask) -> list[Ring]:
    """Trace a mask: outer outlines and holes, each of shape ``(N, 2)``, to be filled by the even-odd rule.

    A part or hole of one px has an outline too; an empty mask has none.
    """
    if mask.height == 0 or mask.width == 0:
        return []
    twice = masks.decode(mask).astype(np.uint8).repeat(2, axis=0).repeat(2, axis=1)
    found, _ = cv2.findContours(np.pad(twice, 1), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    origin = np.array([mask.left, mask.top], np.float64)
    return [(ring.reshape(-1, 2) - 0.5) / 2 + origin for ring in found]


def fill(rings: Sequence[NDArray[np.floating]], height_px: int, width_px: int) -> CropMask:
    """Fill closed outlines together by the even-odd rule, cut to the image.

    Rings of fewer than three points hold no pixel. The last point joins the first.
    """
    rings = [np.asarray(r, np.float64).reshape(-1, 2) for r in rings if len(r) >= 3]
    if not rings:
        return masks.encode(np.zeros((0, 0), bool))
    points = np.concatenate(rings)
    left, top = np.clip(np.floor(points.min(axis=0)).astype(int), 0, [width_px, height_px])
    right, bottom = np.clip(np.ceil(points.max(axis=0)).astype(int), 0, [width_px, height_px])
    if right <= left or bottom <= top:
        return masks.encode(np.zeros((0, 0), bool))
    toggles = np.zeros((bottom - top, right - left + 1), np.uint8)
    for ring in rings:
        _cross(toggles, ring - [left, top])
    inside = np.bitwise_xor.accumulate(toggles, axis=1)[:, :-1].astype(bool)
    return crop(inside, int(top), int(left))


def union(parts: Sequence[CropMask]) -> CropMask:
    """Put the parts of one object together."""
    parts = [p for p in parts if p.height and p.width]
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return masks.encode(np.zeros((0, 0), bool))
    top, left = min(p.top for p in parts), min(p.left for p in parts)
    bottom, right = max(p.top + p.height for p in parts), max(p.left + p.width for p in parts)
    canvas = np.zeros((bottom - top, right - left), bool)
    for p in parts:
        canvas[p.top - top : p.top - top + p.height, p.left - left : p.left - left + p.width] |= masks.decode(
            p
        )
    return crop(canvas, top, left)


def one_outline(mask: CropMask) -> Ring:
    """Trace a mask as a single closed outline, the only form that YOLO labels know.

    Parts and holes hang on bridges without width, there and back. Shape ``(N, 2)``, ``(0, 2)`` when empty.
    """
    rings = outlines(mask)
    if not rings:
        return np.zeros((0, 2))
    joined, *rest = sorted(rings, key=len, reverse=True)
    for ring in rest:
        apart = ((joined[:, None] - ring[None]) ** 2).sum(axis=2)
        i, j = divmod(int(apart.argmin()), len(ring))
        joined = np.concatenate((joined[: i + 1], ring[j:], ring[: j + 1], joined[i:]))
    return joined


def ellipse(box_px: tuple[float, float, float, float], height_px: int, width_px: int) -> CropMask:
    """Fill the ellipse that touches a box (xyxy): the mask of a ball of which only the box is known."""
    x1, y1, x2, y2 = box_px
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    ring = np.c_[(x1 + x2) / 2 + (x2 - x1) / 2 * np.cos(angle), (y1 + y2) / 2 + (y2 - y1) / 2 * np.sin(angle)]
    return fill([ring], height_px, width_px)


def box_of(mask: CropMask) -> tuple[float, float, float, float]:
    """The box xyxy of a mask's foreground, px; zeros when it is empty."""
    tight = crop(masks.decode(mask), mask.top, mask.left)
    if not tight.height:
        return 0.0, 0.0, 0.0, 0.0
    left, top = float(tight.left), float(tight.top)
    return left, top, left + tight.width, top + tight.height


def _cross(toggles: NDArray[np.uint8], ring: Ring) -> None:
    """Flip ``toggles`` at the first pixel centre right of where the ring crosses each row of centres."""
    height, width = toggles.shape
    start, end = ring, np.roll(ring, -1, axis=0)
    low = np.where((start[:, 1] <= end[:, 1])[:, None], start, end)
    high = np.where((start[:, 1] <= end[:, 1])[:, None], end, start)
    first = np.clip(np.ceil(low[:, 1] - 0.5), 0, height).astype(np.int64)
    stop = np.clip(np.ceil(high[:, 1] - 0.5), 0, height).astype(np.int64)
    n = np.maximum(stop - first, 0)
    edge = np.repeat(np.arange(len(ring)), n)
    row = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n) + first[edge]
    share = (row + 0.5 - low[edge, 1]) / (high[edge, 1] - low[edge, 1])
    x = low[edge, 0] + share * (high[edge, 0] - low[edge, 0])
    column = np.clip(np.ceil(x - 0.5), 0, width - 1).astype(np.int64)
    np.bitwise_xor.at(toggles, (row, column), 1)
