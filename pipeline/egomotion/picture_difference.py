"""By how much one picture differs from another: in colours, in structure, in any place."""

from __future__ import annotations

from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]

_BINS = (12, 4, 6)
_CELL_PX = 16
_RANK = 4
_NEARBY_PX = 15


def colours(samples_bgr: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Share of pixels ``(h, w, 3)`` in each of 12 x 4 x 6 bins of hue, saturation and value, ``(288,)``."""
    hsv = cv2.cvtColor(samples_bgr, cv2.COLOR_BGR2HSV)
    counts = cv2.calcHist([hsv], [0, 1, 2], None, _BINS, [0, 180, 0, 256, 0, 256]).ravel()
    shares: NDArray[np.float32] = counts / counts.sum()
    return shares


def colour_distance(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    """Share of the picture that changed its colour: 0 equal, 1 nothing in common."""
    return 1.0 - float(np.minimum(first, second).sum())


def unexplained(previous: Grey, current: Grey) -> float:
    """Share of a picture's structure that does not come from the one before, however things moved.

    The picture before is moved by dense optical flow; what then does not correlate, brightness and
    contrast aside, is new. 0 is nothing new, 1 (or slightly more) all.
    """
    flow = _flow().calc(current, previous, None)
    height, width = current.shape
    column, row = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    x, y = column + flow[..., 0], row + flow[..., 1]
    moved = cv2.remap(previous, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    first, second = _detail(moved)[inside], _detail(current)[inside]
    size = float(np.sqrt((first @ first) * (second @ second)))
    return 1.0 - float(first @ second) / size if size > 0 else 1.0


def largest_change(previous: Grey, current: Grey) -> float:
    """By how many grey levels a picture changed where it changed most, leaving out three places.

    The fourth largest change among cells of 16 x 16 px, each after averaging over 4 x 4 px: coding noise
    averages out, a ticking clock touches fewer cells, a player who moves touches more.
    """
    change = cv2.blur(cv2.absdiff(previous, current), (4, 4))
    height, width = (n - n % _CELL_PX for n in change.shape)
    if not height or not width:
        return float(change.max())
    bands = change[:height, :width].reshape(height // _CELL_PX, _CELL_PX, width).max(1)
    cells = bands.reshape(len(bands), width // _CELL_PX, _CELL_PX).max(2)
    return float(np.sort(cells, axis=None)[-_RANK:][0])


def _detail(grey: Grey) -> NDArray[np.float32]:
    nearby = cv2.blur(grey, (_NEARBY_PX, _NEARBY_PX)).astype(np.float32)
    detail: NDArray[np.float32] = grey - nearby
    return detail


@cache
def _flow() -> Any:
    return cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
