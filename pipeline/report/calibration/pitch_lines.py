"""The pitch's lines drawn on a picture, to see whether a view is right."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.camera_lens import STRAIGHT, Lens
from pipeline.core.geometry import to_image
from pipeline.core.pitch import Pitch

_COLOUR = (40, 40, 255)
_FRACTION_BITS = 4


def draw_view(
    image: NDArray[np.uint8],
    pitch_from_image: NDArray[np.float64] | None,
    pitch: Pitch,
    colour_bgr: tuple[int, int, int] = _COLOUR,
    lens: Lens = STRAIGHT,
) -> NDArray[np.uint8]:
    """Draw all painted lines where a view puts them.

    Parameters
    ----------
    image
        ``(H, W, 3)`` uint8 BGR; left as it is.
    pitch_from_image
        ``(3, 3)``, oriented; None draws nothing.
    lens
        How the picture is bent, and so the lines.

    Returns
    -------
    A new picture.
    """
    out = image.copy()
    if pitch_from_image is None:
        return out
    height, width = image.shape[:2]
    thickness = max(1, round(max(height, width) / 1280))
    for line in pitch.lines_m(0.5):
        points = to_image(line, pitch_from_image, lens)
        near = (np.abs(points - [width / 2, height / 2]) < 2 * max(width, height)).all(axis=1)
        scaled = np.round(np.nan_to_num(points) * (1 << _FRACTION_BITS)).astype(np.int32)
        pieces = np.stack([scaled[:-1], scaled[1:]], axis=1)[near[:-1] & near[1:]]
        cv2.polylines(out, list(pieces), False, colour_bgr, thickness, cv2.LINE_AA, _FRACTION_BITS)
    return out
