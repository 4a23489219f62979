"""Pictures without a football pitch that can be told, drawn from nothing."""

from itertools import pairwise

import cv2
import numpy as np

from pipeline.calibration.camera_model.pinhole import image_from_pitch
from pipeline.core.geometry import transform

WIDTH, HEIGHT = 1280, 720
_CENTRE = (640.0, 360.0)
_WHITE = (235, 240, 238)


def blank_grass():
    """A mown lawn from above, and nothing on it."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    stripes = ((x + 0.4 * y) // 150 % 2)[..., None] * np.array([6, 14, 6])
    return _grainy(np.array([45, 125, 60]) + stripes)


def crowd():
    """A stand full of people: blobs of every colour."""
    rng = np.random.default_rng(2)
    small = rng.integers(0, 255, (HEIGHT // 12, WIDTH // 12, 3), dtype=np.uint8)
    return _grainy(cv2.resize(small, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC))


def close_up():
    """One player, as tall as the picture, before blurred grass."""
    image = _grainy(np.full((HEIGHT, WIDTH, 3), (50, 120, 60)))
    cv2.ellipse(image, (640, 150), (70, 90), 0, 0, 360, (120, 150, 200), -1)
    cv2.rectangle(image, (480, 240), (800, 620), (40, 40, 190), -1)
    cv2.rectangle(image, (500, 620), (780, 719), (230, 230, 230), -1)
    return image


def indoor_court():
    """A handball court, 40 m x 20 m, on a wooden floor: goal areas, throw lines, a middle line."""
    lines = [*_box(40, 20), [(0, -10), (0, 10)]]
    for side in (-1, 1):
        lines += [_half_ring(side * 20, radius, side) for radius in (6.0, 9.0)]
    return _court(lines, (95, 150, 195), (40, 60, 180), np.array([0.0, -26.0, 8.0, 0, 0, 0]), 900.0, 0.3)


def training_ground():
    """Grass with the lines of small-sided games: three courts of 30 m x 20 m side by side, one crossed."""
    lines = [[(x + a, b) for a, b in line] for x in (-34, 0, 34) for line in _box(30, 20)]
    lines += [[(-15, -10), (15, 10)], [(-19, -10), (-19, 10)], [(34, -10), (34, 10)]]
    return _court(lines, (50, 125, 65), _WHITE, np.array([5.0, -48.0, 14.0, 0, 0, 0]), 1100.0, 0.3)


def _box(length, width):
    x, y = length / 2, width / 2
    corners = [(-x, -y), (x, -y), (x, y), (-x, y), (-x, -y)]
    return [corners[i : i + 2] for i in range(4)]


def _half_ring(x, radius, side):
    angle = np.linspace(-np.pi / 2, np.pi / 2, 40)
    return list(zip(x - side * radius * np.cos(angle), radius * np.sin(angle), strict=True))


def _court(lines, floor, paint, place, focal_px, tilt):
    view = image_from_pitch(np.array([[0.0, tilt, np.log(focal_px), 0.0]]), place, _CENTRE)[0]
    image = _grainy(np.full((HEIGHT, WIDTH, 3), floor))
    for line in lines:
        ends = np.array(line, float)
        fine = np.concatenate([np.linspace(a, b, 30) for a, b in pairwise(ends)])
        at = transform(fine, view)
        at = np.round(at[np.isfinite(at[:, 0]) & (np.abs(at) < 5000).all(axis=1)] * 16).astype(np.int32)
        cv2.polylines(image, [at], False, paint, 3, cv2.LINE_AA, 4)
    return cv2.GaussianBlur(image, (0, 0), 0.7)


def _grainy(image):
    grain = np.random.default_rng(1).normal(0, 4, (HEIGHT, WIDTH, 1))
    return np.clip(image + grain, 0, 255).astype(np.uint8)
