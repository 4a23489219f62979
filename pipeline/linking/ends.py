"""Whether and when the teams change ends: positions are then turned, so that places in the shape stay."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_STEP_S = 10.0
_MIN_SIDE_S = 240.0
_MIN_LEAD_M = 2.0


def change_of_ends(time_s: Array, x_m: Array, is_a: NDArray[np.bool_]) -> float | None:
    """Find the moment, s, from which team A defends the other goal; None if it never does.

    A team stands nearer to its own goal than the opponents do: where that turns round, and stays so for
    minutes before and after, ends were changed. At most one change is looked for.
    """
    if not len(time_s):
        return None
    slot = (time_s / _STEP_S).astype(np.int64)
    n = int(slot.max()) + 1
    count = np.stack([np.bincount(slot, side, n) for side in (is_a, ~is_a)])
    total = np.stack([np.bincount(slot, x_m * side, n) for side in (is_a, ~is_a)])
    both = (count > 0).all(axis=0)
    lead = np.where(both, total[0] / np.maximum(count[0], 1) - total[1] / np.maximum(count[1], 1), 0.0)
    so_far, seen = np.concatenate([[0], lead.cumsum()]), np.concatenate([[0], both.cumsum()])
    left, right = so_far / np.maximum(seen, 1), (so_far[-1] - so_far) / np.maximum(seen[-1] - seen, 1)
    enough = np.minimum(seen, seen[-1] - seen) * _STEP_S >= _MIN_SIDE_S
    turned = enough & (left * right < 0) & (np.minimum(abs(left), abs(right)) >= _MIN_LEAD_M)
    if not turned.any():
        return None
    clear = np.where(turned, abs(so_far) + abs(so_far[-1] - so_far), -np.inf)
    return float(clear.argmax() * _STEP_S)


def turned(time_s: Array, place_m: Array, changes_s: Sequence[float]) -> Array:
    """Turn places ``(N, 2)`` by half a turn from each of ``changes_s`` on (to the next of them)."""
    n_changes = np.searchsorted(np.sort(np.asarray(changes_s, np.float64)), time_s, side="right")
    return np.where((n_changes % 2 == 1)[:, None], -place_m, place_m)
