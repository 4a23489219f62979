"""What a run is seen against: who has the ball, where it is, which way his team attacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.direction.left_to_right import Sides

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

BALL_S = 0.5
"""The ball's place counts for moments up to this far from a sight of it, s."""
MIN_KNOWN = 0.5
"""A run of whose time less is known than this share has no answer."""


@dataclass(frozen=True, slots=True)
class RunnerContext:
    """Direction of attack, spells (``start_s, end_s, team``), the ball (``time_s, x_m, y_m``)."""

    way: Sides
    spells: pd.DataFrame
    ball: pd.DataFrame

    def sign(self, at_s: float, team: str | None) -> float:
        """1 where the team attacks to the right, -1 to the left, 0 where that is unclear."""
        return float(self.way.signs(np.array([at_s]), np.array([team], dtype=object))[0])

    def possession(self, start_s: float, end_s: float, team: str | None) -> str | None:
        """Say ``in`` or ``out`` of possession, whichever was longer; None if hardly known."""
        if team is None or not len(self.spells):
            return None
        since, until = (self.spells[n].to_numpy(float) for n in ("start_s", "end_s"))
        shared = np.clip(np.minimum(until, end_s) - np.maximum(since, start_s), 0.0, None)
        ours = (self.spells["team"] == team).to_numpy(bool)
        have, lack = float(shared[ours].sum()), float(shared[~ours].sum())
        if have + lack < MIN_KNOWN * (end_s - start_s):
            return None
        return "in" if have >= lack else "out"

    def ball_gap_m(self, times_s: Array, places_m: Array) -> Array:
        """Distance of a player at ``places_m`` ``(N, 2)`` from the ball, ``(N,)``; NaN where it is unseen."""
        known = self.ball["time_s"].to_numpy(float)
        if not len(known):
            return np.full(len(times_s), np.nan)
        after = np.clip(np.searchsorted(known, times_s), 0, len(known) - 1)
        before = np.maximum(after - 1, 0)
        near = np.where(np.abs(known[before] - times_s) <= np.abs(known[after] - times_s), before, after)
        at = np.column_stack([self.ball[name].to_numpy(float)[near] for name in ("x_m", "y_m")])
        gap = np.hypot(*(places_m - at).T)
        return np.where(np.abs(known[near] - times_s) <= BALL_S, gap, np.nan)

    def with_ball(self, times_s: Array, places_m: Array, carry_m: float) -> bool | None:
        """Say whether he ran with the ball at his feet for half the time; None where it was hardly seen."""
        gap = self.ball_gap_m(times_s, places_m)
        known = np.isfinite(gap)
        if not len(gap) or known.mean() < MIN_KNOWN:
            return None
        return bool((gap[known] <= carry_m).mean() >= MIN_KNOWN)


def direction_of(step_m: Array, sign: float, forward_deg: float) -> str | None:
    """Name the direction of a displacement ``(2,)``: forward, backward or across; None where that is unclear.

    ``sign`` is that of `RunnerContext.sign`; forward is within ``forward_deg`` of the direction of attack.
    """
    if sign == 0 or not np.any(step_m):
        return None
    angle = float(np.degrees(np.arctan2(abs(step_m[1]), step_m[0] * sign)))
    if angle <= forward_deg:
        return "forward"
    return "backward" if angle >= 180 - forward_deg else "across"
