"""Pressure on the player with the ball. Arrays in, arrays out.

Andrienko et al., Data Min Knowl Disc 31 (2017) 1793: an opponent at distance d presses with ``(1 - d /
L)^1.75`` within an oval of reach L, 9 m towards the goal that is attacked and 3 m behind; the pressures of
several add up. L follows their formula, ``L = back + (front - back) (z^3 + 0.3 z) / 1.3`` with ``z = (1 +
cos) / 2`` of the angle between the opponent and the goal, as seen from the player.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

POWER = 1.75


def pressures(
    carrier_m: Array, opponents_m: Array, goal_m: Array, front_m: float = 9.0, back_m: float = 3.0
) -> Array:
    """Give each opponent's pressure, 0 to 1, ``(T, P)``; 0 where absent.

    Parameters
    ----------
    carrier_m, goal_m
        Shape ``(T, 2)``: the player with the ball, and the goal that he attacks.
    opponents_m
        Shape ``(T, P, 2)``, NaN where absent.
    """
    to_opponent = opponents_m - carrier_m[:, None]
    to_goal = (goal_m - carrier_m)[:, None]
    far = np.hypot(to_opponent[..., 0], to_opponent[..., 1])
    length = np.hypot(to_goal[..., 0], to_goal[..., 1])
    along = (to_opponent * to_goal).sum(axis=2)
    cosine = along / np.maximum(far * length, 1e-9)
    z = (1 + cosine) / 2
    reach = back_m + (front_m - back_m) * (z**3 + 0.3 * z) / 1.3
    return np.asarray(np.nan_to_num(np.clip(1 - far / reach, 0.0, None) ** POWER))


def pressure(
    carrier_m: Array, opponents_m: Array, goal_m: Array, front_m: float = 9.0, back_m: float = 3.0
) -> Array:
    """Add up the `pressures`, ``(T,)``: 1 is one opponent at the player's feet; NaN without a carrier."""
    total = pressures(carrier_m, opponents_m, goal_m, front_m, back_m).sum(axis=1)
    return np.where(np.isfinite(carrier_m[:, 0]), total, np.nan)
