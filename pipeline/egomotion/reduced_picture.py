"""A small grey picture: what motion and cuts are found on."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

_LONGEST_PX = 700


def small_grey(image_bgr: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int]:
    """Halve a picture until its longer side is at most 700 px.

    Averaging whole 2 x 2 blocks costs a tenth of resizing to any other size.

    Returns
    -------
    The grey picture ``(h, w)`` uint8, and how many pixels of the original one of its pixels spans.
    """
    return halved(cv2.cvtColor(image_bgr, cv2.COLOR_BGR2GRAY), _LONGEST_PX)


def halved(grey: NDArray[np.uint8], longest_px: int) -> tuple[NDArray[np.uint8], int]:
    """Halve a grey picture ``(h, w)`` until its longer side is at most ``longest_px``; and by how much."""
    factor = 1
    while max(grey.shape) > longest_px and min(grey.shape) >= 2:
        height, width = grey.shape[0] // 2, grey.shape[1] // 2
        grey = cv2.resize(grey[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA)
        factor *= 2
    return grey, factor


def original_from_small(factor: int) -> NDArray[np.float64]:
    """``(3, 3)`` transform of pixel centres from the small picture to the original."""
    shift = (factor - 1) / 2
    return np.array([[factor, 0.0, shift], [0.0, factor, shift], [0.0, 0.0, 1.0]])
