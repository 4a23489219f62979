"""Fit a picture into the network's input, and find the way back to its pixels."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

_GREY = 114
STRIDE = 32
"""Input sides are multiples of this."""


@dataclass(frozen=True, slots=True)
class Letterbox:
    """How a picture lies in the network's input: scaled to ``content``, padded grey all around.

    ``input_hw`` is the padded size, ``pad_xy`` the grey on the left and top.
    """

    source_hw: tuple[int, int]
    input_hw: tuple[int, int]
    content_hw: tuple[int, int]
    pad_xy: tuple[int, int]

    @property
    def scale_xy(self) -> tuple[float, float]:
        """Input pixels a source pixel, along x and y (they differ by rounding only)."""
        return self.content_hw[1] / self.source_hw[1], self.content_hw[0] / self.source_hw[0]

    def to_source(self, boxes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take boxes ``(N, 4)`` xyxy from input px to source px, clipped to the picture."""
        height, width = self.source_hw
        scale, pad = np.array(self.scale_xy * 2), np.array(self.pad_xy * 2)
        out = (boxes - pad) / scale
        return np.asarray(out.clip(0, np.array([width, height, width, height])), dtype=np.float32)


def fit(source_hw: tuple[int, int], imgsz: int, fixed_hw: tuple[int, int] | None = None) -> Letterbox:
    """Lay out a picture of ``source_hw`` so that its longer side becomes ``imgsz``.

    The input keeps the picture's aspect (1280 x 736 for 16:9, not a square), unless the network has a
    fixed input size ``fixed_hw``: then the picture fits inside that.
    """
    height, width = source_hw
    rows, columns = fixed_hw or (imgsz, imgsz)
    scale = min(rows / height, columns / width)
    content = max(1, round(height * scale)), max(1, round(width * scale))
    input_hw = fixed_hw or (_round_up(content[0]), _round_up(content[1]))
    pad_y, pad_x = ((i - c) / 2 for i, c in zip(input_hw, content, strict=True))
    return Letterbox(source_hw, input_hw, content, (round(pad_x - 0.1), round(pad_y - 0.1)))


def apply(image: NDArray[np.uint8], box: Letterbox) -> NDArray[np.uint8]:
    """Scale and pad ``image`` ``(H, W, 3)`` uint8 into the network's input, same colours and type."""
    height, width = box.content_hw
    if image.shape[:2] != box.content_hw:
        image = np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
    out = np.full((*box.input_hw, 3), _GREY, dtype=np.uint8)
    left, top = box.pad_xy
    out[top : top + height, left : left + width] = image
    return out


def _round_up(side: int) -> int:
    return -(-side // STRIDE) * STRIDE
