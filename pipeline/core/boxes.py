"""Boxes xyxy, px: area and overlap. No I/O."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Boxes = NDArray[np.float64]
_TINY_PX2 = 1e-9


def area(boxes: ArrayLike) -> Boxes:
    """Area of boxes ``(N, 4)``, px², shape ``(N,)``."""
    sides = _rows(boxes)
    return np.asarray((sides[:, 2:] - sides[:, :2]).prod(axis=1))


def shared_area(first: ArrayLike, second: ArrayLike) -> Boxes:
    """Area that boxes ``(N, 4)`` share with boxes ``(M, 4)``, px², shape ``(N, M)``."""
    a, b = _rows(first)[:, None], _rows(second)[None]
    low, high = np.maximum(a[..., :2], b[..., :2]), np.minimum(a[..., 2:], b[..., 2:])
    return np.asarray(np.clip(high - low, 0, None).prod(axis=2))


def box_iou(first: ArrayLike, second: ArrayLike) -> Boxes:
    """Intersection over union of boxes ``(N, 4)`` and ``(M, 4)``, shape ``(N, M)``; 0 without any area."""
    shared = shared_area(first, second)
    union = area(first)[:, None] + area(second)[None] - shared
    return np.asarray(shared / np.maximum(union, _TINY_PX2))


def share_inside(first: ArrayLike, second: ArrayLike) -> Boxes:
    """Share of each box of ``first`` ``(N, 4)`` that lies in each of ``second`` ``(M, 4)``, ``(N, M)``."""
    return np.asarray(shared_area(first, second) / np.maximum(area(first)[:, None], _TINY_PX2))


def _rows(boxes: ArrayLike) -> Boxes:
    return np.asarray(boxes, np.float64).reshape(-1, 4)
