"""The pictures in which a person marked points, for their painted lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline import video
from pipeline.calibration.evidence.paint import Picture
from pipeline.calibration.manual.marked_points import MarkedPoint
from pipeline.core.config import VideoSettings

Image = NDArray[np.uint8]

_NOBODY = np.zeros((0, 4))
_PICTURES, _WITHIN_S, _ONE_GO_S = 7, 300.0, 30.0
"""A fixed camera's pitch without people is the median of so many pictures of its first minutes;
of a short clip all are read in one go."""


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


def _at(source: Path, settings: VideoSettings, times_s: NDArray[np.float64]) -> Iterator[Image]:
    """The first pictures from each of some growing times on, decoded in one go."""
    there = settings.model_copy(update={"start_s": float(times_s[0]), "end_s": None, "every_s": None})
    due = 0
    for picture in video.pictures(source, there):
        if picture.time_s < times_s[due]:
            continue
        if (image := picture.read()) is not None:
            yield image
        due = int(np.searchsorted(times_s, picture.time_s, side="right"))
        if due == len(times_s):
            return


def without_people(source: Path, settings: VideoSettings) -> Image:
    """The median of some pictures of a camera that stands still, BGR."""
    first = settings.start_s
    last = settings.end_s if settings.end_s is not None else video.probe(source, settings).duration_s
    length = min(max((last or 0.0) - first, 0.0), _WITHIN_S)
    wanted = first + length * (np.arange(_PICTURES) + 0.5) / _PICTURES
    together = [wanted] if length <= _ONE_GO_S else [wanted[i : i + 1] for i in range(_PICTURES)]
    seen = [image for times in together for image in _at(source, settings, times)]
    if not seen:
        seen = [next(iter(video.frames(source, settings))).image]
    stack = np.stack(seen)
    middle = len(stack) // 2
    return np.asarray(np.partition(stack, middle, axis=0)[middle])
