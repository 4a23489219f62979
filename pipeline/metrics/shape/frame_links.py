"""Short-lived links between frames for teams that are not tracked. Arrays in, arrays out.

Averages of places relative to each other need to know for a few seconds who is who, no more: no
identity is claimed, and a swap of two neighbours does no harm.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from pipeline.metrics.shape.team_shape import TeamFrames

RUN_MPS = 8.0
REACH_M = 1.0
MEMORY_S = 1.0
_FAR = 1e6


def chained(team: TeamFrames) -> TeamFrames:
    """Number the players of an untracked team by linking each to the nearest of the frames before.

    A link spans at most `MEMORY_S` and a run at `RUN_MPS`. A team with any track comes back as it is.
    """
    if (team.tracks >= 0).any() or not len(team.frames):
        return team
    tracks = np.full(team.tracks.shape, -1, dtype=np.int64)
    live_places, live_times = np.zeros((0, 2)), np.zeros(0)
    live_ids = np.zeros(0, dtype=np.int64)
    count = 0
    for f, time_s in enumerate(team.times_s):
        seen = np.flatnonzero(np.isfinite(team.places_m[f, :, 0]))
        places = team.places_m[f, seen]
        fresh = time_s - live_times <= MEMORY_S
        live_places, live_times, live_ids = live_places[fresh], live_times[fresh], live_ids[fresh]
        ids = _links(places, live_places, REACH_M + RUN_MPS * (time_s - live_times), live_ids)
        new = ids < 0
        ids[new] = count + np.arange(new.sum())
        count += int(new.sum())
        tracks[f, seen] = ids
        others = ~np.isin(live_ids, ids)
        live_places = np.r_[live_places[others], places]
        live_times = np.r_[live_times[others], np.full(len(ids), time_s)]
        live_ids = np.r_[live_ids[others], ids]
    return replace(team, tracks=tracks)


def _links(
    places: NDArray[np.float64],
    known: NDArray[np.float64],
    reach_m: NDArray[np.float64],
    ids: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Give each place the id of the nearest known one within its reach, each at most once; -1 for none."""
    out = np.full(len(places), -1, dtype=np.int64)
    if not len(places) or not len(known):
        return out
    distance = cdist(places, known)
    cost = np.where(distance <= reach_m[None], distance, _FAR)
    row, column = linear_sum_assignment(cost)
    fine = cost[row, column] < _FAR
    out[row[fine]] = ids[column[fine]]
    return out
