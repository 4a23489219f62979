"""Pictures with labels drawn on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core import masks
from pipeline.datasets.canonical import Label

COLOURS_BGR = (
    (60, 220, 60),
    (0, 220, 255),
    (60, 60, 255),
    (255, 60, 255),
    (255, 200, 0),
    (200, 200, 200),
)
"""Of player, goalkeeper, referee, ball and further classes."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture BGR with its caption."""

    image: NDArray[np.uint8]
    caption: str


def draw(image: NDArray[np.uint8], labels: Iterable[Label], strength: float = 0.45) -> NDArray[np.uint8]:
    """Tint the masks and draw the boxes of labels; a box without a mask is thick."""
    out = image.copy()
    for label in labels:
        colour = COLOURS_BGR[min(label.class_id, len(COLOURS_BGR) - 1)]
        if label.mask is not None and label.mask.height:
            m = label.mask
            part = out[m.top : m.top + m.height, m.left : m.left + m.width]
            inside = masks.decode(m)
            part[inside] = ((1 - strength) * part[inside] + strength * np.array(colour)).astype(np.uint8)
        edge = max(image.shape)  # what lies further out is not seen, and may be too large to draw
        x1, y1, x2, y2 = (round(min(max(v, -edge), 2 * edge)) for v in label.box_px)
        cv2.rectangle(out, (x1, y1), (x2, y2), colour, 1 if label.mask is not None else 3)
    return out


def cut_out(
    image: NDArray[np.uint8], box_px: Sequence[float], side_px: int = 260, context: float = 2.2
) -> NDArray[np.uint8]:
    """Cut out a box with its surroundings and enlarge it to a square of ``side_px``."""
    x1, y1, x2, y2 = box_px
    half = max(16.0, context * max(x2 - x1, y2 - y1) / 2)
    scale = side_px / (2 * half)
    matrix = np.array([[scale, 0, side_px / 2 - scale * (x1 + x2) / 2]] * 2)
    matrix[1] = [0, scale, side_px / 2 - scale * (y1 + y2) / 2]
    return np.asarray(cv2.warpAffine(image, matrix, (side_px, side_px), flags=cv2.INTER_CUBIC), np.uint8)
