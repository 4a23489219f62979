"""Name a team's formation: the nearest templates, how clear it is, and how many defenders. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from pipeline.metrics.formation.templates import TEMPLATES, Template

Array = NDArray[np.float64]

UNCLEAR = "unclear"
PLACE_SD_M = 3.5
"""How far, per axis, average places of one formation lie from its template, m."""
SCALE_SD = 0.1
"""How much teams differ from a template in length and width, where too few are seen to tell."""
MIN_SCORE = 0.35
"""Formations less probable than this are called unclear."""
MIN_MARGIN = 0.03
"""And so are those whose second is hardly any worse: naming one would be tossing a coin."""
MIN_DEFENDERS_SCORE = 0.6
_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Match:
    """One template laid over places.

    ``slots`` ``(n,)``: index of the template's role of each player; ``rms_m``: distance in the template's
    metres; ``cost``: minus twice the log likelihood.
    """

    template: Template
    slots: NDArray[np.intp]
    rms_m: float
    cost: float


@dataclass(frozen=True, slots=True)
class Fit:
    """What a team plays.

    ``matches`` from best to worst; ``score`` is the probability of the best template and ``defenders_score``
    that of the most probable number of ``defenders``, taking all templates as equally common;
    ``margin`` is how much worse the second is, 0 to 1.
    """

    matches: tuple[Match, ...]
    score: float
    margin: float
    defenders: int
    defenders_score: float

    @property
    def formation(self) -> str:
        """Name of the best template, or 'unclear'."""
        return self.nearest if self.score >= MIN_SCORE and self.margin >= MIN_MARGIN else UNCLEAR

    @property
    def nearest(self) -> str:
        """Name of the best template, clear or not."""
        return self.matches[0].template.name

    @property
    def second(self) -> str:
        """Name of the second best template."""
        return self.matches[1].template.name


def fit(
    places_m: Array,
    *,
    place_sd_m: float = PLACE_SD_M,
    centred: bool = False,
    templates: tuple[Template, ...] = TEMPLATES,
) -> Fit:
    """Compare average places with every template.

    With all ten, each axis is divided by its standard deviation, so that a team's compactness doesn't
    matter. With fewer that would depend on who is missing: then shift and a scale near 1 are
    fitted together with the assignment.

    Parameters
    ----------
    places_m
        Shape ``(n, 2)``, n from 2 to 10: outfield players, x forward, y to the left, any origin.
    place_sd_m
        How far, per axis, such places lie from the template of their formation; the score hangs on it.
    centred
        The places are relative to the centroid of all ten, though fewer are given: no shift is fitted.

    Raises
    ------
    ValueError
        If there are not 2 to 10 finite places.
    """
    if not 2 <= len(places_m) <= 10 or not np.isfinite(places_m).all():
        raise ValueError(f"expected 2 to 10 finite places, got {np.shape(places_m)}")
    if len(places_m) == 10:
        matches = [_lay_all(places_m, t, place_sd_m) for t in templates]
    else:
        matches = [_lay_some(places_m, t, place_sd_m, centred) for t in templates]
    matches.sort(key=lambda m: m.cost)
    likelihood = np.exp(-0.5 * np.array([m.cost - matches[0].cost for m in matches]))
    chance = likelihood / likelihood.sum()
    backs = np.bincount([m.template.defenders for m in matches], weights=chance)
    first, second = matches[0].rms_m, min(m.rms_m for m in matches[1:])
    return Fit(
        tuple(matches),
        float(chance[0]),
        float(np.clip((second - first) / second, 0, 1)) if second > 0 else 0.0,
        int(backs.argmax()),
        float(backs.max()),
    )


def fit_either_way(places_m: Array, *, place_sd_m: float = PLACE_SD_M) -> tuple[Fit, bool]:
    """Fit a team whose direction of attack is unknown: the better of both ways, and whether that is turned.

    The score is the probability over both, so it falls where turned places fit as well.
    """
    ways = [fit(places, place_sd_m=place_sd_m) for places in (places_m, -places_m)]
    costs = np.array([w.matches[0].cost for w in ways])
    best = int(costs.argmin())
    share = np.exp(-0.5 * (costs - costs.min()))
    sure = float(share[best] / share.sum())
    chosen = ways[best]
    return (
        Fit(
            chosen.matches,
            chosen.score * sure,
            chosen.margin,
            chosen.defenders,
            chosen.defenders_score * sure,
        ),
        best == 1,
    )


def _lay_all(places: Array, template: Template, sd: float) -> Match:
    spread = np.maximum(places.std(axis=0), 1.0)
    size = template.places_m.std(axis=0)
    z, target = (places - places.mean(axis=0)) / spread, template.places_m / size
    slots = _assign(z, target)
    gap2 = ((z - target[slots]) * size) ** 2
    return Match(template, slots, float(np.sqrt(gap2.sum() / len(z))), float(gap2.sum()) / sd**2)


def _lay_some(places: Array, template: Template, sd: float, centred: bool) -> Match:
    target = template.places_m
    centre = places.mean(axis=0)
    scale, shift = np.ones(2), np.zeros(2) if centred else centre
    slots = np.zeros(0, dtype=np.intp)
    for _ in range(_ROUNDS):
        new = _assign(places - shift, target * scale)
        if np.array_equal(new, slots):
            break
        slots = new
        middle = np.zeros(2) if centred else target[slots].mean(axis=0)
        own, seen = target[slots] - middle, places - (np.zeros(2) if centred else centre)
        fitted = (seen * own).sum(axis=0) / sd**2 + SCALE_SD**-2
        scale = fitted / ((own**2).sum(axis=0) / sd**2 + SCALE_SD**-2)
        shift = np.zeros(2) if centred else centre - scale * middle
    gap2 = float((((places - shift) - scale * target[slots]) ** 2).sum())
    cost = gap2 / sd**2 + float(((scale - 1) ** 2).sum()) / SCALE_SD**2
    return Match(template, slots, float(np.sqrt(gap2 / len(places))), cost)


def _assign(places: Array, target: Array) -> NDArray[np.intp]:
    cost = ((places[:, None] - target[None]) ** 2).sum(axis=2)
    return np.asarray(linear_sum_assignment(cost)[1], dtype=np.intp)
