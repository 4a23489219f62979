"""Who has the ball at his feet. Arrays in, arrays out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.moments.play_moments import Moments

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Carriers:
    """Moment by moment ``(T,)``: the carrier's ``team``, ``slot`` in `Moments` and ``track``; -1 for none."""

    team: Ints
    slot: Ints
    track: Ints

    @property
    def known(self) -> NDArray[np.bool_]:
        """When somebody has it."""
        return np.asarray(self.team >= 0)

    def place_m(self, match: Moments) -> Array:
        """Where he is, ``(T, 2)``; NaN where there is nobody."""
        row = np.arange(len(self.team))
        at = match.places_m[np.maximum(self.team, 0), row, np.maximum(self.slot, 0)]
        return np.where(self.known[:, None], at, np.nan)

    def velocity_mps(self, match: Moments) -> Array:
        """How he moves, ``(T, 2)``; NaN where there is nobody or it is not known."""
        row = np.arange(len(self.team))
        at = match.velocity_mps[np.maximum(self.team, 0), row, np.maximum(self.slot, 0)]
        return np.where(self.known[:, None], at, np.nan)


def carriers(match: Moments, reach_m: float) -> Carriers:
    """Take the player of the team in possession who is nearest to the ball, if within ``reach_m``."""
    n = len(match.times_s)
    row, team = np.arange(n), np.maximum(match.owner, 0)
    if not n or not match.places_m.shape[2]:
        return Carriers(np.full(n, -1), np.full(n, -1), np.full(n, -1))
    own = match.places_m[team, row]
    gap = np.nan_to_num(np.hypot(*np.moveaxis(own - match.ball_m[:, None], 2, 0)), nan=np.inf)
    slot = gap.argmin(axis=1)
    has = (match.owner >= 0) & (gap[row, slot] <= reach_m)
    track = match.tracks[team, row, slot]
    return Carriers(np.where(has, match.owner, -1), np.where(has, slot, -1), np.where(has, track, -1))
