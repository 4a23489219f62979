"""Where one half ends and the next begins: long breaks without play, and teams that change ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.direction.attack_direction import CLEAR, lasting_evidence

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

MIN_SIDE_S = 240.0
"""Play needed on both sides of a half-time."""
MIN_BREAK_S = 300.0
"""No play for longer than any injury usually takes."""
_PLAYERS = 3
"""Outfield players of each team that a second of play shows."""
_HIGHLIGHTS = 3.0
"""A second of play shown inside a break weighs as much as so many without: there are highlights."""
_BOTH, _ENDS_ONLY, _BREAK_ONLY = 0.95, 0.8, 0.5
"""Scores of a half-time by its evidence: set by judgement, not fitted to anything."""
_SAME_ENDS, _UNCLEAR = 0.9, 0.6
"""Scores of there being none: teams clearly attack the same way at both ends of it, or not clearly."""


@dataclass(frozen=True, slots=True)
class HalfTime:
    """The first half ends at ``end_s``, the second begins at ``start_s``; ``why``: break, ends or both."""

    end_s: float
    start_s: float
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Play:
    """Whether each whole second from 0 shows play, ``(S,)``."""

    seconds: NDArray[np.bool_]

    def first(self, since_s: float = 0.0) -> float | None:
        """Give the first second of play at or after a time, s; None without one."""
        at = np.flatnonzero(self.seconds[max(int(since_s), 0) :])
        return float(max(int(since_s), 0) + at[0]) if len(at) else None

    def longest_break(self) -> tuple[float, float] | None:
        """Find the longest stretch without play, s, flashes of play in it aside; with play on both sides."""
        at = np.flatnonzero(self.seconds)
        if not len(at):
            return None
        worth = np.where(self.seconds[at[0] : at[-1] + 1], -_HIGHLIGHTS, 1.0)
        so_far = np.concatenate([[0.0], worth.cumsum()])
        gain = so_far - np.minimum.accumulate(so_far)
        end = int(gain.argmax())
        start = int(so_far[: end + 1].argmin())
        if gain[end] < MIN_BREAK_S:
            return None
        return float(at[0] + start), float(at[0] + end)


def play_of(people: pd.DataFrame) -> Play:
    """Say which seconds show play: enough outfield players of both teams with places.

    Parameters
    ----------
    people
        What `who_is_where.people` gives.
    """
    outfield = people[people["role"] == "player"]
    if outfield.empty:
        return Play(np.zeros(0, bool))
    seen = (
        outfield.groupby(["frame", "team"]).agg(n=("x_m", "size"), time_s=("time_s", "first")).reset_index()
    )
    counts = seen.pivot_table(index="frame", columns="team", values="n", fill_value=0)
    if not {"A", "B"} <= set(counts.columns):
        return Play(np.zeros(0, bool))
    good = counts[["A", "B"]].min(axis=1) >= _PLAYERS
    times = seen.groupby("frame")["time_s"].first().loc[good[good].index].to_numpy(np.float64)
    seconds = np.zeros(int(times.max()) + 1 if len(times) else 0, bool)
    seconds[times.astype(np.int64)] = True
    return Play(seconds)


def half_time(people: pd.DataFrame, play: Play, change_s: float | None) -> HalfTime | None:
    """Find half-time, if anything speaks for one.

    Parameters
    ----------
    people
        What `who_is_where.people` gives, in the pitch's own directions.
    change_s
        When teams seem to change ends, from which team stands nearer to which goal; None where they do not.
    """
    gap = play.longest_break()
    if gap is not None and _long_enough(play, *gap):
        before, after = _either_side(people, *gap)
        if before * after <= 0 or min(abs(before), abs(after)) < CLEAR:
            sure = min(abs(before), abs(after)) >= CLEAR
            return HalfTime(*gap, _BOTH if sure else _BREAK_ONLY, "both" if sure else "break")
    if change_s is None or not _long_enough(play, change_s, change_s):
        return None
    before, after = _either_side(people, change_s, change_s)
    if before * after < 0 and min(abs(before), abs(after)) >= CLEAR:
        return HalfTime(change_s, change_s, _ENDS_ONLY, "ends")
    return None


def one_half_score(people: pd.DataFrame, play: Play) -> float:
    """Say how sure it is that footage without a half-time is of one half, 0 to 1."""
    total = int(play.seconds.sum())
    if total < 2 * MIN_SIDE_S:
        # Too short to hold a half-time with play enough on both sides to see it.
        return _SAME_ENDS
    middle = float(np.flatnonzero(play.seconds)[total // 2])
    before, after = _either_side(people, middle, middle)
    same = before * after > 0 and min(abs(before), abs(after)) >= CLEAR
    return _SAME_ENDS if same else _UNCLEAR


def _long_enough(play: Play, end_s: float, start_s: float) -> bool:
    sides = play.seconds[: int(end_s)].sum(), play.seconds[int(start_s) :].sum()
    return bool(min(sides) >= MIN_SIDE_S)


def _either_side(people: pd.DataFrame, end_s: float, start_s: float) -> tuple[float, float]:
    before, after = people["time_s"] <= end_s, people["time_s"] >= start_s
    return lasting_evidence(people[before]), lasting_evidence(people[after])
