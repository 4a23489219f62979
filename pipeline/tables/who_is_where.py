"""Who is where: positions joined with roles and teams. Tables in, table out."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from pipeline.core.pitch import Pitch

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("frame", "time_s", "track_id", "role", "team", "x_m", "y_m", "error_m", "observed")


def joined(
    positions: pd.DataFrame, labels: pd.DataFrame, identities: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Give each position ``role`` and ``team``, of its track or else its instance, and ``observed``.

    In the order of ``positions``; ``observed`` is False where the position was interpolated.
    """
    table = positions.merge(labels[["frame", "instance", "role", "team"]], "left", ["frame", "instance"])
    if identities is not None and len(identities):
        known = identities.set_index("track_id")
        tracked = table["track_id"].isin(known.index)
        for name in ("role", "team"):
            own = table["track_id"].map(known[name])
            table[name] = own.where(tracked, table[name])
    table["observed"] = table["source"] == "observed"
    return table


def people(
    positions: pd.DataFrame,
    labels: pd.DataFrame,
    identities: pd.DataFrame | None = None,
    *,
    roles: Collection[str] = ("player", "goalkeeper"),
    with_team: bool = True,
) -> pd.DataFrame:
    """Give every position its role and team, and keep those of ``roles`` (``with_team``: that have a team).

    A tracked position takes the identity of its track, any other the label of its instance, so
    this also serves runs without tracks (``identities`` None).

    Returns
    -------
    One row for each position, sorted by time: `COLUMNS`; ``track_id`` is nullable,
    ``observed`` is False where the position was interpolated.
    """
    table = joined(positions, labels, identities)
    wanted = table["role"].isin(list(roles))
    if with_team:
        wanted &= table["team"].isin(["A", "B"])
    out: pd.DataFrame = table.loc[wanted, list(COLUMNS)]
    return out.sort_values(["time_s", "track_id"], kind="stable", ignore_index=True)


def on_pitch(people: pd.DataFrame, pitch: Pitch, *, margin_m: float = 2.0) -> pd.DataFrame:
    """Keep those on the pitch or within ``margin_m``: one substitute warming up spoils a team's hull."""
    inside = pitch.contains(people[["x_m", "y_m"]].to_numpy(float), margin_m)
    return people[inside].reset_index(drop=True)


def without_duplicates(table: pd.DataFrame, frames: pd.DataFrame) -> pd.DataFrame:
    """Drop the rows of frames whose picture only repeats the one before: nothing new was observed."""
    repeated = frames.loc[frames["duplicate"].to_numpy(bool), "frame"]
    out: pd.DataFrame = table[~table["frame"].isin(repeated)]
    return out.reset_index(drop=True)


def play_s(frames: pd.DataFrame, periods: pd.DataFrame | None) -> float:
    """Measure the play, s: all periods together where they are known, else the whole footage."""
    if periods is None or periods.empty:
        return footage_s(frames)
    return float((periods["end_s"] - periods["start_s"]).sum())


def footage_s(frames: pd.DataFrame) -> float:
    """Measure the footage: from the first to the last frame, plus one usual frame; 0 without frames."""
    times = np.sort(frames["time_s"].to_numpy(float))
    if len(times) < 2:
        return 0.0
    return float(times[-1] - times[0] + np.median(np.diff(times)))
