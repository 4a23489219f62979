"""Marks moved apart, so that each can be read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_ROUNDS = 300


def spread_apart(places: Array, least: float, wider: float = 1.0) -> Array:
    """Move places ``(N, 2)`` as little as it takes until no two are nearer than ``least``.

    Side by side they need ``wider`` times that, as marks with words under them do.
    Pairs that are too near push each other away by half of what is missing, again and again. Places on one
    spot part along the y axis, in their order. The result depends on nothing else.
    """
    shape = np.array([wider, 1.0])
    out = np.array(places, float) / shape
    if len(out) < 2:
        return np.asarray(out * shape)
    upper = np.triu_indices(len(out), 1)
    for _ in range(_ROUNDS):
        gap = out[upper[1]] - out[upper[0]]
        far = np.hypot(gap[:, 0], gap[:, 1])
        near = far < least - 1e-3
        if not near.any():
            break
        way = np.where(far[:, None] > 1e-6, gap / np.maximum(far, 1e-6)[:, None], [[0.0, 1.0]])
        push = way * ((least - far) / 2)[:, None] * near[:, None]
        np.add.at(out, upper[0], -push)
        np.add.at(out, upper[1], push)
    return np.asarray(out * shape)
