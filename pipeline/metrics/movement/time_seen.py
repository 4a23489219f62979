"""How long somebody was seen: the one definition behind minutes, coverage and heatmaps. Tables and arrays in.

Each position stands for the time around it, so who is seen in every frame is seen all of the time. (A pace is
metres over the time *between* positions, which is a frame less for each stretch in sight.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

_MAX_SECONDS = 0.5


def seconds_behind(table: pd.DataFrame) -> Array:
    """Give the time each row stands for, s ``(N,)``: from half way to the one before to half way to the next.

    Rows belong together by ``track_id`` (absent or null: all rows of a frame share its time). A row
    stands for no more than half a second, so gaps are not counted.
    """
    times = table["time_s"].to_numpy(float)
    order, unique = np.unique(times, return_inverse=True)
    if "track_id" not in table or table["track_id"].isna().all():
        return seconds_each(order)[unique]
    out = np.zeros(len(table))
    for rows in table.reset_index(drop=True).groupby("track_id", dropna=False).indices.values():
        own, back = np.unique(times[rows], return_inverse=True)
        out[rows] = seconds_each(own)[back] if len(own) > 1 else seconds_each(order)[unique[rows]]
    return out


def seconds_seen(people: pd.DataFrame) -> dict[int, float]:
    """Add up how long each track was seen, s; rows without a track are left out."""
    own = people[people["track_id"].notna()]
    seconds = own.assign(seconds=seconds_behind(own)).groupby("track_id")["seconds"].sum()
    tracks, sums = seconds.index.to_numpy(np.int64), seconds.to_numpy(float)
    return dict(zip(tracks.tolist(), sums.tolist(), strict=True))


def seconds_each(times_s: Array) -> Array:
    """Give the time that each of some moments (in order) stands for, s; gaps are left out as above."""
    if len(times_s) < 2:
        return np.zeros(len(times_s))
    gaps = np.diff(times_s)
    usual = float(np.median(gaps))
    gaps = np.where(gaps > max(_MAX_SECONDS, 1.5 * usual), usual, gaps)
    before, after = np.r_[gaps[0], gaps], np.r_[gaps, gaps[-1]]
    return np.asarray((before + after) / 2)
