"""Pictures on disk, any path: read upright as BGR, their size, JPEGs written whole."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.files import whole_file

Image = NDArray[np.uint8]
_TRANSPOSED = frozenset({5, 6, 7, 8})
"""Values of the EXIF tag Orientation (0x0112) that turn a picture by a quarter."""
_ORIENTATION = 0x0112


_SMALLEST_PX, _SLIVER = 20, 8


def sliver(width_px: int, height_px: int) -> str:
    """Say what is wrong with a picture in which nobody could be seen; empty if nothing is.

    A network would scale a sliver up without end.
    """
    short, long = sorted((width_px, height_px))
    if short >= _SMALLEST_PX and long <= _SLIVER * short:
        return ""
    return (
        f"{width_px} x {height_px} px; expected at least {_SMALLEST_PX} px, and one side at most {_SLIVER} "
        "times the other"
    )


def decode(data: bytes) -> Image | None:
    """Decode a picture to ``(H, W, 3)`` uint8 BGR, upright by its EXIF; None where that is impossible."""
    if not data:
        return None
    try:
        image: Image | None = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:  # more pixels than OpenCV takes
        return None
    return image


def read(path: Path) -> Image | None:
    """Read a picture as `decode` does; None where there is none.

    Not by ``cv2.imread``, which does not find paths beyond ASCII on Windows.
    """
    try:
        return decode(path.read_bytes())
    except OSError:
        return None


def size_px(path: Path) -> tuple[int, int] | None:
    """Height and width of a picture as `read` would give it; None where it is none.

    JPEG and PNG are not decoded for it.
    """
    if path.suffix.lower() in (".jpg", ".jpeg", ".png"):
        from PIL import Image as Pillow
        from PIL import UnidentifiedImageError

        try:
            with Pillow.open(path) as picture:
                turned = picture.getexif().get(_ORIENTATION) in _TRANSPOSED
                return (picture.width, picture.height) if turned else (picture.height, picture.width)
        except (UnidentifiedImageError, OSError, ImportError):
            # ultralytics patches Pillow to try a HEIF package first, which may not be there.
            return None
    image = read(path)
    return None if image is None else (image.shape[0], image.shape[1])


def write_jpeg(path: Path, image: Image, quality: int = 95) -> None:
    """Write a picture (BGR) as a JPEG, making its folder.

    Raises
    ------
    RunError
        If the disk is full or the folder cannot be written.
    """
    data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    with whole_file(path) as part:
        part.write_bytes(data.tobytes())
