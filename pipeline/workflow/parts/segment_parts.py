"""The long loop of step segment, part by part.

Each part starts from the picture before it alone, which it looks at itself: so its tables are the same
whichever process makes it, whatever was done before, and whether or not anything was killed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
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
from pipeline.networks.segmenter import Segmenter, segment_image
from pipeline.tables import storage
from pipeline.workflow.instance_rows import FrameFacts, Rows
from pipeline.workflow.observers.observer import Observer, Sight
from pipeline.workflow.parts.part_grid import PartGrid, Stretch, mark_done

Decode = Callable[[VideoSettings], Iterator[Frame]]
_CALM_FRAMES = 12
"""A cut in doubt is one if camera motion was measured in this many frames before it, and is not over it."""
_BEFORE_S = (2.0, 60.0)
"""How far before a part the picture before it is looked for, in turn; then from the beginning."""

TABLES = ("instances", "segments", "frames")
"""In the order of writing: the part is complete when its frames are there."""


@dataclass(frozen=True, slots=True)
class _Before:
    """The picture before a part, and who is in it: what the part's state starts from."""

    frame: Frame
    boxes_px: NDArray[np.float32]


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
    return {name: folder / f"part-{number:06d}.{name}.parquet" for name in TABLES}


def with_pictures(folder: Path) -> list[int]:
    """List the parts that are done and have pictures."""
    return sorted(int(path.name[5:11]) for path in folder.glob("part-*.frames.parquet"))


def n_frames(folder: Path) -> int:
    """Count the pictures of the parts that are done."""
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(path).num_rows for path in folder.glob("part-*.frames.parquet"))


def write_parts(
    decode: Decode,
    settings: VideoSettings,
    grid: PartGrid,
    wanted: Iterable[Stretch],
    network: Segmenter,
    folder: Path,
    on_frame: Callable[[], None],
    observers: Sequence[Observer] = (),
) -> None:
    """Segment stretches of parts into ``folder``, and let ``observers`` watch.

    Parameters
    ----------
    decode
        Gives the pictures that some settings choose; called with other starts and ends than ``settings``.
        Raises `VideoError` where there are none.
    on_frame
        Called for each picture that is done.
    """
    for stretch in wanted:
        _write_stretch(decode, settings, grid, stretch, network, folder, on_frame, observers)


def _write_stretch(
    decode: Decode,
    settings: VideoSettings,
    grid: PartGrid,
    stretch: Stretch,
    network: Segmenter,
    folder: Path,
    on_frame: Callable[[], None],
    observers: Sequence[Observer],
) -> None:
    update: dict[str, float] = {"start_s": grid.begins_s(stretch.first)}
    if stretch.end is not None:
        ends = grid.begins_s(stretch.end)
        update["end_s"] = ends if settings.end_s is None else min(ends, settings.end_s)
    pictures = _pictures(decode, settings.model_copy(update=update), needed=stretch.first == 0)
    last = _last_before(decode, settings, grid, stretch.first) if stretch.first else None
    todo = stretch.first
    for number, part in groupby(pictures, key=lambda picture: grid.number(picture.time_s)):
        rows = Rows()
        for sight in _segment(part, _look(last, network), network, rows):
            last = sight.frame
            for observer in observers:
                observer.see(sight)
            on_frame()
        for observer in observers:
            observer.end(number)
        _write(rows, paths(folder, number))
        mark_done(folder, todo, number)
        todo = number + 1
    if stretch.end is not None and todo < stretch.end:
        mark_done(folder, todo, stretch.end - 1)


def _pictures(decode: Decode, settings: VideoSettings, *, needed: bool) -> Iterator[Frame]:
    """Decode; that there is nothing in a later stretch only means that the footage has ended."""
    if settings.end_s is not None and settings.end_s <= settings.start_s:
        return
    if needed:
        yield from decode(settings)
        return
    with suppress(VideoError):
        yield from decode(settings)


def _last_before(decode: Decode, settings: VideoSettings, grid: PartGrid, number: int) -> Frame | None:
    """Find the last chosen picture before a part."""
    end_s = grid.begins_s(number)
    step_s = settings.every_s or 0.0
    for back_s in (*_BEFORE_S, end_s - grid.start_s):
        steps = max(1, round(back_s / step_s)) if step_s else 0
        start_s = max(grid.start_s, end_s - (steps * step_s if steps else back_s))
        last = None
        chosen = settings.model_copy(update={"start_s": start_s, "end_s": end_s})
        for picture in _pictures(decode, chosen, needed=False):
            last = picture
        if last is not None or start_s <= grid.start_s:
            return last
    return None


def _look(picture: Frame | None, network: Segmenter) -> _Before | None:
    return None if picture is None else _Before(picture, segment_image(picture.image, network).boxes_px)


def _write(rows: Rows, where: dict[str, Path]) -> None:
    made = {"instances": rows.instances(), "segments": rows.segments(), "frames": rows.frames()}
    for name in TABLES:
        storage.write(made[name], where[name], name)


def join_parts(folder: Path, target: Callable[[str], Path]) -> None:
    """Join the parts into whole tables, each at ``target`` of its name; shots count on from part to part."""
    import pandas as pd

    numbers = with_pictures(folder)
    for name in ("instances", "segments"):
        storage.concat([paths(folder, number)[name] for number in numbers], target(name))
    parts, shots = [], 0
    for number in numbers:
        part = storage.read(paths(folder, number)["frames"], "frames")
        part["shot"] += shots
        shots = int(part["shot"].iloc[-1])
        parts.append(part)
    storage.write(pd.concat(parts, ignore_index=True), target("frames"), "frames")


def _segment(
    part: Iterable[Frame], before: _Before | None, network: Segmenter, rows: Rows
) -> Iterator[Sight]:
    """Segment one part into ``rows``, giving each picture when it is done; its shots count from 0."""
    motion, shot, calm = MotionEstimator(), 0, 0
    if before is not None:
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
        yield Sight(frame, seen.small, facts, found)


def _watch(part: Iterable[Frame], before: _Before | None) -> Iterator[_Seen]:
    shots = ShotDetector()
    if before is not None:
        shots.update(reduced(before.frame.image))
    for number, frame in enumerate(part):
        small = reduced(frame.image)
        cut, duplicate = shots.update(small)
        # The first picture of a part is always looked at: what it might repeat lies in another part.
        yield _Seen(frame, small, cut, shots.in_doubt, duplicate and number > 0, grass_share(small))
