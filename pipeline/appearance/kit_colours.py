"""Kit colours from the pixels of each person's mask, without grass, skin and other people.

Small players are more rim than middle, and video chroma is half as fine as luma: much of a mask is shirt
mixed with grass. So each pixel counts by how far its colour is from the ground around the person.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.appearance import flat_masks
from pipeline.appearance.surroundings import EVEN, claimed, distance, ground_around, to_lab
from pipeline.core.types import BALL, Ground, Instances

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]

TORSO = (0.18, 0.50)
"""Share of the person's height, from above: below the head, above the shorts."""
LEGS = (0.52, 0.95)
_WHOLE = 1.5
"""Whoever is this much higher than wide stands in the picture nearly whole, though it cuts him."""
_MIN_PX = 6
"""Fewer pixels make no colour."""
_CLOSE_PX, _SAME, _ROUNDS = 400, 15.0, 5
"""A zone of so many pixels shows numbers and stripes; colours nearer than this (CIE L*a*b*) are one."""
_NEAR, _FAR = 6.0, 30.0
"""Distance of a pixel's colour from the ground's, CIE L*a*b*: below the first it is ground, from the second
on it counts in full."""


@dataclass(frozen=True, slots=True)
class KitColours:
    """One row for each instance: mean colours in CIE L*a*b* ``(N, 3)``, NaN where too few pixels remain.

    ``torso_spread`` ``(N,)`` is the standard deviation of the upper body's colours, ``kit_px`` ``(N,)`` the
    number of pixels behind them.
    """

    torso: Array
    legs: Array
    torso_spread: Array
    kit_px: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Pixels:
    """The pixels of all people's kits in a picture, one row each.

    ``zone`` is twice the number of the person, plus 1 for the legs; ``lab`` the colour ``(3, P)``;
    ``contested`` where another mask claims the pixel too.
    """

    zone: NDArray[np.int64]
    lab: Array
    contested: Mask


@dataclass(frozen=True, slots=True)
class _Extent:
    """Outermost rows and columns ``(N,)`` of N masks, in the picture; the last ones included."""

    top: NDArray[np.int64]
    bottom: NDArray[np.int64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]


def kit_colours(image: NDArray[np.uint8], found: Instances) -> KitColours:
    """Measure the kit of each person in a picture ``(H, W, 3)`` uint8 BGR; balls get NaN.

    The ground around them is measured here unless it was for their masks.
    """
    out = _unknown(len(found.masks))
    everybody, flat = flat_masks.boxes_of(found.masks), flat_masks.decode(found.masks)
    whose = everybody.whose()
    filled = flat_masks.counts(flat, whose, len(everybody)) > 0
    chosen = filled & (found.class_id != BALL)
    people = np.flatnonzero(chosen)
    if not len(people):
        return out
    claims = claimed((image.shape[0], image.shape[1]), everybody, flat)
    where = flat_masks.boxes_of([found.masks[i] for i in people])
    own = flat if chosen.all() else flat[chosen[whose]]
    around = ground_around(image, where, claims) if found.ground is None else _rows(found.ground, people)
    ground = np.where((around.spread < EVEN)[:, None], around.lab, np.nan)  # boards, crowd: tell nothing
    places = np.flatnonzero(own)
    person, at = where.whose()[places], where.pixels(image.shape[1])[places]
    extent = _extent(person, at, image.shape[1], len(people))
    pixels = _pixels(image, claims, person, at, extent)
    n_zones = 2 * len(people)
    weight = _weights(pixels, ground, n_zones)
    mean, spread, count = _averages(pixels, weight, n_zones)
    mean = _main_colours(pixels, weight, mean, count >= _CLOSE_PX)
    out.torso[people], out.legs[people] = mean[0::2], mean[1::2]
    out.torso_spread[people] = spread[0::2]
    out.kit_px[people] = count[0::2] + count[1::2]
    _forget_other_parts(out, people, extent, image.shape[0])
    return out


def _rows(ground: Ground, rows: NDArray[np.int64]) -> Ground:
    return Ground(ground.lab[rows], ground.spread[rows])


def _extent(person: NDArray[np.int64], at: NDArray[np.int64], picture_width: int, n: int) -> _Extent:
    row, column = np.divmod(at, picture_width)
    first = person.searchsorted(np.arange(n))
    last = np.append(first[1:], len(person)) - 1
    left, right = np.minimum.reduceat(column, first), np.maximum.reduceat(column, first)
    return _Extent(row[first], row[last], left, right)


def _forget_other_parts(
    out: KitColours, people: NDArray[np.int64], extent: _Extent, picture_height: int
) -> None:
    """Forget the zones that show other parts of the body than they are meant to.

    Those are both zones of somebody lying, and the half that the picture's edge cuts. On pixel-exact close
    views the teams' mean IoU went from .68 to .77 by that; in far views it hardly ever applies.
    """
    height, width = extent.bottom - extent.top + 1, extent.right - extent.left + 1
    lying = height < width
    part = ~lying & (height < _WHOLE * width)
    above = part & (extent.top <= 1)
    below = part & ~above & (extent.bottom >= picture_height - 2)
    out.torso[people[lying | above]] = np.nan
    out.torso_spread[people[lying | above]] = np.nan
    out.legs[people[lying | below]] = np.nan


def _unknown(n: int) -> KitColours:
    nothing = np.full((n, 3), np.nan, np.float32)
    return KitColours(nothing, nothing.copy(), np.full(n, np.nan, np.float32), np.zeros(n, np.int32))


def _pixels(
    image: NDArray[np.uint8],
    claims: NDArray[np.uint8],
    person: NDArray[np.int64],
    at: NDArray[np.int64],
    extent: _Extent,
) -> _Pixels:
    height = extent.bottom - extent.top + 1
    depth = (at // image.shape[1] - extent.top[person] + 0.5) / height[person]
    torso = (depth >= TORSO[0]) & (depth < TORSO[1])
    kept = torso | ((depth >= LEGS[0]) & (depth < LEGS[1]))
    where = at[kept]
    zone = 2 * person[kept] + ~torso[kept]
    lab = np.ascontiguousarray(to_lab(image.reshape(-1, 3)[where]).T)
    return _Pixels(zone, lab, claims.ravel()[where] > 1)


def _weights(pixels: _Pixels, ground: Array, n_zones: int) -> Array:
    """Weigh each pixel as kit, 0 to 1: 0 for ground, skin, and what two people claim."""
    away = distance(pixels.lab.T, ground.T[:, pixels.zone // 2].T)
    away[np.isnan(away)] = _FAR
    weight = ((away - _NEAR) / (_FAR - _NEAR)).clip(0, 1) ** 2
    chosen = np.ones(len(weight), dtype=bool)
    for unfit, share in ((pixels.contested, 0.3), (weight == 0, 0.1), (_like_skin(pixels.lab), 0.4)):
        # What would leave too little of a zone is not taken away from it: it may be the kit itself.
        after = chosen & ~unfit
        enough = np.bincount(pixels.zone, after, n_zones) >= share * np.bincount(pixels.zone, chosen, n_zones)
        chosen = np.where(enough[pixels.zone], after, chosen)
    return np.asarray(np.where(chosen, np.maximum(weight, 1e-3), 0), dtype=np.float32)


def _averages(pixels: _Pixels, weight: Array, n_zones: int) -> tuple[Array, Array, NDArray[np.int64]]:
    """Average the colours of each zone: mean ``(n_zones, 3)``, spread and number of pixels ``(n_zones,)``."""
    used = np.flatnonzero(weight > 0)
    zone, lab, w = pixels.zone[used], pixels.lab[:, used], weight[used].astype(np.float64)
    count = np.bincount(zone, minlength=n_zones)
    mean, total = _means(zone, lab, w, np.where(count >= _MIN_PX, 1.0, np.nan))
    light, a, b = (lab[c] - mean[c][zone] for c in range(3))
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = np.bincount(zone, w * (light**2 + a**2 + b**2), n_zones) / total
    return mean.T.astype(np.float32), np.sqrt(squares).astype(np.float32), count


def _means(
    zone: NDArray[np.int64], lab: Array, weight: NDArray[np.float64], known: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weighted mean colour of each zone ``(3, n_zones)`` and the weights' sum; NaN where not ``known``."""
    n_zones = len(known)
    total = np.bincount(zone, weight, n_zones) * known
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.stack([np.bincount(zone, weight * c, n_zones) for c in lab]) / total, total


def _main_colours(pixels: _Pixels, weight: Array, mean: Array, close: Mask) -> Array:
    """Move the means of ``close`` zones to their main colour, away from numbers, stripes and logos."""
    chosen = np.flatnonzero(close[pixels.zone] & (weight > 0))
    if not len(chosen):
        return mean
    number = np.cumsum(close) - 1
    zone, lab, w = number[pixels.zone[chosen]], pixels.lab[:, chosen], weight[chosen]
    colour = np.ascontiguousarray(mean[close].T)
    known = np.ones(colour.shape[1])
    for _ in range(_ROUNDS):
        light, a, b = (lab[c] - colour[c][zone] for c in range(3))
        nearer = (w / (1 + (light**2 + a**2 + b**2) / _SAME**2)).astype(np.float64)
        colour = _means(zone, lab, nearer, known)[0].astype(np.float32)
    out = mean.copy()
    out[close] = colour.T
    return out


def _like_skin(lab: Array) -> Mask:
    light, a, b = lab
    found = (a > 0) & (b > 0) & (light > 15) & (light < 85)
    some = np.flatnonzero(found)
    chroma, hue = np.hypot(a[some], b[some]), np.arctan2(b[some], a[some])
    found[some] = (chroma > 10) & (chroma < 38) & (hue > 0.35) & (hue < 1.3)
    return np.asarray(found)
