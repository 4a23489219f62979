"""Pitch control after Fernandez and Bornn, Wide Open Spaces (MIT Sloan 2018). Arrays in, arrays out.

A player's influence is a Gaussian around where he is in half a second, longer along his run the faster he
is, wider the further he is from the ball, scaled to 1 where he stands (their equations 13 and 18 to 21). A
team's control is the logistic function of its players' influence less that of the opponents.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

NEAR_M, FAR_M, GROWS_M = 4.0, 10.0, 972.0
"""Reach at the ball, far from it, and ``reach = 4 + d^3 / 972`` between (their figure 9)."""
TOP_MPS = 13.0
_LEAST_M = 0.05


def influence(points_m: Array, place_m: Array, velocity_mps: Array, ball_m: Array) -> Array:
    """Give each player's influence at each point, ``(T, C, P)``, 1 where he stands; 0 where absent.

    Parameters
    ----------
    points_m
        Shape ``(T, C, 2)``.
    place_m, velocity_mps
        Shape ``(T, P, 2)``; NaN where absent. An unknown velocity counts as standing.
    ball_m
        Shape ``(T, 2)``.
    """
    velocity = np.nan_to_num(velocity_mps)
    far = np.hypot(*np.moveaxis(place_m - ball_m[:, None], 2, 0))
    reach = np.minimum(NEAR_M + far**3 / GROWS_M, FAR_M)
    speed = np.hypot(velocity[..., 0], velocity[..., 1])
    ratio = np.minimum(speed / TOP_MPS, 1.0) ** 2
    along = np.maximum(reach * (1 + ratio) / 2, _LEAST_M)
    across = np.maximum(reach * (1 - ratio) / 2, _LEAST_M)
    angle = np.arctan2(velocity[..., 1], velocity[..., 0])
    heading = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    middle = place_m + 0.5 * velocity
    there = _exponent(
        points_m[:, :, None] - middle[:, None], heading[:, None], along[:, None], across[:, None]
    )
    here = _exponent(place_m - middle, heading, along, across)
    return np.nan_to_num(np.exp(there - here[:, None]))


def _exponent(step: Array, heading: Array, along: Array, across: Array) -> Array:
    forward = step[..., 0] * heading[..., 0] + step[..., 1] * heading[..., 1]
    sideways = step[..., 1] * heading[..., 0] - step[..., 0] * heading[..., 1]
    return np.asarray(-0.5 * ((forward / along) ** 2 + (sideways / across) ** 2))


def control_a(points_m: Array, places_m: Array, velocity_mps: Array, ball_m: Array) -> Array:
    """Give team A's control of each point, 0 to 1, ``(T, C)``; B's is the rest.

    ``places_m`` and ``velocity_mps`` ``(2, T, P, 2)``, team A first.
    """
    one, two = (influence(points_m, places_m[t], velocity_mps[t], ball_m).sum(axis=2) for t in (0, 1))
    return np.asarray(1 / (1 + np.exp(two - one)))
