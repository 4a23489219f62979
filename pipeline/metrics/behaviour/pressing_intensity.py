"""Pressing intensity: how likely the player with the ball is reached soon. Arrays in, arrays out.

Bekkers (2024, arXiv 2501.04712): a time to intercept for each opponent, after Shaw and Pleuler with the
turning of his run, becomes the probability that he arrives within 1.5 s; that of any of them is ``1 -
product(1 - p)``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

REACTION_S, TOP_MPS, WITHIN_S, SIGMA_S = 0.7, 12.0, 1.5, 0.45
"""Reaction time, greatest speed, the time in which he must arrive, and its spread, as published."""


def time_to_intercept_s(place_m: Array, velocity_mps: Array, target_m: Array, target_mps: Array) -> Array:
    """Give the time that each opponent needs to reach the player with the ball, s, ``(T, P)``; NaN where
    unknown.

    Parameters
    ----------
    place_m, velocity_mps
        Opponents, ``(T, P, 2)``.
    target_m, target_mps
        The player with the ball, ``(T, 2)``; he goes on as he runs.
    """
    ahead = (target_m + target_mps)[:, None]
    wanted = ahead - place_m
    speed = np.hypot(velocity_mps[..., 0], velocity_mps[..., 1])
    length = np.hypot(wanted[..., 0], wanted[..., 1])
    cosine = (velocity_mps * wanted).sum(axis=2) / np.maximum(speed * length, 1e-9)
    angle = np.arccos(np.clip(cosine, -1.0, 1.0))
    reacted = place_m + velocity_mps * REACTION_S
    rest = ahead - reacted
    far = np.hypot(rest[..., 0], rest[..., 1])
    return np.asarray(speed * angle / np.pi + REACTION_S + far / TOP_MPS)


def pressing_intensity(place_m: Array, velocity_mps: Array, target_m: Array, target_mps: Array) -> Array:
    """Give the probability that somebody reaches the player with the ball within 1.5 s, ``(T,)``.

    NaN without a player, or where no opponent's velocity is known.
    """
    needed = time_to_intercept_s(place_m, velocity_mps, target_m, target_mps)
    arrives = 1 / (1 + np.exp(-np.pi / np.sqrt(3) / SIGMA_S * (WITHIN_S - needed)))
    known = np.isfinite(arrives)
    none = np.where(known, 1 - np.nan_to_num(arrives), 1.0).prod(axis=1)
    return np.where(known.any(axis=1), 1 - none, np.nan)
