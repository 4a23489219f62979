"""COCO's run lengths: column by column over the whole frame, as numbers or packed as text. No I/O.

The format is that of pycocotools: ``{"size": [height, width], "counts": ...}`` with counts as a list
(uncompressed) or as text (compressed). pycocotools packs; it unpacks only to whole frames, which takes
some hundred times as long as reading the runs of one person.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core import masks
from pipeline.core.errors import DataSetError
from pipeline.core.types import CropMask

Runs = NDArray[np.int64]


def column_runs(crop: NDArray[np.bool_], top: int, left: int, height: int, width: int) -> Runs:
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


def pack(counts: NDArray[np.integer], height: int, width: int) -> str:
    """Pack run lengths of a ``height`` by ``width`` frame as COCO's text."""
    from pycocotools import mask as coco

    packed = coco.frPyObjects({"counts": counts.tolist(), "size": [height, width]}, height, width)
    return str(packed["counts"], "ascii")


def from_mask(mask: CropMask, height: int, width: int) -> str:
    """Pack a mask as the ``counts`` of a COCO RLE of a ``height`` by ``width`` frame."""
    return pack(column_runs(masks.decode(mask), mask.top, mask.left, height, width), height, width)


def from_dense(crop: NDArray[np.bool_], top: int, left: int, height: int, width: int) -> str:
    """Pack a dense crop ``(h, w)`` whose first pixel is (``top``, ``left``) of the frame."""
    return pack(column_runs(crop, top, left, height, width), height, width)


def to_coco(mask: CropMask, height: int, width: int) -> dict[str, Any]:
    """Write a mask as compressed COCO run lengths of a ``height`` by ``width`` frame."""
    return {"size": [height, width], "counts": from_mask(mask, height, width)}


_MAX_SIDE_PX, _MAX_PX = 32_768, 200_000_000
"""Sizes beyond these are those of no picture: they would only fill memory."""


def from_coco(rle: dict[str, Any]) -> CropMask:
    """Read COCO run lengths, compressed or not, as a mask cut to its foreground.

    An empty mask gives a box of 0 x 0 px.

    Raises
    ------
    DataSetError
        If the counts do not cover the image exactly.
    """
    try:
        height, width = (int(v) for v in rle["size"])
        if not (0 <= height <= _MAX_SIDE_PX and 0 <= width <= _MAX_SIDE_PX and height * width <= _MAX_PX):
            raise ValueError(f"a size of {height} x {width} px")
        counts = rle["counts"]
        runs = np.asarray(counts, np.int64) if isinstance(counts, list) else _unpack(counts)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise DataSetError(f"run lengths are not COCO's (expected size and counts): {error}") from error
    if (runs < 0).any():
        raise DataSetError(f"a run length is negative: {runs.min()}")
    if (runs > height * width).any() or runs.sum() != height * width:
        raise DataSetError(
            f"run lengths cover {runs.sum()} px, but the image is {height} x {width} = {height * width} px"
        )
    ends = np.cumsum(runs)
    first, last = (ends - runs)[1::2], ends[1::2]
    keep = last > first
    first, last = first[keep], last[keep]
    if not len(first):
        return masks.encode(np.zeros((0, 0), bool))
    left, right = int(first[0] // height), int((last[-1] - 1) // height) + 1
    steps = np.zeros((right - left) * height + 1, np.int8)
    steps[first - left * height] += 1
    np.add.at(steps, last - left * height, -1)
    columns = np.cumsum(steps[:-1], dtype=np.int8).astype(bool).reshape(right - left, height)
    return masks.crop(columns.T, 0, left)


def _unpack(counts: str | bytes) -> Runs:
    """Undo `pack`; raises ValueError when the text ends within a number."""
    text = counts.encode("ascii") if isinstance(counts, str) else counts
    out: list[int] = []
    x = shift = 0
    for byte in text:
        group = byte - 48
        if not 0 <= group < 64:
            raise ValueError(f"unexpected character {chr(byte)!r}")
        x |= (group & 0x1F) << shift
        shift += 5
        if group & 0x20:
            continue
        if group & 0x10:
            x |= -1 << shift
        out.append(x + (out[-2] if len(out) > 2 else 0))
        x = shift = 0
    if shift:
        raise ValueError("it ends within a number")
    return np.array(out, np.int64)
