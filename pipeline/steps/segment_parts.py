"""The long loop of step segment: parts of some minutes each on disk, so that a kill costs little.

Each part starts afresh from the picture before it, so a run that was killed and continued gives the
same tables as one that was not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline import tables
from pipeline.camera.grass import grass_mask
from pipeline.camera.motion import MotionEstimator
from pipeline.camera.shots import ShotDetector
from pipeline.models.kit import kit_colours
from pipeline.models.rows import FrameFacts, Rows
from pipeline.models.segmenter import Segmenter
from pipeline.types import Frame

TABLES = ("instances", "segments", "frames")
"""In the order of writing: the part is complete when its frames are there."""


@dataclass(frozen=True, slots=True)
class Before:
    """The picture before a part: what the part's state starts from."""

    frame: Frame
    boxes_px: NDArray[np.float32]
    shot: int


@dataclass(frozen=True, slots=True)
class _Seen:
    """A picture with what was found out about it before the network."""

    frame: Frame
    cut: bool
    duplicate: bool
    grass: float


def paths(folder: Path, number: int) -> dict[str, Path]:
    """Where the tables of one part lie."""
    return {name: folder / f"{number:06d}.{name}.parquet" for name in TABLES}


def n_complete(folder: Path) -> int:
    """Count the complete parts from the first on."""
    number = 0
    while all(path.exists() for path in paths(folder, number).values()):
        number += 1
    return number


def write_parts(
    pictures: Iterator[Frame],
    network: Segmenter,
    folder: Path,
    on_frames: Callable[[int], None],
    frames_a_part: int = 1000,
) -> int:
    """Segment footage into parts in ``folder``, after those that are already complete there.

    Parameters
    ----------
    pictures
        All pictures of the run from its first on; those of complete parts are decoded and passed over.
    on_frames
        Called with the number of frames done so far.

    Returns
    -------
    The number of parts.
    """
    number = n_complete(folder)
    before, n_done = _resume(pictures, folder, number)
    while (first := next(pictures, None)) is not None:
        part = chain([first], islice(pictures, frames_a_part - 1))
        rows = Rows()
        last = first
        for picture in _segment(part, before, network, rows):
            last = picture
            n_done += 1
            on_frames(n_done)
        before = Before(last, rows.found[-1].boxes_px, rows.facts[-1].shot)
        where = paths(folder, number)
        for name, table in (
            ("instances", rows.instances()),
            ("segments", rows.segments()),
            ("frames", rows.frames()),
        ):
            tables.write(table, where[name], name)
        number += 1
    return number


def _resume(pictures: Iterator[Frame], folder: Path, number: int) -> tuple[Before | None, int]:
    """Pass over the pictures of complete parts; give the last of them, and how many there were."""
    if number == 0:
        return None, 0
    n_done = sum(len(tables.read(paths(folder, i)["frames"], "frames", ["frame"])) for i in range(number))
    where = paths(folder, number - 1)
    last = tables.read(where["frames"], "frames").iloc[-1]
    found = tables.read(where["instances"], "instances")
    boxes = found.loc[found["frame"] == last["frame"], ["x1_px", "y1_px", "x2_px", "y2_px"]]
    for picture in pictures:
        if picture.index >= last["frame"]:
            return Before(picture, boxes.to_numpy(np.float32), int(last["shot"])), n_done
    return None, n_done


def _segment(part: Iterable[Frame], before: Before | None, network: Segmenter, rows: Rows) -> Iterator[Frame]:
    """Segment one part into ``rows``, giving back each picture when it is done."""
    motion, shot = MotionEstimator(), 0
    if before is not None:
        shot = before.shot
        motion.update(before.frame.image, before.boxes_px)
    pictures = (
        (seen, seen.frame.index, None if seen.duplicate else seen.frame.image)
        for seen in _watch(part, before)
    )
    for seen, found in network.stream(pictures):
        frame = seen.frame
        if seen.cut:
            shot, motion = shot + 1, MotionEstimator()
        moved = np.eye(3) if seen.duplicate else motion.update(frame.image, found.boxes_px)
        facts = FrameFacts(frame.index, frame.time_s, shot, seen.duplicate, seen.grass, moved)
        rows.add(facts, found, kit_colours(frame.image, found))
        yield frame


def _watch(part: Iterable[Frame], before: Before | None) -> Iterator[_Seen]:
    shots = ShotDetector()
    if before is not None:
        shots.update(before.frame.image)
    for number, frame in enumerate(part):
        cut, duplicate = shots.update(frame.image)
        grass = float(grass_mask(frame.image).mean())
        # The first picture of a part is always looked at: what it might repeat lies in another part.
        yield _Seen(frame, cut, duplicate and number > 0, grass)
