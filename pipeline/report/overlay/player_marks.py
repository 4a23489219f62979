"""What is drawn on a frame for each person and ball: tinted mask, outline, foot ellipse, number."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.masks import decode
from pipeline.core.types import CropMask
from pipeline.report.overlay.lettering import OVERSAMPLING, Sprite, plate, shrink, sprite
from pipeline.report.style.colours import Rgb, ink_on

Image = NDArray[np.uint8]
_TINT = 0.42


def tint(image: Image, mask: CropMask, scale: tuple[float, float], colour: Rgb) -> None:
    """Colour a mask translucently with a thin outline, in place.

    ``mask`` is in px of the footage, ``image`` (BGR) is ``scale`` times as large across and down.
    """
    across, down = scale
    left, right = round(mask.left * across), round((mask.left + mask.width) * across)
    top, bottom = round(mask.top * down), round((mask.top + mask.height) * down)
    window = image[top:bottom, left:right]
    if not window.size:
        return
    inside = decode(mask).view(np.uint8) * 255
    if scale != (1.0, 1.0):
        size = (window.shape[1], window.shape[0])
        inside = cv2.resize(inside, size, interpolation=cv2.INTER_AREA) & 128
    fill, line = _tables(colour)
    core = cv2.erode(inside, _CROSS, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    cv2.copyTo(cv2.LUT(window, fill), core, window)
    cv2.copyTo(cv2.LUT(window, line), inside - core, window)


def foot_ring(
    image: Image, foot_px: tuple[float, float], half_width_px: float, colour: Rgb, unit: int
) -> None:
    """Draw the ellipse that a person stands in, open at the back, in place."""
    ring = _ring(round(half_width_px), colour, unit)
    ring.lay(image, round(foot_px[0] - ring.width / 2), round(foot_px[1] - ring.height / 2))


def name_plate(image: Image, text: str, foot_px: tuple[float, float], colour: Rgb, unit: int) -> None:
    """Put a number or role under a person's feet, in place; moved where it would leave the picture."""
    sign = plate(text, unit, colour)
    top = min(round(foot_px[1] + 0.55 * unit), image.shape[0] - sign.height)
    left = min(max(round(foot_px[0] - sign.width / 2), 0), image.shape[1] - sign.width)
    sign.lay(image, left, top)


def ball_mark(image: Image, box_px: NDArray[np.floating], unit: int) -> None:
    """Ring the ball and point at it from above, in place. ``box_px``: xyxy in px of ``image``."""
    x, y = float(box_px[[0, 2]].mean()), float(box_px[[1, 3]].mean())
    radius = max(unit * 0.55, float(box_px[2] - box_px[0]) * 0.9)
    for ink, width in (((0, 0, 0), max(3, unit // 3)), ((255, 255, 255), max(1, unit // 7))):
        cv2.circle(image, (round(x), round(y)), round(radius), ink, width, cv2.LINE_AA)
    tip, half = y - radius - 0.35 * unit, 0.5 * unit
    corners = np.array([(x, tip), (x - half, tip - 0.85 * unit), (x + half, tip - 0.85 * unit)])
    points = np.rint(corners).astype(np.int32)
    cv2.fillPoly(image, [points], (255, 255, 255), cv2.LINE_AA)
    cv2.polylines(image, [points], True, (0, 0, 0), 1, cv2.LINE_AA)


_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


@lru_cache(maxsize=64)
def _tables(colour: Rgb) -> tuple[Image, Image]:
    """Look-up tables ``(1, 256, 3)`` that mix any value with ``colour``: for the fill, for the outline."""
    levels = np.arange(256, dtype=np.float64)[None, :, None]
    bgr = np.array(colour[::-1], np.float64)
    edge = bgr if ink_on(colour) == (255, 255, 255) else bgr * 0.94
    fill, line = levels + (bgr - levels) * _TINT, levels + (edge - levels) * 0.9
    return np.rint(fill).astype(np.uint8), np.rint(line).astype(np.uint8)


@lru_cache(maxsize=4096)
def _ring(half_width_px: int, colour: Rgb, unit: int) -> Sprite:
    axes = (max(3, half_width_px), max(2, round(half_width_px * 0.36)))
    edge, line = max(2.0, unit / 3), max(1.0, unit / 6)
    half = [a + int(edge) + 1 for a in axes]
    cover = {}
    for width in (edge, line):
        large = np.zeros((2 * half[1] * OVERSAMPLING, 2 * half[0] * OVERSAMPLING), np.uint8)
        centre = (large.shape[1] // 2, large.shape[0] // 2)
        size = (axes[0] * OVERSAMPLING, axes[1] * OVERSAMPLING)
        cv2.ellipse(large, centre, size, 0, -40, 220, 255, round(width * OVERSAMPLING), cv2.LINE_AA)
        cover[width] = shrink(large)
    return sprite(cover[line][..., None] * np.array(colour[::-1], np.float64), cover[edge])
