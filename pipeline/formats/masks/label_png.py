"""Label maps as PNG: 8 bits with a palette (semantic), 16 bits with numbers (instances)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import RunError
from pipeline.core.label_maps import BACKGROUND, paint_indices, paint_order
from pipeline.runs.frame_masks import UNTRACKED, FrameMasks

NO_TRACK_VALUE = 65_535
"""Pixel value of people and balls that belong to no track, in a run with tracks."""


def palette_png(labels: NDArray[np.uint8], palette_rgb: Sequence[tuple[int, int, int]]) -> bytes:
    """Encode a label map ``(H, W)`` as an indexed PNG: pixel values stay, viewers show the palette."""
    height, width = labels.shape
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    rows = np.zeros((height, width + 1), np.uint8)
    rows[:, 1:] = labels
    colours = np.array(palette_rgb, np.uint8).tobytes()
    chunks = (
        (b"IHDR", header),
        (b"PLTE", colours),
        (b"IDAT", zlib.compress(rows.tobytes(), 3)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*c) for c in chunks)


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


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
