"""Shirt numbers and appearance as evidence of who is who; nothing is said where nothing was read or seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_NUMBERS = 30
"""As many shirt numbers are about equally likely."""
MISREAD = 0.06
"""How often a tracklet's number is wrong although its score says 1."""
VOTE = float(np.log((1 - MISREAD) * _NUMBERS / MISREAD))
"""What one sure vote for a person's number says against any other number."""
_MOST_GAIN = 5.0
"""Looks of one tracklet never say more than this: light and shade are not independent."""


@dataclass(frozen=True, slots=True)
class Looks:
    """Of N pieces: ``number`` ``(N,)``, -1 for none, with ``number_score`` ``(N,)``; ``colours`` ``(N, D)``
    of its body's zones and build, NaN where not seen.
    """

    number: Ints
    number_score: Array
    colours: Array

    def take(self, index: Ints) -> Looks:
        """Pick some."""
        return Looks(self.number[index], self.number_score[index], self.colours[index])


def nothing_seen(n: int) -> Looks:
    """Looks of ``n`` pieces of which nothing was read or seen."""
    return Looks(np.full(n, -1, np.int64), np.zeros(n), np.zeros((n, 0)))


def number_gain(looks: Looks, who: Ints, n_people: int) -> Array:
    """Log-likelihood ratio ``(N, K)`` of each piece's number for each person, judged by his other pieces."""
    gain = np.zeros((len(who), n_people))
    read = np.flatnonzero(looks.number >= 0)
    if not len(read):
        return gain
    names, code = np.unique(looks.number[read], return_inverse=True)
    score, whose = looks.number_score[read], who[read]
    votes = np.zeros((n_people, len(names)))
    own = whose >= 0
    np.add.at(votes, (whose[own], code[own]), score[own])
    mine = (whose[:, None] == np.arange(n_people)[None]) * score[:, None]
    others = np.repeat(votes[None], len(read), axis=0)
    others[np.arange(len(read))[:, None], np.arange(n_people)[None], code[:, None]] -= mine
    weight = np.exp(np.minimum(np.maximum(others, 0.0) * VOTE, 50.0))
    unread = max(_NUMBERS - len(names), 0)
    chosen = np.take_along_axis(weight, code[:, None, None], axis=2)[..., 0]
    share = chosen / (weight.sum(axis=2) + unread)
    right = score[:, None] * (1 - MISREAD)
    chance = right * share + (1 - right) / _NUMBERS
    gain[read] = np.log(chance) - np.log(chance.mean(axis=1, keepdims=True))
    return gain


def colour_gain(looks: Looks, who: Ints, n_people: int) -> Array:
    """Log-likelihood ratio ``(N, K)`` of each piece's colours, each dimension for itself.

    How far people differ, and how far one person's pieces do, is measured on the pieces assigned so far;
    where people of a team look alike it comes out as nothing.
    """
    gain = np.zeros((len(who), n_people))
    for d in range(looks.colours.shape[1]):
        gain += _one_colour(looks.colours[:, d], who, n_people)
    if not gain.size:
        return gain
    worse = np.maximum(gain - gain.max(axis=1, keepdims=True), -_MOST_GAIN)
    return np.asarray(worse - np.log(np.exp(worse).mean(axis=1, keepdims=True)))


def _one_colour(value: Array, who: Ints, n_people: int) -> Array:
    gain = np.zeros((len(who), n_people))
    seen = np.isfinite(value)
    own = seen & (who >= 0)
    count = np.bincount(who[own], minlength=n_people).astype(np.float64)
    spare = own.sum() - (count > 0).sum()
    if spare < 5 or (count > 0).sum() < 3:
        return gain
    total = np.bincount(who[own], value[own], n_people)
    mean = total / np.maximum(count, 1)
    within = float(((value[own] - mean[who[own]]) ** 2).sum() / spare)
    middle = float(value[own].mean())
    between = float(np.average((mean - middle) ** 2, weights=count) - within * (count > 0).sum() / own.sum())
    if between <= 0.05 * within or within <= 0:
        return gain
    rows = np.flatnonzero(seen)
    mine = (who[rows][:, None] == np.arange(n_people)[None]).astype(np.float64)
    n = count[None] - mine
    rest = total[None] - mine * value[rows][:, None] - n * middle
    known = between * n / (between * n + within)
    expected = middle + known * rest / np.maximum(n, 1)
    variance = within + between * (1 - known)
    gain[rows] = -0.5 * (value[rows][:, None] - expected) ** 2 / variance - 0.5 * np.log(variance)
    return gain
