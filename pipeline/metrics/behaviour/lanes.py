"""The five lanes of the pitch: wings, half-spaces, centre. Arrays in, arrays out.

Their edges are those of the penalty area and of the goal area, prolonged (`Pitch.lanes_m`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.metrics.moments.play_moments import Moments

Array = NDArray[np.float64]

LANES = ("left_wing", "left_half_space", "centre", "right_half_space", "right_wing")


def lane_counts(match: Moments, team: int, pitch: Pitch) -> Array:
    """Count the outfield players in each lane, ``(T, 5)``, from their left to their right; NaN if unclear."""
    y = -match.forward(team, match.places_m[team])[..., 1]
    centre, wing = pitch.lanes_m
    lane = np.searchsorted(np.array([-wing, -centre, centre, wing]), y, side="left")
    own = match.outfield[team]
    counts = np.stack([((lane == k) & own).sum(axis=1) for k in range(len(LANES))], axis=1).astype(float)
    return np.where((match.sign[team] != 0)[:, None], counts, np.nan)
