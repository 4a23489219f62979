"""A team over several line-ups: places found within each, then pooled. Arrays in, arrays out.

Over a substitution or a half there are more players than places, and a player of one line-up was never seen
together with one of the next. So players are not pooled, results are: each line-up's places are matched to
the others' by role, and averaged by the time behind them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.formation.team_places import (
    TeamPlaces,
    best_roles,
    described,
    rows_of,
    team_places,
)
from pipeline.metrics.shape.team_shape import TeamFrames

Array = NDArray[np.float64]

MIN_PART_S = 60.0
"""Line-ups that played for less are left with the one before (the first: with the one after)."""


@dataclass(frozen=True, slots=True)
class PooledPlaces:
    """``whole``: the pooled places; ``parts``: each line-up's; ``share`` ``(S,)``: of the frames in each."""

    whole: TeamPlaces
    parts: tuple[TeamPlaces, ...]
    share: Array


def pooled_places(team: TeamFrames, cuts_s: tuple[float, ...] = ()) -> PooledPlaces:
    """Pool a team's places over the spans between ``cuts_s``, when line-up or sides changed."""
    parts = [team_places(rows_of(team, rows)) for rows in _spans(team.times_s, cuts_s)]
    if len(parts) < 2:
        whole = parts[0] if parts else team_places(team)
        return PooledPlaces(whole, (whole,), np.ones(1))
    padded = np.full((len(parts), team.size, 2), np.nan)
    for i, part in enumerate(parts):
        padded[i, : len(part.places_m)] = part.places_m
    count = np.array([len(p.team.frames) for p in parts], dtype=float)
    roles = best_roles(padded, team.size)
    slots, total, weight = [], np.zeros((team.size, 2)), np.zeros(team.size)
    for part, role, n in zip(parts, roles.role, count, strict=True):
        own = role[: len(part.places_m)]
        slots.append(np.where(part.slot >= 0, np.append(own, -1)[part.slot], -1))
        given = own >= 0
        shift = (part.places_m[given] - roles.places_m[own[given]]).mean(axis=0) if given.any() else 0.0
        total[own[given]] += n * (part.places_m[given] - shift)
        weight[own[given]] += n
    places = np.where(weight[:, None] > 0, total / np.maximum(weight, 1)[:, None], roles.places_m)
    frames = _joined([p.team for p in parts])
    slot = _padded(slots, frames.tracks.shape[1], -1)
    whole = described(frames, places, slot.astype(np.int64), parts[int(count.argmax())].method)
    return PooledPlaces(whole, tuple(parts), count / count.sum())


def _spans(times_s: Array, cuts_s: tuple[float, ...]) -> list[NDArray[np.intp]]:
    """Give the rows of each span; those of less than `MIN_PART_S` go with a neighbour."""
    edges = np.searchsorted(times_s, np.sort(np.asarray(cuts_s, dtype=float)))
    kept: list[int] = [0]
    step = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 0.0
    for edge in [*edges, len(times_s)]:
        if (edge - kept[-1]) * step >= MIN_PART_S:
            kept.append(int(edge))
    if len(kept) == 1:
        return [np.arange(len(times_s))] if len(times_s) else []
    kept[-1] = len(times_s)
    return [np.arange(a, b) for a, b in pairwise(kept)]


def _joined(teams: list[TeamFrames]) -> TeamFrames:
    most = max(t.tracks.shape[1] for t in teams)
    return TeamFrames(
        np.concatenate([t.frames for t in teams]),
        np.concatenate([t.times_s for t in teams]),
        _padded([t.places_m for t in teams], most, np.nan),
        _padded([t.tracks for t in teams], most, -1).astype(np.int64),
        teams[0].size,
    )


def _padded(arrays: Sequence[NDArray[Any]], width: int, fill: float) -> Array:
    """Put arrays ``(F, P, ...)`` of different P behind each other."""
    wide = [
        np.pad(
            a.astype(float), [(0, 0), (0, width - a.shape[1])] + [(0, 0)] * (a.ndim - 2), constant_values=fill
        )
        for a in arrays
    ]
    return np.concatenate(wide)
