"""Where a person is when unseen for a while: carried by his motion, then by his team, then by his role.

A player leaves with a place and a velocity. Over a second the velocity carries him; over seconds the whole
team shifts with the play and he with it; over longer he returns to his place in the team's shape. The
numbers were fitted to Hawk-Eye and top-view positions.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MAX_SPEED_MPS = 12.0
_SLACK_M = 1.5
"""Two fitted ends may be this much too far apart, besides their errors."""
NEVER = -1e6
VELOCITY_S = 1.0
RETURN_S = 8.0
"""How soon a player is back at his place in the shape."""
ROAM_M = 6.0
"""How far he roams about it, per axis, before the match has shown it."""
_DRIFT_MPS = 0.9
"""How fast a straight continuation goes wrong, per axis."""
_TAIL = 5.0
"""Degrees of freedom: odd moves happen."""


def log_spot(miss_m: Array, variance_m2: Array) -> Array:
    """Log density, 1/m^2, of a miss ``(..., 2)`` under a t-distribution of ``variance_m2`` ``(..., 2)``."""
    ratio = miss_m * miss_m / variance_m2
    squared = ratio[..., 0] + ratio[..., 1]
    area = variance_m2[..., 0] * variance_m2[..., 1]
    out: Array = -0.5 * (_TAIL + 2) * np.log1p(squared / _TAIL) - 0.5 * np.log(area) - np.log(2 * np.pi)
    return out


def variance_m2(gap_s: Array, error_m: Array, roam_m: Array) -> Array:
    """How far off the prediction over ``gap_s`` ``(...)`` is, ``(..., 2)``; ``roam_m`` ``(..., 2)``."""
    straight = (0.25 + _DRIFT_MPS * gap_s) ** 2
    settled = roam_m**2 * -np.expm1(-2 * np.maximum(gap_s, 0.02) / RETURN_S)[..., None]
    out: Array = 1 / (1 / straight[..., None] + 1 / settled) + (error_m**2)[..., None]
    return out


def log_move(
    end_m: Array,
    end_mps: Array,
    end_ref_m: Array,
    start_m: Array,
    start_mps: Array,
    start_ref_m: Array,
    gap_s: Array,
    error_m: Array,
    home_m: Array,
    roam_m: Array,
) -> Array:
    """Log density, 1/m^2, of appearing at ``start_m`` after leaving at ``end_m``; `NEVER` where impossible.

    All places ``(..., 2)`` in metres, broadcast against each other; ``..._ref_m``: the team's reference
    point at that moment; ``home_m``: the person's place from it, within
    ``roam_m``; ``gap_s, error_m`` ``(...)``.
    """
    gap = np.maximum(gap_s, 0.0)
    g = gap[..., None]
    early = np.exp(-g / VELOCITY_S)
    carried = 0.5 * (end_mps + start_mps) * g
    shifted = start_ref_m - end_ref_m
    back = -np.expm1(-np.maximum(g - 0.5, 0.0) / RETURN_S) * (home_m - (end_m - end_ref_m))
    expected = end_m + early * carried + (1 - early) * (shifted + back)
    out = log_spot(start_m - expected, variance_m2(gap, error_m, roam_m))
    way = start_m - end_m
    far = np.hypot(way[..., 0], way[..., 1])
    reach = MAX_SPEED_MPS * gap + _SLACK_M + 2 * error_m
    return np.where((gap_s < -1e-9) | (far > reach), NEVER, out)
