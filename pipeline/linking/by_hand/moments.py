"""What was seen when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.core.text.said import clock

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Seen:
    """Frames that show anybody ``(F,)``, their times ``(F,)`` in s, and the frames of each track."""

    frame: Ints
    time_s: NDArray[np.float64]
    by_track: Mapping[int, Ints]

    def first_from(self, time_s: float) -> int:
        """Give the first frame at or after a time; ValueError if there is none, or it is before all."""
        at = int(np.searchsorted(self.time_s, time_s - 1e-6))
        if not len(self.frame) or at >= len(self.frame) or time_s < self.time_s[0] - 1e-6:
            raise ValueError(f"{clock(time_s)} is outside the footage ({self._span()})")
        return int(self.frame[at])

    def checked(self, frame: int) -> int:
        """Give ``frame`` back; ValueError if it is not between the first and one past the last."""
        if not len(self.frame) or not self.frame[0] <= frame <= self.frame[-1] + 1:
            raise ValueError(f"frame {frame} is outside the footage ({self._span()})")
        return frame

    def time_of(self, frame: int) -> float:
        """When a frame was shown, s; between frames that are known, in proportion."""
        if not len(self.frame):
            return 0.0
        # Two neighbours are enough: `np.interp` of all would copy them for every question.
        at = min(max(int(np.searchsorted(self.frame, frame)), 1), len(self.frame) - 1)
        near = slice(max(at - 1, 0), at + 1)
        return float(np.interp(frame, self.frame[near], self.time_s[near]))

    def frames(self, track: int, first: int, last: int) -> Ints:
        """Give the frames, ``first`` to ``last``, that show a track."""
        own = self.by_track.get(track, np.zeros(0, np.int64))
        return own[np.searchsorted(own, first) : np.searchsorted(own, last, side="right")]

    def _span(self) -> str:
        if not len(self.frame):
            return "nobody is seen in it"
        times = f"{clock(self.time_s[0])} to {clock(self.time_s[-1])}"
        return f"{times}, frames {self.frame[0]} to {self.frame[-1]}"


def seen_of(tracks: pd.DataFrame) -> Seen:
    """Sum up table ``tracks``."""
    once = tracks.drop_duplicates("frame").sort_values("frame")
    own: dict[int, NDArray[np.int64]] = {
        int(rows["track_id"].iloc[0]): np.sort(rows["frame"].to_numpy(np.int64))
        for _, rows in tracks.groupby("track_id")
    }
    return Seen(once["frame"].to_numpy(np.int64), once["time_s"].to_numpy(np.float64), own)
