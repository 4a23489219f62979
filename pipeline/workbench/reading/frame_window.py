"""Rows of a Parquet table between two frames, without what lies before and behind."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import TableError

Ints = NDArray[np.int64]
_KEPT = 1
"""Row groups kept decoded: while one plays, the next windows are in the same one."""


class WindowReader:
    """Reads windows of frames from one table; safe to use from several threads.

    Parameters
    ----------
    path
        A Parquet table with a column ``frame``, mostly in its order.
    columns
        What to read beside ``frame``; those that the file lacks are left out.

    Raises
    ------
    TableError
        If the file is missing or unreadable.
    """

    def __init__(self, path: Path, columns: tuple[str, ...]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            self._file = pq.ParquetFile(path)
        except (OSError, pa.ArrowInvalid) as error:
            raise TableError(f"{path}: cannot read the table ({error}); run the step again") from error
        there = set(self._file.schema_arrow.names)
        self._columns = ["frame", *(c for c in columns if c in there)]
        self._spans = _spans(self._file)
        self._kept: OrderedDict[int, Any] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, first: int, last: int) -> Any:
        """Give the rows of the frames ``first`` to ``last`` (both included), a ``pyarrow.Table``."""
        import pyarrow as pa
        import pyarrow.compute as pc

        groups = np.flatnonzero((self._spans[:, 0] <= last) & (self._spans[:, 1] >= first))
        parts = []
        with self._lock:
            for group in groups.tolist():
                table = self._group(group)
                frame = table.column("frame")
                inside = pc.and_(pc.greater_equal(frame, first), pc.less_equal(frame, last))
                parts.append(table.filter(inside))
        if not parts:
            return self._file.schema_arrow.empty_table().select(self._columns)
        return pa.concat_tables(parts)

    def _group(self, group: int) -> Any:
        if group in self._kept:
            self._kept.move_to_end(group)
            return self._kept[group]
        table = self._file.read_row_group(group, columns=self._columns)
        self._kept[group] = table
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return table


def _spans(file: Any) -> Ints:
    """First and last frame of each row group, ``(G, 2)``; from its statistics where it has them."""
    spans = []
    place = file.schema_arrow.names.index("frame")
    for group in range(file.metadata.num_row_groups):
        known = file.metadata.row_group(group).column(place).statistics
        if known is not None and known.has_min_max:
            spans.append((known.min, known.max))
            continue
        frame = file.read_row_group(group, columns=["frame"]).column(0).to_numpy()
        spans.append((frame.min(), frame.max()) if len(frame) else (0, -1))
    return np.array(spans, np.int64).reshape(-1, 2)


def numbers(table: Any, name: str, missing: float, dtype: str) -> NDArray[Any]:
    """Read a column as ``dtype``, ``missing`` where it is null or absent."""
    import pyarrow.compute as pc

    if name not in table.column_names:
        return np.full(len(table), missing, dtype)
    column = table.column(name)
    if column.null_count:
        column = pc.fill_null(column, missing)
    return np.asarray(column.to_numpy()).astype(dtype)
