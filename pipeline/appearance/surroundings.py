"""The ground around each person: what a mask's pixels are compared with. numpy and cv2 only."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.appearance.flat_masks import Boxes
from pipeline.core.types import Ground

Array = NDArray[np.float32]

_RING = 0.35
"""How far around the person the ground is looked at, as a share of the mask's width."""
_RING_PX = 600
"""About how many pixels of the ring are looked at."""
_NEIGHBOURS = np.ones((3, 3), np.uint8)
EVEN = 12.0
"""Surroundings with a larger spread than this are not ground: nothing is learned from their colour."""
_LIGHTNESS = 0.5
"""Weight of lightness in `distance`: sun and shadow change the ground's lightness more than its hue."""


def ground_around(image: NDArray[np.uint8], where: Boxes, claims: NDArray[np.uint8]) -> Ground:
    """Measure the surroundings of each mask, leaving out what `claimed` says is anybody's."""
    out = Ground(np.full((len(where), 3), np.nan, np.float32), np.full(len(where), np.nan, np.float32))
    if not len(where):
        return out
    pixels, n = _rings(where, claims)
    lab = np.ascontiguousarray(to_lab(image.reshape(-1, 3)[pixels]).T)
    end = np.cumsum(n).tolist()
    parts = [(i, slice(end[i] - count, end[i]), count) for i, count in enumerate(n) if count]
    for i, part, count in parts:
        ring = lab[:, part].copy()
        ring.partition(count // 2, axis=1)  # in place: numpy's function costs as much as the work for these
        out.lab[i] = ring[:, count // 2]
    away = distance(lab.T, np.repeat(out.lab, n, axis=0))
    for i, part, count in parts:
        at, values = count * 7 // 10, away[part]
        values.partition(at)
        out.spread[i] = values[at]
    return out


def claimed(shape_hw: tuple[int, int], where: Boxes, flat: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Count for each pixel of the picture the masks that claim it; ``flat`` are all of them, in ``where``."""
    out = np.zeros(shape_hw, dtype=np.uint8)
    ones = flat.view(np.uint8)
    corners = zip(*(c.tolist() for c in (where.top, where.left, where.height, where.width)), strict=True)
    for start, (top, left, height, width) in zip(where.start.tolist(), corners, strict=False):
        inside = ones[start : start + height * width].reshape(height, width)
        out[top : top + height, left : left + width] += inside
    return out


def distance(lab: Array, ground: Array) -> Array:
    """How different colours ``(..., 3)`` are from the ground's, CIE L*a*b* with less weight on lightness."""
    light, a, b = (lab[..., i] - ground[..., i] for i in range(3))
    return np.asarray(np.sqrt((_LIGHTNESS * light) ** 2 + a**2 + b**2), dtype=np.float32)


def to_lab(bgr: NDArray[np.uint8]) -> Array:
    """Convert colours ``(..., 3)`` BGR to CIE L*a*b*."""
    if not bgr.size:
        return np.zeros(bgr.shape, np.float32)
    flat = bgr.reshape(1, -1, 3).astype(np.float32) / 255
    return np.asarray(cv2.cvtColor(flat, cv2.COLOR_BGR2LAB).reshape(bgr.shape), dtype=np.float32)


def _rings(where: Boxes, claims: NDArray[np.uint8]) -> tuple[NDArray[np.int64], list[int]]:
    """Pixels around each mask, as indices in the flattened picture, and how many each has.

    Left out are those that are claimed, and their neighbours.
    """
    height, width = claims.shape
    margin = np.maximum(2, np.round(_RING * where.width).astype(np.int64))
    across, down = where.width + 2 * margin, where.height + 2 * margin
    step = np.maximum(1, np.round(np.sqrt(down * across / _RING_PX)).astype(np.int64))
    top, left = np.maximum(0, where.top - margin), np.maximum(0, where.left - margin)
    bottom = np.minimum(height, where.top + where.height + margin)
    right = np.minimum(width, where.left + where.width + margin)
    columns = zip(*(c.tolist() for c in (top, bottom, left, right, step)), strict=True)
    found = []
    for t, b, x1, x2, s in columns:
        y0, x0 = max(0, t - 1), max(0, x1 - 1)  # one more pixel around, whose neighbours count
        near = cv2.dilate(claims[y0 : b + 1, x0 : x2 + 1], _NEIGHBOURS)
        found.append((near[t - y0 : b - y0 : s, x1 - x0 : x2 - x0 : s] == 0).nonzero())
    counts = [len(row) for row, _ in found]
    row, column = (np.concatenate([pair[i] for pair in found]) for i in (0, 1))
    first, step = np.repeat(top * width + left, counts), np.repeat(step, counts)
    return (row * width + column) * step + first, counts
