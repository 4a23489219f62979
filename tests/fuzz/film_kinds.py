"""Kinds of damaged footage: each makes a film in ``folder/in`` and names the command.

Most are probed, which decodes all of them, some processed to the end, which takes seconds.
"""

from __future__ import annotations

import random
import tempfile
from functools import cache
from pathlib import Path

import film_mutators
import video_samples
from mutators import damaged_bytes

Commands = list[list[str]]
_TO_THE_END = 0.2
_SMALL = ("--set", "segment.imgsz=160")


def probed(folder: Path, rng: random.Random) -> Commands:
    """A short film with bytes damaged, probed: everything that reads footage begins so."""
    path = folder / "in" / f"clip.{rng.choice(('mp4', 'mkv', 'avi', 'ts'))}"
    path.write_bytes(damaged_bytes(film(path.suffix), rng))
    return [["probe", f"in/{path.name}"]]


def film_bytes(folder: Path, rng: random.Random) -> Commands:
    """The same, probed or processed to the end."""
    path = folder / "in" / f"clip.{rng.choice(('mp4', 'mkv', 'avi', 'ts'))}"
    path.write_bytes(damaged_bytes(film(path.suffix), rng))
    return [_run(path, rng)]


def film_boxes(folder: Path, rng: random.Random) -> Commands:
    """An MP4 with other numbers in its boxes."""
    path = folder / "in" / "clip.mp4"
    path.write_bytes(film_mutators.damaged_boxes(film(".mp4"), rng))
    return [_run(path, rng)]


def film_stamps(folder: Path, rng: random.Random) -> Commands:
    """A film whose stamps are anything but even."""
    path = folder / "in" / f"clip.{rng.choice(('mp4', 'mkv', 'avi', 'ts', 'mov'))}"
    return [_run(film_mutators.restamped(path, rng), rng)]


def film_odd(folder: Path, rng: random.Random) -> Commands:
    """A film of an odd size, codec or length, or no film."""
    return [_run(film_mutators.odd_film(folder / "in", rng), rng)]


def pictures(folder: Path, rng: random.Random) -> Commands:
    """A folder of numbered pictures, processed as footage or as stills."""
    path = film_mutators.odd_pictures(folder / "in", rng)
    if rng.random() < 0.3:
        return [["image", f"in/{path.name}", "-o", "out", *_SMALL]]
    return [_run(path, rng)]


def _run(path: Path, rng: random.Random) -> list[str]:
    if rng.random() > _TO_THE_END:
        return ["probe", f"in/{path.name}"]
    other: tuple[str, ...] = rng.choice(((), ("--mode", "team"), ("--set", "report.overlay=false")))
    return ["run", f"in/{path.name}", "-o", "out", *_SMALL, *other]


FILM_KINDS = {k.__name__: k for k in (film_bytes, film_boxes, film_stamps, film_odd, pictures)}


@cache
def film(suffix: str) -> bytes:
    """A sound film of 12 pictures that hardly compress."""
    with tempfile.TemporaryDirectory() as folder:
        images = [video_samples.noise(i) for i in range(12)]
        codec = "mpeg4" if suffix == ".avi" else "libx264"
        path = video_samples.encoded(Path(folder) / f"a{suffix}", codec, "yuv420p", images, 5)
        return path.read_bytes()
