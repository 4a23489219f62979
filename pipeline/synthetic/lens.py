"""What optics, sensor and broadcast do to a picture: motion blur, defocus, sharpening, noise, graphics."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Image32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lens:
    """How a picture is taken: ``shutter_s`` exposure in ``moments`` samples, ``blur_px`` defocus (sigma),
    ``sharpen`` the broadcaster's halo, ``noise`` its sigma in grey levels, ``vignette`` loss at the corners,
    ``supersample`` for figures and lines.
    """

    shutter_s: float = 0.012
    moments: int = 3
    blur_px: float = 0.62
    sharpen: float = 0.35
    noise: float = 1.6
    vignette: float = 0.06
    contrast: float = 1.0
    supersample: int = 3


def motion_blur(image: Image32, shift_px: tuple[float, float]) -> Image32:
    """Smear a picture along ``shift_px`` (x, y), the way the scene moves during the exposure."""
    length = float(np.hypot(*shift_px))
    if length < 0.7:
        return image
    size = int(np.ceil(length)) | 1
    kernel = np.zeros((size + 2, size + 2), np.float32)
    middle = (size + 1) / 2
    for t in np.linspace(-0.5, 0.5, 4 * size):
        x, y = middle + shift_px[0] * t, middle + shift_px[1] * t
        kernel[round(y), round(x)] += 1.0
    return np.asarray(cv2.filter2D(image, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE))


def expose(image: Image32, lens: Lens, rng: np.random.Generator) -> Image:
    """Turn light into a broadcast picture, ``(H, W, 3)`` uint8."""
    out = image
    if lens.blur_px > 0.05:
        out = cv2.GaussianBlur(out, (0, 0), lens.blur_px)
    if lens.sharpen > 0:
        out = out + lens.sharpen * (out - cv2.GaussianBlur(out, (0, 0), 1.5))
    out = (out - 110.0) * lens.contrast + 110.0
    height, width = out.shape[:2]
    if lens.vignette > 0:
        y, x = np.linspace(-1, 1, height)[:, None], np.linspace(-1, 1, width)[None]
        out = out * (1.0 - lens.vignette * (x * x + y * y) / 2).astype(np.float32)[..., None]
    if lens.noise > 0:
        grain = rng.standard_normal((height, width), dtype=np.float32) * lens.noise
        out = out + cv2.GaussianBlur(grain, (0, 0), 0.6)[..., None] * 1.6
    return np.clip(out, 0, 255).astype(np.uint8)


def score_bug(width_px: int, height_px: int) -> tuple[Image, NDArray[np.bool_]]:
    """A score graphic in the top left corner: picture ``(H, W, 3)`` and where it covers."""
    image = np.zeros((height_px, width_px, 3), np.uint8)
    unit = width_px / 1280
    left, top, height = round(60 * unit), round(36 * unit), round(30 * unit)
    cells = (("A", 70, (120, 60, 30)), ("0 - 0", 92, (235, 235, 235)), ("B", 70, (120, 60, 30)))
    for text, width, colour in (*cells, ("12:07", 88, (90, 170, 40))):
        right = left + round(width * unit)
        cv2.rectangle(image, (left, top), (right, top + height), colour, -1)
        ink = (40, 30, 30) if colour[0] > 200 else (250, 250, 250)
        size = 0.62 * unit
        (w, h), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, size, 1)
        at = ((left + right - w) // 2, top + (height + h) // 2)
        cv2.putText(image, text, at, cv2.FONT_HERSHEY_DUPLEX, size, ink, 1, cv2.LINE_AA)
        left = right
    return image, np.asarray(image.any(axis=2), dtype=np.bool_)
