"""Sprites and smooth small text for video frames: drawn once, four times too large, then kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.report.style.colours import Rgb, ink_on

Image = NDArray[np.uint8]
OVERSAMPLING = 4
_FONT = cv2.FONT_HERSHEY_SIMPLEX


@dataclass(frozen=True, slots=True)
class Sprite:
    """A small picture to lay over frames, ``(h, w, 3)`` BGR uint8 each.

    ``colour`` is multiplied by its own cover; ``keep`` is how much of the frame shows through, 0 to 255.
    """

    colour: Image
    keep: Image

    @property
    def height(self) -> int:
        """Height, px."""
        return int(self.colour.shape[0])

    @property
    def width(self) -> int:
        """Width, px."""
        return int(self.colour.shape[1])

    def lay(self, image: Image, left: int, top: int) -> None:
        """Lay it over ``image``, in place; parts outside the picture are cut."""
        x, y = max(0, -left), max(0, -top)
        window = image[top + y : max(0, top + self.height), left + x : max(0, left + self.width)]
        if window.size:
            here = (slice(y, y + window.shape[0]), slice(x, x + window.shape[1]))
            cv2.multiply(window, self.keep[here], dst=window, scale=1 / 255)
            cv2.add(window, self.colour[here], dst=window)


def sprite(colour: NDArray[np.floating], cover: NDArray[np.floating]) -> Sprite:
    """Make a sprite from ``colour`` ``(h, w, 3)`` BGR 0-255 and ``cover`` ``(h, w)`` 0-1."""
    share = cover[..., None]
    keep = np.broadcast_to((1 - share) * 255, colour.shape)
    return Sprite(np.rint(colour * share).astype(np.uint8), np.rint(keep).astype(np.uint8))


def shrink(large: Image) -> NDArray[np.float64]:
    """Make a drawing `OVERSAMPLING` times smaller, smoothly: 0-255 becomes 0-1."""
    size = (max(1, large.shape[1] // OVERSAMPLING), max(1, large.shape[0] // OVERSAMPLING))
    return np.asarray(cv2.resize(large, size, interpolation=cv2.INTER_AREA)) / 255


@lru_cache(maxsize=4096)
def glyphs(text: str, height_px: int) -> NDArray[np.float64]:
    """Cover of ``text``, ``(h, w)`` in 0..1; capitals are ``height_px`` tall."""
    tall = height_px * OVERSAMPLING
    scale, thickness = tall / _capital_px(), max(1, round(tall / 10))
    (width, above), below = cv2.getTextSize(text, _FONT, scale, thickness)
    large = np.zeros((above + below + 2 * tall, width + 2 * tall), np.uint8)
    cv2.putText(large, text, (tall, tall + above), _FONT, scale, 255, thickness, cv2.LINE_AA)
    rows, columns = np.flatnonzero(large.any(axis=1)), np.flatnonzero(large.any(axis=0))
    if not len(rows):
        return np.zeros((height_px, 1))
    ink = large[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    below, beside = (-ink.shape[0]) % OVERSAMPLING, (-ink.shape[1]) % OVERSAMPLING
    return shrink(np.pad(ink, ((0, below), (0, beside))))


@lru_cache(maxsize=1)
def _capital_px() -> float:
    """Height of a capital at scale 1, px: as drawn, since OpenCV's fonts differ between versions."""
    scale = 8.0
    large = np.zeros((600, 600), np.uint8)
    cv2.putText(large, "H", (20, 560), _FONT, scale, 255, 1)
    return float(np.ptp(np.flatnonzero(large.any(axis=1))) + 1) / scale


@lru_cache(maxsize=4096)
def words(text: str, height_px: int, ink: Rgb) -> Sprite:
    """Text without a plate."""
    cover = glyphs(text, height_px)
    return sprite(np.broadcast_to(np.array(ink[::-1], np.float64), (*cover.shape, 3)), cover)


@lru_cache(maxsize=4096)
def plate(text: str, height_px: int, paper: Rgb) -> Sprite:
    """Text on a small plate with round corners, ink black or white as reads better."""
    cover = glyphs(text, height_px)
    pad_x, pad_y = max(2, round(height_px * 0.42)), max(2, round(height_px * 0.34))
    height = cover.shape[0] + 2 * pad_y
    width = max(cover.shape[1] + 2 * pad_x, round(1.15 * height))
    colour = np.broadcast_to(np.array(paper[::-1], np.float64), (height, width, 3)).copy()
    left, top = (width - cover.shape[1]) // 2, (height - cover.shape[0]) // 2
    window = colour[top : top + cover.shape[0], left : left + cover.shape[1]]
    window += (np.array(ink_on(paper)[::-1], np.float64) - window) * cover[..., None]
    return sprite(colour, _rounded(height, width) * 0.92)


def _rounded(height: int, width: int) -> NDArray[np.float64]:
    tall, wide = height * OVERSAMPLING - 1, width * OVERSAMPLING - 1
    radius = round(0.3 * tall)
    large = np.zeros((tall + 1, wide + 1), np.uint8)
    cv2.rectangle(large, (radius, 0), (wide - radius, tall), 255, -1)
    cv2.rectangle(large, (0, radius), (wide, tall - radius), 255, -1)
    for x in (radius, wide - radius):
        for y in (radius, tall - radius):
            cv2.circle(large, (x, y), radius, 255, -1)
    return shrink(large)
