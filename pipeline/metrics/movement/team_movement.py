"""Mean shape and movement of each team: the tables ``team_movement`` and ``team_movement_parts``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from pipeline.core.config import MeasureSettings
from pipeline.metrics.movement.distance_error import together
from pipeline.metrics.movement.match_parts import Division
from pipeline.metrics.movement.player_movement import Moved
from pipeline.metrics.movement.speed import DEFAULT
from pipeline.metrics.movement.track_motion import MIN_STRETCH_S
from pipeline.metrics.movement.trajectory_smoothing import low_pass, stretches
from pipeline.metrics.shape.team_shape import SHAPE_COLUMNS, TeamFrames, by_second, team_frames
from pipeline.tables.speed_bands import speed_bands

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.metrics.movement.track_motion import MotionSettings

Array = NDArray[np.float64]

_SAME_SLACK_M = 1.0


def team_movement_parts(
    people: pd.DataFrame,
    by_frame: pd.DataFrame,
    settings: MotionSettings,
    cut: Sequence[Division],
    *,
    min_players: int = 8,
    moved: Moved | None = None,
    thresholds: MeasureSettings = DEFAULT,
) -> pd.DataFrame:
    """Average each team's shape, and add up its players' motion, in each part of the match.

    Parameters
    ----------
    people, by_frame
        What `people.people` and `shape.frame_shapes` give.
    min_players
        Frames with fewer of a team do not count for its shape.
    cut
        The ways to cut the match (`parts.divisions`).
    moved
        What `movement.moved` gives for the same parts; None without tracks.
    thresholds
        Those behind ``moved``.

    Returns
    -------
    Table ``team_movement_parts``: rows for parts in which enough of the team was seen, or one of it moved;
    always one for the whole.
    """
    import pandas as pd

    from pipeline.tables import storage

    rows: list[dict[str, object]] = []
    for team in ("A", "B"):
        own = by_frame[(by_frame["team"] == team) & (by_frame["players_seen"] >= min_players)]
        times_s, step_s, step_m = centroid_steps(team_frames(people, team), settings)
        for division in cut:
            shape = division.codes(own["time_s"].to_numpy(float), _same_team(team, len(own)))
            pace = division.codes(times_s, _same_team(team, len(times_s)))
            bounds, seconds = division.bounds(team), division.seconds(team)
            for i, name in enumerate(division.names):
                run = _run(moved, team, division.by, name, thresholds)
                seen = own[shape == i]
                if division.by != "whole" and not len(seen) and not run["minutes_visible"]:
                    continue
                row: dict[str, object] = {
                    "team": team,
                    "by": division.by,
                    "part": name,
                    "n_frames": len(seen),
                }
                row |= {"start_s": bounds[i, 0], "end_s": bounds[i, 1], "part_minutes": seconds[i] / 60}
                row["players_seen"] = float(seen["players_seen"].mean()) if len(seen) else 0.0
                means = by_second(seen)
                row |= {n: float(means[n].mean()) if len(seen) else None for n in SHAPE_COLUMNS}
                long = float(step_s[pace == i].sum())
                row["centroid_speed_mps"] = float(step_m[pace == i].sum()) / long if long > 0 else None
                rows.append(row | run)
    table = pd.DataFrame(rows) if rows else storage.empty("team_movement_parts")
    return storage.conform(table, "team_movement_parts")


def whole_teams(parts: pd.DataFrame) -> pd.DataFrame:
    """Take table ``team_movement`` out of ``team_movement_parts``."""
    from pipeline.tables import storage

    names = storage.empty("team_movement").columns.tolist()
    return storage.conform(parts.loc[parts["by"] == "whole", names], "team_movement")


def _same_team(team: str, number: int) -> NDArray[np.object_]:
    return np.full(number, team, dtype=object)


_RATED = (
    "minutes_visible",
    "distance_visible_m",
    "m_per_visible_min",
    "sprints_per_10_min",
    "distance_error_m",
)


def _summed(thresholds: MeasureSettings) -> tuple[str, ...]:
    """Columns of the team that are the sum of its players'."""
    bands = speed_bands(thresholds.bands_kmh)
    return ("fast_m", "sprints", "accelerations", *(b.column for b in bands))


def _run(
    moved: Moved | None, team: str, by: str, part: str, thresholds: MeasureSettings
) -> dict[str, object]:
    """Add up the outfield players' rows of one part."""
    summed = _summed(thresholds)
    if moved is None:
        return dict.fromkeys((*summed, *_RATED))
    table = moved.table
    own = (table["team"] == team) & (table["role"] == "player")
    rows = np.flatnonzero((own & (table["by"] == by) & (table["part"] == part)).to_numpy(bool))
    found = table.iloc[rows]
    minutes, metres = float(found["minutes_visible"].sum()), float(found["distance_visible_m"].sum())
    paced = sum(moved.paced_min[i] for i in rows)
    rate = 10 * float(found["sprints"].sum()) / minutes if minutes >= thresholds.min_rate_min else None
    out: dict[str, object] = {name: found[name].sum() for name in summed}
    return out | {
        "minutes_visible": minutes,
        "distance_visible_m": metres,
        "m_per_visible_min": metres / paced if paced > 0 else 0.0,
        "sprints_per_10_min": rate,
        "distance_error_m": together([moved.errors[i] for i in rows]).distance_m,
    }


def centroid_speed_mps(team: TeamFrames, settings: MotionSettings, min_players: int = 5) -> float | None:
    """Measure the mean speed of a team's centroid, m/s; None if it is never seen for long enough."""
    _, seconds, metres = centroid_steps(team, settings, min_players)
    return float(metres.sum() / seconds.sum()) if seconds.sum() > 0 else None


def centroid_steps(
    team: TeamFrames, settings: MotionSettings, min_players: int = 5
) -> tuple[Array, Array, Array]:
    """Follow a team's centroid: end of each step, s, and its seconds and metres, each ``(N,)``.

    Players come into the picture and leave it, which moves the mean of those seen but not the team.
    So steps are averaged over the players seen in both of two frames (by track, else the mutually
    nearest), added up to a path, and that path is smoothed.
    """
    out: list[Array] = [np.zeros((0, 3))]
    steps, shared = _steps(team, settings.max_speed_mps)
    dt = np.diff(team.times_s)
    usable = (shared >= min_players) & (dt <= settings.max_gap_s)
    edges = np.flatnonzero(np.diff(np.r_[False, usable, False].astype(int)))
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        times = team.times_s[start : stop + 1]
        if times[-1] - times[0] < MIN_STRETCH_S:
            continue
        places = np.r_[np.zeros((1, 2)), np.cumsum(steps[start:stop], axis=0)]
        whole = stretches(times, places, max_gap_s=settings.max_gap_s, max_speed_mps=settings.max_speed_mps)
        for k in range(int(whole.max()) + 1):
            path = low_pass(times[whole == k], places[whole == k], settings.cutoff_hz)
            far = np.hypot(*np.diff(path.places_m, axis=0).T)
            out.append(np.column_stack([path.times_s[1:], np.diff(path.times_s), far]))
    made = np.concatenate(out)
    return made[:, 0], made[:, 1], made[:, 2]


def _steps(team: TeamFrames, max_speed_mps: float) -> tuple[Array, NDArray[np.int64]]:
    """Mean step of the players seen in both of two frames ``(F-1, 2)``, and how many those are ``(F-1,)``.

    They are the same by track where both frames have any, else mutually nearest within reach.
    """
    tracked: NDArray[np.bool_] = np.any(team.tracks >= 0, axis=1)
    by_track = tracked[:-1] & tracked[1:]
    steps, shared = _tracked_steps(team, by_track)
    dt = np.diff(team.times_s)
    for i in np.flatnonzero(~by_track):
        one, two = team.places_m[i], team.places_m[i + 1]
        here, there = _nearest(one, two, max_speed_mps * dt[i] + _SAME_SLACK_M)
        shared[i] = len(here)
        if len(here):
            steps[i] = (two[there] - one[here]).mean(axis=0)
    return steps, shared


def _tracked_steps(team: TeamFrames, wanted: NDArray[np.bool_]) -> tuple[Array, NDArray[np.int64]]:
    """As `_steps`, of those who have the same track in both frames; zeros where not ``wanted``."""
    frame, column = np.nonzero(team.tracks >= 0)
    order = np.argsort(team.tracks[frame, column], kind="stable")
    frame, column = frame[order], column[order]
    track, place = team.tracks[frame, column], team.places_m[frame, column]
    both = (np.diff(track) == 0) & (np.diff(frame) == 1)
    both &= np.append(wanted, False)[frame[:-1]]
    first, step = frame[:-1][both], np.diff(place, axis=0)[both]
    shared = np.bincount(first, minlength=len(wanted)).astype(np.int64)
    total = np.column_stack([np.bincount(first, step[:, k], len(wanted)) for k in (0, 1)])
    return total / np.maximum(shared, 1)[:, None], shared


def _nearest(one: Array, two: Array, reach_m: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pair up players of two frames who are nearest to each other, within reach."""
    distance = np.nan_to_num(cdist(one, two), nan=np.inf)
    nearest, back = distance.argmin(axis=1), distance.argmin(axis=0)
    here = np.flatnonzero((back[nearest] == np.arange(len(one))) & (distance.min(axis=1) <= reach_m))
    return here, nearest[here]
