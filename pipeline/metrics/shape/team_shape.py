"""Team shape over time: centroid, length, width, stretch, hull of the outfield players seen.

Works from positions alone, with or without tracks. Nothing is filled in for players out of the
picture: every number says how many players it stands on.

Wherever a length, width, stretch, hull or centroid is shown as one number, it is the mean over seconds of
the mean over that second's frames with at least so many outfield players in view (`counted`, `by_second`;
setting ``measure.shape_min_players``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.shape.convex_hull import hull_areas

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

MIN_PLAYERS = 3
"""Fewer players have no extent worth naming."""
SHAPE_COLUMNS = ("centroid_x_m", "centroid_y_m", "length_m", "width_m", "stretch_m", "hull_m2")


@dataclass(frozen=True, slots=True)
class TeamFrames:
    """One team's players frame by frame, padded with NaN.

    ``frames`` and ``times_s`` ``(F,)``; ``places_m`` ``(F, P, 2)``; ``tracks`` ``(F, P)``, -1 where
    not tracked or absent. The order of players within a frame has no meaning. ``size`` outfield players
    are in the whole team.
    """

    frames: NDArray[np.int64]
    times_s: Array
    places_m: Array
    tracks: NDArray[np.int64]
    size: int = 10


def team_frames(people: pd.DataFrame, team: str, size: int = 10) -> TeamFrames:
    """Lay out one team's outfield players of `who_is_where.people` as arrays; only frames that show one.

    ``size`` of them are in the whole team.
    """
    own = people[(people["team"] == team) & (people["role"] == "player")].sort_values(
        ["frame", "track_id"], kind="stable"
    )
    frame = own["frame"].to_numpy(np.int64)
    frames, first, counts = np.unique(frame, return_index=True, return_counts=True)
    row = np.repeat(np.arange(len(frames)), counts)
    column = np.arange(len(frame)) - np.repeat(first, counts)
    widest = int(counts.max(initial=0))
    places = np.full((len(frames), widest, 2), np.nan)
    tracks = np.full((len(frames), widest), -1, dtype=np.int64)
    places[row, column] = own[["x_m", "y_m"]].to_numpy(float)
    tracks[row, column] = own["track_id"].fillna(-1).to_numpy(np.int64)
    return TeamFrames(frames, own["time_s"].to_numpy(float)[first], places, tracks, size)


def frame_shapes(people: pd.DataFrame, min_players: int = MIN_PLAYERS) -> pd.DataFrame:
    """Describe both teams' shape in every frame.

    Parameters
    ----------
    people
        What `who_is_where.people` gives; goalkeepers are left out.
    min_players
        Frames with fewer of a team have no extents.

    Returns
    -------
    ``frame, time_s, team, players_seen`` and `SHAPE_COLUMNS`; extents are NaN under ``min_players``.
    """
    import pandas as pd

    fewest = max(min_players, MIN_PLAYERS)
    return pd.concat([_shapes(team_frames(people, t), t, fewest) for t in ("A", "B")], ignore_index=True)


def _shapes(team: TeamFrames, name: str, fewest: int) -> pd.DataFrame:
    import pandas as pd

    points = team.places_m
    seen = np.isfinite(points.sum(axis=2))
    count = seen.sum(axis=1)
    safe = np.where(seen[..., None], points, 0.0)
    centroid = safe.sum(axis=1) / np.maximum(count, 1)[:, None]
    reach = np.where(seen, np.hypot(*np.moveaxis(points - centroid[:, None], 2, 0)), 0.0)
    high = np.where(seen[..., None], points, -np.inf).max(axis=1, initial=-np.inf)
    low = np.where(seen[..., None], points, np.inf).min(axis=1, initial=np.inf)
    enough = count >= fewest
    hull_m2 = np.full(len(count), np.nan)
    hull_m2[enough] = hull_areas(points[enough])
    extent = np.where(enough[:, None], high - low, np.nan)
    return pd.DataFrame(
        {
            "frame": team.frames,
            "time_s": team.times_s,
            "team": pd.Series([name] * len(count), dtype="str"),
            "players_seen": count.astype(float),
            "centroid_x_m": centroid[:, 0],
            "centroid_y_m": centroid[:, 1],
            "length_m": extent[:, 0],
            "width_m": extent[:, 1],
            "stretch_m": np.where(enough, reach.sum(axis=1) / np.maximum(count, 1), np.nan),
            "hull_m2": hull_m2,
        }
    )


def counted(by_frame: pd.DataFrame, min_players: int) -> pd.DataFrame:
    """Blank `SHAPE_COLUMNS` of `frame_shapes` in frames with fewer than ``min_players`` of the team in view.

    The length of five players is not that of their team.
    """
    few = (by_frame["players_seen"] < min_players).to_numpy(bool)
    return by_frame.assign(**{n: by_frame[n].mask(few) for n in SHAPE_COLUMNS})


def by_second(by_frame: pd.DataFrame, *, every_s: float = 1.0) -> pd.DataFrame:
    """Average frames over each second: ``time_s`` (its middle), ``team``, ``players_seen``, `SHAPE_COLUMNS`.

    A second without the team has no row; one in which nothing counts has NaN.
    """
    at = by_frame.assign(time_s=(np.floor(by_frame["time_s"] / every_s) + 0.5) * every_s)
    return at.groupby(["time_s", "team"], as_index=False)[["players_seen", *SHAPE_COLUMNS]].mean()


def shapes(by_frame: pd.DataFrame, min_players: int = 1) -> pd.DataFrame:
    """Average `frame_shapes` over each second: table ``shapes`` of `pipeline.tables.schemas`."""
    from pipeline.tables import storage

    if by_frame.empty:
        return storage.empty("shapes")
    return storage.conform(by_second(counted(by_frame, min_players)), "shapes")
