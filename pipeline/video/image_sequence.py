"""A folder or glob of images as footage."""

from __future__ import annotations

import glob
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.core import images
from pipeline.core.errors import VideoError
from pipeline.core.types import VideoInfo
from pipeline.video import fingerprint
from pipeline.video.decoded_picture import Damage, DecodedPicture

_SEQUENCE = 0.9
"""Share of steps between numbers that must be alike in a sequence."""
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp", ".jp2"})
"""Endings of file names that count as images."""


def is_images(source: Path) -> bool:
    """Say whether ``source`` is a folder, a glob, or a single image, rather than a video file."""
    return source.is_dir() or _is_glob(source) or (source.is_file() and source.suffix.lower() in SUFFIXES)


def listed(source: Path) -> list[Path]:
    """List the images of a folder or glob in natural order (2 before 10).

    Raises
    ------
    VideoError
        If there are none, or a glob matches something else.
    """
    if source.is_file():
        return [source]
    if source.is_dir():
        found = [p for p in source.iterdir() if p.suffix.lower() in SUFFIXES and not p.name.startswith(".")]
        if not found:
            raise VideoError(f"{source}: no images in this folder; expected {', '.join(sorted(SUFFIXES))}")
    else:
        found = [Path(name) for name in glob.glob(str(source), recursive=True)]  # noqa: PTH207 - any root
        if not found:
            raise VideoError(f"{source}: no file matches; quote the pattern and check the folder")
        if other := [p for p in found if p.suffix.lower() not in SUFFIXES]:
            raise VideoError(f"{source}: matches {other[0].name}, which is no image; narrow the pattern")
    return sorted(found, key=natural)


def natural(path: Path) -> list[tuple[int, int, str]]:
    """Sort key under which ``frame2`` comes before ``frame10``."""
    parts = re.split(r"(\d+)", str(path))
    return [(0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts if part]


def pictures(source: Path, fps: float, damage: Damage) -> Iterator[DecodedPicture]:
    """Give each image ``1 / fps`` s after the one before; an unreadable one, or a number left out, a gap.

    Raises
    ------
    VideoError
        While reading, at the first image that differs in size.
    """
    first_size: list[tuple[str, int, int]] = []
    paths = listed(source)
    places = _places(paths)
    damage.notes.extend(places.notes)
    for index, (path, place) in enumerate(zip(paths, places.at, strict=True)):
        damage.n_decoded += 1
        yield DecodedPicture(index, place / fps, partial(_read_alike, path, first_size, damage))


@dataclass(frozen=True, slots=True)
class _Places:
    """Where each picture is in its sequence, counted in pictures, and what is to be said of that."""

    at: list[int]
    notes: list[str]


def _places(paths: list[Path]) -> _Places:
    """Place pictures by the numbers in their names, if these are those of one sequence, else one by one.

    A sequence counts by one step nearly everywhere: numbers left out are gaps in time.
    """
    plain = list(range(len(paths)))
    found = [re.search(r"^(.*?)(\d+)\D*$", p.name) for p in paths]
    if len(paths) < 3 or len({None if m is None else m[1] for m in found}) != 1 or found[0] is None:
        return _Places(plain, [])
    numbers = [int(m[2]) for m in found if m is not None]
    steps = [b - a for a, b in pairwise(numbers)]
    usual = Counter(steps).most_common(1)[0][0]
    if usual < 1 or steps.count(usual) < _SEQUENCE * len(steps) or any(s < 1 or s % usual for s in steps):
        return _Places(plain, [])
    at = [(n - numbers[0]) // usual for n in numbers]
    notes = []
    if missing := at[-1] + 1 - len(at):
        holes = [f"{a + usual} to {b - usual}" for a, b in pairwise(numbers) if b - a > usual]
        notes.append(f"numbers {', '.join(holes[:3])} are missing: {missing} pictures, left as gaps in time")
    if usual > 1:
        notes.append(
            f"numbers go up by {usual}: if they are frames of a clip, say so by its rate divided by {usual} "
            "(video.image_fps); pictures are taken to follow each other at that rate"
        )
    return _Places(at, notes)


def probe(source: Path, fps: float) -> VideoInfo:
    """Describe a folder or glob by its first readable image."""
    paths = listed(source)
    for path in paths:
        image = images.read(path)
        if image is not None:
            height, width = image.shape[:2]
            n = len(paths)
            duration_s = (_places(paths).at[-1] + 1) / fps
            print_ = fingerprint.of_files(paths)
            return VideoInfo(source, width, height, fps, n, duration_s, print_)
    raise VideoError(f"{source}: not one of {len(paths)} images can be read; are they damaged?")


def _read_alike(
    path: Path, first_size: list[tuple[str, int, int]], damage: Damage
) -> NDArray[np.uint8] | None:
    image = images.read(path)
    if image is None:
        damage.n_bad += 1
        damage.n_decoded -= 1
        return None
    height, width = image.shape[:2]
    if not first_size:
        first_size.append((path.name, width, height))
    name, first_width, first_height = first_size[0]
    if (width, height) != (first_width, first_height):
        raise VideoError(
            f"{path}: is {width} x {height} px, but {name} is {first_width} x {first_height}; "
            "all images must have one size"
        )
    return image


def _is_glob(source: Path) -> bool:
    return glob.has_magic(str(source)) and not source.exists()
