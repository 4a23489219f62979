"""The ground around each person: what a mask's pixels are compared with. numpy and cv2 only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.types import CropMask

Array = NDArray[np.float32]

_RING = 0.35
"""How far around the person the ground is looked at, as a share of the mask's width."""
_RING_PX = 600
"""About how many pixels of the ring are looked at."""
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


def ground_around(image: NDArray[np.uint8], found: Sequence[CropMask], claims: NDArray[np.uint8]) -> Ground:
    """Measure the surroundings of each mask, leaving out what `claimed` says is anybody's."""
    free = cv2.dilate(claims, np.ones((3, 3), np.uint8)) == 0
    out = Ground(np.full((len(found), 3), np.nan, np.float32), np.full(len(found), np.nan, np.float32))
    for i, mask in enumerate(found):
        ring = _ring(image, free, mask)
        if len(ring):
            lab = to_lab(ring)
            out.lab[i] = np.partition(lab, len(lab) // 2, axis=0)[len(lab) // 2]
            away = distance(lab, out.lab[i])
            at = len(away) * 7 // 10
            out.spread[i] = np.partition(away, at)[at]
    return out


def claimed(
    shape_hw: tuple[int, int], found: Sequence[CropMask], dense: Sequence[NDArray[np.bool_]]
) -> NDArray[np.uint8]:
    """Count for each pixel of the picture the masks that claim it; ``dense`` are the decoded ``found``."""
    out = np.zeros(shape_hw, dtype=np.uint8)
    for mask, inside in zip(found, dense, strict=True):
        out[window(mask)] += inside
    return out


def distance(lab: Array, ground: Array) -> Array:
    """How different colours ``(..., 3)`` are from the ground's, CIE L*a*b* with less weight on lightness."""
    away = lab - ground
    return np.asarray(
        np.sqrt((_LIGHTNESS * away[..., 0]) ** 2 + away[..., 1] ** 2 + away[..., 2] ** 2), dtype=np.float32
    )


def to_lab(bgr: NDArray[np.uint8]) -> Array:
    """Convert colours ``(..., 3)`` BGR to CIE L*a*b*."""
    flat = bgr.reshape(1, -1, 3).astype(np.float32) / 255
    return np.asarray(cv2.cvtColor(flat, cv2.COLOR_BGR2LAB).reshape(bgr.shape), dtype=np.float32)


def window(mask: CropMask) -> tuple[slice, slice]:
    """Index of the mask's box in the picture."""
    return slice(mask.top, mask.top + mask.height), slice(mask.left, mask.left + mask.width)


def _ring(image: NDArray[np.uint8], free: NDArray[np.bool_], mask: CropMask) -> NDArray[np.uint8]:
    margin = max(2, round(_RING * mask.width))
    top, left = max(0, mask.top - margin), max(0, mask.left - margin)
    step = max(1, round(np.sqrt((mask.height + 2 * margin) * (mask.width + 2 * margin) / _RING_PX)))
    rows = slice(top, mask.top + mask.height + margin, step)
    columns = slice(left, mask.left + mask.width + margin, step)
    return np.asarray(image[rows, columns][free[rows, columns]], dtype=np.uint8)
