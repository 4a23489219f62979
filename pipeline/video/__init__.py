"""Footage in: a video file, a folder of images, or a glob becomes frames with true times.

- `video_file`: decode a container (PyAV); `seeking`: pass over what lies before the start without decoding it
- `timestamps`: presentation stamps to times that grow; `image_sequence`: a folder or glob of pictures
- `read_ahead`: work on a thread of its own, a bounded number of items ahead
- `decode_order`: containers stamped in the order of decoding (AVI)
- `fingerprint`: recognise the same footage
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator
from functools import partial
from pathlib import Path

from pipeline.core.config import VideoSettings
from pipeline.core.errors import VideoError
from pipeline.core.images import sliver
from pipeline.core.types import Frame, VideoInfo
from pipeline.video import image_sequence, video_file
from pipeline.video.decoded_picture import Damage, DecodedPicture
from pipeline.video.read_ahead import read_ahead

__all__ = ["Damage", "DecodedPicture", "frames", "frames_at", "pictures", "pixel_aspect", "probe"]

_AHEAD = 8
_EPSILON_S = 1e-6


def _ignore(_: str) -> None:
    return None


def frames(
    source: Path, settings: VideoSettings | None = None, *, warn: Callable[[str], None] = _ignore
) -> Generator[Frame, None, None]:
    """Decode ``source`` on a thread of its own, at most 8 frames ahead of the consumer.

    Times are the container's presentation times relative to the file's first frame, also with
    ``start_s``; they always grow. `Frame.index` counts the frames of the file from its beginning,
    whatever is passed over; for images it is the position among the files. All images have one size.
    Damage does not stop decoding: what can be decoded comes out, and ``warn`` is told at the end what
    was missing (in the consumer's thread). Closing the generator ends the thread.

    Raises
    ------
    VideoError
        If there is nothing to decode: no such file, not a video, no picture between start and end.
    """
    chosen = settings or VideoSettings()
    items = read_ahead(partial(_produce, Path(source), chosen), _AHEAD)
    try:
        for item in items:
            if isinstance(item, str):
                warn(item)
            else:
                yield item
    finally:
        items.close()


def frames_at(
    source: Path, wanted: Collection[int], settings: VideoSettings | None = None
) -> Generator[Frame, None, None]:
    """Give some pictures of ``source`` again, by their number, in order; only their pixels are converted.

    Reading ends with the last of them. What is not there, or cannot be read, is left out. Closing the
    generator ends the thread that decodes.
    """
    chosen = settings or VideoSettings()
    items = read_ahead(partial(_produce_at, Path(source), frozenset(wanted), chosen), _AHEAD)
    try:
        yield from items
    finally:
        items.close()


def pictures(
    source: Path, settings: VideoSettings | None = None, damage: Damage | None = None
) -> Iterator[DecodedPicture]:
    """Decode all of ``source`` in this thread, pixels on demand; ``damage`` is filled along the way."""
    chosen, noted = settings or VideoSettings(), damage or Damage()
    if image_sequence.is_images(source):
        return image_sequence.pictures(source, chosen.image_fps, noted)
    return video_file.pictures(source, chosen.start_s, noted)


def probe(source: Path, settings: VideoSettings | None = None) -> VideoInfo:
    """Read what ``source`` says about itself; its size is that of the first decoded picture, upright.

    Raises
    ------
    VideoError
        If not even one picture can be decoded, or nobody could be seen in them.
    """
    chosen = settings or VideoSettings()
    stills = image_sequence.is_images(source)
    info = image_sequence.probe(source, chosen.image_fps) if stills else video_file.probe(source)
    if wrong := sliver(info.width_px, info.height_px):
        raise VideoError(f"{source}: its pictures are {wrong}")
    return info


def pixel_aspect(source: Path) -> float:
    """Width over height of one pixel of ``source``, upright; 1 where it does not say, or nonsense."""
    return 1.0 if image_sequence.is_images(source) else video_file.pixel_aspect(source)


def _produce(source: Path, settings: VideoSettings) -> Iterator[Frame | str]:
    damage = Damage()
    n_chosen, last_s = 0, 0.0
    for picture in _select(pictures(source, settings, damage), settings):
        last_s = picture.time_s
        if picture.time_s < settings.start_s - _EPSILON_S:
            continue
        image = picture.read()
        if image is not None:
            n_chosen += 1
            yield Frame(picture.index, picture.time_s, image)
    if not n_chosen:
        raise _nothing(source, settings, last_s, damage)
    yield from damage.warnings(source)


def _produce_at(source: Path, wanted: frozenset[int], settings: VideoSettings) -> Iterator[Frame]:
    last = max(wanted, default=-1)
    if last < 0:
        return
    for picture in pictures(source, settings):
        if picture.index in wanted:
            image = picture.read()
            if image is not None:
                yield Frame(picture.index, picture.time_s, image)
        if picture.index >= last:
            return


def _select(decoded: Iterator[DecodedPicture], settings: VideoSettings) -> Iterator[DecodedPicture]:
    """Keep one picture in ``every_s`` and stop at ``end_s``; those before the start pass as they are."""
    due_s = settings.start_s
    for picture in decoded:
        if settings.end_s is not None and picture.time_s >= settings.end_s - _EPSILON_S:
            return
        if picture.time_s >= settings.start_s - _EPSILON_S and settings.every_s is not None:
            if picture.time_s < due_s - _EPSILON_S:
                continue
            steps = (picture.time_s - settings.start_s + _EPSILON_S) // settings.every_s
            due_s = settings.start_s + (steps + 1) * settings.every_s
        yield picture


def _nothing(source: Path, settings: VideoSettings, last_s: float, damage: Damage) -> VideoError:
    if damage.n_decoded and settings.start_s > 0:
        return VideoError(
            f"{source}: no picture from video.start_s = {settings.start_s:g} s on; "
            f"the footage ends at {last_s:.2f} s"
        )
    if damage.n_decoded:
        return VideoError(f"{source}: no picture before video.end_s = {settings.end_s} s; choose a later end")
    return VideoError(f"{source}: not one picture could be decoded; is the file damaged or not footage?")
