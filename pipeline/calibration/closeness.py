"""How near the markings of many views come to a picture's line points, quickly. No I/O."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.evidence import Evidence
from pipeline.pitch import Pitch

Array = NDArray[np.float64]

_CHUNK, _CELLS, _WIDTH_CELLS = 4_000, 128, 2.5
_MIN_VISIBLE = 30


def closeness(views: Array, evidence: Evidence, pitch: Pitch) -> Array:
    """Score views ``(N, 3, 3)`` image_from_pitch by how close their markings come to line points, ``(N,)``.

    The mean closeness, more for more markings; 0 for a view that puts hardly any marking into the picture.
    """
    unit = max(evidence.width_px, evidence.height_px) / _CELLS
    size = (int(evidence.height_px / unit) + 1, int(evidence.width_px / unit) + 1)
    free = np.ones(size, np.uint8)
    cells = (evidence.line_px / unit).astype(int)
    free[np.clip(cells[:, 1], 0, size[0] - 1), np.clip(cells[:, 0], 0, size[1] - 1)] = 0
    near = np.exp(-((cv2.distanceTransform(free, cv2.DIST_L2, 3) / _WIDTH_CELLS) ** 2)).astype(np.float32)
    points = np.concatenate(pitch.lines_m(2.0))
    ground = np.c_[points, np.ones(len(points))].T
    out = np.empty(len(views))
    for start in range(0, len(views), _CHUNK):
        part = slice(start, start + _CHUNK)
        at = views[part].astype(np.float32) @ ground.astype(np.float32)
        at /= np.array([unit, unit, 1], np.float32)[:, None]
        w = np.maximum(at[:, 2], 1e-6)
        x, y = at[:, 0] / w, at[:, 1] / w
        inside = (at[:, 2] > 1e-6) & (x > 0) & (y > 0) & (x < size[1]) & (y < size[0])
        columns = np.where(inside, x, 0).astype(np.intp)
        rows = np.where(inside, y, 0).astype(np.intp)
        total = (near[rows, columns] * inside).sum(axis=1)
        n = inside.sum(axis=1)
        out[part] = np.where(n > _MIN_VISIBLE, total / np.maximum(n, 1) * np.sqrt(np.maximum(total, 0)), 0)
    return out
