"""Stretches of footage that get one name each: windows of equal visible time. Tables in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Kind = Literal["formation", "shape_at_this_moment"]
_MAX_PAUSE_S, _MAX_GAP_S = 1.0, 0.5


@dataclass(frozen=True, slots=True)
class FormationSettings:
    """Windows and thresholds; see `pipeline.core.config.MeasureSettings`."""

    window_s: float = 180.0
    min_s: float = 60.0
    min_players: int = 5
    team_size: int = 10


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of footage under one name; ``kind`` as in the table ``formations``."""

    start_s: float
    end_s: float
    kind: Kind

    def of(self, people: pd.DataFrame) -> pd.DataFrame:
        """Keep the rows of the window."""
        return people[people["time_s"].between(self.start_s, self.end_s)]


def windows(people: pd.DataFrame, settings: FormationSettings) -> list[Window]:
    """Cut the footage into windows of about equal visible time: that in which enough of a team is seen.

    Footage with less than ``min_s`` of it is one window, a shape at this moment.
    """
    outfield = people[people["role"] == "player"]
    seen = outfield.groupby(["time_s", "team"]).size().unstack(fill_value=0).max(axis=1)
    times = seen.index[seen >= settings.min_players].to_numpy(float)
    if not len(times):
        all_times = outfield["time_s"].to_numpy(float)
        return [Window(all_times.min(), all_times.max(), "shape_at_this_moment")] if len(all_times) else []
    visible = np.cumsum(np.minimum(np.diff(times, prepend=times[0]), _MAX_PAUSE_S))
    total = float(visible[-1])
    if total < settings.min_s:
        return [Window(float(times[0]), float(times[-1]), "shape_at_this_moment")]
    number = max(1, round(total / settings.window_s))
    which = np.minimum((visible / total * number).astype(int), number - 1)
    first = np.searchsorted(which, np.arange(number))
    last = np.r_[first[1:] - 1, len(times) - 1]
    return [Window(float(times[a]), float(times[b]), "formation") for a, b in zip(first, last, strict=True)]


def visible_s(times_s: Array) -> float:
    """Add up the time that frames at ``times_s`` (increasing) stand for, s; longer gaps are not counted."""
    if len(times_s) < 2:
        return 0.0
    gaps = np.diff(times_s)
    usual = float(np.median(gaps))
    return float(np.where(gaps > max(_MAX_GAP_S, 2 * usual), usual, gaps).sum()) + usual


def seconds_between(spells: pd.DataFrame, start_s: float, end_s: float) -> float:
    """Add up how much of the time from ``start_s`` to ``end_s`` lies in ``spells``, s."""
    low = np.maximum(spells["start_s"].to_numpy(float), start_s)
    high = np.minimum(spells["end_s"].to_numpy(float), end_s)
    return float(np.clip(high - low, 0, None).sum())
