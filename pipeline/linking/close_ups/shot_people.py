"""Who is who in one shot without a camera view: what its moments say, together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.linking.close_ups.layout import Pictured, Reading, nearest_place, readings
from pipeline.linking.close_ups.whereabouts import Expected

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_STAYS_M = 4.0
"""A camera is found again within this, m, from one moment to the next."""
_CAMERAS, _ROUNDS = 3, 2
_TEMPER = 2.0
_DEPENDENT = 2.0
"""So many moments say as much as all: what is wrong in one is wrong in the next."""
_FLOOR = 0.02
_BY_CHANCE = 2.2
"""What a picture of another moment gains by chance, for each person in it, with the best of all cameras."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of a shot: ``track`` ``(N,)`` of those pictured, how they stand, and who is expected."""

    track: Ints
    pictured: Pictured
    expected: Expected


def chances(moments: Sequence[Moment]) -> tuple[Ints, Array]:
    """Weigh who is who in all moments of a shot, by cameras that stay where they are.

    ``moments`` (one at least) expect the same K people.

    Returns
    -------
    Tracks ``(T,)``, and the chance ``(T, K)`` of each being each person.
    """
    free = [readings(m.pictured, m.expected) for m in moments]
    tracks = np.unique(np.concatenate([m.track for m in moments]))
    out = np.zeros((len(tracks), len(moments[0].expected.person)))
    found = [_from_one_place(moments, camera) for camera in _places(free)]
    if not found:
        return tracks, out
    total = [sum(max(r[0].gain, 0.0) for r in told if r) for told in found]
    total.append(_BY_CHANCE * sum(len(m.track) for m in moments))
    worth = np.array(total) / max(len(moments) / _DEPENDENT, 1.0) / _TEMPER
    weight = np.exp(worth - worth.max())
    for share, told in zip(weight / weight.sum(), found, strict=False):
        out += share * _of_tracks(moments, told, tracks)
    return tracks, out


def _from_one_place(moments: Sequence[Moment], camera_m: Array) -> list[list[Reading]]:
    """Read all moments from ``camera_m``, and again from where that puts the camera, while that is better."""
    best: list[list[Reading]] = []
    most = -np.inf
    for _ in range(_ROUNDS):
        told = [readings(m.pictured, m.expected, camera_m) for m in moments]
        gain = sum(r[0].gain for r in told if r)
        if gain <= most:
            break
        best, most = told, gain
        camera_m = nearest_place(
            [(m.pictured, m.expected, r[0]) for m, r in zip(moments, told, strict=True) if r], camera_m
        )
    return best


def _of_tracks(moments: Sequence[Moment], told: Sequence[Sequence[Reading]], tracks: Ints) -> Array:
    n_people = len(moments[0].expected.person)
    logs, times = np.zeros((len(tracks), n_people)), np.zeros(len(tracks))
    for m, r in zip(moments, told, strict=True):
        row = np.searchsorted(tracks, m.track)
        logs[row] += np.log(_at_a_moment(r, len(m.track), n_people) + _FLOOR)
        times[row] += 1
    chance = np.exp(logs / np.maximum(times / _DEPENDENT, 1.0)[:, None])
    return np.asarray(chance / np.maximum(chance.sum(axis=1, keepdims=True), 1.0))


def _places(free: Sequence[Sequence[Reading]]) -> list[Array]:
    """Places of the camera that suit all moments best, apart from each other."""
    every = [(np.array([r.gain for r in m]), np.array([r.camera_m for r in m])) for m in free if m]
    if not every:
        return []
    cameras = np.concatenate([c for _, c in every])
    total = np.zeros(len(cameras))
    for gain, at in every:
        far2 = ((cameras[:, None] - at[None]) ** 2).sum(axis=2)
        total += np.maximum((gain[None] - far2 / (2 * _STAYS_M**2)).max(axis=1), 0.0)
    out: list[Array] = []
    for i in np.argsort(-total, kind="stable"):
        if all(np.hypot(*(cameras[i] - c)) > _STAYS_M for c in out):
            out.append(cameras[i])
        if len(out) == _CAMERAS:
            break
    return out


def _at_a_moment(found: Sequence[Reading], n: int, n_people: int) -> Array:
    """Chance ``(N, K)`` of each pictured person being each expected one."""
    out = np.zeros((n, n_people))
    worth = np.append([r.gain for r in found], 0.0) / _TEMPER
    weight = np.exp(worth - worth.max())
    weight /= weight.sum()
    for share, reading in zip(weight, found, strict=False):
        own = np.flatnonzero(reading.who >= 0)
        out[own, reading.who[own]] += share
    return out
