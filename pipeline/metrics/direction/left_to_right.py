"""Which way a team attacks at each moment, and its positions turned so that it attacks from left to right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.direction.attack_direction import (
    Attack,
    attacks,
    attacks_by_period,
    lasting_evidence,
    opposite,
)

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
_SIGN: dict[Attack | None, float] = {"left_to_right": 1.0, "right_to_left": -1.0, None: 0.0}


@dataclass(frozen=True, slots=True)
class Sides:
    """Team A's direction of attack over time.

    ``start_s``, ``end_s`` ``(N,)``: spans in order, not overlapping; ``sign_a`` ``(N,)``: 1 where A attacks
    from left to right, -1 from right to left, 0 where that is unclear.
    """

    start_s: Array
    end_s: Array
    sign_a: Array

    def signs(self, times_s: Array, teams: NDArray[np.object_]) -> Array:
        """Give 1, -1 or 0 (unclear) for each time and team, ``(N,)``; a time between spans takes the nearest.

        ``teams`` holds ``A``, ``B`` or anything else for neither, whose direction is always unclear.
        """
        side = np.where(teams == "A", 1.0, np.where(teams == "B", -1.0, 0.0))
        if not len(self.start_s):
            return np.zeros(len(times_s))
        at = np.clip(np.searchsorted(self.start_s, times_s, side="right") - 1, 0, None)
        after = np.minimum(at + 1, len(self.start_s) - 1)
        nearer = self.start_s[after] - times_s < times_s - self.end_s[at]
        return np.asarray(self.sign_a[np.where(nearer, after, at)] * side)


def sides(people: pd.DataFrame, formations: pd.DataFrame, periods: pd.DataFrame | None = None) -> Sides:
    """Say which way team A attacks when.

    Parameters
    ----------
    people
        What `who_is_where.people` gives, in the pitch's own directions.
    formations, periods
        Tables of the run. A period's given direction counts before one estimated from where its players
        and goalkeepers stood; footage without periods takes that of its formations.
    """
    if periods is not None and len(periods):
        ordered = periods.sort_values("start_s")
        return _spans(ordered["start_s"], ordered["end_s"], attacks_by_period(people, ordered))
    if len(formations):
        formations = formations[(formations["phase"] == "all") & (formations["scope"] == "window")]
        known = [_of_a(t, a) for t, a in zip(formations["team"], formations["attack"], strict=True)]
        windows = formations.assign(sign=[_SIGN[k] for k in known])
        by_window = windows.groupby("start_s", as_index=False).agg({"end_s": "max", "sign": "mean"})
        return Sides(*(by_window[c].to_numpy(float) for c in ("start_s", "end_s", "sign")))
    if people.empty:
        return Sides(*np.zeros((3, 0)))
    times = people["time_s"]
    return _spans([times.min()], [times.max()], attacks([lasting_evidence(people)]))


def attack_to_the_right(people: pd.DataFrame, known: Sides) -> pd.DataFrame:
    """Turn the positions of whoever attacks to the left by half a turn; unclear ones stay as they are."""
    sign = known.signs(people["time_s"].to_numpy(float), people["team"].to_numpy(object))
    turn = np.where(sign < 0, -1.0, 1.0)
    return people.assign(x_m=people["x_m"] * turn, y_m=people["y_m"] * turn)


def as_at_first(people: pd.DataFrame, known: Sides) -> pd.DataFrame:
    """Turn positions by half a turn wherever sides have changed since the first period.

    So places of both halves have one meaning. Unclear ones stay as they are, and so does all footage in
    which sides are never changed.
    """
    clear = known.sign_a[known.sign_a != 0]
    first = clear[0] if len(clear) else 1.0
    everyone = np.full(len(people), "A", dtype=object)
    sign = known.signs(people["time_s"].to_numpy(float), everyone)
    turn = np.where(sign * first < 0, -1.0, 1.0)
    return people.assign(x_m=people["x_m"] * turn, y_m=people["y_m"] * turn)


def _of_a(team: str, attack: object) -> Attack | None:
    way: Attack | None = attack if isinstance(attack, str) else None  # type: ignore[assignment]
    return way if team == "A" else opposite(way)


def _spans(start_s: object, end_s: object, ways: list[Attack | None]) -> Sides:
    signs = np.array([_SIGN[w] for w in ways], float)
    return Sides(np.asarray(start_s, float), np.asarray(end_s, float), signs)
