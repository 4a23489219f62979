"""A match as positions, whoever recorded it: what every reader of tracking data gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.runs.match_sheet import MatchSheet

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Team = Literal["A", "B"]
Owner = NDArray[np.object_]

STEADY_ERROR_M = 0.3
"""Assumed median error of positions from cameras that see the whole pitch."""
BROADCAST_ERROR_M = 1.0
"""The same from a moving broadcast camera."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone on the pitch; ``team`` is None for officials. ``on_s`` and ``off_s`` are match clock, s.

    The match clock runs from 0 in the first half and from 2700 in the second (see `CLOCK_START_S`);
    None where the source says nothing of a player's coming and going. ``somebody`` False: a piece of sight of
    nobody in particular, which counts for the team only.
    """

    team: Team | None
    role: Literal["player", "goalkeeper", "referee", "unclear"]
    name: str | None = None
    jersey: int | None = None
    position: str | None = None
    provider_id: str | None = None
    on_s: float | None = None
    off_s: float | None = None
    somebody: bool = True


CLOCK_START_S = {1: 0.0, 2: 2700.0, 3: 5400.0, 4: 6300.0, 5: 7200.0}
"""What the match clock shows when a period begins, s."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Positions as rows: ``row`` ``(N,)`` of the frame, ``who`` ``(N,)`` of the person, ``xy_m`` ``(N, 2)``.

    Observed only: what a source guessed for the unseen is left out by the readers. No NaN.
    """

    row: Ints
    who: Ints
    xy_m: Array


@dataclass(frozen=True, slots=True)
class MatchData:
    """One match.

    ``period`` and ``clock_s`` ``(F,)``: period of each frame and seconds since that period began,
    increasing within it. ``owner`` ``(F,)``: team in possession, "A", "B" or None; None altogether where
    the source does not say. ``ball_row`` ``(K,)`` and ``ball_m`` ``(K, 2)``: the ball, where seen.
    ``pitch_m`` is None where unknown. ``steady``: cameras saw the whole pitch, so who is absent is off it.
    ``sheet``: date, score, venue and kits, as far as the source has them.
    """

    provider: str
    frame: Ints
    period: Ints
    clock_s: Array
    people: tuple[Person, ...]
    samples: Samples
    ball_row: Ints
    ball_m: Array
    owner: Owner | None
    pitch_m: tuple[float, float] | None
    steady: bool
    team_names: dict[Team, str | None] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    sheet: MatchSheet = field(default_factory=MatchSheet)
