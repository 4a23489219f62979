"""Mean shape and movement of each team: the table ``team_movement``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from pipeline.metrics.motion import MIN_STRETCH_S
from pipeline.metrics.shape import SHAPE_COLUMNS, TeamFrames, team_frames
from pipeline.metrics.smooth import low_pass, stretches

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.metrics.motion import MotionSettings

Array = NDArray[np.float64]

_SAME_SLACK_M = 1.0


def team_movement(
    people: pd.DataFrame,
    by_frame: pd.DataFrame,
    settings: MotionSettings,
    *,
    min_players: int = 5,
    movement: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Average each team's shape over the frames with at least ``min_players`` of it.

    Parameters
    ----------
    people, by_frame
        What `people.people` and `shape.frame_shapes` give.
    movement
        Table ``movement`` for the metres of tracked players; None without tracks.
    """
    import pandas as pd

    from pipeline import tables

    rows: list[dict[str, object]] = []
    for team in ("A", "B"):
        own = by_frame[(by_frame["team"] == team) & (by_frame["players_seen"] >= min_players)]
        row: dict[str, object] = {"team": team, "n_frames": len(own)}
        row["players_seen"] = float(own["players_seen"].mean()) if len(own) else 0.0
        row |= {name: float(own[name].mean()) if len(own) else None for name in SHAPE_COLUMNS}
        row["centroid_speed_mps"] = centroid_speed_mps(team_frames(people, team), settings, min_players)
        row["distance_visible_m"] = None
        if movement is not None:
            outfield = (movement["team"] == team) & (movement["role"] == "player")
            row["distance_visible_m"] = float(movement.loc[outfield, "distance_visible_m"].sum())
        rows.append(row)
    return tables.conform(pd.DataFrame(rows).astype({"team": "str"}), "team_movement")


def centroid_speed_mps(team: TeamFrames, settings: MotionSettings, min_players: int = 5) -> float | None:
    """Measure the mean speed of a team's centroid, m/s; None if it is never seen for long enough.

    Players come into the picture and leave it, which moves the mean of those seen but not the team.
    So steps are averaged over the players seen in both of two frames (by track, else the mutually
    nearest), added up to a path, and that path is smoothed.
    """
    if len(team.times_s) < 2:
        return None
    steps, shared = _steps(team, settings.max_speed_mps)
    dt = np.diff(team.times_s)
    usable = (shared >= min_players) & (dt <= settings.max_gap_s)
    metres = seconds = 0.0
    edges = np.flatnonzero(np.diff(np.r_[False, usable, False].astype(int)))
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        times = team.times_s[start : stop + 1]
        if times[-1] - times[0] < MIN_STRETCH_S:
            continue
        places = np.r_[np.zeros((1, 2)), np.cumsum(steps[start:stop], axis=0)]
        whole = stretches(times, places, max_gap_s=settings.max_gap_s, max_speed_mps=settings.max_speed_mps)
        for k in range(int(whole.max()) + 1):
            path = low_pass(times[whole == k], places[whole == k], settings.cutoff_hz)
            metres += float(np.hypot(*np.diff(path.places_m, axis=0).T).sum())
            seconds += float(path.times_s[-1] - path.times_s[0])
    return metres / seconds if seconds > 0 else None


def _steps(team: TeamFrames, max_speed_mps: float) -> tuple[Array, NDArray[np.int64]]:
    """Mean step of the players seen in both of two frames ``(F-1, 2)``, and how many those are ``(F-1,)``."""
    steps = np.zeros((len(team.times_s) - 1, 2))
    shared = np.zeros(len(steps), dtype=np.int64)
    for i, dt in enumerate(np.diff(team.times_s)):
        one, two = team.places_m[i], team.places_m[i + 1]
        here, there = _same(one, two, team.tracks[i], team.tracks[i + 1], max_speed_mps * dt + _SAME_SLACK_M)
        shared[i] = len(here)
        if len(here):
            steps[i] = (two[there] - one[here]).mean(axis=0)
    return steps, shared


def _same(
    one: Array, two: Array, tracks_one: NDArray[np.int64], tracks_two: NDArray[np.int64], reach_m: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pair up players of two frames: by track where all are tracked, else mutual nearest within reach."""
    if (tracks_one >= 0).any() and (tracks_two >= 0).any():
        both = (tracks_one[:, None] == tracks_two[None]) & (tracks_one >= 0)[:, None]
        here, there = np.nonzero(both)
        return here, there
    distance = np.nan_to_num(cdist(one, two), nan=np.inf)
    nearest, back = distance.argmin(axis=1), distance.argmin(axis=0)
    here = np.flatnonzero((back[nearest] == np.arange(len(one))) & (distance.min(axis=1) <= reach_m))
    return here, nearest[here]
