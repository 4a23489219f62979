"""Small pictures of people, cut out by their masks."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core import masks
from pipeline.core.types import CropMask

HEIGHT_PX = 96
_MARGIN, _GREY = 0.04, 128.0

Picture = NDArray[np.uint8]


def thumbnail(image_bgr: Picture, mask: CropMask) -> Picture:
    """Cut a person out of a picture, ``(96, W, 3)`` BGR on grey; an empty mask gives a grey strip."""
    inside = masks.decode(mask).astype(np.float32)
    if not inside.any():
        return np.full((HEIGHT_PX, HEIGHT_PX // 2, 3), int(_GREY), np.uint8)
    pad = max(1, round(_MARGIN * mask.height))
    cut = image_bgr[mask.top : mask.top + mask.height, mask.left : mask.left + mask.width].astype(np.float32)
    cover = cv2.GaussianBlur(np.pad(inside, pad), (3, 3), 0)[..., None]
    colour = cv2.copyMakeBorder(cut, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    mixed = colour * cover + _GREY * (1 - cover)
    scale = HEIGHT_PX / mixed.shape[0]
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = (max(1, round(mixed.shape[1] * scale)), HEIGHT_PX)
    return np.asarray(np.clip(cv2.resize(mixed, size, interpolation=way), 0, 255), np.uint8)
