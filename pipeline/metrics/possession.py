"""Spells of possession: the table ``possession``. Tables and arrays in, table out.

Where no provider says who has the ball, it is estimated: a team takes possession when its player is the
one clearly nearest to the ball, within reach, for some tenths of a second, and keeps it until the other
team does, the ball leaves the pitch, or it has not been seen for some seconds. How often that agrees with
two providers is measured by ``benchmarks/possession_truth.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Owner = NDArray[np.object_]

REACH_M = 2.0
"""A ball further from a player's feet than this is nobody's."""
CLEAR_M = 1.0
"""The other team's nearest player must be this much further away."""
HOLD_S = 0.5
"""The ball is taken when it was held this long; before, the other team still has it."""
UNSEEN_S = 3.0
"""After this long without the ball nobody is said to have it."""
MIN_SEEN = 0.2
"""A match with the ball in a smaller share of its frames has no estimate at all."""
_LEFT_M = 0.5


def given_spells(times_s: Array, owner: Owner, part: Ints) -> pd.DataFrame:
    """Turn what a provider says frame by frame into spells: table ``possession``, source ``given``.

    Parameters
    ----------
    times_s
        Shape ``(F,)``, increasing.
    owner
        Shape ``(F,)``: "A", "B", or None where unknown or the ball is dead.
    part
        Shape ``(F,)``: number of the period; no spell crosses from one to the next.
    """
    return _table(times_s, _codes(owner), np.ones(len(times_s)), part, "given")


def estimated_spells(
    frames: pd.DataFrame, people: pd.DataFrame, ball: pd.DataFrame, pitch: Pitch
) -> pd.DataFrame:
    """Estimate who has the ball: table ``possession``, source ``estimated``.

    Parameters
    ----------
    frames
        Table ``frames``; nothing goes on across its shots and periods.
    people
        Players and goalkeepers with a team (`who_is_where.people`).
    ball
        ``frame, x_m, y_m, error_m``; at most one row a frame counts.

    Returns
    -------
    Spells with, as ``score``, the share of the time within reach in which the ball was nearest to that team.
    No row where the ball was not seen, and none at all if it was seen in under `MIN_SEEN` of the frames.
    """
    from pipeline.tables import storage

    frames = frames.sort_values("frame")
    seen = ball.drop_duplicates("frame")
    if seen["frame"].nunique() < MIN_SEEN * max(len(frames), 1) or people.empty:
        return storage.empty("possession")
    number = frames["frame"].to_numpy(np.int64)
    times_s, shot = frames["time_s"].to_numpy(float), frames["shot"].to_numpy(np.int64)
    place = np.full((len(number), 2), np.nan)
    place[np.searchsorted(number, seen["frame"].to_numpy())] = seen[["x_m", "y_m"]].to_numpy(float)
    reach_m = max(REACH_M, 2 * float(seen["error_m"].median()))
    near = _nearest(number, place, people[people["frame"].isin(seen["frame"])])
    contact = _contact(near, reach_m)
    outside = ~pitch.contains(place, _LEFT_M) & np.isfinite(place[:, 0])
    owner = _owners(times_s, shot, contact, np.isfinite(place[:, 0]), outside)
    return _table(times_s, owner, _agreement(owner, contact), shot, "estimated")


def _nearest(number: Ints, place: Array, people: pd.DataFrame) -> Array:
    """Distance from the ball to each team's nearest player, ``(F, 2)``; inf where unknown."""
    row = np.searchsorted(number, people["frame"].to_numpy(np.int64))
    side = (people["team"] == "B").to_numpy(np.int64)
    far = np.hypot(*(people[["x_m", "y_m"]].to_numpy(float) - place[row]).T)
    out = np.full((len(number), 2), np.inf)
    np.minimum.at(out, (row, side), np.nan_to_num(far, nan=np.inf))
    return out


def _contact(near: Array, reach_m: float) -> Ints:
    """1 where the ball is clearly team A's, 2 team B's, 0 nobody's, ``(F,)``."""
    own = near.argmin(axis=1)
    best, other = near.min(axis=1), near.max(axis=1)
    return np.where((best <= reach_m) & (other >= best + CLEAR_M), own + 1, 0)


@dataclass(slots=True)
class _Hold:
    """Who has been at the ball since which row, and for how long in all, s."""

    team: int = 0
    since: int = 0
    long_s: float = 0.0


def _owners(
    times_s: Array, shot: Ints, contact: Ints, seen: NDArray[np.bool_], outside: NDArray[np.bool_]
) -> Ints:
    out = np.zeros(len(times_s), np.int64)
    owner, last_seen, hold = 0, -np.inf, _Hold()
    usual = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 0.0
    for i, now in enumerate(times_s.tolist()):
        if i and shot[i] != shot[i - 1]:
            owner, hold = 0, _Hold()
        if seen[i]:
            last_seen = now
        if outside[i] or now - last_seen > UNSEEN_S:
            owner, hold = 0, _Hold()
        team = int(contact[i])
        if team and not outside[i]:
            if team != hold.team:
                hold = _Hold(team, i)
            hold.long_s += usual
            if hold.long_s >= HOLD_S and owner != team:
                owner = team
                out[hold.since : i] = team
        out[i] = owner
    return out


def _agreement(owner: Ints, contact: Ints) -> Array:
    """1 where the ball is at the owner's, 0 where at the other team's, NaN elsewhere."""
    return np.where(contact == 0, np.nan, (contact == owner).astype(float))


def _codes(owner: Owner) -> Ints:
    return np.where(owner == "A", 1, np.where(owner == "B", 2, 0))


def _table(times_s: Array, code: Ints, score: Array, part: Ints, source: str) -> pd.DataFrame:
    """One row for each run of frames with the same owner and part; it ends where the next frame begins."""
    import pandas as pd

    from pipeline.tables import storage

    if not len(times_s):
        return storage.empty("possession")
    usual = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 0.0
    whole = np.r_[np.diff(times_s) <= 1.5 * usual, False]
    ends = np.where(whole, np.r_[times_s[1:], 0.0], times_s + usual)
    breaks = (np.diff(code) != 0) | (np.diff(part) != 0) | ~whole[:-1]
    edges = np.flatnonzero(breaks) + 1
    first, stop = np.r_[0, edges], np.r_[edges, len(code)]
    known = code[first] > 0
    first, stop = first[known], stop[known]
    table = pd.DataFrame(
        {
            "start_s": times_s[first],
            "end_s": ends[stop - 1],
            "team": np.array(["", "A", "B"], object)[code[first]],
            "source": source,
            "score": [_mean(score[a:b]) for a, b in zip(first, stop, strict=True)],
        }
    )
    return storage.conform(table, "possession")


def _mean(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else 0.5
