"""All masks of a picture at once: the pixels of their boxes one after the other in one flat array. No I/O.

A loop over people costs more than what it does with each of them; over a flat array numpy loops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.core.types import CropMask

Mask = NDArray[np.bool_]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Boxes:
    """N boxes of whole pixels: ``top``, ``left``, ``height`` and ``width``, each ``(N,)``.

    In a flat array box ``i`` has the places ``start[i]`` to ``start[i + 1]``, row by row; ``start`` is
    ``(N + 1,)`` and P its last value.
    """

    top: Indices
    left: Indices
    height: Indices
    width: Indices
    start: Indices

    def __len__(self) -> int:
        """Count the boxes."""
        return len(self.top)

    def whose(self) -> Indices:
        """Number of the box of each flat place, ``(P,)``."""
        return np.repeat(np.arange(len(self)), np.diff(self.start))

    def pixels(self, picture_width: int) -> Indices:
        """Index of each flat place ``(P,)`` in a flattened picture ``picture_width`` px wide."""
        width, row = self._rows()
        first = (self.top[row.whose] + row.number) * picture_width + self.left[row.whose]
        before = np.cumsum(width) - width
        return np.repeat(first - before, width) + np.arange(self.start[-1])

    def row_starts(self) -> tuple[Indices, Indices, Indices]:
        """Rows of all boxes: the first flat place of each, its box, and its number in the box; ``(R,)``."""
        width, row = self._rows()
        return np.cumsum(width) - width, row.whose, row.number

    def _rows(self) -> tuple[Indices, _Rows]:
        height = np.where(self.width > 0, self.height, 0)
        whose = np.repeat(np.arange(len(self)), height)
        number = np.arange(len(whose)) - np.repeat(np.cumsum(height) - height, height)
        return self.width[whose], _Rows(whose, number)


@dataclass(frozen=True, slots=True)
class _Rows:
    whose: Indices
    number: Indices


def boxes(corners_and_sizes: Sequence[tuple[int, int, int, int]]) -> Boxes:
    """Lay out boxes ``(top, left, height, width)``."""
    table = np.array(corners_and_sizes, np.int64).reshape(-1, 4)
    top, left, height, width = np.ascontiguousarray(table.T)
    return Boxes(top, left, height, width, np.concatenate([[0], np.cumsum(height * width)]))


def boxes_of(found: Sequence[CropMask]) -> Boxes:
    """Lay out the boxes of masks."""
    return boxes([(m.top, m.left, m.height, m.width) for m in found])


def decode(found: Sequence[CropMask]) -> Mask:
    """Decode masks into one flat array ``(P,)``; True is foreground.

    Raises
    ------
    ValueError
        If the runs of a mask do not cover its box exactly.
    """
    if not found:
        return np.zeros(0, bool)
    counts = np.array([len(m.runs) for m in found])
    runs = np.concatenate([m.runs for m in found])
    first = np.cumsum(counts) - counts
    foreground = ((np.arange(len(runs)) - np.repeat(first, counts)) & 1).astype(bool)
    covered = np.zeros(len(runs) + 1, np.int64)
    np.cumsum(runs, out=covered[1:])
    sizes = np.array([m.height * m.width for m in found])
    wrong = np.flatnonzero(covered[first + counts] - covered[first] != sizes)
    if len(wrong):
        raise ValueError(f"the runs of mask {wrong[0]} do not cover its box")
    return np.repeat(foreground, runs)


def encode(flat: Mask, where: Boxes) -> tuple[CropMask, ...]:
    """Run-length code the masks ``(P,)`` that lie in ``where``, none of which is without pixels."""
    if not len(where):
        return ()
    begins = np.zeros(len(flat), bool)
    np.not_equal(flat[1:], flat[:-1], out=begins[1:])
    begins[where.start[:-1]] = True
    first = np.flatnonzero(begins)
    runs = np.diff(first, append=len(flat)).astype(np.uint32)
    starts = first.searchsorted(where.start[:-1])
    filled = flat[where.start[:-1]]  # runs begin with background, if need be with none of it
    runs = np.insert(runs, starts[filled], 0)
    ends = np.append(starts[1:], len(first)) + np.cumsum(filled)
    begin = np.concatenate([[0], ends[:-1]])
    columns = (where.top, where.left, where.height, where.width, begin, ends)
    rows = zip(*(c.tolist() for c in columns), strict=True)
    return tuple(CropMask(top, left, h, w, runs[a:b]) for top, left, h, w, a, b in rows)


def counts(flat: Mask, whose: Indices, n: int) -> Indices:
    """Count the foreground pixels of each of ``n`` masks; ``whose`` ``(P,)`` from `Boxes.whose`."""
    return np.bincount(whose[flat], minlength=n)
