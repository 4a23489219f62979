"""Read tables frame by frame, in the order of frames, without holding a whole table in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import TableError

Rows = dict[str, NDArray[Any]]
"""Columns of some rows by name. Null reads as NaN in numbers, as None in text."""


_BATCH = 4096


class FrameReader:
    """Hands out the rows of one frame after the other; ask for frames in growing order.

    Some thousand rows are in memory at a time. A file whose rows are not in the order of frames is
    read whole and sorted.

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
        self._columns = ("frame", *columns)
        self._file = _opened(path, self._columns)
        self._batches = self._in_order() if self._is_in_order() else self._sorted()
        self._rows: Rows = {c: np.zeros(0, np.int64) for c in self._columns}
        self._more = True

    def take(self, frame: int) -> Rows:
        """Give the rows of ``frame``; arrays of length 0 where it has none."""
        while self._more and (not len(self._rows["frame"]) or self._rows["frame"][-1] <= frame):
            self._load(frame)
        lo, hi = np.searchsorted(self._rows["frame"], [frame, frame + 1])
        return {c: self._rows[c][lo:hi] for c in self._columns}

    def _load(self, frame: int) -> None:
        new = next(self._batches, None)
        if new is None:
            self._more = False
            return
        kept = self._rows["frame"] >= frame
        if kept.any():
            new = {c: np.concatenate([self._rows[c][kept], new[c]]) for c in self._columns}
        self._rows = new

    def _in_order(self) -> Iterator[Rows]:
        for batch in self._file.iter_batches(_BATCH, columns=list(self._columns)):
            yield {c: batch.column(c).to_numpy(zero_copy_only=False) for c in self._columns}

    def _sorted(self) -> Iterator[Rows]:
        table = self._file.read(columns=list(self._columns)).sort_by("frame")
        yield {c: table.column(c).to_numpy() for c in self._columns}

    def _is_in_order(self) -> bool:
        last = -1
        for batch in self._file.iter_batches(_BATCH, columns=["frame"]):
            frames = batch.column(0).to_numpy()
            if len(frames) and (frames[0] < last or (np.diff(frames) < 0).any()):
                return False
            last = int(frames[-1]) if len(frames) else last
        return True


def rows_of_frame(path: Path, columns: tuple[str, ...], frame: int) -> Rows:
    """Read the rows of one frame of the table in ``path``, alone; arrays of length 0 where it has none.

    Raises
    ------
    TableError
        As `FrameReader`.
    """
    import pyarrow.parquet as pq

    names = ("frame", *columns)
    _opened(path, names).close()
    table = pq.read_table(path, columns=list(names), filters=[("frame", "==", frame)])
    return {n: table.column(n).to_numpy() for n in names}


def _opened(path: Path, columns: tuple[str, ...]) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise TableError(f"{path}: cannot read the table ({error}); run the step again") from error
    if missing := sorted(set(columns) - set(file.schema_arrow.names)):
        raise TableError(f"{path}: lacks the columns {', '.join(missing)}; run the step again")
    return file
