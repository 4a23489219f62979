"""How tall a person is beside the others of the picture, whatever the camera's distance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_MIN_PEOPLE = 5
_ROUNDS = 5
_TYPICAL = 0.08
"""Differences of this share of the height are ordinary; larger ones count for less in the fit."""

Array = NDArray[np.float64]


def relative_heights(boxes_px: Array) -> Array:
    """Height of each person of one frame over what is expected where he stands, ``(N,)``: about 1.

    What is expected grows evenly with how low in the picture the feet are (a line, robustly fitted to all).
    NaN where fewer than 5 people are there, or where the line makes no sense.

    Parameters
    ----------
    boxes_px
        ``(N, 4)`` xyxy.
    """
    height, foot = boxes_px[:, 3] - boxes_px[:, 1], boxes_px[:, 3]
    if len(boxes_px) < _MIN_PEOPLE:
        return np.full(len(boxes_px), np.nan)
    design = np.column_stack([np.ones_like(foot), foot - foot.mean()])
    weight = np.ones_like(foot)
    expected = np.full_like(foot, np.median(height))
    for _ in range(_ROUNDS):
        root = np.sqrt(weight)[:, None]
        line, *_ = np.linalg.lstsq(design * root, height * root[:, 0], rcond=None)
        expected = design @ line
        off = (height - expected) / np.maximum(np.abs(expected), 1e-9)
        weight = 1 / (1 + (off / _TYPICAL) ** 2)
    return np.where(expected > 1, height / np.maximum(expected, 1e-9), np.nan)
