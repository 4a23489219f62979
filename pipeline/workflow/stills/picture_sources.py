"""Which pictures to work on, what to call their results, which of them show one match."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.core import images
from pipeline.core.errors import ConfigError, VideoError
from pipeline.video import image_sequence


@dataclass(frozen=True, slots=True)
class Source:
    """A picture to work on: ``name`` is what its results are called, ``match`` which match it shows."""

    path: Path
    name: str
    match: str


def sources(source: Path, group: str | None = None) -> list[Source]:
    """List the pictures of a file, folder or glob, in natural order.

    Parameters
    ----------
    group
        Regular expression; pictures in whose names its first group (or else all of it) finds the same text
        show one match. A picture in which it finds nothing is a match of its own. None: all show one match.

    Raises
    ------
    VideoError
        If there are none, or the source is a video.
    ConfigError
        If ``group`` is no regular expression.
    """
    if not image_sequence.is_images(source):
        if source.is_file():
            raise VideoError(
                f"{source}: not a picture; expected {', '.join(sorted(image_sequence.SUFFIXES))} "
                "(for a video: teamshape run)"
            )
        raise VideoError(f"{source}: no such file or folder; check the path, and quote a pattern")
    try:
        pattern = None if group is None else re.compile(group)
    except re.error as error:
        raise ConfigError(f"--group {group}: not a regular expression ({error})") from None
    paths = image_sequence.listed(source)
    return [Source(p, n, _match(p, pattern)) for p, n in zip(paths, unique_names(paths), strict=True)]


def readable(
    chosen: Sequence[Source], warn: Callable[[str], None]
) -> Iterator[tuple[Source, NDArray[np.uint8]]]:
    """Read pictures ``(H, W, 3)`` uint8 BGR; what cannot be read, or is a sliver, is told to ``warn``.

    Grey, 16-bit and transparent pictures come out as 8-bit colours, and turned upright as EXIF says.
    """
    for source in chosen:
        image = images.read(source.path)
        if image is None:
            warn(f"{source.path}: not a picture that can be read; left out")
        elif wrong := images.sliver(image.shape[1], image.shape[0]):
            warn(f"{source.path}: {wrong}; left out")
        else:
            yield source, image


def unique_names(paths: list[Path]) -> list[str]:
    """Names without endings; numbers tell pictures of several folders or endings apart."""
    taken: set[str] = set()
    out = []
    for path in paths:
        name, n = path.stem, 1
        while name.lower() in taken:
            n += 1
            name = f"{path.stem}_{n}"
        taken.add(name.lower())
        out.append(name)
    return out


def _match(path: Path, pattern: re.Pattern[str] | None) -> str:
    if pattern is None:
        return ""
    found = pattern.search(path.stem)
    if found is None:
        return str(path)
    return found.group(1) if pattern.groups and found.group(1) is not None else found.group(0)
