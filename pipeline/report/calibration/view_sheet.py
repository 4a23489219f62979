"""A picture to check camera views by eye: the pitch's lines drawn where the views put them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.camera_lens import STRAIGHT, Lens
from pipeline.core.files import whole_file
from pipeline.core.pitch import Pitch
from pipeline.report.calibration.pitch_lines import draw_view

Image = NDArray[np.uint8]

_COLUMNS = 3
_TILE_PX = 640


def sheet(
    pictures: Sequence[tuple[Image, NDArray[np.float64] | None, str]],
    pitch: Pitch,
    lenses: Sequence[Lens] | None = None,
) -> Image:
    """Draw the lines on each picture and lay them out, three beside each other; one alone stays full size.

    Parameters
    ----------
    pictures
        Each BGR picture with its view (pitch_from_image; None draws nothing) and a caption.
    lenses
        How each picture is bent; none of them if not given.
    """
    bent = lenses or [STRAIGHT] * len(pictures)
    drawn = [draw_view(p[0], p[1], pitch, lens=lens) for p, lens in zip(pictures, bent, strict=True)]
    tiles = [image if len(drawn) == 1 else _tile(image) for image in drawn]
    tiles = [_captioned(tile, text) for tile, (_, _, text) in zip(tiles, pictures, strict=True)]
    if len(tiles) == 1:
        return tiles[0]
    height, width = (max(t.shape[axis] for t in tiles) for axis in (0, 1))
    rows = []
    for start in range(0, len(tiles), _COLUMNS):
        row = np.zeros((height, _COLUMNS * width, 3), np.uint8)
        for column, tile in enumerate(tiles[start : start + _COLUMNS]):
            row[: tile.shape[0], column * width : column * width + tile.shape[1]] = tile
        rows.append(row)
    return np.concatenate(rows)


def write_sheet(image: Image, path: Path) -> None:
    """Write a picture as PNG, whole or not at all.

    Raises
    ------
    RunError
        If the disk is full or the folder cannot be written.
    """
    done, data = cv2.imencode(".png", image)
    with whole_file(path) as part:
        part.write_bytes(data.tobytes() if done else b"")


def _tile(image: Image) -> Image:
    height, width = image.shape[:2]
    scale = min(_TILE_PX / width, _TILE_PX / height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _captioned(image: Image, text: str) -> Image:
    scale = max(image.shape[1] / 1280, 0.45)
    at = (round(14 * scale), round(image.shape[0] - 14 * scale))
    for colour, thickness in (((0, 0, 0), 5), ((255, 255, 255), 2)):
        width = max(1, round(thickness * scale))
        cv2.putText(image, text, at, cv2.FONT_HERSHEY_DUPLEX, 1.1 * scale, colour, width, cv2.LINE_AA)
    return image
