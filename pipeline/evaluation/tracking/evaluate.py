"""A finished run against the truth: tracks and people, in the picture and on the pitch."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.core.errors import UserError
from pipeline.evaluation.tracking.identity_shares import IdentityShares, identity_shares, matched
from pipeline.evaluation.tracking.scores import (
    TrackingScores,
    boxes_similarity,
    game_state_similarity,
    place_similarity,
    tracking_scores,
)
from pipeline.evaluation.tracking.true_distances import DistancesRun, distances_run
from pipeline.evaluation.tracking.true_tracks import BOX, read_paths, read_truth
from pipeline.metrics.movement.track_motion import motion
from pipeline.metrics.summary import motion_settings
from pipeline.runs.image_tracks import boxes_of
from pipeline.runs.stored_run import StoredRun
from pipeline.tables.persons import PersonAt

if TYPE_CHECKING:
    import pandas as pd

_PLAYING = ("player", "goalkeeper")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of identity: ``tracks`` of a shot each, or ``people`` over the whole run."""

    name: str
    scores: TrackingScores
    shares: IdentityShares


@dataclass(frozen=True, slots=True)
class TrackingReport:
    """What was measured.

    ``on_pitch``: identity in metres, of the highest level: near on the pitch, whoever it is said to be;
    ``game_state``: GS-HOTA of it; None where run or truth has no metres. ``position_m``:
    median distance of matched people on the pitch, metres; NaN without. ``distances``: metres run, of
    people; None unless the truth has everybody's whole path and somebody was seen for long enough.
    """

    run: str
    truth: str
    n_frames: int
    levels: tuple[Level, ...]
    game_state: TrackingScores | None
    position_m: float
    on_pitch: TrackingScores | None = None
    distances: DistancesRun | None = None

    def as_json(self) -> dict[str, Any]:
        """Everything as plain values; NaN as null."""
        return dict(_plain(asdict(self)))


def evaluate_tracking(run: Path, truth: Path) -> TrackingReport:
    """Compare a finished run of footage with true tracks.

    Parameters
    ----------
    run
        A run directory with tracks.
    truth
        What `read_truth` reads.

    Raises
    ------
    RunError
        If there is no finished run with tracks.
    UserError
        If there is no truth, or none of the run's frames.
    """
    stored = StoredRun.open(run, stage="finished")
    opened = boxes_of(stored, "evaluate-tracking")
    frames = opened.frames["frame"].to_numpy()
    true = read_truth(truth)
    true = true[true["frame"].isin(frames)].reset_index(drop=True)
    # The boxes are told by person; the tracks behind them are scored too.
    boxes = opened.boxes[opened.boxes["role"] != "ball"].drop(columns="track_id")
    tracks = stored.table("tracks", ["frame", "instance", "track_id"])
    found = _with_positions(stored, boxes.merge(tracks, on=["frame", "instance"]))
    pairs = matched(true, found)
    # Whoever was found where the truth says "does not count" is neither right nor wrong.
    found = found.drop(index=pairs.loc[pairs["ignored"].astype(bool), "row"].tolist()).reset_index(drop=True)
    true = true[~true["ignored"].astype(bool)].reset_index(drop=True)
    pairs = matched(true, found)
    if pairs.empty:
        raise UserError(f"{truth}: nobody in it matches a box of {run}; is it the truth of this footage?")
    both = true.merge(pairs, on=["frame", "person_id"]).set_index("row")
    levels = [_level("tracks", true, found, both, found["track_id"])]
    player = found["player_id"] if stored.has("links") else None
    if player is not None:
        levels.append(_level("people", true, found, both, player))
    found, position_m = _aligned(found, both)
    identity = found["track_id"] if player is None else player
    named = found.assign(identity=_own_identity(identity, found["track_id"]))
    state = pitch = None
    if true["x_m"].notna().any() and found["x_m"].notna().any():
        # Nobody need be on the pitch in frames of which the run has no camera view.
        placed = named[named["x_m"].notna()]
        there = true["x_m"].notna() & true["frame"].isin(placed["frame"])
        pitch = tracking_scores(
            true[there].reset_index(drop=True), placed.reset_index(drop=True), place_similarity
        )
    if pitch is not None and true["team"].notna().any():
        # A truth without shirt numbers cannot ask for them.
        if true["number"].isna().all():
            named["number"] = true["number"].iloc[:0].reindex(named.index)
        state = tracking_scores(true, named, game_state_similarity)
    distances = None if player is None else _distances(stored, truth, both["person_id"], player)
    return TrackingReport(
        str(run), str(truth), len(frames), tuple(levels), state, position_m, pitch, distances
    )


def player_ids(run: StoredRun, boxes: pd.DataFrame) -> pd.Series:
    """Give each box of a track the person it is linked to; null where unknown, or where nobody linked."""
    import pandas as pd

    who = PersonAt(run.table("links"))
    shown = [who(int(t), int(f)) for t, f in zip(boxes["track_id"], boxes["frame"], strict=True)]
    return pd.Series(shown, index=boxes.index, dtype="Int64")


def _level(
    name: str, true: pd.DataFrame, found: pd.DataFrame, both: pd.DataFrame, identity: pd.Series
) -> Level:
    plays = both[both["role"].isin(_PLAYING) | both["role"].isna()]
    return Level(
        name,
        tracking_scores(
            true, found.assign(identity=_own_identity(identity, found["track_id"])), boxes_similarity
        ),
        identity_shares(plays["person_id"], identity.loc[plays.index]),
    )


def _distances(run: StoredRun, truth: Path, person: pd.Series, player: pd.Series) -> DistancesRun | None:
    paths = read_paths(truth)
    if paths is None or not run.has("positions"):
        return None
    most = person.groupby(player.loc[person.index].dropna().astype(int)).agg(lambda p: p.mode().iloc[0])
    moving = motion(run.people(with_team=False), motion_settings(run.config))
    return distances_run(moving, paths, dict(zip(most.index.tolist(), most.tolist(), strict=True)))


def _own_identity(identity: pd.Series, track: pd.Series) -> pd.Series:
    """Who belongs to nobody is a person of his own for each track: negative numbers, clear of all others."""
    return identity.astype("Int64").fillna(-1 - track.astype("Int64")).astype("int64")


def _with_positions(run: StoredRun, boxes: pd.DataFrame) -> pd.DataFrame:
    places = run.table("positions", ["frame", "instance", "x_m", "y_m"])
    out = boxes.merge(places.dropna(subset=["instance"]), "left", ["frame", "instance"])
    player = player_ids(run, out)
    jersey = run.table("people", ["player_id", "jersey"]).set_index("player_id")["jersey"]
    out = out.assign(player_id=player, number=player.map(jersey).astype("Int64"))
    return out[["frame", "instance", "track_id", "player_id", *BOX, "role", "team", "number", "x_m", "y_m"]]


def _aligned(found: pd.DataFrame, both: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Turn the pitch by half a turn, and swap the teams' letters, where that fits the truth better.

    A pitch looks the same from both ends, and nothing says which team is A.
    """
    ours = found.loc[both.index]
    here, there = (t[["x_m", "y_m"]].to_numpy(np.float64) for t in (ours, both))
    apart = [np.linalg.norm(sign * here - there, axis=1) for sign in (1.0, -1.0)]
    medians = [float(np.nanmedian(a)) if np.isfinite(a).any() else float("nan") for a in apart]
    sign = -1.0 if np.isfinite(medians[1]) and medians[1] < medians[0] else 1.0
    team = found["team"]
    known = ours["team"].notna() & both["team"].notna()
    if known.any() and (ours["team"] == both["team"])[known].mean() < 0.5:
        team = team.map({"A": "B", "B": "A"})
    turned = found.assign(x_m=sign * found["x_m"], y_m=sign * found["y_m"], team=team)
    return turned, medians[1] if sign < 0 else medians[0]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
