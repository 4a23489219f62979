"""COCO run lengths (column by column, whole image) from and to masks inside their boxes. No I/O.

The format is that of pycocotools: ``{"size": [height, width], "counts": ...}`` with counts as a list
(uncompressed) or as text of 5-bit groups (compressed).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core import masks
from pipeline.core.errors import DataSetError
from pipeline.core.types import CropMask

Counts = NDArray[np.int64]


def to_coco(mask: CropMask, height_px: int, width_px: int) -> dict[str, Any]:
    """Write a mask as compressed COCO run lengths of an image of this size."""
    columns = np.zeros((mask.width, height_px), dtype=bool)
    columns[:, mask.top : mask.top + mask.height] = masks.decode(mask).T
    flat = np.zeros(columns.size + 2, dtype=bool)
    flat[1:-1] = columns.ravel()
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + mask.left * height_px
    bounds = np.concatenate(([0], edges, [height_px * width_px]))
    counts = np.diff(bounds)
    if len(edges) and counts[-1] == 0:
        counts = counts[:-1]
    return {"size": [height_px, width_px], "counts": _pack(counts)}


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
        counts = rle["counts"]
        runs = np.asarray(counts, np.int64) if isinstance(counts, list) else _unpack(counts)
    except (KeyError, TypeError, ValueError) as error:
        raise DataSetError(f"run lengths are not COCO's (expected size and counts): {error}") from error
    if runs.sum() != height * width or (runs < 0).any():
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
    return crop(columns.T, 0, left)


def crop(mask: NDArray[np.bool_], top: int = 0, left: int = 0) -> CropMask:
    """Encode a dense mask cut to its foreground; the array's corner is at ``top``, ``left`` of the image."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return masks.encode(np.zeros((0, 0), bool), top, left)
    inner = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return masks.encode(inner, top + int(rows[0]), left + int(columns[0]))


def _pack(counts: Counts) -> str:
    """Compress as pycocotools does: differences to the count two before, in groups of 5 bits."""
    out = bytearray()
    for i, count in enumerate(counts.tolist()):
        x = count - int(counts[i - 2]) if i > 2 else count
        more = True
        while more:
            group, x = x & 0x1F, x >> 5
            more = x != -1 if group & 0x10 else x != 0
            out.append((group | (0x20 if more else 0)) + 48)
    return out.decode("ascii")


def _unpack(counts: str | bytes) -> Counts:
    """Undo `_pack`; raises ValueError when the text ends within a number."""
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
