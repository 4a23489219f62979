"""Where the tracker was unsure whom it follows, read in little memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_ROWS, _MOST = 200_000, 20_000
WEAK = 0.9
"""A sighting that continues its track with a probability below this is worth a look."""

Weak = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
"""Track, frame and probability ``(N,)`` each, by frame and track."""

NO_WEAK: Weak = np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)


def weak_links(path: Path) -> Weak:
    """Find the rows of table ``tracks`` whose ``link_score`` is below `WEAK`; of very many the least sure."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    columns = ["track_id", "frame", "link_score"]
    parts: list[NDArray[np.float64]] = [np.zeros((0, 3))]
    for batch in pq.ParquetFile(path).iter_batches(_ROWS, columns=columns):
        found = batch.filter(pc.less(batch.column(2), WEAK))
        parts.append(np.column_stack([np.asarray(found.column(i).to_numpy(), float) for i in range(3)]))
    rows = np.concatenate(parts)
    rows = rows[np.argsort(rows[:, 2], kind="stable")[:_MOST]]
    rows = rows[np.lexsort((rows[:, 0], rows[:, 1]))]
    return rows[:, 0].astype(np.int64), rows[:, 1].astype(np.int64), rows[:, 2]
