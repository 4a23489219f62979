"""Which way each team attacks: from the goalkeepers, and from which team stands nearer to which goal."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Attack = Literal["left_to_right", "right_to_left"]

CENTROID_GAP_M = 6.5
"""How far a team's outfield centroid usually stands behind the opponents', m (Hawk-Eye, TRACAB)."""
KEEPER_WEIGHT = 1.5
KEEPER_S = 2.0
"""A goalkeeper seen this long counts in full."""
CLEAR = 0.4
SWITCH_COST = 3.0
LOGIT = 6.0
"""What evidence of 1 is worth: log odds that its direction is right. Set by judgement (`CLEAR` is then 0.92),
not fitted; benchmarks/metrics_truth.py prints how often directions so sure are right."""


@dataclass(frozen=True, slots=True)
class Direction:
    """Team A's direction of attack, None where unclear, and the probability that it is right, 0.5 to 1."""

    attack: Attack | None
    score: float | None


def evidence(people: pd.DataFrame) -> float:
    """Weigh the signs that team A attacks from left to right; negative: from right to left.

    The centroid alone is right in every second where whole teams are seen and in 99% where a
    picture of 48 m is; `CLEAR` and more is a verdict.

    Parameters
    ----------
    people
        What `who_is_where.people` gives, over a time in which sides are not changed.
    """
    if people.empty:
        return 0.0
    outfield = people[people["role"] == "player"]
    by_frame = outfield.groupby(["frame", "team"])["x_m"].agg(["mean", "size"]).unstack()
    total = 0.0
    if {("mean", "A"), ("mean", "B")} <= set(by_frame.columns):
        enough = by_frame["size"].to_numpy(float).min(axis=1) >= 3
        gap = (by_frame["mean"]["B"] - by_frame["mean"]["A"])[enough]
        total += float(np.clip(gap.mean() / CENTROID_GAP_M, -1.5, 1.5)) if len(gap) else 0.0
    keepers = people[people["role"] == "goalkeeper"]
    if len(keepers):
        usual = (
            float(np.median(np.diff(np.unique(people["time_s"])))) if people["time_s"].nunique() > 1 else 0.04
        )
        own_side = np.where(keepers["team"] == "A", -1.0, 1.0)
        vote = float((np.sign(keepers["x_m"].to_numpy(float)) * own_side).mean())
        total += KEEPER_WEIGHT * vote * min(1.0, len(keepers) * usual / KEEPER_S)
    return total


def attacks(evidences: list[float]) -> list[Attack | None]:
    """Decide team A's direction window by window; sides change rarely, so neighbours speak for each other.

    None where nothing is clear: then team B's is unclear too, else it is the opposite.
    """
    if not evidences:
        return []
    signs = np.array([1.0, -1.0])
    best = np.zeros((len(evidences), 2))
    came = np.zeros((len(evidences), 2), dtype=int)
    for i, value in enumerate(evidences):
        before = best[i - 1] if i else np.zeros(2)
        stay, change = before, before[::-1] - SWITCH_COST
        came[i] = np.where(stay >= change, [0, 1], [1, 0])
        best[i] = np.maximum(stay, change) + signs * value
    state = int(best[-1].argmax())
    states = [state]
    for i in range(len(evidences) - 1, 0, -1):
        state = int(came[i, state])
        states.append(state)
    states.reverse()
    return _verdicts(np.array(states), np.array(evidences))


def attacks_by_period(people: pd.DataFrame, periods: pd.DataFrame) -> list[Attack | None]:
    """Say team A's direction in each row of table ``periods``; None where that is unclear.

    As `directions_by_period`.
    """
    return [d.attack for d in directions_by_period(people, periods)]


def directions_by_period(people: pd.DataFrame, periods: pd.DataFrame) -> list[Direction]:
    """Say team A's direction in each row of table ``periods``, and how sure it is.

    A given direction counts before one estimated from `evidence`. Where that is weak, the other half speaks,
    as sides change from period 1 to 2 and from 3 to 4.
    """
    numbers = periods["period"].astype(int).tolist()
    given = {n: _given(g) for n, g in zip(numbers, periods["attack_a"], strict=True)}
    spans = zip(numbers, periods["start_s"], periods["end_s"], strict=True)
    found = {n: evidence(people[people["time_s"].between(a, b)]) for n, a, b in spans}
    return [_direction(n, given, found) for n in numbers]


def _direction(number: int, given: dict[int, Attack | None], found: dict[int, float]) -> Direction:
    other = number + 1 if number % 2 else number - 1
    values = found[number], -found.get(other, 0.0)
    ways = (given[number], _verdict(values[0])), (opposite(given.get(other)), _verdict(values[1]))
    for (known, told), value in zip(ways, values, strict=True):
        if known is not None:
            return Direction(known, 1.0)
        if told is not None:
            return Direction(told, sureness(value))
    return Direction(None, None)


def sureness(value: float) -> float:
    """Give the probability that the direction which `evidence` speaks for is right, 0.5 to 1."""
    return float(1 / (1 + np.exp(-LOGIT * abs(value))))


def _given(attack: object) -> Attack | None:
    return cast("Attack", attack) if isinstance(attack, str) else None


def _verdict(value: float) -> Attack | None:
    if abs(value) < CLEAR:
        return None
    return "left_to_right" if value > 0 else "right_to_left"


def _verdicts(states: NDArray[np.int64], evidences: Array) -> list[Attack | None]:
    out: list[Attack | None] = [None] * len(states)
    edges = [0, *(np.flatnonzero(np.diff(states)) + 1).tolist(), len(states)]
    for start, stop in pairwise(edges):
        if abs(evidences[start:stop].sum()) >= CLEAR:
            way: Attack = "left_to_right" if states[start] == 0 else "right_to_left"
            out[start:stop] = [way] * (stop - start)
    return out


def opposite(attack: Attack | None) -> Attack | None:
    """Give the other team's direction."""
    if attack is None:
        return None
    return "right_to_left" if attack == "left_to_right" else "left_to_right"


def forward(places_m: Array, attack: Attack) -> Array:
    """Turn pitch directions into the team's own: x forward, y to the left (its own inverse)."""
    return places_m if attack == "left_to_right" else -places_m
