"""How sure a distance between two shapes is: a bootstrap over possessions or blocks of time. Arrays out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.comparison.comparison_side import Side
from pipeline.metrics.comparison.shape_distance import pair_roles, same_size

Array = NDArray[np.float64]

ROUNDS = 400
INTERVAL = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Chance:
    """Same-role distance with its 95% interval ``low_m, high_m``, without and with equal length and width.

    ``chance_m``: the distance that two samples as long as these would have by chance if both teams
    stood alike; a distance not clearly above it says nothing. All NaN under two blocks.
    """

    low_m: float
    high_m: float
    chance_m: float
    scaled_low_m: float
    scaled_high_m: float


def drawn_places(side: Side, *, seed: int = 0, rounds: int = ROUNDS) -> Array:
    """Draw a side's blocks with replacement, and give its places each time, ``(rounds, R, 2)``.

    Who has which role stays as it is. Empty, ``(0, R, 2)``, under two blocks.
    """
    found = side.model.found
    places, slot = found.places_m, found.slot
    _, block = np.unique(side.block, return_inverse=True)
    number = int(block.max(initial=-1)) + 1
    if number < 2 or not len(places):
        return np.zeros((0, len(places), 2))
    given = slot >= 0
    gap = np.where(given[..., None], found.team.places_m - places[np.maximum(slot, 0)], 0.0)
    rest = gap - (gap.sum(axis=1) / np.maximum(given.sum(axis=1), 1)[:, None])[:, None]
    frame, column = np.nonzero(given)
    total, count = np.zeros((number, len(places), 2)), np.zeros((number, len(places)))
    np.add.at(total, (block[frame], slot[frame, column]), rest[frame, column])
    np.add.at(count, (block[frame], slot[frame, column]), 1.0)
    mean = total.sum(axis=0) / np.maximum(count.sum(axis=0), 1)[:, None]
    rng = np.random.default_rng(seed)
    weight = rng.multinomial(number, np.full(number, 1 / number), size=rounds).astype(float)
    sums, counts = np.einsum("kb,bri->kri", weight, total), weight @ count
    moved = np.where(counts[..., None] > 0, sums / np.maximum(counts, 1)[..., None], mean)
    return np.asarray(places + moved - mean)


def chance(one: Side, two: Side, one_drawn: Array, two_drawn: Array) -> Chance:
    """Say how sure the distance between two sides is, from their `drawn_places`."""
    first, second = pair_roles(one.model.places_m, two.model.places_m)
    if not len(one_drawn) or not len(two_drawn) or len(first) < 2:
        return Chance(*[float("nan")] * 5)
    a, b = _centred(one_drawn[:, first]), _centred(two_drawn[:, second])
    low, high, by_chance = _interval(
        a - b, _centred(one.model.places_m[first]) - _centred(two.model.places_m[second])
    )
    pairs = [same_size(x, y) for x, y in zip(a, b, strict=True)]
    scaled = np.array([x - y for x, y in pairs])
    exact = np.subtract(*same_size(one.model.places_m[first], two.model.places_m[second]))
    scaled_low, scaled_high, _ = _interval(scaled, exact)
    return Chance(low, high, by_chance, scaled_low, scaled_high)


def _interval(drawn: Array, exact: Array) -> tuple[float, float, float]:
    """Give the interval of the RMS of differences ``(K, R, 2)`` about ``exact`` ``(R, 2)``, and their noise.

    Noise only ever adds to a distance: what it adds to a drawn one is taken off again.
    """
    noise = ((drawn - exact) ** 2).sum(axis=2).mean()
    squared = (drawn**2).sum(axis=2).mean(axis=1) - noise
    low, high = np.sqrt(np.maximum(np.percentile(squared, INTERVAL), 0))
    return float(low), float(high), float(np.sqrt(noise))


def _centred(places: Array) -> Array:
    return np.asarray(places - places.mean(axis=-2, keepdims=True))
