"""The ground around each person: what a mask's pixels are compared with. numpy and cv2 only."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.appearance.flat_masks import Boxes

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


@dataclass(frozen=True, slots=True)
class Ground:
    """One row for each mask: median colour of its surroundings, CIE L*a*b* ``(N, 3)``.

    ``spread`` ``(N,)`` is the `distance` from it that three tenths of the surroundings exceed: about 5 on
    grass, also beside a line, 20 and more before boards and crowd. Both are NaN where nothing around a mask
    is free.
    """

    lab: Array
    spread: Array


def ground_around(image: NDArray[np.uint8], where: Boxes, claims: NDArray[np.uint8]) -> Ground:
    """Measure the surroundings of each mask, leaving out what `claimed` says is anybody's."""
    out = Ground(np.full((len(where), 3), np.nan, np.float32), np.full(len(where), np.nan, np.float32))
    if not len(where):
        return out
    pixels, n = _rings(where, claims)
    lab = np.ascontiguousarray(to_lab(image.reshape(-1, 3)[pixels]).T)
    end = np.cumsum(n)
    for i in np.flatnonzero(n).tolist():
        ring = lab[:, end[i] - n[i] : end[i]]
        out.lab[i] = np.partition(ring, n[i] // 2, axis=1)[:, n[i] // 2]
    away = distance(lab.T, np.repeat(out.lab, n, axis=0))
    for i in np.flatnonzero(n).tolist():
        at = n[i] * 7 // 10
        out.spread[i] = np.partition(away[end[i] - n[i] : end[i]], at)[at]
    return out


def claimed(shape_hw: tuple[int, int], where: Boxes, flat: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Count for each pixel of the picture the masks that claim it; ``flat`` are all of them, in ``where``."""
    out = np.zeros(shape_hw, dtype=np.uint8)
    corners = zip(*(c.tolist() for c in (where.top, where.left, where.height, where.width)), strict=True)
    for start, (top, left, height, width) in zip(where.start.tolist(), corners, strict=False):
        inside = flat[start : start + height * width].reshape(height, width)
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
    found, counts = [], []
    columns = zip(*(c.tolist() for c in (top, bottom, left, right, step)), strict=True)
    for t, b, x1, x2, s in columns:
        y0, x0 = max(0, t - 1), max(0, x1 - 1)  # one more pixel around, whose neighbours count
        near = cv2.dilate(claims[y0 : b + 1, x0 : x2 + 1], _NEIGHBOURS)
        free = np.flatnonzero(near[t - y0 : b - y0 : s, x1 - x0 : x2 - x0 : s] == 0)
        row, column = np.divmod(free, -(-(x2 - x1) // s))
        found.append((row * s + t) * width + (column * s + x1))
        counts.append(len(row))
    return np.concatenate(found), counts
