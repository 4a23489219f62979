"""Whose players are surely in view: what a camera that sees part of the pitch can answer. Arrays in, arrays
out.

A camera sees a strip of the pitch along the play. If it shows the ball and a team's goalkeeper, it shows
all that stand between them: the defenders on the goal side of the ball and the attackers ahead of it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.metrics.moments.play_moments import Moments

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


def whole_team(match: Moments, team: int, pitch: Pitch) -> Mask:
    """When all outfield players of ``team`` are in view, ``(T,)``; the pitch says how many those are."""
    return np.asarray(match.outfield[team].sum(axis=1) >= pitch.outfield)


def strip_to_goal(match: Moments, team: int) -> Mask:
    """When the pitch from the ball to the goalkeeper of ``team`` is in view, ``(T,)``."""
    keeper = (match.seen[team] & match.keeper[team]).any(axis=1)
    return np.asarray(keeper & np.isfinite(match.ball_m[:, 0]))


def heights_m(match: Moments, team: int, pitch: Pitch) -> Array:
    """Distances of the outfield players from their own goal line, ``(T, P)`` m, NaN where absent."""
    x = match.forward(team, match.places_m[team])[..., 0] + pitch.length_m / 2
    return np.where(match.outfield[team], x, np.nan)


def ball_height_m(match: Moments, team: int, pitch: Pitch) -> Array:
    """Distance of the ball from the goal line of ``team``, ``(T,)`` m."""
    return np.asarray(match.forward(team, match.ball_m)[:, 0] + pitch.length_m / 2)


def ranked(heights: Array) -> Array:
    """Sort each moment's heights ``(T, P)`` from the deepest; NaN last."""
    return np.sort(heights, axis=1)
