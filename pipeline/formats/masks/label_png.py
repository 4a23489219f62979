"""Label maps as grey PNG: 8 bits with classes (semantic), 16 bits with numbers (instances)."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import RunError
from pipeline.core.label_maps import BACKGROUND, paint_indices, paint_order
from pipeline.runs.frame_masks import UNTRACKED, FrameMasks

NO_TRACK_VALUE = 65_535
"""Pixel value of people and balls that belong to no track, in a run with tracks."""


def index_png(labels: NDArray[np.uint8]) -> bytes:
    """Encode a label map ``(H, W)`` as an 8-bit grey PNG whose grey levels are its values.

    No palette: ``cv2.imread`` and others would give back its colours instead of the values. The colours are
    in ``legend.json`` beside the maps.
    """
    return cv2.imencode(".png", labels, [cv2.IMWRITE_PNG_COMPRESSION, 3])[1].tobytes()


def instance_map(frame: FrameMasks, height: int, width: int, tracked: bool) -> NDArray[np.uint16]:
    """Paint who is where: ``(height, width)`` uint16, 0 is nobody.

    With tracks the value is the track's number, and `NO_TRACK_VALUE` for the rest. Without, it is
    the instance's number in the frame plus 1.

    Raises
    ------
    RunError
        If a number does not fit in 16 bits.
    """
    numbers = np.where(frame.track_id == UNTRACKED, NO_TRACK_VALUE, frame.track_id)
    if not tracked:
        numbers = frame.instance + 1
    elif len(numbers) and frame.track_id.max() >= NO_TRACK_VALUE:
        raise RunError(
            f"frame {frame.frame}: track {frame.track_id.max()} does not fit in a 16-bit PNG; "
            "export with --format coco"
        )
    visible = paint_indices(height, width, frame.masks, paint_order(frame.value, frame.feet_px[:, 1]))
    return np.concatenate([numbers, [BACKGROUND]]).astype(np.uint16)[visible]


def gray16_png(image: NDArray[np.uint16]) -> bytes:
    """Encode a 16-bit grey PNG."""
    return cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 3])[1].tobytes()
