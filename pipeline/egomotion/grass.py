"""Which pixels are grass: the dominant green of the picture, whatever its light."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.egomotion.reduced_picture import Reduced

_GREEN_HUES = (25, 95)
_HUE_REACH = 14
_MIN_SATURATION = 30
_MIN_VALUE = 25
_MIN_SHARE = 0.03


def grass_share(picture: Reduced) -> float:
    """Share of the picture that is grass, 0 to 1; see `grass_mask`."""
    mask = grass_mask(picture)
    return cv2.countNonZero(mask) / mask.size


def grass_mask(picture: Reduced) -> NDArray[np.uint8]:
    """Mark the grass in a picture.

    The hue of the pitch is taken from the picture itself (the most frequent green), so that floodlight,
    shadow and faded grass are followed.

    Returns
    -------
    255 for grass, else 0, in the shape of ``picture.colour_bgr``; all 0 where less than 3% of the picture
    is of one green.
    """
    hsv = cv2.cvtColor(picture.colour_bgr, cv2.COLOR_BGR2HSV)
    low, high = _GREEN_HUES
    green = cv2.inRange(hsv, (low, _MIN_SATURATION, _MIN_VALUE), (high, 255, 255))
    if cv2.countNonZero(green) < _MIN_SHARE * green.size:
        return np.zeros(green.shape, np.uint8)
    counts = cv2.calcHist([hsv], [0], green, [180], [0, 180]).ravel().astype(np.float64)
    peak = int(np.convolve(counts, np.ones(5), "same").argmax())
    near = (max(low, peak - _HUE_REACH), _MIN_SATURATION, _MIN_VALUE)
    return np.asarray(cv2.inRange(hsv, near, (min(high, peak + _HUE_REACH), 255, 255)), np.uint8)
