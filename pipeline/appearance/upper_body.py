"""The upper body of a person as the number reader sees it: a square of half his height, 48 x 48 px."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core import masks
from pipeline.core.types import CropMask

INPUT_PX = 48
SIDE = 0.44
"""Side of the square, in heights of the person's box."""
MIDDLE = 0.36
"""How far down the box the square's centre lies, in heights of the box."""
_SHOULDERS, _HIPS = 0.18, 0.50

Picture = NDArray[np.uint8]


def torso_square(box_px: NDArray[np.floating], mask: CropMask | None = None) -> tuple[float, float, float]:
    """Where the upper body is: centre x, centre y and side of a square, px of the frame.

    Parameters
    ----------
    box_px
        ``(4,)`` x1, y1, x2, y2 of the person.
    mask
        His mask; the square is centred on it sideways, since arms and legs pull the box's middle aside.
    """
    x1, y1, x2, y2 = (float(v) for v in box_px)
    height = max(y2 - y1, 1.0)
    middle = (x1 + x2) / 2
    if mask is not None and mask.height and mask.width:
        top, bottom = (round(y1 + share * height) - mask.top for share in (_SHOULDERS, _HIPS))
        columns = masks.decode(mask)[max(top, 0) : max(bottom, 0)].sum(axis=0)
        if columns.sum():
            middle = mask.left + float((columns * (np.arange(mask.width) + 0.5)).sum() / columns.sum())
    return middle, y1 + MIDDLE * height, SIDE * height


def cut_square(
    image_bgr: Picture, centre_x: float, centre_y: float, side_px: float, out_px: int = INPUT_PX
) -> Picture:
    """Cut a square out of a picture and scale it to ``(out_px, out_px, 3)``; the rim repeats outside it."""
    left, top = centre_x - side_px / 2, centre_y - side_px / 2
    height, width = image_bgr.shape[:2]
    x0, y0 = int(np.clip(np.floor(left) - 2, 0, width - 1)), int(np.clip(np.floor(top) - 2, 0, height - 1))
    x1 = int(np.clip(np.ceil(left + side_px) + 2, x0 + 1, width))
    y1 = int(np.clip(np.ceil(top + side_px) + 2, y0 + 1, height))
    part, side = image_bgr[y0:y1, x0:x1], side_px
    from_left, from_top = x0 - left, y0 - top
    while side > 2 * out_px:  # whole halvings first: a warp alone would skip pixels
        half = (-(-part.shape[1] // 2), -(-part.shape[0] // 2))
        part = cv2.resize(part, half, interpolation=cv2.INTER_AREA)
        side, from_left, from_top = side / 2, from_left / 2, from_top / 2
    scale = out_px / side
    shift = [from_left * scale + (scale - 1) / 2, from_top * scale + (scale - 1) / 2]
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    size, rim = (out_px, out_px), cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpAffine(part, matrix, size, flags=cv2.INTER_CUBIC, borderMode=rim), np.uint8)
