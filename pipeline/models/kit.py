"""Kit colours from the pixels of each person's mask, without grass, skin and hair."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline import masks
from pipeline.types import BALL, CropMask, Instances

Array = NDArray[np.float32]

TORSO = (0.18, 0.50)
"""Share of the person's height, from above: below the head, above the shorts."""
LEGS = (0.52, 0.95)
_MIN_PX = 6
"""Fewer pixels make no colour."""
_RING = 0.35
"""How far around the person the background is looked at, as a share of its width."""
_GRASS_AB, _GRASS_L = 7.0, 22.0
"""A pixel this near to the background's median colour is background, in CIE a*b* and in L*."""


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


def kit_colours(image: NDArray[np.uint8], found: Instances) -> KitColours:
    """Measure the kit of each person in a picture ``(H, W, 3)`` uint8 BGR; balls get NaN."""
    n = len(found.masks)
    out = KitColours(
        np.full((n, 3), np.nan, np.float32),
        np.full((n, 3), np.nan, np.float32),
        np.full(n, np.nan, np.float32),
        np.zeros(n, np.int32),
    )
    for i, mask in enumerate(found.masks):
        if found.class_id[i] == BALL:
            continue
        lab, inside = _crop(image, mask)
        kit = _kit_pixels(lab, inside)
        torso, legs = _zone(lab, kit, inside, TORSO), _zone(lab, kit, inside, LEGS)
        out.kit_px[i] = len(torso) + len(legs)
        if len(torso) >= _MIN_PX:
            out.torso[i] = torso.mean(axis=0)
            out.torso_spread[i] = np.sqrt(torso.var(axis=0).sum())
        if len(legs) >= _MIN_PX:
            out.legs[i] = legs.mean(axis=0)
    return out


def _crop(image: NDArray[np.uint8], mask: CropMask) -> tuple[Array, NDArray[np.bool_]]:
    """Cut out the person with a margin: CIE L*a*b* ``(h, w, 3)``, and the mask ``(h, w)``."""
    margin = max(2, round(_RING * mask.width))
    top, left = max(0, mask.top - margin), max(0, mask.left - margin)
    bottom = min(image.shape[0], mask.top + mask.height + margin)
    right = min(image.shape[1], mask.left + mask.width + margin)
    lab = cv2.cvtColor(image[top:bottom, left:right].astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    inside = np.zeros(lab.shape[:2], dtype=bool)
    y, x = mask.top - top, mask.left - left
    inside[y : y + mask.height, x : x + mask.width] = masks.decode(mask)
    return lab, inside


def _kit_pixels(lab: Array, inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Drop the rim of the mask and whatever looks like the ground around the person, or like skin."""
    core = cv2.erode(inside.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    near = cv2.dilate(inside.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    if core.sum() < 0.35 * inside.sum():
        core = inside
    around = lab[~near]
    if len(around):
        ground = np.median(around, axis=0)
        distance = lab - ground
        like_ground = (np.hypot(distance[..., 1], distance[..., 2]) < _GRASS_AB) & (
            np.abs(distance[..., 0]) < _GRASS_L
        )
        core = _unless_too_few(core, core & ~like_ground, 0.15)
    return _unless_too_few(core, core & ~_like_skin(lab), 0.4)


def _like_skin(lab: Array) -> NDArray[np.bool_]:
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    hue = np.arctan2(lab[..., 2], lab[..., 1])
    return (
        (chroma > 10) & (chroma < 38) & (hue > 0.35) & (hue < 1.3) & (lab[..., 0] > 15) & (lab[..., 0] < 85)
    )


def _unless_too_few(before: NDArray[np.bool_], after: NDArray[np.bool_], share: float) -> NDArray[np.bool_]:
    return after if after.sum() >= share * before.sum() else before


def _zone(lab: Array, kit: NDArray[np.bool_], inside: NDArray[np.bool_], zone: tuple[float, float]) -> Array:
    rows = np.flatnonzero(inside.any(axis=1))
    top, height = rows[0], len(rows)
    first, last = top + round(zone[0] * height), top + round(zone[1] * height)
    return lab[first:last][kit[first:last]]
