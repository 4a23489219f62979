"""Where somebody in doubt stood: a part of the picture around him, with his outline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline import video
from pipeline.core import masks
from pipeline.core.config import VideoSettings
from pipeline.core.errors import VideoError
from pipeline.core.types import CropMask
from pipeline.report.identities.track_pictures import data_address
from pipeline.runs.mask_run import MaskRun

WIDTH_PX, HEIGHT_PX = 420, 236
_PERSON = 0.3
"""Height of the person in the picture, as a share."""
_APART_S = 20.0
"""Moments nearer than this are read in one go, without another search for the place in the file."""
_OUTLINE_BGR = (60, 230, 255)
_QUALITY = 82

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Moment:
    """A person of track ``track_id`` in a frame, and when that is, s."""

    track_id: int
    frame: int
    time_s: float


def missing_footage(run: MaskRun) -> str | None:
    """Say in one line why the footage cannot be shown; None if it can."""
    record = run.run.record
    source = Path(str(record["source"]))
    try:
        found = video.probe(source, run.run.config.video)
    except VideoError as error:
        return f"No scenes from the footage: {error}"
    if found.fingerprint != record["video"].get("fingerprint"):
        return f"No scenes from the footage: {source} is not the footage of this run any more"
    return None


def scenes(run: MaskRun, moments: Sequence[Moment]) -> dict[Moment, str]:
    """Cut a scene out of the footage for each moment: the address of a JPEG.

    Moments whose picture or mask cannot be read are left out.
    """
    by_frame: dict[int, list[Moment]] = {}
    for moment in moments:
        by_frame.setdefault(moment.frame, []).append(moment)
    source, settings = Path(str(run.run.record["source"])), run.run.config.video
    out: dict[Moment, str] = {}
    for group in _groups(moments):
        frames = sorted({m.frame for m in group})
        start_s = max(0.0, min(m.time_s for m in group) - 1.0)
        ahead = VideoSettings(start_s=start_s, image_fps=settings.image_fps)
        for picture in video.frames_at(source, frames, ahead):
            people = run.frame(picture.index)
            for moment in by_frame[picture.index]:
                at = np.flatnonzero(people.track_id == moment.track_id)
                if len(at):
                    made = scene(picture.image, people.masks[int(at[0])])
                    out[moment] = data_address(_jpeg(made))
    return out


def _groups(moments: Sequence[Moment]) -> Iterator[list[Moment]]:
    group: list[Moment] = []
    for moment in sorted(moments, key=lambda m: (m.time_s, m.frame)):
        if group and moment.time_s - group[-1].time_s > _APART_S:
            yield group
            group = []
        group.append(moment)
    if group:
        yield group


def scene(image: Picture, mask: CropMask) -> Picture:
    """Cut out a person with his surroundings, ``(236, 420, 3)`` BGR, his mask outlined."""
    middle = np.array([mask.left + mask.width / 2, mask.top + mask.height / 2])
    scale = _PERSON * HEIGHT_PX / max(mask.height, 12)
    # No wider than the picture itself, and kept inside it.
    scale = max(scale, WIDTH_PX / image.shape[1], HEIGHT_PX / image.shape[0])
    half = np.array([WIDTH_PX, HEIGHT_PX]) / (2 * scale)
    size = np.array([image.shape[1], image.shape[0]])
    middle = np.clip(middle, np.minimum(half, size / 2), np.maximum(size - half, size / 2))
    shift = np.array([WIDTH_PX, HEIGHT_PX]) / 2 - scale * middle
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    out = cv2.warpAffine(image, matrix, (WIDTH_PX, HEIGHT_PX), flags=way, borderMode=cv2.BORDER_REPLICATE)
    inside = np.pad(masks.decode(mask).astype(np.uint8), 1)
    outlines, _ = cv2.findContours(inside, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    corner = np.array([mask.left - 1, mask.top - 1])
    drawn = [np.round(scale * (line + corner) + shift).astype(np.int32) for line in outlines]
    cv2.polylines(out, drawn, True, _OUTLINE_BGR, 2, cv2.LINE_AA)
    return np.asarray(out, np.uint8)


def _jpeg(picture: Picture) -> bytes:
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return data.tobytes()
