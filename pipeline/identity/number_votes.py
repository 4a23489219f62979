"""One shirt number from many readings: illegible ones have no vote, and doubt ends in no number."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

N_NUMBERS = 100
MIN_LEGIBLE = 0.5
"""Readings that are less likely legible than this have no vote."""
MIN_READINGS = 2
"""A number needs so many readings that agree."""
MIN_AGREEMENT = 0.7
"""Share of the votes' weight that has to be for the winner: two people in one track contradict each other."""
_OWN_WEIGHT = 0.8
"""Readings of one track share light and folds: each counts for less than an independent one."""
_SLIP = 0.1
"""How often a reading that is called legible says nothing, whatever its own confidence."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a track's readings say together.

    ``number`` is None where they say too little or contradict each other; ``score`` is the probability of the
    likeliest number, 0 without any; ``n_legible`` readings had a vote.
    """

    number: int | None
    score: float
    n_legible: int


def vote(legible: Array, number: Array, min_score: float, allowed: Collection[int] | None = None) -> Verdict:
    """Combine readings of one person.

    Parameters
    ----------
    legible
        ``(K,)``, for each reading the probability that a number can be read.
    number
        ``(K, 100)``, the probability of each number if it can; 0 is none.
    min_score
        Below this probability there is no number.
    allowed
        The numbers that exist, as of a roster; None for all from 1 to 99. A reading of another number is
        taken as illegible, not as the nearest one that exists.

    Raises
    ------
    ValueError
        If the shapes do not belong together.
    """
    if number.shape != (len(legible), N_NUMBERS):
        raise ValueError(f"number must be ({len(legible)}, {N_NUMBERS}) as legible is (got {number.shape})")
    exists = np.ones(N_NUMBERS, bool) if allowed is None else np.isin(np.arange(N_NUMBERS), list(allowed))
    exists[0] = False
    number = np.where(exists, number, 0.0)
    legible = legible * number.sum(axis=1)
    voting = legible >= MIN_LEGIBLE
    if not voting.any():
        return Verdict(None, 0.0, 0)
    share = number[voting] / number[voting].sum(axis=1, keepdims=True)
    posterior = _posterior(legible[voting], share, exists)
    best, n_legible = int(posterior.argmax()), int(voting.sum())
    weight = legible[voting]
    agree = share.argmax(axis=1) == best
    sure = (
        posterior[best] >= min_score
        and agree.sum() >= MIN_READINGS
        and weight[agree].sum() >= MIN_AGREEMENT * weight.sum()
    )
    return Verdict(best if sure else None, float(posterior[best]), n_legible)


def _posterior(legible: Array, number: Array, exists: NDArray[np.bool_]) -> Array:
    """Probability of each number, ``(100,)``, after all readings; before them all are equally likely."""
    trust = (1 - _SLIP) * legible[:, None]
    likelihood = trust * number + (1 - trust) * exists / exists.sum()
    logs = np.where(exists, _OWN_WEIGHT * np.log(np.maximum(likelihood, 1e-12)).sum(axis=0), -np.inf)
    posterior = np.exp(logs - logs.max())
    return np.asarray(posterior / posterior.sum())
