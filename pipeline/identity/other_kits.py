"""Colours that neither team wears: what all who wear them seem to be, taken together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.identity.kit_clusters import fill_legs

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_APART = 12.0
_MAX_KEEPERS = 1.5
_MAX_REFEREES = 3.5
"""At most so many people at a time (90th percentile) wear a goalkeeper's shirt, the referees'."""
_KEEPER_COLOURS = 2
_UNLIKELY = -3.0
_MOST = 4.0
"""What a colour says of its wearers is at most this (log odds): they have their own places and votes too."""
_KEEPER, _REFEREE = 2, 3


@dataclass(frozen=True, slots=True)
class Others:
    """G colours: ``mean`` ``(G, 6)``, and what their wearers seem to be: log odds of the roles ``(G, 5)``."""

    mean: Array
    log_role: Array


def group_others(kit: Array, weight: Array, said: Array, frame: Ints, member: Ints) -> Others | None:
    """Group the colours of those who fit neither team, and let each group share its evidence.

    A referee seen in ten short tracks, or a goalkeeper whom the network calls a player every other
    time, is recognised by what all tracks of that colour say together. A colour worn by several people
    at a time is no goalkeeper's, and there are two goalkeepers.

    Parameters
    ----------
    kit, weight
        Their colours ``(S, 6)`` and how long each was seen ``(S,)``.
    said
        Log-likelihood of the five roles from all but colour, ``(S, 5)``.
    frame, member
        One entry for each time one of them was seen: in which frame, and which of the S.
    """
    if not len(kit):
        return None
    filled = fill_legs(kit, weight)
    group = _leaders(filled, weight)
    n = int(group.max()) + 1
    mean, log_role = np.empty((n, 6)), np.empty((n, 5))
    for g in range(n):
        rows = group == g
        share = weight[rows] / weight[rows].sum()
        mean[g], log_role[g] = filled[rows].mean(axis=0), np.clip(share @ said[rows], -20, 20)
        at_once = _together(frame[rows[member]])
        log_role[g, _KEEPER] += _UNLIKELY * (at_once > _MAX_KEEPERS)
        log_role[g, _REFEREE] += _UNLIKELY * (at_once > _MAX_REFEREES)
    presence = np.bincount(group, weight, n)
    lead = log_role[:, _KEEPER] - log_role[:, _REFEREE:].max(axis=1) + np.log(presence)
    away = np.ones(n, bool)
    for _ in range(_KEEPER_COLOURS):
        if away.any():
            first = int(np.where(away, lead, -np.inf).argmax())
            away &= np.linalg.norm(mean - mean[first], axis=1) > 2 * _APART
    log_role[away, _KEEPER] += _UNLIKELY
    best = log_role[:, _KEEPER:].max(axis=1, keepdims=True)
    return Others(mean, np.maximum(log_role - best, -_MOST))


def _together(frame: Ints) -> float:
    """How many of the group are seen at a time."""
    return float(np.quantile(np.unique(frame, return_counts=True)[1], 0.9)) if len(frame) else 0.0


def _leaders(filled: Array, weight: Array) -> Ints:
    """Group colours: each joins the first leader within reach, the longest seen leading."""
    group = np.full(len(filled), -1, np.int64)
    leaders: list[Array] = []
    for i in np.argsort(-weight, kind="stable"):
        if leaders:
            distance = np.linalg.norm(np.array(leaders) - filled[i], axis=1)
            if distance.min() < _APART:
                group[i] = int(distance.argmin())
                continue
        group[i] = len(leaders)
        leaders.append(filled[i])
    return group
