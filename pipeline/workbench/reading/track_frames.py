"""Which frames show each track, read in little memory: a match has millions of rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.linking.by_hand.moments import Seen

_ROWS = 200_000


def track_frames(path: Path, frame: NDArray[np.int32], time_s: NDArray[np.float64]) -> Seen:
    """Sum up table ``tracks`` as `pipeline.linking.by_hand.moments.seen_of` does.

    ``frame``, ``time_s``: of all frames of the run, in order.
    """
    import pyarrow.parquet as pq

    parts: dict[int, list[NDArray[np.int32]]] = {}
    shown = np.zeros(len(frame), bool)
    for batch in pq.ParquetFile(path).iter_batches(_ROWS, columns=["track_id", "frame"]):
        track, at = (np.asarray(batch.column(i).to_numpy(), np.int32) for i in (0, 1))
        shown[np.searchsorted(frame, np.unique(at))] = True
        order = np.argsort(track, kind="stable")
        numbers, begins = np.unique(track[order], return_index=True)
        for number, own in zip(numbers.tolist(), np.split(at[order], begins[1:]), strict=True):
            parts.setdefault(number, []).append(own.copy())
    by_track = {number: np.sort(np.concatenate(own)).astype(np.int64) for number, own in parts.items()}
    return Seen(frame[shown].astype(np.int64), time_s[shown], by_track)
