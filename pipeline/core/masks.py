"""Masks as run lengths inside their boxes: encode, decode, measure, overlap. No I/O."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.core.types import CropMask


def encode(mask: NDArray[np.bool_], top: int = 0, left: int = 0) -> CropMask:
    """Turn a dense boolean crop into run lengths.

    Parameters
    ----------
    mask
        Shape ``(height, width)``; True is foreground.
    top, left
        Where the crop's first pixel lies in the image, px.
    """
    flat = np.ascontiguousarray(mask, dtype=bool).ravel()
    height, width = mask.shape
    if flat.size == 0:
        return CropMask(top, left, height, width, np.zeros(0, np.uint32))
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    bounds = np.concatenate(([0], edges, [flat.size]))
    runs = np.diff(bounds).astype(np.uint32)
    if flat[0]:
        runs = np.concatenate((np.zeros(1, np.uint32), runs))
    return CropMask(top, left, height, width, runs)


def crop(mask: NDArray[np.bool_], top: int = 0, left: int = 0) -> CropMask:
    """Encode a dense mask cut to its foreground; the array's corner is at ``top``, ``left`` of the image.

    Without foreground the box has 0 x 0 px.
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return encode(np.zeros((0, 0), bool), top, left)
    inner = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return encode(inner, top + int(rows[0]), left + int(columns[0]))


def decode(mask: CropMask) -> NDArray[np.bool_]:
    """Give back the dense crop, shape ``(height, width)``, True for foreground.

    Raises
    ------
    ValueError
        If the runs do not cover the box exactly.
    """
    total = int(mask.runs.sum(dtype=np.int64))
    if total != mask.height * mask.width:
        raise ValueError(
            f"runs cover {total} px, but the box is {mask.height} x {mask.width} = "
            f"{mask.height * mask.width} px"
        )
    values = np.zeros(len(mask.runs), dtype=bool)
    values[1::2] = True
    return np.repeat(values, mask.runs).reshape(mask.height, mask.width)


def area(mask: CropMask) -> int:
    """Count the foreground pixels."""
    return int(mask.runs[1::2].sum(dtype=np.int64))


def to_bytes(mask: CropMask) -> bytes:
    """Pack the runs as little-endian uint32, the form stored in ``segments``."""
    return mask.runs.astype("<u4").tobytes()


def from_bytes(top: int, left: int, height: int, width: int, runs: bytes) -> CropMask:
    """Read what `to_bytes` wrote."""
    return CropMask(top, left, height, width, np.frombuffer(runs, "<u4").astype(np.uint32))


def paste(canvas: NDArray[np.uint8], mask: CropMask, value: int) -> None:
    """Write ``value`` into ``canvas`` ``(H, W)`` wherever the mask is foreground, in place."""
    view = canvas[mask.top : mask.top + mask.height, mask.left : mask.left + mask.width]
    view[decode(mask)] = value


def overlap_px(first: CropMask, second: CropMask) -> int:
    """Count the pixels that both masks cover."""
    top, left = max(first.top, second.top), max(first.left, second.left)
    bottom = min(first.top + first.height, second.top + second.height)
    right = min(first.left + first.width, second.left + second.width)
    if bottom <= top or right <= left:
        return 0
    return int(
        np.count_nonzero(_window(first, top, left, bottom, right) & _window(second, top, left, bottom, right))
    )


def iou(first: CropMask, second: CropMask) -> float:
    """Intersection over union of two masks; 0 when both are empty."""
    shared = overlap_px(first, second)
    union = area(first) + area(second) - shared
    return shared / union if union else 0.0


def _window(mask: CropMask, top: int, left: int, bottom: int, right: int) -> NDArray[np.bool_]:
    return decode(mask)[top - mask.top : bottom - mask.top, left - mask.left : right - mask.left]


def dense(masks: Sequence[CropMask], height: int, width: int) -> NDArray[np.bool_]:
    """Lay N masks out in the picture that they are of: ``(N, height, width)`` boolean."""
    out = np.zeros((len(masks), height, width), dtype=bool)
    for plane, mask in zip(out, masks, strict=True):
        plane[mask.top : mask.top + mask.height, mask.left : mask.left + mask.width] = decode(mask)
    return out
