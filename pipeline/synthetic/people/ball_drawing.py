"""Draw the ball: a shaded, patterned disc, smeared over the exposure."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.synthetic.looks import Light
from pipeline.synthetic.match.ball import RADIUS_M
from pipeline.synthetic.people.figure import Sprite
from pipeline.synthetic.venue.true_camera import Camera

Array = NDArray[np.float64]

_FINE = 6


def draw_ball(centres_m: list[Array], cameras: list[Camera], light: Light) -> Sprite | None:
    """Draw a ball at ``centres_m``, each (3,), seen by ``cameras`` over one exposure; None when not in it."""
    seen = [camera.project(centre) for camera, centre in zip(cameras, centres_m, strict=True)]
    if any(float(depth) < 1.0 for _, depth in seen):
        return None
    centres = np.array([px for px, _ in seen])
    radii = [
        RADIUS_M * camera.focal_px / float(depth) for camera, (_, depth) in zip(cameras, seen, strict=True)
    ]
    low = np.floor(centres.min(axis=0) - max(radii) - 2).astype(int)
    high = np.ceil(centres.max(axis=0) + max(radii) + 3).astype(int)
    size = (cameras[0].width_px, cameras[0].height_px)
    if (high <= 0).any() or low[0] >= size[0] or low[1] >= size[1]:
        return None
    width, height = int(high[0] - low[0]), int(high[1] - low[1])
    total = np.zeros((height, width, 4), np.float32)
    for centre, radius in zip(centres - low, radii, strict=True):
        total += cv2.resize(
            _disc(width, height, centre, radius), (width, height), interpolation=cv2.INTER_AREA
        )
    total /= len(radii)
    colour = total[..., :3] * np.array(light.tint, np.float32)
    depth = float(np.mean([float(d) for _, d in seen]))
    return Sprite(int(low[1]), int(low[0]), colour, total[..., 3] / 255.0, depth)


def _disc(width: int, height: int, centre: Array, radius: float) -> NDArray[np.float32]:
    """One sharp ball on a fine canvas, ``(height, width, 4)`` times `_FINE`, lit from above."""
    y, x = np.mgrid[0 : height * _FINE, 0 : width * _FINE].astype(np.float32)
    u = ((x + 0.5) / _FINE - 0.5 - centre[0]) / radius
    v = ((y + 0.5) / _FINE - 0.5 - centre[1]) / radius
    inside = (u * u + v * v <= 1).astype(np.float32)
    patches = 1 - 0.28 * (np.sin(5 * u) * np.sin(5 * v) > 0.3)
    bright = np.clip(238 - 70 * (v + 0.25 * u), 90, 250) * patches
    return np.asarray(
        np.dstack([bright, bright, bright, np.full_like(bright, 255)]) * inside[..., None], np.float32
    )
