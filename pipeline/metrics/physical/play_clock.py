"""The clock of play: seconds played, without the breaks between periods. Tables in, arrays out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PlayClock:
    """``spans_s`` ``(P, 2)``: start and end of each period, in order, s."""

    spans_s: Array

    def played_s(self, times_s: Array) -> Array:
        """Give the seconds played until each time, ``(N,)``; a break stands still."""
        since, until = self.spans_s.T
        into = np.clip(np.asarray(times_s, float)[:, None], since, until) - since
        return np.asarray(into.sum(axis=1))

    def time_s(self, played_s: float) -> float:
        """Give the time at which so much had been played."""
        long = np.diff(self.spans_s, axis=1)[:, 0]
        before = np.r_[0.0, np.cumsum(long)]
        number = int(np.clip(np.searchsorted(before, played_s, side="right") - 1, 0, len(long) - 1))
        return float(self.spans_s[number, 0] + played_s - before[number])
