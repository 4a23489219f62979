"""Which frames are looked at, and a shot as arrays. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline.calibration.evidence import Evidence
from pipeline.calibration.timeline import ShotFrames

if TYPE_CHECKING:
    import pandas as pd

_MOTION = ["m11", "m12", "m13", "m21", "m22", "m23", "m31", "m32", "m33"]


def key_frames(rows: pd.DataFrame, every_s: float) -> frozenset[int]:
    """Choose frames of one shot (rows of ``frames``) to look at: one in ``every_s``, the first and the last.

    Repeated pictures are passed over where there is a choice.
    """
    fresh = rows[~rows["duplicate"]]
    fresh = fresh if len(fresh) else rows
    number, time_s = fresh["frame"].to_numpy(), fresh["time_s"].to_numpy()
    chosen, due = [], -np.inf
    for frame, time in zip(number.tolist(), time_s.tolist(), strict=True):
        if time >= due:
            chosen.append(frame)
            # A tolerance, so that rounding of times does not skip to the frame after.
            due = time + every_s - 1e-3
    return frozenset([*chosen, int(number[-1])])


def as_shot(rows: pd.DataFrame, evidence: Sequence[Evidence]) -> ShotFrames:
    """Lay out the rows of ``frames`` of one shot as arrays, with the frames that were looked at."""
    frame = rows["frame"].to_numpy(np.int64)
    keys = np.searchsorted(frame, [e.frame for e in evidence]).astype(np.intp)
    motion = rows[_MOTION].to_numpy(np.float64).reshape(-1, 3, 3)
    size = (evidence[0].width_px, evidence[0].height_px) if evidence else (1, 1)
    return ShotFrames(frame, rows["time_s"].to_numpy(np.float64), motion, keys, size)
