"""One team's outfield players: who is who over the whole match."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.linking.evidence.appearance_match import Looks, colour_gain, number_gain
from pipeline.linking.evidence.link_evidence import Evidence, evidence_of
from pipeline.linking.evidence.shape_model import fit_shape
from pipeline.linking.search.first_pass import first_guess
from pipeline.linking.search.swaps import swapped
from pipeline.linking.search.sweeps import WINDOWS_S, improve, total_gain
from pipeline.linking.tracklets.pieces import GRID_S, Pieces, backwards

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

UNKNOWN_COST = 6.0
NEW_COST = 1.0
WORTH = 0.5
SWAPS = 12


@dataclass(frozen=True, slots=True)
class Care:
    """How thoroughly to search: rounds of fitting and deciding, passes of the last one, windows."""

    rounds: int
    passes: int
    windows_s: tuple[float, ...]


QUICK = Care(2, 1, (0.0,))
THOROUGH = Care(3, 3, WINDOWS_S)


@dataclass(frozen=True, slots=True)
class Solution:
    """``who`` ``(N,)``: person of each piece, -1 for unknown; and what spoke for it."""

    who: Ints
    evidence: Evidence
    ref_m: Array
    gain: float


def solve_team(pieces: Pieces, looks: Looks, everyone_m: Array, n_people: int = 10) -> Solution:
    """Decide who is who; of several starts the likeliest end is taken."""
    guesses = [_forwards(pieces, everyone_m, n_people), _backwards(pieces, everyone_m, n_people)]
    found = [_refined(pieces, looks, who, everyone_m, n_people, QUICK) for who in guesses]
    best = max(found, key=lambda s: s.gain)
    return _refined(pieces, looks, best.who, everyone_m, n_people, THOROUGH)


def _refined(
    pieces: Pieces, looks: Looks, who: Ints, everyone_m: Array, n_people: int, care: Care
) -> Solution:
    """Settle, and again after swapping people who were taken for each other, while that helps."""
    best = _settle(pieces, looks, who, everyone_m, n_people, care)
    for _ in range(SWAPS):
        who, n = swapped(best.evidence, looks, best.who, best.ref_m)
        if not n:
            break
        again = _settle(pieces, looks, who, everyone_m, n_people, care)
        if again.gain <= best.gain + WORTH:
            break
        best = again
    return best


def _forwards(pieces: Pieces, ref_m: Array, n_people: int, home_m: Array | None = None) -> Ints:
    return first_guess(pieces, ref_m, n_people, UNKNOWN_COST, NEW_COST, home_m)


def _backwards(pieces: Pieces, ref_m: Array, n_people: int, home_m: Array | None = None) -> Ints:
    turned, order = backwards(pieces, (len(ref_m) - 1) * GRID_S)
    out = np.empty(len(pieces), np.int64)
    out[order] = first_guess(turned, ref_m[::-1], n_people, UNKNOWN_COST, NEW_COST, home_m)
    return out


def _settle(
    pieces: Pieces, looks: Looks, who: Ints, everyone_m: Array, n_people: int, care: Care
) -> Solution:
    """Fit the shape to who is who, decide anew, and so on until nothing changes."""
    for n in range(care.rounds):
        shape = fit_shape(pieces, who, n_people, everyone_m)
        evidence = evidence_of(
            pieces, shape, number_gain(looks, who, n_people) + colour_gain(looks, who, n_people)
        )
        before = who
        passes = care.passes if n == care.rounds - 1 else 1
        who = improve(evidence, who, UNKNOWN_COST, passes, care.windows_s)
        if np.array_equal(before, who):
            break
    return Solution(who, evidence, shape.ref_m, total_gain(evidence, who, UNKNOWN_COST))
