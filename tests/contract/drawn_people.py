"""A picture of people on grass, drawn with a few strokes, that a football network takes for players."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

RED, BLUE = (40, 40, 210), (220, 120, 30)
SKIN, WHITE, DARK = (120, 150, 200), (240, 240, 240), (60, 30, 20)
FEET = [(80 + 115 * c + 15 * r, y) for r, y in enumerate((110, 200, 320)) for c in range(5)]
HEIGHTS = [h for h in (50, 62, 80) for _ in range(5)]


def draw() -> NDArray[np.uint8]:
    """Fifteen people on striped grass, 640 x 360, in turn blue and red; their feet are at `FEET`."""
    image = np.full((360, 640, 3), (60, 140, 90), np.uint8)
    image += (np.arange(640) // 80 % 2 * 10)[None, :, None].astype(np.uint8)
    for number, (foot, height) in enumerate(zip(FEET, HEIGHTS, strict=True)):
        _person(image, foot, height, RED if number % 2 else BLUE, WHITE if number % 2 else DARK)
    image = cv2.GaussianBlur(image, (3, 3), 0)
    noise = np.random.default_rng(0).normal(0, 4, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def _person(image, foot, height, shirt, shorts):
    def at(across, up):
        return round((foot[0] + across * height / 100) * 8), round((foot[1] - up * height / 100) * 8)

    def stroke(a, b, colour, width):
        cv2.line(image, at(*a), at(*b), colour, max(1, round(width * height / 100)), cv2.LINE_AA, 3)

    for side in (-1, 1):
        stroke((side * 9, 4), (side * 8, 28), WHITE, 9)
        stroke((side * 8, 28), (side * 6, 45), SKIN, 10)
        stroke((side * 6, 40), (side * 5, 52), shorts, 13)
        stroke((side * 11, 3), (side * 7, 3), DARK, 7)
        stroke((side * 15, 78), (side * 18, 58), shirt, 8)
        stroke((side * 18, 58), (side * 19, 44), SKIN, 7)
    trunk = np.array([at(-14, 82), at(14, 82), at(11, 48), at(-11, 48)])
    cv2.fillConvexPoly(image, trunk, shirt, cv2.LINE_AA, 3)
    radius = round(8 * height / 100 * 8)
    cv2.circle(image, at(0, 92), radius, SKIN, -1, cv2.LINE_AA, 3)
    cv2.ellipse(image, at(0, 95), (radius, radius * 3 // 4), 0, 180, 360, DARK, -1, cv2.LINE_AA, 3)
