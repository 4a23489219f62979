"""Kit colours from the pixels of each person's mask, without grass, skin and other people.

Small players are more rim than middle, and video chroma is half as fine as luma: much of a mask is shirt
mixed with grass. So each pixel counts by how far its colour is from the ground around the person.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline import masks
from pipeline.types import BALL, CropMask, Instances

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]

TORSO = (0.18, 0.50)
"""Share of the person's height, from above: below the head, above the shorts."""
LEGS = (0.52, 0.95)
_MIN_PX = 6
"""Fewer pixels make no colour."""
_RING = 0.35
"""How far around the person the ground is looked at, as a share of the mask's width."""
_RING_PX = 600
"""About how many pixels of the ring are looked at."""
_NEAR, _FAR = 6.0, 30.0
"""Distance of a pixel's colour from the ground's, CIE L*a*b*: below the first it is ground, from the second
on it counts in full."""
_LIGHTNESS = 0.5
"""Weight of lightness in that distance: shadows and sun change the ground's lightness more than its hue."""


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
    """The pixels of all people of a picture, one row each.

    ``person`` counts the people, ``depth`` is 0 at the top of the person's mask and 1 at its bottom, ``lab``
    the colour ``(P, 3)``, ``contested`` where another mask claims the pixel too.
    """

    person: NDArray[np.int64]
    depth: Array
    lab: Array
    contested: Mask


def kit_colours(image: NDArray[np.uint8], found: Instances) -> KitColours:
    """Measure the kit of each person in a picture ``(H, W, 3)`` uint8 BGR; balls get NaN."""
    out = _unknown(len(found.masks))
    dense = [masks.decode(mask) for mask in found.masks]
    people = [i for i, d in enumerate(dense) if found.class_id[i] != BALL and d.any()]
    if not people:
        return out
    claims = np.zeros(image.shape[:2], dtype=np.uint8)
    for mask, inside in zip(found.masks, dense, strict=True):
        claims[_window(mask)] += inside
    pixels = _pixels(image, claims, [(found.masks[i], dense[i]) for i in people])
    free = cv2.dilate(claims, np.ones((3, 3), np.uint8)) == 0
    ground = np.array([_ground(image, free, found.masks[i]) for i in people], dtype=np.float32)
    weight = _weights(pixels, _to_lab(ground))
    out.torso[people], out.torso_spread[people], n_torso = _zone(pixels, weight, TORSO, len(people))
    out.legs[people], _, n_legs = _zone(pixels, weight, LEGS, len(people))
    out.kit_px[people] = n_torso + n_legs
    return out


def _unknown(n: int) -> KitColours:
    nothing = np.full((n, 3), np.nan, np.float32)
    return KitColours(nothing, nothing.copy(), np.full(n, np.nan, np.float32), np.zeros(n, np.int32))


def _pixels(
    image: NDArray[np.uint8], claims: NDArray[np.uint8], people: list[tuple[CropMask, Mask]]
) -> _Pixels:
    depth, colour, contested, sizes = [], [], [], []
    for mask, inside in people:
        rows = np.nonzero(inside)[0]
        top, bottom = rows[0], rows[-1]
        depth.append((rows - top + 0.5) / (bottom - top + 1))
        colour.append(image[_window(mask)][inside])
        contested.append(claims[_window(mask)][inside] > 1)
        sizes.append(len(rows))
    return _Pixels(
        np.repeat(np.arange(len(people)), sizes),
        np.concatenate(depth).astype(np.float32),
        _to_lab(np.concatenate(colour)),
        np.concatenate(contested),
    )


def _ground(image: NDArray[np.uint8], free: Mask, mask: CropMask) -> Array:
    """The median colour (BGR) around a person where nobody is; NaN when there is no such place."""
    margin = max(2, round(_RING * mask.width))
    top, left = max(0, mask.top - margin), max(0, mask.left - margin)
    step = max(1, round(np.sqrt((mask.height + 2 * margin) * (mask.width + 2 * margin) / _RING_PX)))
    rows = slice(top, mask.top + mask.height + margin, step)
    columns = slice(left, mask.left + mask.width + margin, step)
    ring = image[rows, columns][free[rows, columns]]
    if len(ring) == 0:
        return np.full(3, np.nan, np.float32)
    return np.asarray(np.partition(ring, len(ring) // 2, axis=0)[len(ring) // 2], dtype=np.float32)


def _weights(pixels: _Pixels, ground: Array) -> Array:
    """Weigh each pixel as kit, 0 to 1: 0 for ground, skin, and what two people claim."""
    away = pixels.lab - ground[pixels.person]
    away[:, 0] *= _LIGHTNESS
    distance = np.sqrt(np.einsum("ij,ij->i", away, away))
    distance[np.isnan(distance)] = _FAR
    weight = ((distance - _NEAR) / (_FAR - _NEAR)).clip(0, 1) ** 2
    chosen = np.ones(len(weight), dtype=bool)
    for unfit, share in ((pixels.contested, 0.3), (weight == 0, 0.1), (_like_skin(pixels.lab), 0.4)):
        chosen = _unless_too_few(pixels.person, chosen, chosen & ~unfit, share)
    return np.asarray(np.where(chosen, np.maximum(weight, 1e-3), 0), dtype=np.float32)


def _zone(
    pixels: _Pixels, weight: Array, zone: tuple[float, float], n: int
) -> tuple[Array, Array, NDArray[np.int64]]:
    """Average each person's kit pixels in a zone: mean ``(n, 3)``, spread ``(n,)``, pixels ``(n,)``."""
    inside = (pixels.depth >= zone[0]) & (pixels.depth < zone[1]) & (weight > 0)
    person, lab, w = pixels.person[inside], pixels.lab[inside], weight[inside].astype(np.float64)
    count = np.bincount(person, minlength=n)
    with np.errstate(divide="ignore", invalid="ignore"):
        total = np.where(count >= _MIN_PX, np.bincount(person, w, n), np.nan)
        mean = np.stack([np.bincount(person, w * lab[:, c], n) for c in range(3)], axis=1) / total[:, None]
        squares = np.bincount(person, w * ((lab - mean[person]) ** 2).sum(axis=1), n) / total
    return mean.astype(np.float32), np.sqrt(squares).astype(np.float32), count


def _like_skin(lab: Array) -> Mask:
    light, a, b = lab.T
    chroma, hue = np.hypot(a, b), np.arctan2(b, a)
    found = (chroma > 10) & (chroma < 38) & (hue > 0.35) & (hue < 1.3) & (light > 15) & (light < 85)
    return np.asarray(found)


def _unless_too_few(person: NDArray[np.int64], before: Mask, after: Mask, share: float) -> Mask:
    """Take ``after`` for those people of whom at least ``share`` of ``before`` remains, else ``before``."""
    n = int(person[-1]) + 1
    enough = np.bincount(person, after, n) >= share * np.bincount(person, before, n)
    return np.asarray(np.where(enough[person], after, before))


def _to_lab(bgr: NDArray[np.generic]) -> Array:
    """Convert colours ``(N, 3)`` BGR 0..255 to CIE L*a*b*."""
    return np.asarray(
        cv2.cvtColor(bgr[None].astype(np.float32) / 255, cv2.COLOR_BGR2LAB)[0], dtype=np.float32
    )


def _window(mask: CropMask) -> tuple[slice, slice]:
    return slice(mask.top, mask.top + mask.height), slice(mask.left, mask.left + mask.width)
