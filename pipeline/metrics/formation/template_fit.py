"""Name a team's formation: the likeliest templates, their probabilities, how many defenders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.formation.template_likelihood import Match, lay
from pipeline.metrics.formation.templates import TEMPLATES, VARIANTS, Template, Variant

Array = NDArray[np.float64]

UNCLEAR = "unclear"
MIN_SCORE = 0.5
"""Formations less probable than this are called unclear: a name would more often be wrong than right."""
MIN_DEFENDERS_SCORE = 0.6
DEPENDENCE = 0.25
"""Players' places depend on each other: n of them say as much as four independent ones, whatever n. This and
`DOUBT` make scores probabilities (least log loss on the labelled periods,
`benchmarks/formation_periods.py`)."""
DOUBT = 0.05
"""Share of labels that places do not explain, however clear they look."""
_WINGS_SEEN = 2


@dataclass(frozen=True, slots=True)
class Fit:
    """What a team plays.

    ``matches`` from the most probable to the least, ``chances`` their probabilities; ``score`` is that of
    the first and ``defenders_score`` that of the most probable number of ``defenders``; ``margin``: how
    much more probable the first is than the second, 0 to 1; ``variant``: the name that the first has where
    its wings stand as low as here, None where they don't or aren't seen.
    """

    matches: tuple[Match, ...]
    chances: tuple[float, ...]
    defenders: int
    defenders_score: float
    variant: str | None

    @property
    def score(self) -> float:
        """Probability of the best template."""
        return self.chances[0]

    @property
    def margin(self) -> float:
        """How much more probable the best template is than the second."""
        return self.chances[0] - self.chances[1]

    @property
    def formation(self) -> str:
        """Name of the best template, or 'unclear'."""
        return self.nearest if self.score >= MIN_SCORE else UNCLEAR

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
    noise_m: float = 0.0,
    centred: bool = False,
    templates: tuple[Template, ...] = TEMPLATES,
) -> Fit:
    """Compare average places with every template.

    Parameters
    ----------
    places_m
        Shape ``(n, 2)``, n from 2 to the templates' size: outfield players, x forward, y to the left, any
        origin.
    noise_m
        How far, per axis, the places stray from the players' averages over many minutes; the score hangs on
        it.
    centred
        The places are relative to the centroid of the whole team, though fewer are given: no shift is fitted.

    Raises
    ------
    ValueError
        If there are not 2 to that many finite places.
    """
    matches = _laid(places_m, noise_m, centred, templates)
    chance = chances(np.array([m.cost for m in matches]), _weights(templates), len(places_m))
    return _ordered(matches, chance, _wings(matches, places_m))


def fit_either_way(
    places_m: Array, *, noise_m: float = 0.0, templates: tuple[Template, ...] = TEMPLATES
) -> tuple[Fit, bool]:
    """Fit a team whose direction of attack is unknown: the likelier of both ways, and whether that is turned.

    The score is the probability over both, so it falls where turned places fit as well.
    """
    ways = [_laid(places, noise_m, False, templates) for places in (places_m, -places_m)]
    turned = min(m.cost for m in ways[1]) < min(m.cost for m in ways[0])
    both = [*ways[0], *ways[1]]
    weights = np.tile(_weights(templates), 2)
    chance = chances(np.array([m.cost for m in both]), weights, len(places_m)).reshape(2, -1)
    own = ways[int(turned)]
    return _ordered(own, chance[int(turned)], _wings(own, -places_m if turned else places_m)), turned


def pooled(whole: Fit, parts: list[Fit], share: Array) -> Fit:
    """Say what a team played over several line-ups, ``share`` ``(S,)`` of the time each.

    The probabilities are the mean of the parts': where parts disagree no template has half of it, and the
    name is unclear. Places, roles and variant are those of ``whole``, the pooled places.
    """
    names = [m.template.name for m in whole.matches]
    mean = np.zeros(len(names))
    for part, weight in zip(parts, share / share.sum(), strict=True):
        known = dict(zip((m.template.name for m in part.matches), part.chances, strict=True))
        mean += weight * np.array([known[name] for name in names])
    wings = [whole.variant, *[None] * (len(names) - 1)]
    return _ordered(list(whole.matches), mean, wings)


def chances(
    cost: Array, weights: Array, n: int, *, dependence: float = DEPENDENCE, doubt: float = DOUBT
) -> Array:
    """Turn costs ``(..., T)`` of T templates laid over n players into probabilities that add up to 1."""
    prior = weights / weights.sum()
    log = np.log(prior) - 0.5 * cost / (dependence * n)
    likely = np.exp(log - log.max(axis=-1, keepdims=True))
    return np.asarray((1 - doubt) * likely / likely.sum(axis=-1, keepdims=True) + doubt * prior)


def _laid(places: Array, noise_m: float, centred: bool, templates: tuple[Template, ...]) -> list[Match]:
    size = len(templates[0].places_m)
    if not 2 <= len(places) <= size or not np.isfinite(places).all():
        raise ValueError(f"expected 2 to {size} finite places, got {np.shape(places)}")
    if len(places) == size:
        places, centred = places - places.mean(axis=0), True
    return [lay(places, t, centred=centred, noise_m=noise_m) for t in templates]


def _weights(templates: tuple[Template, ...]) -> Array:
    return np.array([t.weight for t in templates])


def _ordered(matches: list[Match], chance: Array, wings: list[str | None]) -> Fit:
    order = np.argsort(-chance, kind="stable")
    backs = np.bincount([m.template.defenders for m in matches], weights=chance)
    return Fit(
        tuple(matches[i] for i in order),
        tuple(float(chance[i]) for i in order),
        int(backs.argmax()),
        float(backs.max()),
        wings[order[0]],
    )


def _wings(matches: list[Match], places: Array) -> list[str | None]:
    """Name each match's variant by the height of the wings, in the template's own metres."""
    return [_variant(match, places) for match in matches]


def _variant(match: Match, places: Array) -> str | None:
    known: Variant | None = next((v for v in VARIANTS if v.of == match.template.name), None)
    if known is None:
        return None
    roles = match.template.roles
    on_wing = np.isin(match.slots, [roles.index(w) for w in known.wings])
    if on_wing.sum() < _WINGS_SEEN:
        return None
    usual = match.template.places_m[[roles.index(w) for w in known.wings], 0].mean()
    above = places[on_wing, 0].mean() - places[~on_wing, 0].mean()
    others = match.template.places_m[match.slots[~on_wing], 0].mean()
    return known.name if above + others < (usual + known.wings_x_m) / 2 else None
