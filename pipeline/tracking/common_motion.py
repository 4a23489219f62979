"""Camera motion from the people themselves, where the picture gave none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.tracking.detections import Detections

Array = NDArray[np.float64]

_NEAR = 0.3
"""Boxes agree with a shift when they land within this many heights of a box."""
_REACH = 3.0
"""Longest shift looked for, heights."""
_MIN_PEOPLE, _MIN_SHARE = 4, 0.5


def common_motion(before: Detections, after: Detections) -> Array:
    """Estimate image_from_previous ``(3, 3)``: a shift and a zoom that most boxes share.

    Identity when fewer than four people, or fewer than half of them, agree.
    """
    if min(len(before), len(after)) < _MIN_PEOPLE:
        return np.eye(3)
    shift = _best_shift(before, after)
    source, target = _mutual(before.centre + shift, before, after)
    if len(source) < max(_MIN_PEOPLE, _MIN_SHARE * min(len(before), len(after))):
        return np.eye(3)
    return _similarity(before.centre[source], after.centre[target])


def _best_shift(before: Detections, after: Detections) -> Array:
    height = before.size[:, 1]
    shifts = (after.centre[None] - before.centre[:, None]).reshape(-1, 2)
    alike = np.abs(np.log(after.size[None, :, 1] / height[:, None])).ravel() < 0.25
    near = np.hypot(*shifts.T) < _REACH * np.median(height)
    shifts = np.vstack([np.zeros((1, 2)), shifts[alike & near]])
    moved = before.centre[None] + shifts[:, None]
    x = moved[:, :, None, 0] - after.centre[None, None, :, 0]
    y = moved[:, :, None, 1] - after.centre[None, None, :, 1]
    apart2 = (x * x + y * y).min(axis=2) / height**2
    support = np.clip(1 - apart2 / _NEAR**2, 0, None).sum(axis=1)
    support -= 0.2 * np.hypot(*shifts.T) / np.median(height)
    return np.asarray(shifts[support.argmax()])


def _mutual(
    moved: Array, before: Detections, after: Detections
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    apart = np.linalg.norm(moved[:, None] - after.centre[None], axis=2) / before.size[:, None, 1]
    target = apart.argmin(axis=1)
    source = np.arange(len(moved))
    keep = (apart.argmin(axis=0)[target] == source) & (apart[source, target] < 2 * _NEAR)
    return source[keep].astype(np.int64), target[keep].astype(np.int64)


def _similarity(source: Array, target: Array) -> Array:
    """Fit zoom and shift by least squares, twice, the second time without the half that fits worst."""
    keep = np.arange(len(source))
    zoom, shift = 1.0, np.zeros(2)
    for _ in range(2):
        a, b = source[keep], target[keep]
        a0, b0 = a.mean(axis=0), b.mean(axis=0)
        spread = float(((a - a0) ** 2).sum())
        zoom = float(((a - a0) * (b - b0)).sum()) / spread if spread > 1e-6 else 1.0
        zoom = float(np.clip(zoom, 0.9, 1.1))
        shift = b0 - zoom * a0
        miss = np.linalg.norm(target - zoom * source - shift, axis=1)
        keep = np.argsort(miss)[: max(_MIN_PEOPLE, (len(source) + 1) // 2)]
    out = np.diag([zoom, zoom, 1.0])
    out[:2, 2] = shift
    return out
