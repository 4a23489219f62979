"""How near the markings of many views come to a picture's line points, quickly. No I/O."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.evidence.pitch_evidence import Evidence
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_CHUNK, _CELLS, _WIDTH_CELLS = 2_000, 128, 2.5
_PLACE = 5
"""Line points are told apart as places of this many cells each way."""
_MIN_VISIBLE = 30


def chamfer_score(views: Array, evidence: Evidence, pitch: Pitch) -> Array:
    """Score views ``(N, 3, 3)`` image_from_pitch by how well markings and line points meet, ``(N,)`` in 0..1.

    How close the markings come to line points, on average, times the share of the places with line points
    that some marking passes. 0 for a view that puts hardly any marking into the picture.
    """
    unit = max(evidence.width_px, evidence.height_px) / _CELLS
    rows, columns = int(evidence.height_px / unit) + 1, int(evidence.width_px / unit) + 1
    free = np.ones((rows, columns), np.uint8)
    seen = np.clip((evidence.line_px / unit).astype(int), 0, [columns - 1, rows - 1])
    free[seen[:, 1], seen[:, 0]] = 0
    near = np.exp(-((cv2.distanceTransform(free, cv2.DIST_L2, 3) / _WIDTH_CELLS) ** 2)).astype(np.float32)
    places = np.unique((seen[:, 1] // _PLACE) * columns + seen[:, 0] // _PLACE)
    points = np.concatenate(pitch.lines_m(2.0))
    ground = np.c_[points, np.ones(len(points))].T.astype(np.float32)
    out = np.empty(len(views))
    for start in range(0, len(views), _CHUNK):
        part = slice(start, start + _CHUNK)
        at = views[part].astype(np.float32) @ ground
        ahead = at[:, 2] > 1e-6
        scale = 1 / (np.where(ahead, at[:, 2], 1) * unit)
        x, y = at[:, 0] * scale, at[:, 1] * scale
        inside = ahead & (x > 0) & (y > 0) & (x < columns) & (y < rows)
        which, point = np.nonzero(inside)
        x, y = x[which, point].astype(np.intp), y[which, point].astype(np.intp)
        n = np.bincount(which, minlength=len(at))
        close = np.bincount(which, near[y, x], minlength=len(at)) / np.maximum(n, 1)
        passed = np.zeros((len(at), rows * columns), bool)
        passed[which, (y // _PLACE) * columns + x // _PLACE] = True
        covered = passed[:, places].mean(axis=1) if len(places) else np.zeros(len(at))
        out[part] = np.where(n > _MIN_VISIBLE, close * covered, 0)
    return out
