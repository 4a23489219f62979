"""The team's shape: a reference point that moves with the play, and each person's place from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from pipeline.linking.evidence.place_model import ROAM_M
from pipeline.linking.tracklets.pieces import GRID_S, Pieces

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_SMOOTH_S = 0.6
_FADE_S = 4.0
"""A reference not seen for this long is as likely anywhere between its neighbours."""
_FINE = 10
"""Steps of the clock in a filter's standard deviation that are fine enough."""
_ROUNDS = 4
_LOOK_S = 16.0
"""A new independent look every so often: twice the time in which a player returns to his place."""
PRIOR_M = 14.0
_ROAM_S = 120.0
"""Seconds of sight that say as much of how far a person roams as his team mates do."""
_WEAK_LOOKS = (ROAM_M / PRIOR_M) ** 2


@dataclass(frozen=True, slots=True)
class Shape:
    """``ref_m`` ``(T, 2)`` on the common clock; ``home_m`` ``(K, 2)`` from it, within ``roam_m``."""

    ref_m: Array
    home_m: Array
    roam_m: Array


def first_reference(pieces: Pieces, n_ticks: int) -> Array:
    """Start with the mean of all in view, ``(T, 2)``."""
    return _smooth(*_sums(pieces.at_tick, pieces.at_m, n_ticks))


def fit_shape(pieces: Pieces, who: Ints, n_people: int, everyone: Array) -> Shape:
    """Fit reference and places to each other, given who is who (``who`` ``(N,)``, -1 for nobody).

    ``everyone`` ``(T, 2)``: a first reference; it also decides where the shape's zero lies.
    """
    person = who[pieces.at_piece]
    own = person >= 0
    person, tick, place = person[own], pieces.at_tick[own], pieces.at_m[own]
    ref, home = everyone, np.zeros((n_people, 2))
    for _ in range(_ROUNDS):
        home = _homes(person, place - ref[tick], n_people)
        ref = _smooth(*_sums(tick, place - home[person], len(everyone)))
    return Shape(ref, home, _roams(person, place - ref[tick] - home[person], n_people))


def _roams(person: Ints, miss: Array, n: int) -> Array:
    """How far each person is from his estimated place, ``(K, 2)`` per axis; the little seen further."""
    seconds = np.asarray(np.bincount(person, minlength=n) * GRID_S, np.float64)
    squared = np.column_stack([np.bincount(person, miss[:, k] ** 2, n) for k in (0, 1)]) * GRID_S
    pooled = (squared.sum(axis=0) + _ROAM_S * ROAM_M**2) / (seconds.sum() + _ROAM_S)
    own = (squared + _ROAM_S * pooled) / (seconds + _ROAM_S)[:, None]
    return np.asarray(np.sqrt(own + (ROAM_M**2 / (_looks(seconds) + _WEAK_LOOKS))[:, None]), np.float64)


def homes(offset_m: Array, seconds: Array) -> Array:
    """Places ``(K, 2)`` from sums of offset x seconds ``(K, 2)``; the little seen are drawn inwards."""
    looks = _looks(seconds)
    out: Array = offset_m * (looks / (looks + _WEAK_LOOKS) / np.maximum(seconds, GRID_S))[:, None]
    return out


def _looks(seconds: Array) -> Array:
    """Independent looks at a place in the shape that ``seconds`` of sight give."""
    return np.asarray(np.where(seconds > 0, 1 + seconds / _LOOK_S, 0.0))


def _homes(person: Ints, offset: Array, n: int) -> Array:
    """Mean offset of each person; little seen ones stay near the middle."""
    count = np.asarray(np.bincount(person, minlength=n) * GRID_S, np.float64)
    total = np.column_stack([np.bincount(person, offset[:, k], n) for k in (0, 1)]) * GRID_S
    return homes(np.asarray(total, np.float64), count)


def _sums(tick: Ints, place: Array, n: int) -> tuple[Array, Array]:
    count = np.bincount(tick, minlength=n).astype(np.float64)
    total = np.column_stack([np.bincount(tick, place[:, k], n) for k in (0, 1)])
    return count, np.asarray(total, np.float64)


def _smooth(count: Array, total: Array) -> Array:
    """Weighted mean over neighbours in time: near ones where there are any, wider ones else."""
    out = np.zeros_like(total)
    weight = np.zeros(len(count))
    sums = np.column_stack([total, count])
    for sd_s, trust in ((_SMOOTH_S, 1.0), (_FADE_S, 1e-3), (60.0, 1e-7)):
        # a wide filter needs no fine clock
        step = max(int(sd_s / GRID_S / _FINE), 1)
        wide = trust * _filtered(sums, sd_s / GRID_S, step)
        out += wide[:, :2]
        weight += wide[:, 2]
    return out / np.maximum(weight, 1e-12)[:, None]


def _filtered(sums: Array, sd: float, step: int) -> Array:
    """Smooth ``(T, D)`` with a Gaussian of ``sd`` ticks, on a clock of every ``step`` ticks."""
    n = len(sums)
    blocks = np.add.reduceat(sums, np.arange(0, n, step)) / step if n else sums
    smooth = gaussian_filter1d(blocks, sd / step, axis=0, mode="constant", truncate=4.0)
    return np.asarray(np.repeat(smooth, step, axis=0)[:n])
