"""One row for each piece of a track: when, who it seems to be, what was read and seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

COLOURS = tuple(f"{zone}_{c}" for zone in ("head", "shirt", "shorts", "socks") for c in "lab")
BUILD = ("height_to_width", "relative_height")
_FEWEST_SAMPLES = 2


def summaries(
    rows: pd.DataFrame, readings: pd.DataFrame | None, appearance: pd.DataFrame | None
) -> pd.DataFrame:
    """Sum up `tracklets.split`.

    Returns
    -------
    Index ``piece``: ``track_id, role, team, frame_from, frame_to, start_s, end_s, n_placed``; ``number``
    (-1 for none), ``number_score``; colours and build, NaN where unknown.
    """
    group = rows.groupby("piece")
    out = group.agg(
        track_id=("track_id", "first"),
        role=("role", "first"),
        team=("team", "first"),
        frame_from=("frame", "min"),
        frame_to=("frame", "max"),
        start_s=("time_s", "min"),
        end_s=("time_s", "max"),
        n_placed=("x_m", "count"),
    )
    return _looks(_numbers(out, readings, appearance), appearance)


def _numbers(
    pieces: pd.DataFrame, readings: pd.DataFrame | None, appearance: pd.DataFrame | None
) -> pd.DataFrame:
    """Take a whole track's number from its appearance; the pieces of a split one vote for themselves."""
    out = pieces.assign(number=-1, number_score=0.0)
    whole = ~out["track_id"].duplicated(keep=False)
    if appearance is not None and len(appearance):
        known = appearance.dropna(subset=["number", "number_score"]).set_index("track_id")
        own = whole & out["track_id"].isin(known.index)
        out.loc[own, "number"] = out.loc[own, "track_id"].map(known["number"]).astype(int)
        out.loc[own, "number_score"] = out.loc[own, "track_id"].map(known["number_score"]).astype(float)
    if readings is None or readings.empty:
        return out
    read = readings.dropna(subset=["number", "score"])
    for piece, row in out[~whole].iterrows():
        own = read[
            (read["track_id"] == row["track_id"]) & read["frame"].between(row["frame_from"], row["frame_to"])
        ]
        votes = own.groupby("number")["score"].sum()
        if len(votes) and votes.max() >= 0.5 * votes.sum():
            best = votes.idxmax()
            out.loc[piece, "number"] = int(best)
            out.loc[piece, "number_score"] = float(own.loc[own["number"] == best, "score"].max())
    return out


def _looks(pieces: pd.DataFrame, appearance: pd.DataFrame | None) -> pd.DataFrame:
    names = [*COLOURS, *BUILD]
    if appearance is None or appearance.empty:
        return pieces.assign(**dict.fromkeys(names, np.nan))
    known = appearance[appearance["n_samples"] >= _FEWEST_SAMPLES].set_index("track_id")
    have = [n for n in names if n in known]
    out = pieces.join(known[have].astype(np.float64), on="track_id")
    return out.assign(**dict.fromkeys([n for n in names if n not in have], np.nan))
