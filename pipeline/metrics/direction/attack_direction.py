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
Ints = NDArray[np.int64]
Attack = Literal["left_to_right", "right_to_left"]

CENTROID_GAP_M = 6.5
"""How far a team's outfield centroid usually stands behind the opponents', m (Hawk-Eye, TRACAB)."""
KEEPER_WEIGHT = 1.5
KEEPER_S = 2.0
"""A goalkeeper seen this long counts in full."""
CLEAR = 0.4
BLOCK_S = 10.0
"""Signs so far apart in time are taken for independent, s (from one ten seconds to the next their gaps
correlate by 0.07 to 0.22 in a broadcast match)."""
MOST = 3.0
"""No window says more than this of its own where sides may change."""
_PLAYERS = 3
SWITCH_COST = 3.0
LOGIT = 6.0
"""What evidence of 1 is worth: log odds that its direction is right. Set by judgement (`CLEAR` is then 0.92),
not fitted: in windows of 10 s of a broadcast match it would be 10, and 5 a block in windows of a minute;
benchmarks/metrics_truth.py prints how often directions so sure are right."""


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
    return float(_by_block(people, np.zeros(len(people), np.int64)).sum())


def lasting_evidence(people: pd.DataFrame) -> float:
    """Add up the `evidence` of each `BLOCK_S`: signs that are weak and last are as clear as strong ones."""
    times = people["time_s"].to_numpy(float)
    since = times - (times.min() if len(times) else 0.0)
    return float(_by_block(people, np.floor(since / BLOCK_S).astype(np.int64)).sum())


def _by_block(people: pd.DataFrame, block: Ints) -> Array:
    """Weigh each block of rows, ``(B,)`` in order; ``block`` ``(N,)`` says which a row is in."""
    known, at = np.unique(block, return_inverse=True)
    x, role = people["x_m"].to_numpy(float), people["role"].to_numpy(object)
    side = (people["team"] == "B").to_numpy(np.int64)
    player, keeper = (role == "player") & people["team"].notna().to_numpy(bool), role == "goalkeeper"
    frames, frame = np.unique(people["frame"].to_numpy(np.int64), return_inverse=True)
    key, size = (2 * frame + side)[player], 2 * len(frames)
    count = np.bincount(key, minlength=size).reshape(-1, 2)
    total = np.bincount(key, x[player], minlength=size).reshape(-1, 2)
    enough = count.min(axis=1, initial=np.iinfo(np.int64).max) >= _PLAYERS
    middle = total[enough] / count[enough]
    of_frame = np.zeros(len(frames), np.int64)
    of_frame[frame] = at
    gap = _means(middle[:, 1] - middle[:, 0], of_frame[enough], len(known))
    times = np.unique(people["time_s"].to_numpy(float))
    usual = float(np.median(np.diff(times))) if len(times) > 1 else 0.04
    own_side = np.where(side[keeper] == 0, -1.0, 1.0)
    vote = _means(np.sign(x[keeper]) * own_side, at[keeper], len(known))
    seen_s = np.bincount(at[keeper], minlength=len(known)) * usual
    keepers = KEEPER_WEIGHT * vote * np.minimum(1.0, seen_s / KEEPER_S)
    return np.asarray(np.clip(gap / CENTROID_GAP_M, -1.5, 1.5) + keepers)


def _means(values: Array, group: Ints, n: int) -> Array:
    """Mean of each of ``n`` groups, 0 of an empty one."""
    counts = np.bincount(group, minlength=n)
    return np.asarray(np.bincount(group, values, minlength=n) / np.maximum(counts, 1))


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
    found = {n: lasting_evidence(people[people["time_s"].between(a, b)]) for n, a, b in spans}
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
