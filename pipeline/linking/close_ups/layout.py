"""How people stand in a picture against where they must be: the camera that explains it, and who is who then.

Without a camera view a picture still says how people stand to each other: somebody 1.8 m tall who is h px
high and x px beside the middle stands 1.8 x / h metres to the side and 1.8 f / h metres away, f being the
focal length in px. So place and direction of the camera and f (four numbers) put everybody on the pitch.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.special import ndtr

from pipeline.linking.close_ups.whereabouts import Expected
from pipeline.linking.evidence.place_model import log_spot

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

STATURE_M = 1.8
_SIDE_M, _DEPTH = 0.4, 0.07
"""How far off people are put: to the side, m, and away, as a share (they bend and stride)."""
_ANYWHERE = float(-np.log(1500.0))
"""Log density of somebody who stands where nobody is expected."""
_FOCAL = np.geomspace(0.6, 9.0, 14)
"""Focal lengths tried, in widths of the picture: views of 80 to 6 degrees."""
_PAIRS, _REACH_M = 10, 4.0
_ROUGH, _BEST, _AIMED = 200, 24, 8
_ON_THE_PITCH = 6.0
_HALF_M = (52.5, 34.0)
_FOUND = 0.75
"""Share of those in view who are found in the picture."""
_NEARER = 0.8
_MIN_FIT = 3


@dataclass(frozen=True, slots=True)
class Pictured:
    """N people of a picture: ``x`` ``(N,)`` right of its middle and ``height`` ``(N,)``, in widths of it.

    ``prior`` ``(N, K)``: log-likelihood ratio of each being each expected person, apart from where he
    stands; -inf where it cannot be. ``others_x``: of those in the picture of whom no height is known.
    """

    x: Array
    height: Array
    prior: Array


@dataclass(frozen=True, slots=True)
class Reading:
    """One explanation of a picture.

    ``who`` ``(N,)``: index of the expected person, -1 for nobody; its log-likelihood ratio ``gain``; the
    camera: ``camera_m`` ``(2,)``, ``focal`` in widths of the picture, ``angle`` (0 looks along +y).
    """

    who: Ints
    gain: float
    camera_m: Array
    focal: float
    angle: float


def readings(pictured: Pictured, expected: Expected, camera_m: Array | None = None) -> list[Reading]:
    """Explain a picture, best first; each assignment once.

    ``camera_m`` ``(2,)``: where the camera stands, if that is known.
    """
    tried = _from_pairs(pictured, expected) if camera_m is None else _aimed(pictured, expected, camera_m)
    found: dict[bytes, Reading] = {}
    for first in tried:
        made = _refined(pictured, expected, first, camera_m is not None)
        key = made.who.tobytes()
        if key not in found or found[key].gain < made.gain:
            found[key] = made
    return sorted(found.values(), key=lambda r: -r.gain)


@dataclass(frozen=True, slots=True)
class _Cameras:
    """C cameras: ``angle``, ``focal`` ``(C,)`` and ``at_m`` ``(C, 2)``."""

    angle: Array
    focal: Array
    at_m: Array

    def take(self, index: Ints) -> _Cameras:
        return _Cameras(self.angle[index], self.focal[index], self.at_m[index])

    def __len__(self) -> int:
        return len(self.angle)


def _before(pictured: Pictured, focal: Array) -> Array:
    """Places ``(C, N, 2)`` before cameras of ``focal`` ``(C,)``: to the right and away, m."""
    unit = STATURE_M / pictured.height
    right = np.broadcast_to(pictured.x * unit, (len(focal), len(unit)))
    return np.stack([right, focal[:, None] * unit], axis=-1)


def _turned(place: Array, angle: Array) -> Array:
    """Turn ``(C, N, 2)`` by ``(C,)``."""
    c, s = np.cos(angle)[:, None], np.sin(angle)[:, None]
    x, y = place[..., 0], place[..., 1]
    return np.stack([c * x - s * y, s * x + c * y], axis=-1)


def _from_pairs(pictured: Pictured, expected: Expected) -> Iterable[_Cameras]:
    """Cameras that put two pictured people where two are expected; those that suit the others best."""
    place, possible = _before(pictured, _FOCAL), np.isfinite(pictured.prior)
    different = ~np.eye(possible.shape[1], dtype=bool)
    parts = []
    for a, b in _far_apart(pictured):
        k, m = np.nonzero(possible[a][:, None] & possible[b][None] & different)
        goal = expected.place_m[m] - expected.place_m[k]
        have = place[:, b] - place[:, a]
        f, n = np.nonzero(np.abs(np.hypot(*goal.T)[None] - np.hypot(*have.T)[:, None]) < _REACH_M)
        angle = np.arctan2(goal[n, 1], goal[n, 0]) - np.arctan2(have[f, 1], have[f, 0])
        middle = 0.5 * (place[f, a] + place[f, b])
        to = 0.5 * (expected.place_m[k[n]] + expected.place_m[m[n]])
        parts.append(_Cameras(angle, _FOCAL[f], to - _turned(middle[:, None], angle)[:, 0]))
    if not parts:
        return []
    cameras = _Cameras(*(np.concatenate([getattr(p, n) for p in parts]) for n in ("angle", "focal", "at_m")))
    return _promising(pictured, expected, cameras, _BEST)


def _far_apart(pictured: Pictured) -> list[tuple[int, int]]:
    """Pairs that say most of the camera: far from each other, to the side or in depth."""
    i, j = np.triu_indices(len(pictured.x), 1)
    apart = np.abs(pictured.x[i] - pictured.x[j])
    apart += 0.3 * np.abs(np.log(pictured.height[i] / pictured.height[j]))
    best = np.argsort(-apart, kind="stable")[:_PAIRS]
    return list(zip(i[best].tolist(), j[best].tolist(), strict=True))


def _aimed(pictured: Pictured, expected: Expected, camera_m: Array) -> Iterable[_Cameras]:
    """Aim a camera so that one pictured person stands in line with one who is expected."""
    focal = _FOCAL
    # two at the edges and the nearest are enough: one of them is somebody who is expected
    x = pictured.x
    ends = np.unique([x.argmin(), x.argmax(), pictured.height.argmax()])
    n, k = np.nonzero(np.isfinite(pictured.prior[ends]))
    i = ends[n]
    way = expected.place_m[k] - camera_m
    bearing = np.arctan2(way[:, 1], way[:, 0])
    beside = np.arctan2(focal[:, None], pictured.x[i][None])
    angle = (bearing[None] - beside).ravel()
    cameras = _Cameras(angle, np.repeat(focal, len(i)), np.broadcast_to(camera_m, (len(angle), 2)))
    return _promising(pictured, expected, cameras, _AIMED)


def _promising(pictured: Pictured, expected: Expected, cameras: _Cameras, n_best: int) -> Iterable[_Cameras]:
    rough = np.concatenate(
        [
            _roughly(pictured, expected, cameras.take(np.arange(s, min(s + 4000, len(cameras)))))
            for s in range(0, len(cameras), 4000)
        ]
        or [np.zeros(0)]
    )
    rough -= _ON_THE_PITCH * _inside(cameras.at_m)
    some = cameras.take(np.argsort(-rough, kind="stable")[:_ROUGH])
    finer = np.sort(rough)[::-1][:_ROUGH] - _missing(pictured, expected, some).sum(axis=1)
    best = some.take(np.argsort(-finer, kind="stable")[:n_best])
    return [best.take(np.array([n])) for n in range(len(best))]


def _inside(camera_m: Array) -> NDArray[np.bool_]:
    """Where the camera would stand on the pitch: cameras do not."""
    return np.asarray((np.abs(camera_m) < np.array(_HALF_M) - 2.0).all(axis=-1))


def _roughly(pictured: Pictured, expected: Expected, cameras: _Cameras) -> Array:
    place = _before(pictured, cameras.focal)
    at = _turned(place, cameras.angle) + cameras.at_m[:, None]
    miss = at[:, :, None] - expected.place_m
    spread = 0.5 * (_SIDE_M**2 + (_DEPTH * place[..., 1]) ** 2)
    variance = expected.variance_m2.mean(axis=1) + spread[..., None]
    squared = (miss * miss).sum(axis=-1)
    gain = -0.5 * squared / variance - np.log(variance) - np.log(2 * np.pi) - _ANYWHERE + pictured.prior
    return np.asarray(np.maximum(gain.max(axis=2), 0.0).sum(axis=1))


def _missing(pictured: Pictured, expected: Expected, cameras: _Cameras) -> Array:
    """What it costs ``(C, K)`` that each person is not in the picture, by how surely he would be in view."""
    way = _turned((expected.place_m - cameras.at_m[:, None]), -cameras.angle)
    away = np.maximum(way[..., 1], 1e-3)
    nearest = cameras.focal * STATURE_M / pictured.height.max()
    x = cameras.focal[:, None] * way[..., 0] / away
    spread = cameras.focal[:, None] * np.sqrt(expected.variance_m2.mean(axis=1)) / away
    inside = ndtr((0.48 - x) / spread) - ndtr((-0.48 - x) / spread)
    seen = np.where(way[..., 1] > _NEARER * nearest[:, None], np.clip(inside, 0, 1), 0.0)
    return np.asarray(-np.log1p(-_FOUND * seen))


def _gains(pictured: Pictured, expected: Expected, camera: _Cameras) -> Array:
    """Log-likelihood ratios ``(N, K)`` against standing where nobody is expected."""
    place = _before(pictured, camera.focal)
    at = (_turned(place, camera.angle) + camera.at_m[:, None])[0]
    away = np.array([-np.sin(camera.angle[0]), np.cos(camera.angle[0])])
    noise = _SIDE_M**2 + (_DEPTH * place[0, :, 1:] * away) ** 2
    fit = log_spot(at[:, None] - expected.place_m[None], noise[:, None] + expected.variance_m2[None])
    return np.asarray(fit - _ANYWHERE + pictured.prior)


def _refined(pictured: Pictured, expected: Expected, camera: _Cameras, stays: bool) -> Reading:
    """Assign, fit the camera to that, and so on; with ``stays`` it is only turned and zoomed."""
    best: Reading | None = None
    n, k = pictured.prior.shape
    for _ in range(4):
        missing = _missing(pictured, expected, camera)[0]
        # to be in the picture saves what it costs to be missing
        gain = np.maximum(_gains(pictured, expected, camera) + missing, -1e6)
        _, columns = linear_sum_assignment(np.hstack([gain, np.zeros((n, n))]), maximize=True)
        who = np.where(columns < k, columns, -1)
        own = np.flatnonzero(who >= 0)
        total = float(gain[own, who[own]].sum() - missing.sum())
        total -= _ON_THE_PITCH * float(_inside(camera.at_m)[0])
        if best is not None and total <= best.gain + 1e-3:
            break
        best = Reading(who, total, camera.at_m[0], float(camera.focal[0]), float(camera.angle[0]))
        if len(own) < _MIN_FIT and not (stays and len(own)):
            break
        camera = _fitted(pictured, expected, own, who[own], camera, stays)
    assert best is not None
    return best


def _fitted(
    pictured: Pictured, expected: Expected, own: Ints, who: Ints, camera: _Cameras, stays: bool
) -> _Cameras:
    """The camera that puts ``own`` nearest to ``who``: turn and shift in closed form for each focal."""
    tried = camera.focal * np.geomspace(0.75, 1.33, 9)
    place = _before(pictured, tried)[:, own]
    goal = expected.place_m[who]
    weight = 1 / (expected.variance_m2[who].mean(axis=1) + (_DEPTH * place[..., 1]) ** 2)
    share = (weight / weight.sum(axis=1, keepdims=True))[..., None]
    mean = np.zeros((len(tried), 2)) if stays else (share * place).sum(axis=1)
    to = np.repeat(camera.at_m, len(tried), axis=0) if stays else (share * goal).sum(axis=1)
    p, q = place - mean[:, None], goal - to[:, None]
    cross = (share[..., 0] * (p[..., 0] * q[..., 1] - p[..., 1] * q[..., 0])).sum(axis=1)
    angle = np.arctan2(cross, (share * p * q).sum(axis=(1, 2)))
    miss = _turned(p, angle) - q
    # narrow weights alone would favour cameras that put everybody far away
    cost = (weight * (miss**2).sum(axis=2) - np.log(weight)).sum(axis=1)
    at = to - _turned(mean[:, None], angle)[:, 0]
    return _Cameras(angle, tried, at).take(np.array([int(cost.argmin())]))


def nearest_place(told: Iterable[tuple[Pictured, Expected, Reading]], camera_m: Array) -> Array:
    """Where the camera of several readings stands best, ``(2,)``; ``camera_m`` if they show nobody."""
    whole, moved = 0.0, np.zeros(2)
    for pictured, expected, one in told:
        own = np.flatnonzero(one.who >= 0)
        place = _before(pictured, np.array([one.focal]))
        at = _turned(place, np.array([one.angle]))[0, own]
        variance = expected.variance_m2[one.who[own]].mean(axis=1) + (_DEPTH * place[0, own, 1]) ** 2
        whole += float((1 / variance).sum())
        moved += ((expected.place_m[one.who[own]] - at) / variance[:, None]).sum(axis=0)
    return moved / whole if whole > 0 else camera_m
