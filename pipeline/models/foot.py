"""Where a person touches the ground, from the mask. numpy only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline import masks
from pipeline.types import CropMask, Instances

_BAND = 0.15
"""Share of the mask's height, from below, that is taken for the feet."""
_THIN = 0.12
"""Rows at the bottom narrower than this share of the typical row are stray pixels."""
_CUT = 0.05
"""A mask ending higher above its box's bottom than this share of the box has lost its feet."""


def feet_px(found: Instances) -> NDArray[np.float32]:
    """Find the point on the ground below each person or ball.

    The lowest part of the mask gives it: the middle of the feet, not of the box, so that a leaning or
    stretching player stands where the feet are. Where the mask has lost the feet, the box's lower edge
    counts.

    Returns
    -------
    Shape ``(N, 2)``, px, inside the box.
    """
    pairs = zip(found.masks, found.boxes_px, strict=True)
    return np.array([_foot(mask, box) for mask, box in pairs], dtype=np.float32).reshape(-1, 2)


def _foot(mask: CropMask, box: NDArray[np.float32]) -> tuple[float, float]:
    x1, y1, x2, y2 = (float(v) for v in box)
    dense = masks.decode(mask)
    widths = dense.sum(axis=1)
    rows = np.flatnonzero(widths > _THIN * np.median(widths[widths > 0])) if widths.any() else np.zeros(0)
    if len(rows) == 0:
        return (x1 + x2) / 2, y2
    bottom, top = int(rows[-1]), int(rows[0])
    band = max(1, round(_BAND * (bottom - top + 1)))
    columns = np.flatnonzero(dense[bottom - band + 1 : bottom + 1].any(axis=0))
    x = mask.left + (columns[0] + columns[-1] + 1) / 2
    y = float(mask.top + bottom + 1)
    if y2 - y > _CUT * (y2 - y1):
        y = y2
    return min(max(x, x1), x2), min(max(y, y1), y2)
