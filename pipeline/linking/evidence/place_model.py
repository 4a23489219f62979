"""Where a person is when unseen for a while: carried by his motion, then by his team, then by his role.

A player leaves with a place and a velocity, and comes back with others. Against his team, both velocities
carry him over seconds (of his way, most after 3 to 5 s); the whole team shifts with the play and he with it;
over longer he returns to his place in the team's shape. The numbers follow regressions on six minutes of
TRACAB (benchmarks/identity_reliability.py measures them there).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MAX_SPEED_MPS = 12.0
_SLACK_M = 1.5
"""Two fitted ends may be this much too far apart, besides their errors."""
NEVER = -1e6
STEADY_S = 1.0
"""Up to here the team is carried by its velocity; beyond, its reference point tells where it went."""
CARRY, CARRY_S = 0.375, 6.0
"""How far velocities carry a person away from his team: a share of both ends' together, fading by then."""
RETURN_HZ = 0.2
RETURN_S = 8.0
"""How soon a player is back at his place in the shape."""
ROAM_M = 6.0
"""How far he roams about it, per axis, before the match has shown it."""
_DRIFT_MPS = 0.65
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
    end_ref_mps: Array,
    start_m: Array,
    start_mps: Array,
    start_ref_m: Array,
    start_ref_mps: Array,
    gap_s: Array,
    error_m: Array,
    home_m: Array,
    roam_m: Array,
) -> Array:
    """Log density, 1/m^2, of appearing at ``start_m`` after leaving at ``end_m``; `NEVER` where impossible.

    All places ``(..., 2)`` in metres, broadcast against each other; ``..._ref_m``: the team's reference
    point at that moment, with its velocity ``..._ref_mps``; ``home_m``: the person's place from it, within
    ``roam_m``; ``gap_s, error_m`` ``(...)``.
    """
    gap = np.maximum(gap_s, 0.0)
    g = gap[..., None]
    early = np.exp(-g / STEADY_S)
    together = 0.5 * (end_ref_mps + start_ref_mps)
    shift = early * g * together + (1 - early) * (start_ref_m - end_ref_m)
    own = 0.5 * (end_mps + start_mps) - together
    carried = 2 * CARRY * g * np.exp(-((g / CARRY_S) ** 1.5)) * own
    settled = -np.expm1(-RETURN_HZ * g) - RETURN_HZ * g * np.exp(-RETURN_HZ * g)
    expected = end_m + shift + carried + settled * (home_m - (end_m - end_ref_m))
    out = log_spot(start_m - expected, variance_m2(gap, error_m, roam_m))
    way = start_m - end_m
    far = np.hypot(way[..., 0], way[..., 1])
    reach = MAX_SPEED_MPS * gap + _SLACK_M + 2 * error_m
    return np.where((gap_s < -1e-9) | (far > reach), NEVER, out)
