"""The cloth that numbers are painted on: real upper bodies wiped clean, stripes, colours of prints."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

CANVAS_PX = 72
_CLEAR_CONTRAST = 42.0
"""Inks nearer to the shirt than this are drawn again, see `contrast_of`."""
_COLOUR = 0.4
"""What a difference of hue counts beside one of lightness: television keeps colour at half the sharpness."""
_PRINTED = 11.0
"""Fine detail of a shirt, in steps of grey, above which something is printed on it that has to go."""

Picture = NDArray[np.uint8]
Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Torso:
    """A square cut of somebody's upper body (see `pipeline.appearance.upper_body`).

    ``picture`` is ``(72, 72, 3)`` uint8 BGR, ``inside`` ``(72, 72)`` float32 0..1 his mask; ``side_px`` is
    how large the square was in its frame.
    """

    picture: Picture
    inside: Plane
    side_px: float


def wiped(torso: Torso, rng: np.random.Generator) -> Picture:
    """Wipe what is printed on a shirt: broad shades stay, fine detail goes where the number would be.

    Of a shirt on which hardly anything shows, some of the cloth's own detail stays.
    """
    picture, inside = torso.picture.astype(np.float32), torso.inside[..., None]
    spread = float(rng.uniform(3.5, 6.5))
    weight = broad(torso.inside, spread)[..., None]
    smooth = broad(picture * inside, spread) / np.maximum(weight, 0.05)
    grid = (np.arange(CANVAS_PX) + 0.5) / CANVAS_PX - 0.5
    away = np.hypot(grid[None, :] / 0.29, (grid[:, None] - 0.02) / 0.34)
    where = (np.clip((1.25 - away) / 0.25, 0, 1) * torso.inside)[..., None]
    detail = np.abs(picture - smooth).mean(axis=2, keepdims=True)
    printed = float((detail * where).sum() / max(float(where.sum()), 1e-6))
    if printed < _PRINTED:
        where = where * float(rng.uniform(0.2, 1.0))
    return np.clip(picture * (1 - where) + smooth * where, 0, 255).astype(np.uint8)


def striped(canvas: Picture, torso: Torso, rng: np.random.Generator) -> Picture:
    """Dye stripes or hoops into a shirt, with a plain panel where the number goes."""
    colour, _ = draw_ink(shirt_colour(canvas, torso), rng)
    grid = (np.arange(CANVAS_PX) + 0.5) / CANVAS_PX
    x, y = np.meshgrid(grid - 0.5, grid)
    across = x if rng.random() < 0.75 else y
    wave = np.sin(2 * np.pi * (across + 0.1 * float(rng.normal()) * y) / float(rng.uniform(0.12, 0.3)))
    dyed = np.clip(wave * 4 + float(rng.normal(0, 1)), 0, 1) * torso.inside
    half, top, bottom = rng.uniform(0.16, 0.26), rng.uniform(0.15, 0.3), rng.uniform(0.65, 0.8)
    panel = (np.abs(x) < half) & (y > top) & (y < bottom)
    dyed = dyed * (1 - cv2.GaussianBlur(panel.astype(np.float32), (0, 0), 1.0))
    shirt = ((y > 0.1) & (y < float(rng.uniform(0.75, 0.95)))).astype(np.float32)
    cover = (dyed * cv2.GaussianBlur(shirt, (0, 0), 1.5))[..., None] * float(rng.uniform(0.8, 1.0))
    light = cv2.cvtColor(canvas, cv2.COLOR_BGR2GRAY).astype(np.float32)[..., None]
    shade = np.clip((light + 40) / (float(light.mean()) + 40), 0.6, 1.3)
    mixed = canvas.astype(np.float32) * (1 - cover) + colour[None, None] * shade * cover
    return np.asarray(np.clip(mixed, 0, 255), np.uint8)


def broad(plane: Plane, spread: float) -> Plane:
    """Blur widely, at a quarter of the size."""
    small = cv2.resize(plane, (CANVAS_PX // 4, CANVAS_PX // 4), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), spread / 4)
    return np.asarray(cv2.resize(small, (CANVAS_PX, CANVAS_PX)), np.float32)


def shirt_colour(canvas: Picture, torso: Torso) -> NDArray[np.float64]:
    """Mean colour of the middle of a shirt, BGR ``(3,)``."""
    part = np.s_[CANVAS_PX // 3 : 2 * CANVAS_PX // 3, CANVAS_PX // 3 : 2 * CANVAS_PX // 3]
    weight = torso.inside[part].reshape(-1, 1) + 1e-3
    return np.asarray((canvas[part].reshape(-1, 3) * weight).sum(axis=0) / weight.sum(), np.float64)


def draw_ink(shirt: NDArray[np.float64], rng: np.random.Generator) -> tuple[NDArray[np.float64], float]:
    """Draw a print's colour, and how far it is from the shirt's, see `contrast_of`."""
    for _ in range(8):
        kind = rng.random()
        if kind < 0.45:
            ink = rng.uniform(205, 252) + rng.uniform(-6, 6, 3)
        elif kind < 0.78:
            ink = rng.uniform(8, 55) + rng.uniform(-8, 14, 3)
        else:
            ink = rng.uniform(0, 255, 3)
        contrast = contrast_of(ink, shirt)
        if contrast > _CLEAR_CONTRAST:
            break
    return ink, contrast


def contrast_of(one_bgr: NDArray[np.float64], other_bgr: NDArray[np.float64]) -> float:
    """Distance of two colours as it helps reading: CIE L*a*b*, hue counting less than lightness."""
    light, green_red, blue_yellow = _lab(one_bgr) - _lab(other_bgr)
    return float(np.sqrt(light**2 + _COLOUR**2 * (green_red**2 + blue_yellow**2)))


def _lab(bgr: NDArray[np.float64]) -> NDArray[np.float32]:
    one = np.clip(bgr, 0, 255).astype(np.float32)[None, None] / 255
    return np.asarray(cv2.cvtColor(one, cv2.COLOR_BGR2Lab)[0, 0], np.float32)
