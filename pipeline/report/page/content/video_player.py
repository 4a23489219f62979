"""The overlay on the page: embedded small, linked with a still of it, or left out."""

from __future__ import annotations

import base64
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from pipeline import video
from pipeline.core.config import VideoSettings
from pipeline.report.style.texts import words
from pipeline.report.style.wording import duration
from pipeline.video.writer import VideoWriter

if TYPE_CHECKING:
    from numpy.typing import NDArray

How = Literal["embed", "link", "none"]
LONGEST_EMBEDDED_S = 120.0
_WIDTH_PX, _CRF = 640, 28
_POSTER_QUALITY = 68


@dataclass(frozen=True, slots=True)
class Player:
    """A video on the page: its address (or itself), a still, a note on what was asked for and is not."""

    source: str
    poster: str
    note: str = ""


def player(overlay: Path, how: How, address: str = "../overlay.mp4") -> Player | None:
    """Prepare the video for the page; None where there is none, or none is wanted.

    Raises
    ------
    VideoError
        If the overlay cannot be read.
    """
    if how == "none" or not overlay.exists():
        return None
    length_s = video.probe(overlay).duration_s or 0.0
    poster = _data("image/jpeg", _still(overlay, length_s / 3))
    if how == "link":
        return Player(address, poster)
    if length_s > LONGEST_EMBEDDED_S:
        return Player(address, poster, words("video.too_long", time=duration(length_s)))
    return Player(_data("video/mp4", small(overlay)), poster)


def small(overlay: Path) -> bytes:
    """Write the video anew, at most 640 px wide, and give the file's bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path, info = Path(folder) / "small.mp4", video.probe(overlay)
        width, height = _size(info.width_px, info.height_px)
        with VideoWriter(path, width, height, info.fps, crf=_CRF, preset="medium") as writer:
            for frame in video.frames(overlay):
                writer.write(_shrunk(frame.image, width, height), frame.time_s)
        return path.read_bytes()


def _still(overlay: Path, at_s: float) -> bytes:
    frames = video.frames(overlay, VideoSettings(start_s=at_s))
    try:
        image = next(frames).image
    finally:
        frames.close()
    picture = _shrunk(image, *_size(image.shape[1], image.shape[0]))
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _POSTER_QUALITY])[1].tobytes()


def _size(width: int, height: int) -> tuple[int, int]:
    shrink = min(1.0, _WIDTH_PX / width)
    return 2 * round(width * shrink / 2), 2 * round(height * shrink / 2)


def _shrunk(image: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
