"""Read tables frame by frame, in the order of frames, without holding a whole table in memory."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import TableError

Rows = dict[str, NDArray[Any]]
"""Columns of some rows by name. Null reads as NaN in numbers, as None in text."""


class FrameReader:
    """Hands out the rows of one frame after the other; ask for frames in growing order.

    One or two row groups are in memory at a time. A file whose row groups are not in the order of
    frames is read whole and sorted.

    Parameters
    ----------
    path
        A Parquet table with a column ``frame``.
    columns
        What to read beside ``frame``.

    Raises
    ------
    TableError
        If the file is missing, unreadable, or lacks a column.
    """

    def __init__(self, path: Path, columns: tuple[str, ...]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._columns = ("frame", *columns)
        try:
            self._file = pq.ParquetFile(path)
        except (OSError, pa.ArrowInvalid) as error:
            raise TableError(f"{path}: cannot read the table ({error}); run the step again") from error
        if missing := sorted(set(self._columns) - set(self._file.schema_arrow.names)):
            raise TableError(f"{path}: lacks the columns {', '.join(missing)}; run the step again")
        n = self._file.num_row_groups
        self._waiting = [[i] for i in range(n)] if self._in_order() else [list(range(n))]
        self._rows: Rows = {c: np.zeros(0, np.int64) for c in self._columns}

    def take(self, frame: int) -> Rows:
        """Give the rows of ``frame``; arrays of length 0 where it has none."""
        while self._waiting and (not len(self._rows["frame"]) or self._rows["frame"][-1] <= frame):
            self._load(frame)
        lo, hi = np.searchsorted(self._rows["frame"], [frame, frame + 1])
        return {c: self._rows[c][lo:hi] for c in self._columns}

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _load(self, frame: int) -> None:
        table = self._file.read_row_groups(self._waiting.pop(0), columns=list(self._columns))
        new = {c: table.column(c).to_numpy() for c in self._columns}
        order = np.argsort(new["frame"], kind="stable")
        kept = self._rows["frame"] >= frame
        if kept.any():
            self._rows = {c: np.concatenate([self._rows[c][kept], new[c][order]]) for c in self._columns}
        else:
            self._rows = {c: new[c][order] for c in self._columns}

    def _in_order(self) -> bool:
        column = self._file.schema_arrow.names.index("frame")
        groups = [self._file.metadata.row_group(i) for i in range(self._file.num_row_groups)]
        stats = [g.column(column).statistics for g in groups]
        if any(s is None or not s.has_min_max for s in stats):
            return False
        return all(a.max <= b.min for a, b in pairwise(stats))
