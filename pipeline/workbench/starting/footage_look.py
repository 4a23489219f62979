"""What footage says of itself, at once: size, rate, duration, a picture, and what speaks against it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from pipeline import video
from pipeline.core.config import SegmentSettings, VideoSettings
from pipeline.core.errors import VideoError
from pipeline.networks.tiling.tile_layout import is_wide, plain_tiles
from pipeline.video import image_sequence

_WIDEST_PX, _QUALITY = 960, 82
_SMALL_PX, _SLOW_FPS, _LONG_S = 480, 10.0, 600.0


def look(source: Path) -> dict[str, Any]:
    """Read what ``source`` claims; its frames are not counted. ``notes`` are keys of the texts.

    Raises
    ------
    VideoError
        If not even one picture can be decoded.
    """
    info = video.probe(source)
    size, imgsz = (info.width_px, info.height_px), SegmentSettings().imgsz
    tiles = len(plain_tiles(size, imgsz)) if is_wide(size, imgsz) else 1
    pictures = image_sequence.is_images(source)
    notes = {
        "pictures": pictures,
        "small": min(size) < _SMALL_PX,
        "slow": not pictures and bool(info.fps) and info.fps < _SLOW_FPS,
        "long": bool(info.duration_s) and (info.duration_s or 0) > _LONG_S,
        "no_duration": not info.duration_s,
        "wide": tiles > 1,
    }
    return {
        "path": str(source),
        "name": source.name,
        "width_px": info.width_px,
        "height_px": info.height_px,
        "fps": info.fps,
        "frames": info.n_frames_claimed,
        "duration_s": info.duration_s,
        "bytes": source.stat().st_size if source.is_file() else None,
        "tiles": tiles,
        "notes": [name for name, so in notes.items() if so],
    }


def picture_at(source: Path, at_s: float, widest_px: int = _WIDEST_PX) -> bytes:
    """Give the first picture of ``source`` from ``at_s`` on as a JPEG, at most ``widest_px`` wide.

    Raises
    ------
    VideoError
        If there is none.
    """
    with closing(video.frames(source, VideoSettings(start_s=max(at_s, 0.0)))) as frames:
        image = next(frames).image
    height, width = image.shape[:2]
    if width > widest_px:
        tall = max(1, round(height * widest_px / width))
        image = np.asarray(cv2.resize(image, (widest_px, tall), interpolation=cv2.INTER_AREA), np.uint8)
    done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if not done:
        raise VideoError(f"{source}: its picture cannot be shown")
    return bytes(data)
