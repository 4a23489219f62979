"""COCO's run lengths: column by column over the whole frame, packed as text. No I/O."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.core.masks import decode
from pipeline.core.types import CropMask

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
    padded = np.zeros((w + 1, h + 1), bool)  # a gap before each column, and one after the last
    padded[:w, 1:] = crop.T
    flat = padded.ravel()
    edges = np.flatnonzero(flat[1:] != flat[:-1])  # begin, end, begin, end, ...; each within one column
    column, row = np.divmod(edges, h + 1)
    bounds = (left + column) * height + top + row
    if len(bounds) > 2:
        touching = bounds[1:-1:2] == bounds[2::2]  # full columns run on into the next
        keep = np.ones(len(bounds), bool)
        keep[1:-1:2] = keep[2::2] = ~touching
        bounds = bounds[keep]
    ends = np.concatenate(([0], bounds, [height * width]))
    counts = np.diff(ends)
    return counts[:-1] if counts[-1] == 0 and len(counts) > 1 else counts


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
