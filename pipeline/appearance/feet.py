"""Where a person touches the ground, from the mask. numpy only.

On 359 people of the rendered match (49 px high on average) the middle of the lower body lies within 0.03 of
the person's height of the true place across the picture (standard deviation), the middle between the feet
only within 0.075: a runner's lowest part is one foot, far ahead of or behind the body.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.appearance import flat_masks
from pipeline.core.types import BALL, CropMask, Instances

_LOWER = 0.6
"""Share of the mask's height, from below, whose middle says where the person is across: hips and legs."""
_THIN = 0.12
"""Rows at the bottom narrower than this share of the typical row are stray pixels."""
_CUT = 0.05
"""A mask ending higher above its box's bottom than this share of the box has lost its feet."""
_FRONT = 0.03
"""The sole nearest to the camera is in front of the middle of the body by this share of the height, as seen
from a main stand (median on the rendered match)."""


def feet_px(found: Instances) -> NDArray[np.float32]:
    """Find the point on the ground below each person or ball.

    Its height comes from the lowest part of the mask, or from the box where the mask has lost the feet; its
    place across from hips and legs, row by row, so that a shadow at the feet counts for one row only and a
    stretched arm or a leaning head not at all. A ball stands on its lowest point.

    Returns
    -------
    Shape ``(N, 2)``, px, inside the box.
    """
    if not len(found.masks):
        return np.zeros((0, 2), np.float32)
    boxes = np.asarray(found.boxes_px, np.float64)
    front = np.where(found.class_id == BALL, 0.0, _FRONT)
    x, y = _lowest(found.masks)
    unseen = np.isnan(x)
    x = np.where(unseen, (boxes[:, 0] + boxes[:, 2]) / 2, x)
    tall = boxes[:, 3] - boxes[:, 1]
    lost = unseen | (boxes[:, 3] - y > _CUT * tall)
    y = np.where(lost, boxes[:, 3], y) - np.where(unseen, 0.0, front * tall)
    points = [np.maximum(x, boxes[:, 0]), np.maximum(y, boxes[:, 1])]
    return np.stack([np.minimum(p, boxes[:, 2 + i]) for i, p in enumerate(points)], 1).astype(np.float32)


def _lowest(found: Sequence[CropMask]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Middle of the lower body across, and the lower edge of the mask, ``(N,)`` px; NaN where it is empty."""
    x, y = np.full(len(found), np.nan), np.full(len(found), np.nan)
    where, flat = flat_masks.boxes_of(found), flat_masks.decode(found)
    width, moment, whose, row = _rows(where, flat)
    if not len(whose):
        return x, y
    typical = _medians(width, whose, len(found))
    seen = np.flatnonzero(width > _THIN * typical[whose])
    whose, row, width, moment = whose[seen], row[seen], width[seen], moment[seen]
    first = np.flatnonzero(np.append(True, whose[1:] != whose[:-1]))
    who = whose[first]
    bottom = row[np.append(first[1:], len(row)) - 1]
    tall = bottom - row[first] + 1
    low = row >= np.repeat(bottom - _LOWER * tall, np.diff(first, append=len(row)))
    middle = (moment[low] + 0.5 * width[low]) / width[low]
    n_low = np.bincount(whose[low], minlength=len(found))[who]
    x[who] = where.left[who] + np.bincount(whose[low], middle, len(found))[who] / n_low
    y[who] = where.top[who] + bottom + 1
    return x, y


def _rows(
    where: flat_masks.Boxes, flat: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Rows with foreground of all masks: pixels, sum of their columns, whose it is, and its number there."""
    first, whose, row = where.row_starts()
    places = np.flatnonzero(flat)
    line = np.searchsorted(first, places, side="right") - 1
    width = np.bincount(line, minlength=len(first))
    moment = np.bincount(line, places - first[line], len(first)).astype(np.int64)
    filled = np.flatnonzero(width)
    return width[filled], moment[filled], whose[filled], row[filled]


def _medians(values: NDArray[np.int64], whose: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    """Median of the values of each of ``n`` people; NaN for those who have none. ``whose`` ascends."""
    count = np.bincount(whose, minlength=n)
    first = np.cumsum(count) - count
    ordered = np.append(values[np.lexsort((values, whose))], 0)
    out = np.full(n, np.nan)
    some = np.flatnonzero(count)
    low, high = (first + (count - 1) // 2)[some], (first + count // 2)[some]
    out[some] = (ordered[low] + ordered[high]) / 2
    return out
