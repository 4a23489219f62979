"""A part of a match: a half, a phase of possession, a stretch of time, and any of them together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.tables.play.phase_names import Phase

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
_SAME_S = 1e-6


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which part of a match counts; None leaves that open.

    ``half`` is a number of the table ``periods``; ``phase`` in or out of a team's possession, or one of the
    table ``phases``;
    ``from_s``, ``to_s`` s from the first frame, both included.
    """

    half: int | None = None
    phase: Phase | None = None
    from_s: float | None = None
    to_s: float | None = None


def inside(
    times_s: Array,
    part: Stretch,
    team: str | None,
    periods: pd.DataFrame,
    possession: pd.DataFrame,
    phases: pd.DataFrame | None = None,
) -> NDArray[np.bool_]:
    """Say which times lie in ``part`` as ``team`` sees it, ``(N,)``.

    Time without a spell of possession is neither in nor out of it; ``phases`` is needed for any other phase.
    """
    keep = np.ones(len(times_s), dtype=bool)
    if part.from_s is not None:
        keep &= times_s >= part.from_s - _SAME_S
    if part.to_s is not None:
        keep &= times_s <= part.to_s + _SAME_S
    if part.half is not None:
        keep &= _row_at(times_s, periods[periods["period"] == part.half]) >= 0
    if part.phase in ("in", "out"):
        spells = possession.sort_values("start_s")
        at = _row_at(times_s, spells)
        ours = np.r_[(spells["team"] == team).to_numpy(bool), False]
        keep &= (at >= 0) & (ours[at] == (part.phase == "in"))
    elif part.phase is not None:
        own = possession.iloc[:0] if phases is None else phases[phases["phase"] == part.phase]
        own = own[own["team"] == team] if len(own) else own
        keep &= _row_at(times_s, own.sort_values("start_s")) >= 0
    return keep


def _row_at(times_s: Array, rows: pd.DataFrame) -> NDArray[np.intp]:
    """Give the number of the row whose time each lies in, the later one where two touch; -1 for none."""
    start, end = rows["start_s"].to_numpy(float), np.r_[rows["end_s"].to_numpy(float), -np.inf]
    at = np.searchsorted(start, times_s + _SAME_S, side="right") - 1
    return np.asarray(np.where(times_s <= end[at] + _SAME_S, at, -1))
