"""Parts of a match to sum up over: halves, five minutes, with and without the ball, phases of play.

Every moment belongs to at most one part of a division, so parts add up to the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.tables.play.phase_names import PHASES

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

WINDOW_S = 300.0
CLOCK_START_MIN = {1: 0, 2: 45, 3: 90, 4: 105, 5: 120}
"""What the match clock shows when a period begins, min."""
PERIOD_MIN = {1: 45, 2: 45, 3: 15, 4: 15}
"""How long a period is without added time, min."""
IN, OUT, UNKNOWN = "in", "out", "unknown"


@dataclass(frozen=True, slots=True)
class Division:
    """Time cut into parts.

    ``names`` of the parts. Spans of time, increasing and apart: ``start_s, end_s`` ``(S,)``, and the part
    that each belongs to, ``part`` ``(2, S)``: row 0 for team A, row 1 for team B. Moments of play outside all
    spans belong to part ``rest`` (-1: to none); ``play`` are the periods, ``(P, 2)`` s.
    """

    by: str
    names: tuple[str, ...]
    start_s: Array
    end_s: Array
    part: Ints
    play: Array
    rest: int = -1

    def codes(self, times_s: Array, team: NDArray[np.object_]) -> Ints:
        """Give the part of each moment ``(N,)`` for people of ``team`` ``(N,)``; -1 for none.

        People without a team have no part of a division that differs between the teams.
        """
        row = np.where(team == "A", 0, np.where(team == "B", 1, 2))
        table = np.vstack([self.part, np.where(self.part[0] == self.part[1], self.part[0], -1)])
        rest = np.array([self.rest, self.rest, -1])
        if not len(self.start_s):
            return rest[row]
        span = np.clip(np.searchsorted(self.start_s, times_s, side="right") - 1, 0, None)
        inside = (times_s >= self.start_s[span]) & (times_s <= self.end_s[span])
        return np.where(inside, table[row, span], rest[row])

    def seconds(self, team: str | None, stay: tuple[float, float] | None = None) -> Array:
        """Add up each part's play, s ``(len(names),)``; only what lies within ``stay`` if given."""
        on, off = (-np.inf, np.inf) if stay is None else stay
        since = np.maximum(self.play[:, 0], on)
        until = np.maximum(np.minimum(self.play[:, 1], off), since)
        shared = np.minimum(self.end_s[:, None], until) - np.maximum(self.start_s[:, None], since)
        long = np.maximum(shared, 0.0).sum(axis=1)
        out = np.zeros(len(self.names))
        np.add.at(out, self.part[1 if team == "B" else 0], long)
        if self.rest >= 0:
            out[self.rest] += max(float((until - since).sum() - long.sum()), 0.0)
        return out

    def bounds(self, team: str | None) -> Array:
        """First and last moment of each part, s ``(len(names), 2)``; the whole play for ``rest``."""
        out = np.tile([self.play[0, 0], self.play[-1, 1]], (len(self.names), 1))
        row = self.part[1 if team == "B" else 0]
        for number in np.unique(row):
            own = row == number
            out[number] = self.start_s[own].min(), self.end_s[own].max()
        return np.asarray(np.clip(out, self.play[0, 0], self.play[-1, 1]))


def everything(seconds: float) -> Division:
    """Make one part of all there is, ``seconds`` long."""
    whole = np.array([[-np.inf, np.inf]])
    return _simple("whole", ("whole",), whole, np.zeros(1, np.int64), np.array([[0.0, seconds]]))


def divisions(
    start_s: float, end_s: float, periods: pd.DataFrame | None, possession: pd.DataFrame | None
) -> list[Division]:
    """List the ways in which a match is cut: ``whole``, ``half``, ``5min`` and ``possession``.

    Parameters
    ----------
    start_s, end_s
        First and last moment; what there is to cut where periods are unknown.
    periods, possession
        The tables of that name; without them there are no halves, and no parts by possession.
    """
    known = periods is not None and len(periods) > 0
    play = periods[["start_s", "end_s"]].to_numpy(float) if known and periods is not None else None
    numbers = periods["period"].tolist() if known and periods is not None else []
    if play is None:
        play = np.array([[start_s, end_s]])
    out = [_simple("whole", ("whole",), play, np.zeros(len(play), np.int64), play)]
    if numbers:
        names = tuple(str(n) for n in numbers)
        out.append(_simple("half", names, play, np.arange(len(play)), play))
    out.append(_windows(play, numbers))
    if possession is not None and len(possession):
        out.append(_possession(play, possession))
    return out


def _simple(by: str, names: tuple[str, ...], spans: Array, part: Ints, play: Array) -> Division:
    return Division(by, names, spans[:, 0], spans[:, 1], np.vstack([part, part]), play)


def _windows(play: Array, numbers: list[int]) -> Division:
    spans, names = [], []
    for i, (start, end) in enumerate(play.tolist()):
        first = CLOCK_START_MIN.get(numbers[i], 0) if numbers else 0
        for k in range(max(1, int(np.ceil((end - start) / WINDOW_S - 1e-6)))):
            begin = start + k * WINDOW_S
            spans.append((begin, min(begin + WINDOW_S, end)))
            since = round(k * WINDOW_S / 60)
            usual = PERIOD_MIN.get(numbers[i], since + 1) if numbers else since + 1
            before, minutes = ("", first + since) if since < usual else (f"{first + usual}+", since - usual)
            name = f"{before}{minutes}-{minutes + round(WINDOW_S / 60)} min"
            names.append(f"{numbers[i]}: {name}" if numbers else name)
    at = np.array(spans)
    return _simple("5min", tuple(names), at, np.arange(len(at)), play)


def _possession(play: Array, possession: pd.DataFrame) -> Division:
    spells = possession.sort_values("start_s")
    ours = (spells["team"] == "B").to_numpy(np.int64)
    start, end = (spells[n].to_numpy(float) for n in ("start_s", "end_s"))
    part = np.vstack([ours, 1 - ours])
    return Division("possession", (IN, OUT, UNKNOWN), start, end, part, play, rest=2)


def phase_division(play: Array, phases: pd.DataFrame) -> Division:
    """Cut a match by phases of play, each team by its own.

    Parameters
    ----------
    play
        Periods, ``(P, 2)`` s.
    phases
        The table; time in no phase is the last part, ``unknown``.
    """
    edges = np.unique(np.r_[play.ravel(), phases["start_s"].to_numpy(float), phases["end_s"].to_numpy(float)])
    start, end = edges[:-1], edges[1:]
    number = {name: i for i, name in enumerate(PHASES)}
    part = np.full((2, len(start)), len(PHASES), np.int64)
    for row, team in enumerate("AB"):
        own = phases[phases["team"] == team].sort_values("start_s")
        since, until = own["start_s"].to_numpy(float), own["end_s"].to_numpy(float)
        middle = (start + end) / 2
        at = np.searchsorted(since, middle, side="right") - 1
        inside = (at >= 0) & (middle < np.r_[until, -np.inf][at])
        codes = np.array([number[p] for p in own["phase"]], np.int64)
        part[row, inside] = codes[at[inside]]
    return Division("phase", (*PHASES, UNKNOWN), start, end, part, play, rest=len(PHASES))
