"""Who has the ball: moments of possession and spells of it. Arrays and tables in, arrays out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Phase = Literal["all", "in", "out"]


def spell_of(times_s: Array, possession: pd.DataFrame) -> NDArray[np.int64]:
    """Give the row of table ``possession``, in order of time, that each time falls into; -1 for none."""
    ordered = possession.sort_values("start_s")
    start, end = (ordered[c].to_numpy(float) for c in ("start_s", "end_s"))
    spell = np.searchsorted(start, times_s, side="right") - 1
    inside = (spell >= 0) & (times_s <= end[np.maximum(spell, 0)]) if len(end) else np.zeros(len(spell), bool)
    return np.asarray(np.where(inside, spell, -1), dtype=np.int64)


def in_phase(times_s: Array, possession: pd.DataFrame | None, team: str, phase: Phase) -> NDArray[np.bool_]:
    """Say which times belong to a phase of ``team``: with the ball, without it, or ``all`` of them.

    Time without a row in ``possession`` (unknown, dead ball) is neither in nor out of possession.
    """
    if phase == "all":
        return np.ones(len(times_s), dtype=bool)
    if possession is None or not len(possession):
        return np.zeros(len(times_s), dtype=bool)
    holders = np.append(possession.sort_values("start_s")["team"].to_numpy(object), "")
    holder = holders[spell_of(times_s, possession)]
    return np.asarray(holder == team if phase == "in" else (holder != team) & (holder != ""))


def seconds_between(spells: pd.DataFrame, start_s: float, end_s: float) -> float:
    """Add up how much of the time from ``start_s`` to ``end_s`` lies in ``spells``, s."""
    low = np.maximum(spells["start_s"].to_numpy(float), start_s)
    high = np.minimum(spells["end_s"].to_numpy(float), end_s)
    return float(np.clip(high - low, 0, None).sum())
