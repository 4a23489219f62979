"""Views of labelled pictures to train the pitch network on: cut, enlarged, mirrored, relit, degraded."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.networks.pitch_network import INPUT_HEIGHT, INPUT_WIDTH
from pipeline.training.pitch.targets import Window

Image = NDArray[np.uint8]

ZOOM = (0.7, 2.5)
_BEYOND = 0.12
"""How far an enlarged window may reach beyond the picture, as a share of the window."""
_GREY = 114
_PLAIN = 0.15
"""Share of views that show the whole picture as it is, but for its light."""


def random_window(rng: np.random.Generator) -> Window:
    """Draw a window: whole, smaller (the picture enlarged) or larger (with grey around it)."""
    mirrored = bool(rng.random() < 0.5)
    if rng.random() < _PLAIN:
        return Window(0.0, 0.0, 1.0, 1.0, mirrored)
    side = 1.0 / float(np.exp(rng.uniform(*np.log(ZOOM))))
    room = 1.0 - side
    low, high = sorted((-_BEYOND * side, room + _BEYOND * side)) if room > 0 else (room, 0.0)
    left, top = rng.uniform(low, high, 2)
    return Window(float(left), float(top), side, side, mirrored)


def shown(image: Image, window: Window) -> Image:
    """Show a window of a picture ``(H, W, 3)`` as the network's input ``(288, 512, 3)``, grey beyond it."""
    height, width = image.shape[:2]
    left, top, right, bottom = _edges(window, (width, height))
    cut = image[max(0, top) : min(height, bottom), max(0, left) : min(width, right)]
    edges = (max(0, -top), max(0, bottom - height), max(0, -left), max(0, right - width))
    if any(edges):
        cut = cv2.copyMakeBorder(cut, *edges, cv2.BORDER_CONSTANT, value=(_GREY, _GREY, _GREY))
    smaller = cut.shape[1] > INPUT_WIDTH
    way = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    out = cv2.resize(cut, (INPUT_WIDTH, INPUT_HEIGHT), interpolation=way)
    return np.asarray(out[:, ::-1] if window.mirrored else out, np.uint8)


def whole_pixels(window: Window, size_px: tuple[int, int]) -> Window:
    """The window that `shown` cuts out: its edges between pixels of a picture of (width, height)."""
    width, height = size_px
    left, top, right, bottom = _edges(window, size_px)
    return Window(
        left / width, top / height, (right - left) / width, (bottom - top) / height, window.mirrored
    )


def _edges(window: Window, size_px: tuple[int, int]) -> tuple[int, int, int, int]:
    width, height = size_px
    right, bottom = window.left + window.width, window.top + window.height
    return (
        round(window.left * width),
        round(window.top * height),
        round(right * width),
        round(bottom * height),
    )


def degraded(image: Image, rng: np.random.Generator) -> Image:
    """Change light and colour, and sometimes blur, coarsen, add noise or compress: ``(H, W, 3)`` uint8."""
    out = _relit(image, rng)
    if rng.random() < 0.3:
        height, width = out.shape[:2]
        coarser = float(rng.uniform(1.2, 2.2))
        small = (round(width / coarser), round(height / coarser))
        out = cv2.resize(
            cv2.resize(out, small, interpolation=cv2.INTER_AREA),
            (width, height),
            interpolation=cv2.INTER_LINEAR,
        )
    if rng.random() < 0.2:
        out = cv2.GaussianBlur(out, (0, 0), float(rng.uniform(0.4, 1.4)))
    if rng.random() < 0.2:
        grain = rng.standard_normal(out.shape[:2], dtype=np.float32)[..., None] * rng.uniform(2, 9)
        out = np.clip(out + grain, 0, 255).astype(np.uint8)
    if rng.random() < 0.3:
        _, data = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(18, 80))])
        out = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return np.asarray(out, np.uint8)


def _relit(image: Image, rng: np.random.Generator) -> Image:
    tone = cv2.cvtColor(image, cv2.COLOR_BGR2HSV).astype(np.float32)
    tone[..., 0] = (tone[..., 0] + rng.uniform(-7, 7)) % 180
    tone[..., 1] = np.clip(tone[..., 1] * rng.uniform(0.6, 1.35), 0, 255)
    light = cv2.cvtColor(tone.astype(np.uint8), cv2.COLOR_HSV2BGR)
    level = np.arange(256) / 255.0
    level = np.clip((level ** rng.uniform(0.75, 1.35) - 0.45) * rng.uniform(0.75, 1.25) + 0.45, 0, 1)
    level = np.clip(level + rng.uniform(-0.1, 0.1), 0, 1)
    return np.asarray(cv2.LUT(light, np.round(level * 255).astype(np.uint8)), np.uint8)
