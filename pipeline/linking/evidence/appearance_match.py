"""Shirt numbers and appearance as evidence of who is who; nothing is said where nothing was read or seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_NUMBERS = 30
"""As many shirt numbers are about equally likely."""
MISREAD = 0.06
"""How often a tracklet's number is wrong although its score says 1."""
VOTE = float(np.log((1 - MISREAD) * _NUMBERS / MISREAD))
"""What one sure vote for a person's number says against any other number."""
_MOST_GAIN = 5.0
"""Looks of one tracklet never say more than this: light and shade are not independent."""

_TOGETHER = np.array([[0.4, 0.0, 0.0], [0.0, 0.5, -0.45], [0.0, -0.45, 0.5]])
"""Correlations of L*, a* and b* of one zone with those of another, over pieces of one person: rounded, from
stretches of 2.5 s of tracks in three real clips (360p to 720p)."""
_ALIKE = np.eye(14)
_ALIKE[:12, :12] = np.kron(np.ones((4, 4)), _TOGETHER) + np.kron(np.eye(4), np.diag(1 - np.diag(_TOGETHER)))
"""The same over all columns of `Looks`; values of build vary for themselves."""
_SPREAD = np.array([8.0, 4.0, 4.3, 6.0, 3.7, 4.5, 6.2, 3.8, 4.0, 6.5, 3.7, 3.1, 0.36, 0.06])
"""How far they differ there when 10 s or more apart, standard deviations: L*a*b* of head, shirt, shorts and
socks, height to width, relative height."""
_USUAL = 15.0
"""Pieces that those are worth beside the run's own; a few of its own are no measure, joined as they look."""


@dataclass(frozen=True, slots=True)
class Looks:
    """Of N pieces: ``number`` ``(N,)``, -1 for none, with ``number_score`` ``(N,)``; ``colours`` ``(N, 14)``
    of its body's zones and build (`pipeline.linking.summaries`), NaN where not seen; or ``(N, 0)``.
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
    """Log-likelihood ratio ``(N, K)`` of each piece's colours.

    How far people differ, and how far one person's pieces do, is measured on the pieces assigned so far;
    where people of a team look alike it comes out as nothing. What changes together (light on all of a
    body, the tint of a compressed picture) is told once.
    """
    gain = np.zeros((len(who), n_people))
    colours = apart(looks.colours, who)
    for d in range(colours.shape[1]):
        gain += _one_colour(colours[:, d], who, n_people)
    if not gain.size:
        return gain
    worse = np.maximum(gain - gain.max(axis=1, keepdims=True), -_MOST_GAIN)
    return np.asarray(worse - np.log(np.exp(worse).mean(axis=1, keepdims=True)))


def apart(colours: Array, who: Ints) -> Array:
    """Turn colours ``(N, D)`` so that one person's pieces vary by 1 in each dimension, each for itself.

    How they vary together is measured on people with several pieces (``who`` ``(N,)``, -1 for nobody), and
    where those are few taken to be as usual. Single values that were not seen become the mean.
    """
    seen = np.isfinite(colours)
    kept: Mask = np.asarray(seen.any(axis=0))
    values, seen = colours[:, kept], seen[:, kept]
    if not kept.any():
        return np.zeros((len(colours), 0))
    values = np.where(seen, values, np.nanmean(values, axis=0))
    own = (who >= 0) & seen.all(axis=1)
    people, whose = np.unique(who[own], return_inverse=True)
    total = np.zeros((len(people), values.shape[1]))
    np.add.at(total, whose, values[own])
    rest = values[own] - (total / np.bincount(whose)[:, None])[whose]
    power, axes = np.linalg.eigh(_covariance(rest, len(whose) - len(people), kept))
    turned = (values - values.mean(axis=0)) @ (axes / np.sqrt(power)) @ axes.T
    return np.where(seen.any(axis=1, keepdims=True), turned, np.nan)


def _covariance(rest: Array, spare: int, kept: Mask) -> Array:
    """Covariance of one person's pieces ``(D, D)``, between the run's own and the usual one.

    Spreads by their logarithms: colours that hardly vary in a run must not seem to because others' do.
    """
    share = spare / (spare + _USUAL)
    spread = np.sqrt((rest * rest).sum(axis=0) / max(spare, 1))
    spread = np.where(spread > 0, spread, _SPREAD[kept])
    together = share * (rest.T @ rest) / max(spare, 1) / np.outer(spread, spread)
    np.fill_diagonal(together, share)
    between = np.exp(share * np.log(spread) + (1 - share) * np.log(_SPREAD[kept]))
    out: Array = np.outer(between, between) * (together + (1 - share) * _ALIKE[np.ix_(kept, kept)])
    return out


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
    within = float(((value[own] - mean[who[own]]) ** 2).sum() + _USUAL) / (spare + _USUAL)
    middle = float(value[own].mean())
    between = float(np.average((mean - middle) ** 2, weights=count) - within * (count > 0).sum() / own.sum())
    if between <= 0.05 * within:
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
