"""The pictures in which a person marked points, for their painted lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline import video
from pipeline.calibration.evidence.paint import Picture
from pipeline.calibration.manual.marked_points import MarkedPoint
from pipeline.core.config import VideoSettings

Image = NDArray[np.uint8]

_NOBODY = np.zeros((0, 4))
_PICTURES, _WITHIN_S = 7, 300.0
"""A fixed camera's pitch without people is the median of so many pictures of its first minutes."""


def marked_pictures(
    source: Path,
    settings: VideoSettings,
    points: Sequence[MarkedPoint],
    people: Mapping[int, NDArray[np.floating]] | None = None,
) -> dict[int | None, Picture]:
    """Read the pictures that points belong to; of a fixed camera one without people, under None.

    Parameters
    ----------
    people
        Boxes ``(P, 4)`` xyxy px by frame.
    """
    numbers = {p.frame for p in points if p.frame is not None}
    if not numbers:
        return {None: Picture(without_people(source, settings), _NOBODY)} if points else {}
    boxes = people or {}
    return {
        frame.index: Picture(frame.image, boxes.get(frame.index, _NOBODY))
        for frame in video.frames_at(source, numbers, settings)
    }


def without_people(source: Path, settings: VideoSettings) -> Image:
    """The median of some pictures of a camera that stands still, BGR."""
    first = settings.start_s
    last = settings.end_s if settings.end_s is not None else video.probe(source, settings).duration_s
    length = min(max((last or 0.0) - first, 0.0), _WITHIN_S)
    seen: dict[int, Image] = {}
    for start in first + length * (np.arange(_PICTURES) + 0.5) / _PICTURES:
        there = settings.model_copy(update={"start_s": float(start), "end_s": None, "every_s": None})
        for picture in video.pictures(source, there):
            if picture.time_s >= start and (image := picture.read()) is not None:
                seen[picture.index] = image
                break
    if not seen:
        seen[0] = next(iter(video.frames(source, settings))).image
    stack = np.stack(list(seen.values()))
    middle = len(stack) // 2
    return np.asarray(np.partition(stack, middle, axis=0)[middle])
