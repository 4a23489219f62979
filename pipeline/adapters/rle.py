"""COCO's run lengths: column by column over the whole frame, packed as text. No I/O."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.masks import decode
from pipeline.types import CropMask

_GROUPS = 7
"""Groups of 5 bits that hold any difference of 32-bit run lengths."""


def column_runs(crop: NDArray[np.bool_], top: int, left: int, height: int, width: int) -> NDArray[np.int64]:
    """Run lengths of a whole frame, column by column, background first, from a dense crop in it.

    Parameters
    ----------
    crop
        Boolean, shape ``(h, w)``; lies inside the frame.
    top, left
        Of the crop in the frame, px.
    height, width
        Of the frame, px.

    Returns
    -------
    int64; the lengths add up to ``height * width``.
    """
    h, w = crop.shape
    padded = np.zeros((w, h + 1), np.int8)
    padded[:, :h] = crop.T
    steps = np.diff(padded.ravel(), prepend=np.int8(0), append=np.int8(0))
    starts, ends = (_in_frame(np.flatnonzero(steps == s), h, top, left, height) for s in (1, -1))
    apart = np.concatenate(([True], starts[1:] != ends[:-1]))[: len(starts)]
    bounds = np.column_stack([starts[apart], ends[np.roll(apart, -1)]]).ravel()
    total = height * width
    if not len(bounds):
        return np.array([total], np.int64)
    tail = [total] if bounds[-1] < total else []
    return np.diff(np.concatenate(([0], bounds, tail))).astype(np.int64)


def _in_frame(
    position: NDArray[np.int64], crop_height: int, top: int, left: int, height: int
) -> NDArray[np.int64]:
    column, row = np.divmod(position, crop_height + 1)
    return np.asarray((left + column) * height + top + row, dtype=np.int64)


def pack(counts: NDArray[np.integer]) -> str:
    """Pack run lengths as COCO does: differences to the last but one, 5 bits a character."""
    values = np.asarray(counts, dtype=np.int64).copy()
    values[3:] -= np.asarray(counts, dtype=np.int64)[1:-2]
    groups = (values[:, None] >> (5 * np.arange(_GROUPS))) & 0x1F
    rest = values[:, None] >> (5 * np.arange(1, _GROUPS + 1))
    done = np.where(groups & 0x10, rest == -1, rest == 0)
    length = done.argmax(axis=1)
    index = np.arange(_GROUPS)
    symbols = groups + 48 + np.where(index < length[:, None], 0x20, 0)
    return str(symbols[index <= length[:, None]].astype(np.uint8).tobytes(), "ascii")


def from_mask(mask: CropMask, height: int, width: int) -> str:
    """Pack a mask as the ``counts`` of a COCO RLE of a ``height`` by ``width`` frame."""
    return pack(column_runs(decode(mask), mask.top, mask.left, height, width))


def from_dense(crop: NDArray[np.bool_], top: int, left: int, height: int, width: int) -> str:
    """Pack a dense crop ``(h, w)`` whose first pixel is (``top``, ``left``) of the frame."""
    return pack(column_runs(crop, top, left, height, width))
