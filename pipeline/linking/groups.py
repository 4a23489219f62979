"""The decision for one group: a team's outfield players, its goalkeeper, or the referees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.linking.evidence.appearance_match import Looks, colour_gain, number_gain
from pipeline.linking.evidence.shape_model import first_reference
from pipeline.linking.keepers import one_at_a_time
from pipeline.linking.search.doubts import doubts
from pipeline.linking.search.team_links import Solution, solve_team
from pipeline.linking.summaries import BUILD, COLOURS
from pipeline.linking.tracklets.pieces import GRID_S, Pieces, pieces_of

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

MIN_SCORE = 0.7
"""A piece less likely than this to be anybody's is an unknown of its team."""
MOTION_S, PLACE_S = 2.0, 15.0
"""Gaps up to which motion, and then the place where he was, say most."""
_CLEAR_GAIN = 1.5


@dataclass(frozen=True, slots=True)
class Decided:
    """A group's M pieces: their numbers ``piece``; ``who`` within the group, -1 unknown; ``why``; scores."""

    role: str
    team: str | None
    piece: Ints
    who: Ints
    why: NDArray[np.object_]
    score: Array
    second: Ints
    second_score: Array


def decide_group(
    rows: pd.DataFrame, pieces: pd.DataFrame, role: str, team: str | None, most: int
) -> Decided | None:
    """Decide who is who in one group; None where nobody of it has a place."""
    member = pieces["role"] == role
    member &= pieces["team"].isna() if team is None else pieces["team"] == team
    own = rows[rows["piece"].isin(pieces.index[member]) & rows["x_m"].notna()]
    if own.empty:
        return None
    found = pieces_of(own)
    looks = _looks_of(pieces.loc[found.number])
    if role == "goalkeeper":
        return _keeper(role, team, found)
    solution = solve_team(found, looks, _everyone(rows), most)
    doubt = doubts(solution.evidence, solution.who)
    sure = (solution.who >= 0) & (doubt.score >= MIN_SCORE)
    who = np.where(sure, solution.who, -1)
    second = np.where(sure, doubt.second, np.where(solution.who >= 0, solution.who, -1))
    second_score = np.where(sure, doubt.second_score, doubt.score)
    why = _reasons(found, looks, solution, most)
    score = np.where(sure, doubt.score, 0.0)
    return Decided(role, team, found.number, who, why, score, second, second_score)


def _everyone(rows: pd.DataFrame) -> Array:
    """Where the middle of all players in view is, on the common clock, ``(T, 2)``."""
    playing = rows[(rows["role"] == "player") & rows["x_m"].notna()]
    n = int(rows["time_s"].max() / GRID_S) + 2
    return first_reference(pieces_of(playing if len(playing) else rows[rows["x_m"].notna()]), n)


def _looks_of(pieces: pd.DataFrame) -> Looks:
    return Looks(
        pieces["number"].to_numpy(np.int64),
        pieces["number_score"].to_numpy(np.float64),
        pieces[[*COLOURS, *BUILD]].to_numpy(np.float64),
    )


def _keeper(role: str, team: str | None, found: Pieces) -> Decided:
    n = len(found)
    who = one_at_a_time(found.start_s, found.end_s, found.seconds)
    score = np.where(who >= 0, 1.0, 0.0)
    why = np.full(n, "place", object)
    return Decided(role, team, found.number, who, why, score, np.full(n, -1), np.zeros(n))


def _reasons(found: Pieces, looks: Looks, solution: Solution, most: int) -> NDArray[np.object_]:
    """What spoke most for each piece's person."""
    who, n = solution.who, len(found)
    latest: dict[int, float] = {}
    gap = np.full(n, np.inf)
    for i in range(n):
        gap[i] = found.start_s[i] - latest.get(int(who[i]), -np.inf)
        latest[int(who[i])] = found.end_s[i]
    why = np.where(gap <= MOTION_S, "motion", np.where(gap <= PLACE_S, "place", "team_shape")).astype(object)
    at = np.arange(n), np.maximum(who, 0)
    number, colour = number_gain(looks, who, most)[at], colour_gain(looks, who, most)[at]
    long = gap > MOTION_S
    why[long & (colour > _CLEAR_GAIN)] = "appearance"
    why[long & (number > _CLEAR_GAIN)] = "number"
    return why
