"""A side's movement by block of time, of any part of the match: what rates and their intervals rest on."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.comparison.movement_rates import SUMS
from pipeline.metrics.direction.match_stretch import Stretch
from pipeline.metrics.movement.match_parts import WINDOW_S, Division
from pipeline.metrics.movement.player_movement import moved
from pipeline.metrics.movement.track_motion import motion
from pipeline.metrics.summary import motion_settings
from pipeline.runs.stored_run import StoredRun
from pipeline.tables.who_is_where import footage_s

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
SHORT_BLOCK_S = 10.0
_LEAST_BLOCKS = 8
"""Shorter play is cut into blocks of `SHORT_BLOCK_S`."""


def blocks_of(run: StoredRun, tracks: Collection[int], team: str | None, part: Stretch) -> pd.DataFrame:
    """Add up the movement of ``tracks`` over each block of time of ``part``: columns `SUMS`, a row a block.

    Blocks are five minutes of a period, or `SHORT_BLOCK_S` in short footage. A phase is that of ``team``.
    """
    play = _play(run, part.half)
    if part.phase is None and _length_s(play) == WINDOW_S:
        return _stored(run, tracks, part.half)
    division = _blocks(play, _spells(run, part, team))
    own = run.people(with_team=False)
    own = own[own["track_id"].isin(list(tracks))]
    if own.empty or not len(division.start_s):
        return _summed(run.table("movement_parts").iloc[:0])
    settings = motion_settings(run.config)
    found = moved(motion(own, settings), own, [division], settings, None, run.config.measure)
    return _summed(found.table)


def _play(run: StoredRun, half: int | None) -> Array:
    """Periods, or that half, or all of the footage, ``(P, 2)`` s."""
    periods = run.table("periods").sort_values("start_s")
    if not len(periods):
        frames = run.table("frames")
        start = float(frames["time_s"].min()) if len(frames) else 0.0
        return np.array([[start, start + footage_s(frames)]])
    if half is not None:
        periods = periods[periods["period"] == half]
    return periods[["start_s", "end_s"]].to_numpy(float)


def _length_s(play: Array) -> float:
    return WINDOW_S if float((play[:, 1] - play[:, 0]).sum()) >= _LEAST_BLOCKS * WINDOW_S else SHORT_BLOCK_S


def _spells(run: StoredRun, part: Stretch, team: str | None) -> list[tuple[float, float]] | None:
    """When ``team`` was in the phase of ``part``, (start, end) s in order; None where any time counts."""
    if part.phase is None:
        return None
    if part.phase in ("in", "out"):
        table = run.table("possession")
        own = table[(table["team"] == team) == (part.phase == "in")]
    else:
        table = run.table("phases")
        own = table[(table["team"] == team) & (table["phase"] == part.phase)]
    both = own.sort_values("start_s")[["start_s", "end_s"]].itertuples(index=False)
    return [(float(s), float(e)) for s, e in both]


def _blocks(play: Array, spells: list[tuple[float, float]] | None) -> Division:
    length, spans = _length_s(play), list[tuple[float, float, int]]()
    number = 0
    for start, end in play.tolist():
        for begin in np.arange(start, end - 1e-9, length).tolist():
            spans.append((begin, min(begin + length, end), number))
            number += 1
    if spells is not None:
        spans = _shared(spans, spells)
    at = np.array([s[:2] for s in spans], float).reshape(-1, 2)
    of = np.array([s[2] for s in spans], np.int64)
    names = tuple(str(i) for i in range(max(number, 1)))
    return Division("5min", names, at[:, 0], at[:, 1], np.vstack([of, of]), play)


def _shared(
    spans: list[tuple[float, float, int]], spells: list[tuple[float, float]]
) -> list[tuple[float, float, int]]:
    """Cut the spells at the spans' edges; the end of a spell, where the next begins, is not of it."""
    out = []
    for start, end, number in spans:
        for begin, stop in spells:
            if begin < end and stop > start:
                out.append((max(begin, start), min(stop, end) - 1e-6, number))
    return sorted(out)


def _stored(run: StoredRun, tracks: Collection[int], half: int | None) -> pd.DataFrame:
    table = run.table("movement_parts")
    own = table[(table["by"] == "5min") & table["track_id"].isin(list(tracks))]
    if half is not None:
        own = own[own["part"].str.startswith(f"{half}: ")]
    return _summed(own)


def _summed(rows: pd.DataFrame) -> pd.DataFrame:
    pace, metres = rows["m_per_visible_min"], rows["distance_visible_m"]
    paced = np.divide(
        metres, pace, out=rows["minutes_visible"].to_numpy(float).copy(), where=(pace > 0).to_numpy()
    )
    made = rows.assign(paced_min=paced)
    return made.groupby("part", sort=False)[list(SUMS)].sum().reset_index(drop=True)
