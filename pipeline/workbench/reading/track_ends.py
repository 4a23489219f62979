"""Where each track begins and ends on the pitch, read without holding all positions in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class End:
    """A place on the pitch: when, s, where, m, and its expected error, m."""

    frame: int
    time_s: float
    x_m: float
    y_m: float
    error_m: float


def track_ends(path: Path) -> Mapping[int, tuple[End, End]]:
    """Give the first and last place of each track in table ``positions``."""
    import pyarrow.parquet as pq

    out: dict[int, tuple[End, End]] = {}
    columns = ["track_id", "frame", "time_s", "x_m", "y_m", "error_m"]
    for batch in pq.ParquetFile(path).iter_batches(_ROWS, columns=columns):
        batch = batch.filter(batch.column(0).is_valid())
        numbers = [batch.column(c).to_numpy(zero_copy_only=False) for c in columns[1:]]
        values = np.column_stack(numbers).astype(np.float64)
        track = np.asarray(batch.column(0).to_numpy(zero_copy_only=False), np.int64)
        order = np.lexsort((values[:, 0], track))
        tracks, first = np.unique(track[order], return_index=True)
        last = np.append(first[1:], len(order)) - 1
        values = values[order]
        for number, a, b in zip(tracks.tolist(), values[first].tolist(), values[last].tolist(), strict=True):
            begin, end = End(int(a[0]), *a[1:]), End(int(b[0]), *b[1:])
            known = out.get(number)
            if known is not None:
                begin = min(known[0], begin, key=lambda e: e.frame)
                end = max(known[1], end, key=lambda e: e.frame)
            out[number] = (begin, end)
    return out
