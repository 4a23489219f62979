"""Tracks with all that is known of them, cut where one track evidently joins two people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.linking.tracklets.splitting import changes, jumps

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

_KIT = ["torso_l", "torso_a", "torso_b", "legs_l", "legs_a", "legs_b"]
BOX = ("x1_px", "y1_px", "x2_px", "y2_px")
_KIT_NOISE = 0.35
_KIT_CLEAR = 0.2
_VOTES = 1.5
"""Votes that a second number in one track needs before and after, to be of a second person."""


def sightings(
    tracks: pd.DataFrame, instances: pd.DataFrame, positions: pd.DataFrame, identities: pd.DataFrame
) -> pd.DataFrame:
    """Join all that is known of each sighting of a person on a track, sorted by track and time.

    Returns
    -------
    ``frame, time_s, track_id, role, team, x_m, y_m, error_m`` (NaN without a place), the kit's colours, and
    the box where ``instances`` has it.
    """
    placed = positions.loc[
        positions["instance"].notna(), ["frame", "instance", "x_m", "y_m", "error_m"]
    ].astype({"instance": "int32"})
    people = identities.loc[identities["role"] != "ball", ["track_id", "role", "team"]]
    table = tracks[["frame", "time_s", "instance", "track_id"]].merge(people, "inner", "track_id")
    table = table.merge(placed.drop_duplicates(["frame", "instance"]), "left", ["frame", "instance"])
    look = ["frame", "instance", *_KIT, *(c for c in BOX if c in instances)]
    table = table.merge(instances[look], "left", ["frame", "instance"])
    return table.sort_values(["track_id", "time_s"], kind="stable", ignore_index=True)


def split(rows: pd.DataFrame, readings: pd.DataFrame | None = None) -> pd.DataFrame:
    """Number the pieces of tracks: `sightings` with ``piece`` from 0, and each piece's own ``team``.

    A track is cut where its places jump, where its kit becomes the other team's, and where another shirt
    number is read from then on.
    """
    cut = np.zeros(len(rows), bool)
    placed = np.flatnonzero(rows["x_m"].notna().to_numpy())
    own = rows.iloc[placed]
    cut[placed] = jumps(
        own["track_id"].to_numpy(np.int64),
        own["time_s"].to_numpy(np.float64),
        own[["x_m", "y_m"]].to_numpy(np.float64),
        own["error_m"].to_numpy(np.float64),
    )
    side = _kit_side(rows)
    changed = _kit_changes(rows, side)
    cut |= changed
    if readings is not None and len(readings):
        cut |= _number_changes(rows, readings)
    new = rows["track_id"].diff().fillna(1).to_numpy() != 0
    out = rows.assign(piece=(new | cut).cumsum() - 1)
    return _teams(out, side, changed)


def _kit_side(rows: pd.DataFrame) -> Array:
    """Where each sighting's kit lies between team A's (0.5) and team B's (-0.5); NaN where unknown."""
    colours = rows[_KIT].to_numpy(np.float64)
    players = (rows["role"] == "player").to_numpy()
    team = rows["team"].to_numpy(object)
    mean = []
    for letter in ("A", "B"):
        own = colours[players & (team == letter)]
        own = own[np.isfinite(own).all(axis=1)]
        if len(own) < _MIN_KITS:
            return np.full(len(rows), np.nan)
        mean.append(np.median(own, axis=0))
    way = mean[0] - mean[1]
    side: Array = (colours - 0.5 * (mean[0] + mean[1])) @ way / max(float(way @ way), 1e-6)
    return side


_MIN_KITS = 20


def _kit_changes(rows: pd.DataFrame, side: Array) -> Bools:
    cut = np.zeros(len(rows), bool)
    for where in rows.groupby("track_id").indices.values():
        own = np.asarray(where, np.int64)
        seen = own[np.isfinite(side[own])]
        at = changes(side[seen][:, None], _KIT_NOISE)
        if at is None:
            continue
        before, after = float(np.median(side[seen[:at]])), float(np.median(side[seen[at:]]))
        if before * after < 0 and min(abs(before), abs(after)) > _KIT_CLEAR:
            cut[seen[at]] = True
    return cut


def _number_changes(rows: pd.DataFrame, readings: pd.DataFrame) -> Bools:
    cut = np.zeros(len(rows), bool)
    read = readings.dropna(subset=["number", "score"]).sort_values(["track_id", "frame"])
    where = rows.groupby("track_id").indices
    for track, own in read.groupby("track_id"):
        frame = number_change(
            own["frame"].to_numpy(), own["number"].to_numpy(int), own["score"].to_numpy(float)
        )
        if frame is not None and track in where:
            sighted = np.asarray(where[track], np.int64)
            at = sighted[np.searchsorted(rows["frame"].to_numpy()[sighted], frame)]
            cut[at] = True
    return cut


def number_change(frame: NDArray[np.int64], number: NDArray[np.int64], score: Array) -> int | None:
    """Find the frame from which another number is read; None if one number explains all as well.

    All ``(N,)``, in order of time: ``frame``, ``number`` as read, and ``score`` 0 to 1 of each reading.
    """
    names, code = np.unique(number, return_inverse=True)
    if len(names) < 2:
        return None
    votes = np.zeros((len(frame), len(names)))
    votes[np.arange(len(frame)), code] = score
    before, after = votes.cumsum(axis=0)[:-1], votes[::-1].cumsum(axis=0)[::-1][1:]
    gain = np.minimum(before.max(axis=1), after.max(axis=1))
    gain = np.where(before.argmax(axis=1) == after.argmax(axis=1), 0.0, gain)
    both = before.max(axis=1) + after.max(axis=1) - votes.sum(axis=0).max()
    at = int((np.where(gain >= _VOTES, both, 0.0)).argmax())
    return int(frame[at + 1]) if gain[at] >= _VOTES and both[at] >= _VOTES else None


def _teams(rows: pd.DataFrame, side: Array, changed: Bools) -> pd.DataFrame:
    """Give the pieces of tracks whose kit changes the team of their own kit."""
    tracks = rows.loc[changed, "track_id"].unique()
    own = (rows["track_id"].isin(tracks) & (rows["role"] == "player")).to_numpy()
    if not own.any():
        return rows
    middle = rows[own].assign(side=side[own]).groupby("piece")["side"].median()
    letter = middle.map(lambda s: "A" if s > 0 else "B").where(middle.abs() > _KIT_CLEAR / 2)
    team = rows["team"].astype(object)
    team[own] = rows.loc[own, "piece"].map(letter)
    return rows.assign(team=team.where(team.notna(), None))
