"""The two teams' kits, found among the colours of everyone in view without knowing either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.identity.kit_density import known, log_any, log_kit

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_PROTOTYPES = 60
_TRUNCATE = 20.0
"""Colours further than this from both kits count as others' (scaled Lab)."""
_BALANCE = 0.03
_MIN_SHARE = 0.05
_BASE_STD = np.array([4.0, 3.0, 3.5, 2.5, 2.0, 2.5])
"""How much the kits of one team differ in a picture, at the least."""
_BASE_COUNT = 6.0
_OTHERS = 0.15
_INNER, _INNER_SCALE = 0.8, 1.45
"""Share of a team that its spread is measured on, and how much wider all are (1.3 if normal; shade adds)."""
_ROUNDS = 12
_SHOT_PEOPLE = 2.0
"""As many people as this hold a shot's colours to those of the clip."""
_A_FIRST = np.array([1.0, 0.15, 0.08])
_MIN_APART, _MIN_APART_STD = 9.0, 3.5
"""Kits nearer than this, in scaled Lab or in standard deviations, cannot be told apart: one cloud of
colours cut in half has its halves 2.7 apart."""


@dataclass(frozen=True, slots=True)
class Kits:
    """Two kits in scaled Lab: ``mean`` ``(2, 6)``, A (the lighter shirt) first; one ``cov`` ``(6, 6)``.

    ``shift`` ``(2, 6)`` for a camera shot is what its light and sharpness add to the means.
    """

    mean: Array
    cov: Array
    shift: Mapping[int, Array] = field(default_factory=dict)


def find_kits(kit: Array, noise: Array, weight: Array) -> Kits | None:
    """Fit two kits and everyone else's colours to people.

    Every pair of people is tried as the two kits; the pair that explains most of all presence, with
    both teams about equally present, is refined by expectation maximisation.

    Parameters
    ----------
    kit, noise
        As in `Subjects`.
    weight
        ``(S,)``: how long each was seen, less where it is probably no outfield player.

    Returns
    -------
    None where there are no two kits: nobody, one colour only, or colours that run into each other.
    """
    usable = known(kit) & (weight > 0)
    kit, noise, weight = kit[usable], noise[usable], weight[usable]
    if len(kit) < 2:
        return None
    filled = fill_legs(kit, weight)
    first, second = _best_pair(filled, weight)
    mean, cov, share = _refine(kit, filled, noise, weight, np.stack([first, second]))
    return _ordered(mean, cov) if _apart(mean, cov) and share.min() >= _MIN_SHARE else None


def log_teams(kit: Array, noise: Array, shot: Ints, kits: Kits) -> Array:
    """Log density of colours, each seen in a ``shot`` ``(S,)``, under kit A and kit B, ``(S, 2)``."""
    out = np.empty((len(kit), 2))
    for number in np.unique(shot):
        rows = shot == number
        means = kits.mean + kits.shift.get(int(number), 0.0)
        out[rows] = np.column_stack([log_kit(kit[rows], noise[rows], mean, kits.cov) for mean in means])
    return out


def with_light(kits: Kits, kit: Array, noise: Array, shot: Ints, weight: Array) -> Kits:
    """Follow each camera shot's own light and sharpness.

    ``weight`` ``(S,)``: how many people each one stands for, in its shot. Shots with few people stay with
    the kits of the clip.
    """
    wide = 2.0 * kits.cov
    usable = known(kit) & (weight > 0)
    if len(np.unique(shot)) < 2:
        return kits
    shift = {}
    for number in np.unique(shot[usable]):
        rows = usable & (shot == number)
        filled, here = fill_legs(kit[rows], weight[rows]), np.zeros((2, 6))
        for _ in range(_ROUNDS):
            means = kits.mean + here
            logs = np.column_stack(
                [*(log_kit(kit[rows], noise[rows], m, wide) for m in means), log_any(kit[rows])]
            )
            logs += np.log([0.5 - _OTHERS / 2, 0.5 - _OTHERS / 2, _OTHERS])
            chance = np.exp(logs - logs.max(axis=1, keepdims=True))
            chance = (chance / chance.sum(axis=1, keepdims=True))[:, :2] * weight[rows, None]
            miss = filled[:, None] - kits.mean[None]
            here = np.einsum("nk,nkd->kd", chance, miss) / (chance.sum(axis=0) + _SHOT_PEOPLE)[:, None]
        shift[int(number)] = here
    return replace(kits, shift=shift)


def _best_pair(filled: Array, weight: Array) -> tuple[Array, Array]:
    centres, mass = _prototypes(filled, weight)
    distance2 = np.minimum(((centres[:, None] - centres[None]) ** 2).sum(axis=2), _TRUNCATE**2) / _TRUNCATE**2
    i, j = np.triu_indices(len(centres), 1)
    if not len(i):
        return centres[0], centres[0]
    mass = mass / mass.sum()
    near = np.minimum(distance2[i], distance2[j])
    to_first = distance2[i] < distance2[j]
    with_first = ((1 - near) * to_first) @ mass + 1e-6
    with_second = ((1 - near) * ~to_first) @ mass + 1e-6
    loss = near @ mass + _BALANCE * np.log(with_first / with_second) ** 2
    k = int(loss.argmin())
    return centres[i[k]], centres[j[k]]


def _prototypes(filled: Array, weight: Array) -> tuple[Array, Array]:
    """At most 60 colours that stand for all, and how much presence each stands for."""
    if len(filled) <= _PROTOTYPES:
        return filled, weight
    chosen = [int(weight.argmax())]
    nearest2 = ((filled - filled[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < _PROTOTYPES:
        chosen.append(int((nearest2 * np.sqrt(weight)).argmax()))
        nearest2 = np.minimum(nearest2, ((filled - filled[chosen[-1]]) ** 2).sum(axis=1))
    centres = filled[chosen]
    for _ in range(5):
        member = ((filled[:, None] - centres[None]) ** 2).sum(axis=2).argmin(axis=1)
        mass = np.bincount(member, weight, len(centres)).astype(np.float64)
        sums = np.column_stack([np.bincount(member, weight * x, len(centres)) for x in filled.T])
        centres = np.where(mass[:, None] > 0, sums / np.maximum(mass[:, None], 1e-9), centres)
    return centres, mass


def _refine(
    kit: Array, filled: Array, noise: Array, weight: Array, mean: Array
) -> tuple[Array, Array, Array]:
    """Expectation maximisation with one covariance for both kits and a broad rest."""
    cov = np.diag(2.0 * _BASE_STD**2)
    share = np.array([0.5, 0.5]) * (1 - _OTHERS)
    count = weight * (weight.sum() / (weight**2).sum())
    total = np.ones(2)
    for _ in range(_ROUNDS):
        logs = np.column_stack([*(log_kit(kit, noise, m, cov) for m in mean), log_any(kit)])
        logs += np.log([*share, _OTHERS])
        chance = np.exp(logs - logs.max(axis=1, keepdims=True))
        near = ((filled[:, None] - mean[None]) ** 2).sum(axis=2) < _TRUNCATE**2
        chance = (chance / chance.sum(axis=1, keepdims=True))[:, :2] * near * count[:, None]
        total = chance.sum(axis=0) + 1e-9
        mean = (chance.T @ filled) / total[:, None]
        cov = _common_cov(filled, mean, cov, chance)
        share = np.maximum(total / total.sum(), 1e-3) * (1 - _OTHERS)
    return mean, cov, total / total.sum()


def _common_cov(filled: Array, mean: Array, cov: Array, chance: Array) -> Array:
    """Scatter around both means, of the inner 80% of each: a dark suit is no navy kit."""
    scatter, kept = np.diag(_BASE_COUNT * _BASE_STD**2), 0.0
    for k in range(2):
        miss = filled - mean[k]
        distance2 = np.einsum("ni,ij,nj->n", miss, np.linalg.inv(cov), miss)
        order = np.argsort(distance2)
        inner = order[np.cumsum(chance[order, k]) <= _INNER * chance[:, k].sum() + 1e-9]
        scatter += _INNER_SCALE * (chance[inner, k, None] * miss[inner]).T @ miss[inner]
        kept += float(chance[inner, k].sum())
    return np.asarray(scatter / (kept + _BASE_COUNT))


def _apart(mean: Array, cov: Array) -> bool:
    gap = mean[0] - mean[1]
    return bool(
        np.linalg.norm(gap) >= _MIN_APART and np.sqrt(gap @ np.linalg.solve(cov, gap)) >= _MIN_APART_STD
    )


def _ordered(mean: Array, cov: Array) -> Kits:
    """Team A wears the lighter shirt; redder and yellower count a little, for shirts about equally light."""
    keys = mean[:, :3] @ _A_FIRST
    return Kits(mean if keys[0] >= keys[1] else mean[::-1], cov)


def fill_legs(kit: Array, weight: Array) -> Array:
    """Put the mean legs where they are unknown."""
    legs = ~np.isnan(kit[:, 3:]).any(axis=1)
    usual = np.average(kit[legs, 3:], axis=0, weights=weight[legs]) if legs.any() else np.zeros(3)
    out = kit.copy()
    out[~legs, 3:] = usual
    return out
