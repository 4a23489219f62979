"""The long loop of step segment: parts of 1,000 frames on disk, so that a kill costs little.

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

from pipeline.appearance.kit_colours import kit_colours
from pipeline.core.config import VideoSettings
from pipeline.core.errors import VideoError
from pipeline.core.types import Frame
from pipeline.egomotion.camera_motion import MotionEstimator
from pipeline.egomotion.cut_detection import ShotDetector
from pipeline.egomotion.grass import grass_share
from pipeline.egomotion.reduced_picture import Reduced, reduced
from pipeline.networks.segmenter import Segmenter
from pipeline.tables import storage
from pipeline.workflow.instance_rows import FrameFacts, Rows

Decode = Callable[[VideoSettings], Iterator[Frame]]
FRAMES_A_PART = 1000
_CALM_FRAMES = 12
"""A cut in doubt is one if camera motion was measured in this many frames before it, and is not over it."""

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
    small: Reduced
    cut: bool
    in_doubt: bool
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
    decode: Decode,
    settings: VideoSettings,
    network: Segmenter,
    folder: Path,
    on_frames: Callable[[int], None],
    frames_a_part: int = FRAMES_A_PART,
) -> int:
    """Segment footage into parts in ``folder``, after those that are already complete there.

    Parameters
    ----------
    decode
        Gives the pictures that some settings choose; called with ``settings``, or with a later start.
    on_frames
        Called with the number of frames done so far.

    Returns
    -------
    The number of parts.
    """
    number = n_complete(folder)
    before, pictures, n_done = _resume(decode, settings, folder, number)
    while (first := next(pictures, None)) is not None:
        rows, last = Rows(), first
        for picture in _segment(chain([first], islice(pictures, frames_a_part - 1)), before, network, rows):
            last = picture
            n_done += 1
            on_frames(n_done)
        before = Before(last, rows.found[-1].boxes_px, rows.facts[-1].shot)
        _write(rows, paths(folder, number))
        number += 1
    return number


def _write(rows: Rows, where: dict[str, Path]) -> None:
    made = {"instances": rows.instances(), "segments": rows.segments(), "frames": rows.frames()}
    for name in TABLES:
        storage.write(made[name], where[name], name)


def _resume(
    decode: Decode, settings: VideoSettings, folder: Path, number: int
) -> tuple[Before | None, Iterator[Frame], int]:
    """Give the last picture of the complete parts, the pictures after it, and how many there were."""
    if number == 0:
        return None, decode(settings), 0
    n_done = sum(len(storage.read(paths(folder, i)["frames"], "frames", ["frame"])) for i in range(number))
    where = paths(folder, number - 1)
    last = storage.read(where["frames"], "frames").iloc[-1]
    found = storage.read(where["instances"], "instances")
    boxes = found.loc[found["frame"] == last["frame"], ["x1_px", "y1_px", "x2_px", "y2_px"]]
    picture, pictures = _from(decode, settings, int(last["frame"]), float(last["time_s"]))
    return Before(picture, boxes.to_numpy(np.float32), int(last["shot"])), pictures, n_done


def _from(
    decode: Decode, settings: VideoSettings, frame: int, time_s: float
) -> tuple[Frame, Iterator[Frame]]:
    """Find the picture ``frame`` again, by its time or else from the beginning; and those after it."""
    if settings.every_s is None:
        start_s = time_s
    else:  # the grid of chosen times must stay where it is
        steps = (time_s - settings.start_s + 1e-6) // settings.every_s
        start_s = settings.start_s + steps * settings.every_s
    for chosen in (settings.model_copy(update={"start_s": max(start_s, settings.start_s)}), settings):
        pictures = decode(chosen)
        for picture in pictures:
            if picture.index == frame:
                return picture, pictures
            if picture.index > frame:
                break
    raise VideoError(f"the footage changed while it was worked on: frame {frame} is gone; start again")


def _segment(part: Iterable[Frame], before: Before | None, network: Segmenter, rows: Rows) -> Iterator[Frame]:
    """Segment one part into ``rows``, giving back each picture when it is done."""
    motion, shot, calm = MotionEstimator(), 0, 0
    if before is not None:
        shot = before.shot
        motion.update(reduced(before.frame.image), before.boxes_px)
    pictures = (
        (seen, seen.frame.index, None if seen.duplicate else seen.frame.image)
        for seen in _watch(part, before)
    )
    for seen, found in network.stream(pictures):
        frame = seen.frame
        if seen.cut:
            shot, motion = shot + 1, MotionEstimator()
        moved = np.eye(3) if seen.duplicate else motion.update(seen.small, found.boxes_px)
        if moved is None and seen.in_doubt and calm >= _CALM_FRAMES:
            shot += 1
        calm = 0 if moved is None else calm + 1
        facts = FrameFacts(frame.index, frame.time_s, shot, seen.duplicate, seen.grass, moved)
        rows.add(facts, found, kit_colours(frame.image, found))
        yield frame


def _watch(part: Iterable[Frame], before: Before | None) -> Iterator[_Seen]:
    shots = ShotDetector()
    if before is not None:
        shots.update(reduced(before.frame.image))
    for number, frame in enumerate(part):
        small = reduced(frame.image)
        cut, duplicate = shots.update(small)
        # The first picture of a part is always looked at: what it might repeat lies in another part.
        yield _Seen(frame, small, cut, shots.in_doubt, duplicate and number > 0, grass_share(small))
