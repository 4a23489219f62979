"""How likely average places are under a formation template. Arrays in, numbers out.

A template's ten places are Gaussians. Players are given to them by the Hungarian algorithm on minus log
density; the team's length and width beside the template's, and its middle where that isn't known,
are integrated out together (random effects with a Gaussian and a flat prior), so that templates can be
compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.formation.templates import Template

Array = NDArray[np.float64]

SCALE_SD = (0.3, 0.05)
"""How much a team differs from a template in length and in width, as a share: seen whole, where phases of
play and ways of finding places may make it compact; and in part, where that can't be told from who is
missing, so no more is allowed than labelled periods differ beyond what their players' own places explain
(3% in length, 6% in width)."""
_STARTS_M = np.array([(x, y) for x in (-6.0, 0.0, 6.0) for y in (-8.0, 0.0, 8.0)])
"""Where the middle of a team seen in part may lie beside that of the players seen, to begin with."""
_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Match:
    """One template laid over places.

    ``slots`` ``(n,)``: index of the template's role of each player; ``rms_m``: distance from the template's
    places at the fitted middle, length and width; ``cost``: minus twice the log likelihood, up to what all
    templates share.
    """

    template: Template
    slots: NDArray[np.intp]
    rms_m: float
    cost: float


@dataclass(frozen=True, slots=True)
class _Effects:
    """What is integrated out, from S starts: ``scale``, ``shift_m`` ``(S, 2)``; -2 log evidence ``(S,)``."""

    scale: Array
    shift_m: Array
    cost: Array


def lay(places_m: Array, template: Template, *, centred: bool, noise_m: float) -> Match:
    """Lay a template over places.

    Parameters
    ----------
    places_m
        Shape ``(n, 2)``, n from 2 to the size of the template, x forward, y to the left.
    centred
        The origin is the middle of the whole team; else that is fitted as well.
    noise_m
        How far, per axis, places stray from where the players stand on average; added to the template's
        spreads.
    """
    from scipy.optimize import linear_sum_assignment  # large, and readers of formations need none of it

    covariances = template.covariances_m2 + np.eye(2) * noise_m**2
    weights: Array = np.asarray(np.linalg.inv(covariances), dtype=np.float64)
    volume = np.linalg.slogdet(covariances)[1]
    scale_sd = SCALE_SD[int(len(places_m) < len(template.places_m))]
    shift = np.zeros((1, 2)) if centred else places_m.mean(axis=0) + _STARTS_M
    scale = np.tile(_first_scale(places_m, template), (len(shift), 1))
    slots = np.zeros((len(shift), 0), dtype=np.intp)
    effects = _Effects(scale, shift, np.zeros(len(shift)))
    for _ in range(_ROUNDS):
        mean = effects.shift_m[:, None] + template.places_m * effects.scale[:, None]
        gap = places_m[None, :, None] - mean[:, None]
        cost = np.einsum("snri,rij,snrj->snr", gap, weights, gap) + volume
        new = np.unique([linear_sum_assignment(c)[1] for c in cost], axis=0)
        if np.array_equal(new, slots):
            break
        slots = new
        effects = _effects(places_m, template.places_m[slots], weights[slots], scale_sd, centred)
        effects = _Effects(effects.scale, effects.shift_m, effects.cost + volume[slots].sum(axis=1))
    best = int(effects.cost.argmin())
    rest = places_m - effects.shift_m[best] - template.places_m[slots[best]] * effects.scale[best]
    rms = float(np.sqrt((rest**2).sum() / len(rest)))
    return Match(template, np.asarray(slots[best], dtype=np.intp), rms, float(effects.cost[best]))


def _first_scale(places: Array, template: Template) -> Array:
    """Begin with a whole team's own length and width; those of a part say little."""
    if len(places) < len(template.places_m):
        return np.ones(2)
    return np.asarray(np.clip(places.std(axis=0) / template.places_m.std(axis=0), 0.4, 1.8))


def _effects(places: Array, target: Array, weights: Array, scale_sd: float, centred: bool) -> _Effects:
    """Integrate scale and shift out of ``places`` ``(n, 2)`` about ``target`` ``(S, n, 2)``."""
    starts, n = target.shape[:2]
    design = np.zeros((starts, n, 2, 2 if centred else 4))
    design[..., 0, 0], design[..., 1, 1] = target[..., 0], target[..., 1]
    if not centred:
        design[..., 0, 2] = design[..., 1, 3] = 1.0
    gap = places - target
    weighted = np.einsum("snij,snjq->sniq", weights, design)
    precision = np.einsum("snip,sniq->spq", design, weighted)
    precision[:, [0, 1], [0, 1]] += scale_sd**-2
    pull = np.einsum("sniq,sni->sq", weighted, gap)
    effect = np.linalg.solve(precision, pull[..., None])[..., 0]
    squares = np.einsum("sni,snij,snj->s", gap, weights, gap) - (pull * effect).sum(axis=1)
    shift = np.zeros((starts, 2)) if centred else effect[:, 2:]
    return _Effects(1.0 + effect[:, :2], shift, squares + np.linalg.slogdet(precision)[1])
