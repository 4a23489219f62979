"""Teams and roles from kit colours, places and the network's votes, for any two kits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.identity.defended_goal import keeper_team_a
from pipeline.identity.kit_model import learn
from pipeline.identity.label_smoothing import neighbours, smooth
from pipeline.identity.role_posterior import KEEPER, OTHER, REFEREE, TEAM_A, TEAM_B
from pipeline.identity.subjects import Subjects, as_subjects, evidence, per_track
from pipeline.tables import storage

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.core.config import IdentifySettings
    from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_MIN_ROLE = 0.5
_SAMPLE_FRAMES = 300


def identify(
    frames: pd.DataFrame,
    instances: pd.DataFrame,
    tracks: pd.DataFrame | None,
    views: pd.DataFrame,
    projections: pd.DataFrame,
    settings: IdentifySettings,
    pitch: Pitch,
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Name the role and team of every instance, and of every track where there are tracks.

    Team A is the one with the lighter shirt. Nothing is forced: where the two kits cannot be told
    apart, or are not both in view, teams stay null. Scores are probabilities.

    Parameters
    ----------
    frames, instances, views, projections
        Tables as declared in `pipeline.tables.schemas`. Ball candidates that are at rest are "other", as are
        those on no track, where there are tracks.
    tracks
        Table ``tracks``, or None at team level: then each instance is judged by its own colour,
        steadied by its neighbours in time.
    settings, pitch
        Thresholds; the pitch's size.

    Returns
    -------
    Tables ``labels`` and (None without tracks) ``identities``.
    """
    people = instances[instances["class_name"] != "ball"].reset_index(drop=True)
    table = evidence(frames, people, views, projections, pitch)
    resting = projections.loc[projections["at_rest"].to_numpy(bool), ["frame", "instance"]]
    if tracks is None:
        chance, keeper_a = _single(frames, people, table, settings)
        return _labels(instances, people, _decide(chance, keeper_a, settings), resting), None
    track_id = _track_of(people, tracks)
    linked = track_id > 0
    ids, subjects = per_track(table[linked], track_id[linked])
    member = np.searchsorted(ids, track_id[linked])
    frame = people["frame"].to_numpy(np.int64)
    model = learn(subjects, frame[linked], member, settings.off_pitch_m)
    of_track = model.chance(subjects)
    chance = model.chance(as_subjects(table))
    chance[linked] = of_track[member]
    by_track = _decide(of_track, _keepers(subjects, chance, table), settings)
    by_row = _decide(chance, _keepers(as_subjects(table), chance, table), settings)
    by_row.loc[linked] = by_track.iloc[member].to_numpy()
    wrong = _not_linked(instances, tracks, resting)
    return _labels(instances, people, by_row, wrong), _identities(instances, tracks, ids, by_track)


def _single(
    frames: pd.DataFrame, people: pd.DataFrame, table: pd.DataFrame, settings: IdentifySettings
) -> tuple[Array, Array]:
    """Judge every instance for itself, with the colours of the whole clip."""
    frame = people["frame"].to_numpy(np.int64)
    numbers = np.unique(frame)
    some = numbers[:: max(1, len(numbers) // _SAMPLE_FRAMES)]
    chosen = np.flatnonzero(np.isin(frame, some))
    everyone = as_subjects(table)
    model = learn(everyone.take(chosen), frame[chosen], np.arange(len(chosen)), settings.off_pitch_m)
    chance = smooth(model.chance(everyone), neighbours(frames, people), frame)
    return chance, _keepers(everyone, chance, table)


def _keepers(subjects: Subjects, chance: Array, table: pd.DataFrame) -> Array:
    """Probability that each subject, if a goalkeeper, is team A's.

    ``chance`` holds the roles of every row of ``table``.
    """
    players = chance[:, :2].max(axis=1) > _MIN_ROLE
    return keeper_team_a(
        subjects.place_m,
        subjects.time_s,
        table["x_m"].to_numpy(np.float64)[players],
        table["time_s"].to_numpy(np.float64)[players],
        table["frame"].to_numpy(np.int64)[players],
        chance[players, TEAM_A] > chance[players, TEAM_B],
    )


def _decide(chance: Array, keeper_a: Array, settings: IdentifySettings) -> pd.DataFrame:
    """Turn probabilities into role, role_score, team and team_score, one row each."""
    import pandas as pd

    by_role = np.column_stack(
        [chance[:, :2].sum(axis=1), chance[:, KEEPER], chance[:, REFEREE], chance[:, OTHER]]
    )
    best = by_role.argmax(axis=1) if len(chance) else np.zeros(0, np.int64)
    score = by_role.max(axis=1, initial=0)
    role = np.array(["player", "goalkeeper", "referee", "other"], dtype=object)[best]
    role[score < _MIN_ROLE] = "unclear"
    is_keeper = role == "goalkeeper"
    known = np.where(np.isnan(keeper_a), 0.5, keeper_a)
    a = np.where(is_keeper, chance[:, KEEPER] * known, chance[:, TEAM_A])
    b = np.where(is_keeper, chance[:, KEEPER] * (1 - known), chance[:, TEAM_B])
    sure = (np.maximum(a, b) >= settings.min_team_score) & (is_keeper | (role == "player"))
    team = np.where(a >= b, "A", "B").astype(object)
    team[~sure] = None
    team_score = np.where(sure, np.maximum(a, b), np.nan)
    return pd.DataFrame(
        {
            "role": role,
            "role_score": np.clip(score, 0, 1),
            "team": team,
            "team_score": np.clip(team_score, 0, 1),
        }
    )


def _track_of(instances: pd.DataFrame, tracks: pd.DataFrame) -> Ints:
    """The track of each instance, 0 for none."""
    keys = tracks[["frame", "instance", "track_id"]]
    merged = instances[["frame", "instance"]].merge(keys, on=["frame", "instance"], how="left")
    return np.asarray(merged["track_id"].fillna(0).to_numpy(np.int64))


def _not_linked(instances: pd.DataFrame, tracks: pd.DataFrame, resting: pd.DataFrame) -> pd.DataFrame:
    """The ball candidates that are not the ball: those on no track, and those known not to be."""
    import pandas as pd

    balls = instances.loc[instances["class_name"] == "ball", ["frame", "instance"]]
    loose = balls[_track_of(balls, tracks) == 0]
    out: pd.DataFrame = pd.concat([loose, resting])
    return out


def _labels(
    instances: pd.DataFrame, people: pd.DataFrame, decided: pd.DataFrame, not_balls: pd.DataFrame
) -> pd.DataFrame:
    import pandas as pd

    named = pd.concat([people[["frame", "instance"]], decided[["role", "team", "team_score"]]], axis=1)
    balls = instances.loc[instances["class_name"] == "ball", ["frame", "instance"]].copy()
    balls["role"], balls["team"], balls["team_score"] = "ball", None, np.nan
    if len(not_balls):
        wrong = pd.MultiIndex.from_frame(not_balls[["frame", "instance"]])
        balls.loc[pd.MultiIndex.from_frame(balls[["frame", "instance"]]).isin(wrong), "role"] = "other"
    parts = [part for part in (named, balls) if len(part)]
    if not parts:
        return storage.empty("labels")
    table = pd.concat(parts).sort_values(["frame", "instance"], ignore_index=True)
    return storage.conform(table, "labels")


def _identities(
    instances: pd.DataFrame, tracks: pd.DataFrame, ids: Ints, decided: pd.DataFrame
) -> pd.DataFrame:
    if tracks.empty:
        return storage.empty("identities")
    spans = tracks.groupby("track_id")["time_s"].agg(n_frames="size", first_s="min", last_s="max")
    table = spans.join(decided.set_index(ids))
    ball = table["role"].isna()
    table["role"] = table["role"].fillna("ball")
    table.loc[ball, "role_score"] = 1.0
    return storage.conform(table.reset_index(), "identities")
