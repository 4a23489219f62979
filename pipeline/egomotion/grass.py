"""Which pixels are grass: the dominant green of the picture, whatever its light."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

_WIDTH = 320
_GREEN_HUES = (25, 95)
_HUE_REACH = 14
_MIN_SATURATION = 30
_MIN_VALUE = 25
_MIN_SHARE = 0.03


def grass_mask(image_bgr: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Mark the grass in a picture.

    The hue of the pitch is taken from the picture itself (the most frequent green), so that floodlight,
    shadow and faded grass are followed; found on a small copy, so edges are a few px coarse.

    Parameters
    ----------
    image_bgr
        Shape ``(H, W, 3)`` uint8.

    Returns
    -------
    Shape ``(H, W)``, True for grass; all False where less than 3% of the picture is of one green.
    """
    height, width = image_bgr.shape[:2]
    size = (_WIDTH, max(1, round(height * _WIDTH / width)))
    hsv = cv2.cvtColor(cv2.resize(image_bgr, size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2HSV)
    hue, saturation, value = (hsv[..., i].astype(np.int16) for i in range(3))
    low, high = _GREEN_HUES
    green = (hue >= low) & (hue <= high) & (saturation >= _MIN_SATURATION) & (value >= _MIN_VALUE)
    if green.mean() < _MIN_SHARE:
        return np.zeros((height, width), bool)
    counts = np.bincount(hue[green], minlength=180).astype(float)
    peak = int(np.convolve(counts, np.ones(5), "same").argmax())
    small = green & (np.abs(hue - peak) <= _HUE_REACH)
    full = cv2.resize(small.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(full, dtype=bool)
