"""Steadier labels without tracking: each instance listens to its neighbours in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.core.geometry import transform
from pipeline.tables import storage
from pipeline.tables.schemas import MOTION_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_REACH = 0.5
"""Neighbours stand within this many heights of each other, camera motion removed."""
_MEMORY = 0.85


def neighbours(frames: pd.DataFrame, people: pd.DataFrame) -> Ints:
    """For each person the same one (probably) in the frame before, as a row of ``people``; -1 for none.

    Mutual nearest places, camera motion removed; never across a cut or where the motion is unknown.
    """
    out = np.full(len(people), -1, np.int64)
    frames = frames.sort_values("frame")
    motion = storage.matrices(frames, MOTION_COLUMNS).copy()
    motion[frames["duplicate"].to_numpy(bool)] = np.eye(3)
    numbers, shot = frames["frame"].to_numpy(), frames["shot"].to_numpy()
    frame = people["frame"].to_numpy()
    order = np.argsort(frame, kind="stable")
    begin = np.searchsorted(frame[order], numbers, "left")
    end = np.searchsorted(frame[order], numbers, "right")
    box = people[["x1_px", "y1_px", "x2_px", "y2_px"]].to_numpy(np.float64)
    middle, height = (box[:, :2] + box[:, 2:]) / 2, box[:, 3] - box[:, 1]
    for i in range(1, len(numbers)):
        before, after = order[begin[i - 1] : end[i - 1]], order[begin[i] : end[i]]
        if shot[i] == shot[i - 1] and len(before) and len(after) and not np.isnan(motion[i]).any():
            moved = transform(middle[before], motion[i])
            apart = np.linalg.norm(moved[:, None] - middle[after][None], axis=2) / height[after][None]
            apart = np.nan_to_num(apart, nan=np.inf)
            match = apart.argmin(axis=1)
            own = np.arange(len(before))
            keep = (apart.argmin(axis=0)[match] == own) & (apart[own, match] < _REACH)
            out[after[match[keep]]] = before[keep]
    return out


def smooth(chance: Array, before: Ints, frame: Ints) -> Array:
    """Mix each row's probabilities ``(N, R)`` with those of its neighbours in both directions of time."""
    logs = np.log(np.maximum(chance, 1e-4))
    after = np.full(len(before), -1, np.int64)
    after[before[before >= 0]] = np.flatnonzero(before >= 0)
    order = np.argsort(frame, kind="stable")
    edges = np.flatnonzero(np.diff(frame[order])) + 1
    steps = np.split(order, edges)
    past = _run(logs, before, steps)
    future = _run(logs, after, steps[::-1])
    total = past + future - logs
    weight = (
        _run(np.ones((len(logs), 1)), before, steps) + _run(np.ones((len(logs), 1)), after, steps[::-1]) - 1
    )
    # Neighbours repeat each other's errors: the mean, sharpened by no more than four independent looks.
    total = total / weight * np.minimum(weight, 4.0)
    out = np.exp(total - total.max(axis=1, keepdims=True))
    return np.asarray(out / out.sum(axis=1, keepdims=True))


def _run(values: Array, source: Ints, steps: list[Ints]) -> Array:
    out = values.copy()
    for rows in steps:
        linked = rows[source[rows] >= 0]
        out[linked] += _MEMORY * out[source[linked]]
    return out
