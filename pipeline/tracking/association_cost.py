"""How well a box fits a track: minus log-likelihoods, and the assignment of least cost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from pipeline.core.boxes import box_iou
from pipeline.tracking import kalman
from pipeline.tracking.detections import Detections
from pipeline.tracking.kalman import State

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

NEVER = 1e6
"""Cost of a pair that cannot be."""
_SIZE_STD = 0.2
_TORSO_STD, _LEGS_STD = 8.0, 10.0
_KIT_CAP = 4.0
_GATE = 16.0
_IOU_WEIGHT = 2.0


def kit_cost(first: Array, second: Array) -> Array:
    """Minus log-likelihood that kit colours ``(T, 6)`` and ``(N, 6)`` are of one person, ``(T, N)``.

    0 where equal or where either is unknown (NaN).
    """
    miss = first[:, None, :] - second[None, :, :]
    np.nan_to_num(miss, copy=False)
    miss *= miss
    torso, legs = miss[..., :3].sum(axis=2), miss[..., 3:].sum(axis=2)
    return np.asarray(0.5 * (torso / _TORSO_STD**2 + legs / _LEGS_STD**2))


def fit_cost(state: State, kit: Array, found: Detections) -> Array:
    """Cost of each pair of a track and a box, shape ``(T, N)``; `NEVER` outside the gate.

    Minus the log-likelihood of place (Kalman), size and kit colour, and a bonus for overlap. Place
    counts in squared body heights, so that tracks lost for long (uncertain) yield to certain ones. A
    body in front hides a kit, so a wrong kit costs little where the place is certain, more where not.
    """
    height = state.size[:, 1]
    var = kalman.innovation_var(state)
    miss = found.centre[None] - state.place[:, None]
    distance2 = (miss * miss).sum(axis=2) / var[:, None]
    scale = np.log(found.size[None, :, 1] / height[:, None]) / _SIZE_STD
    boxes = np.hstack([state.place - state.size / 2, state.place + state.size / 2])
    spread = np.log(var / (kalman.PLACE_STD * height) ** 2)
    cost = 0.5 * distance2 + spread[:, None] + 0.5 * np.minimum(scale * scale, 16.0)
    cost += np.minimum(kit_cost(kit, found.kit), _KIT_CAP + spread[:, None])
    cost += _IOU_WEIGHT * (1 - box_iou(boxes, found.boxes()))
    cost[(distance2 > _GATE) | (np.abs(scale) > 3.5)] = NEVER
    return np.asarray(cost)


def assign(cost: Array, unlinked: float) -> tuple[Ints, Ints]:
    """Choose pairs of least total cost where leaving a pair apart costs ``unlinked``."""
    if not cost.size:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    rows, columns = linear_sum_assignment(np.minimum(cost, unlinked))
    keep = cost[rows, columns] < unlinked
    return rows[keep].astype(np.int64), columns[keep].astype(np.int64)


def others(n: int, taken: Ints) -> Ints:
    """Those of 0 .. n - 1 that are not in ``taken``, in order."""
    free = np.ones(n, bool)
    free[taken] = False
    return np.flatnonzero(free)


def certainty(cost: Array, rows: Ints, columns: Ints, unlinked: float) -> Array:
    """Probability of each chosen pair against its rivals: swaps with other pairs, loners, no link."""
    own = cost[rows, columns]
    square = np.minimum(cost[rows][:, columns], NEVER)
    swap = square + square.T - own[:, None] - own[None]
    odds = np.exp(-np.clip(swap, 0, 50)).sum(axis=1) - 1 if len(rows) else own
    free_rows, free_columns = others(cost.shape[0], rows), others(cost.shape[1], columns)
    odds = odds + np.exp(-np.clip(cost[rows][:, free_columns] - own[:, None], 0, 50)).sum(axis=1)
    odds += np.exp(-np.clip(cost[free_rows][:, columns] - own[None], 0, 50)).sum(axis=0)
    return np.asarray(1 / (1 + odds + np.exp(-np.clip(unlinked - own, 0, 50))))
