"""Pitch control after Spearman, Beyond Expected Goals (MIT Sloan 2018). Arrays in, arrays out.

The ball flies to a point at 15 m/s. A player can be there after his reaction time, in which he goes on as
he runs, and a run at his greatest speed; when exactly is uncertain (logistic, spread 0.45 s). Once there he
takes the ball at a rate of 4.3 a second. The chance that it is still free follows in closed form, so no
step is too long for it; each step's share is split by the rates at its middle. Constants are those
published with Metrica's sample data (Shaw, Friends of Tracking 2020), where defenders take it faster by
1.72 only for goalkeepers: here everybody alike.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BALL_MPS, REACTION_S, TOP_MPS, RATE_HZ, SIGMA_S = 15.0, 0.7, 5.0, 4.3, 0.45
_SHARP = np.pi / np.sqrt(3) / SIGMA_S
_STEPS_S = np.r_[np.arange(0, 3, 0.1), np.arange(3, 10.01, 0.5)]
"""Times after the ball's arrival, s; none is left free by the end."""


def arrival_s(points_m: Array, place_m: Array, velocity_mps: Array) -> Array:
    """Give the time at which each player is expected at each point, s, ``(T, C, P)``; inf where absent."""
    reacted = place_m + REACTION_S * np.nan_to_num(velocity_mps)
    step = points_m[:, :, None] - reacted[:, None]
    far = np.hypot(step[..., 0], step[..., 1])
    return np.where(np.isfinite(far), REACTION_S + far / TOP_MPS, np.inf)


def control_a(points_m: Array, places_m: Array, velocity_mps: Array, ball_m: Array) -> Array:
    """Give the probability that team A takes a ball played to each point, ``(T, C)``; NaN without any player.

    Parameters as for `fernandez_bornn.control_a`.
    """
    flight = points_m - ball_m[:, None]
    flight_s = np.hypot(flight[..., 0], flight[..., 1]) / BALL_MPS
    late = [arrival_s(points_m, places_m[t], velocity_mps[t]) - flight_s[..., None] for t in (0, 1)]
    taken = np.zeros((2, *flight_s.shape))
    free = np.ones(flight_s.shape)
    begun = [_integrated(-arrives) for arrives in late]
    for since, until in pairwise(_STEPS_S.tolist()):
        load = sum(
            (_integrated(until - arrives) - start).sum(axis=2)
            for arrives, start in zip(late, begun, strict=True)
        )
        left = np.exp(-RATE_HZ * load)
        middle = (since + until) / 2
        one, two = (_there(middle - arrives).sum(axis=2) for arrives in late)
        share = np.divide(one, one + two, out=np.full_like(one, 0.5), where=one + two > 0)
        gone = free - left
        taken += np.stack([gone * share, gone * (1 - share)])
        free = left
    total = taken.sum(axis=0)
    out: Array = np.divide(taken[0], total, out=np.full_like(total, np.nan), where=total > 1e-6)
    return out


def _there(late_s: Array) -> Array:
    """Probability that a player expected ``late_s`` ago is there."""
    return np.asarray(1 / (1 + np.exp(-np.clip(_SHARP * late_s, -60, 60))))


def _integrated(late_s: Array) -> Array:
    """Integral of `_there` over time, up to ``late_s``."""
    return np.asarray(np.log(1 + np.exp(np.clip(_SHARP * late_s, -60, 600))) / _SHARP)
