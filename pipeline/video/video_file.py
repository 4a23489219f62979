"""Decode a video file with PyAV, whatever state it is in."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import VideoError
from pipeline.core.types import VideoInfo
from pipeline.video import decode_order, fingerprint, seeking
from pipeline.video.decoded_picture import Damage, DecodedPicture
from pipeline.video.stream_doubts import stream_doubts
from pipeline.video.timestamps import LOOKAHEAD, Clock

_FALLBACK_FPS = 25.0
_MAX_READ_FAILURES = 20
_SHORT_S = 1.0
_SHORT_SHARE = 0.02
_WIDEST_PIXEL = 4.0
_HEAD_BYTES = 4096
_PLAYLISTS = (b"#EXTM3U", b"ffconcat", b"<MPD", b"<CompositionPlaylist", b"[playlist]", b"<smil")
_DURATION_BEFOREHAND = ("matroska,webm", "flv")


def pictures(path: Path, start_s: float, damage: Damage) -> Iterator[DecodedPicture]:
    """Decode from the beginning, or from a safe place before ``start_s``; see `skip`.

    Pictures before ``start_s`` may come out too: the consumer drops them.
    """
    with opened(path) as (container, stream):
        packets = _demux(container, stream, damage)
        first = list(itertools.islice(packets, seeking.N_CHECKED))
        packets = itertools.chain(first, packets)
        in_order = _stamps_of_decoding(path, container, stream, first)
        where = seeking.NOWHERE
        if start_s > 0 and not in_order and (origin := _first_stamp_if_countable(path)) is not None:
            where = seeking.ahead(packets, start_s, origin, Fraction(stream.time_base))
        clock = Clock(Fraction(stream.time_base), _fps(stream), where.origin)
        whole = seeking.chain(where, packets)
        stamps = decode_order.Stamps(container.format.name == "avi", first)
        decoded = _shown(whole, stream, damage, stamps) if in_order else _decode(whole, stream, damage)
        damage.n_decoded = index = where.n_before
        size: tuple[int, int] | None = None
        for frame, time_s in _timed(decoded, clock, where):
            damage.note_gap(time_s, 1 / _fps(stream))
            size = size or _upright_size(frame)
            damage.n_resized += _upright_size(frame) != size
            damage.n_corrupt += frame.is_corrupt
            damage.n_decoded, damage.n_repaired = index + 1, clock.n_repaired
            damage.n_jumps, damage.jumped_s = clock.n_jumps, clock.jumped_s
            yield DecodedPicture(index, time_s, partial(_bgr, frame, size))
            index += 1
        damage.notes.extend(stream_doubts(stream, damage))
        if not in_order:  # there the header counts places for pictures, empty ones too
            _note_missing(container, stream, damage)


def probe(path: Path) -> VideoInfo:
    """Describe the file by its header and its first picture."""
    damage = Damage()
    first = next(iter(pictures(path, 0.0, damage)), None)
    image = first.read() if first is not None else None
    if image is None:
        raise VideoError(f"{path}: not one picture could be decoded; is the file damaged or not footage?")
    height, width = image.shape[:2]
    with opened(path) as (container, stream):
        return VideoInfo(
            path=path,
            width_px=width,
            height_px=height,
            fps=_fps(stream),
            n_frames_claimed=stream.frames or None,
            duration_s=_announced_s(container, stream),
            fingerprint=fingerprint.of_file(path),
        )


def pixel_aspect(path: Path) -> float:
    """Width over height of a pixel, upright: anamorphic recordings have 4:3 or 16:11, say."""
    with opened(path) as (container, stream):
        aspect = float(stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio or 1)
        first = next(_decode(_demux(container, stream, Damage()), stream, Damage()), None)
    if not 1 / _WIDEST_PIXEL <= aspect <= _WIDEST_PIXEL:
        return 1.0
    return 1 / aspect if first is not None and round(first.rotation / 90) % 2 else aspect


@contextmanager
def opened(path: Path) -> Iterator[tuple[Any, Any]]:
    """Open a file and choose its video stream (the largest that is not a cover image).

    Raises
    ------
    VideoError
        If the file is missing, empty, no video, or in an unknown codec.
    """
    container = _open(path)
    try:
        streams = [s for s in container.streams.video if not s.disposition & s.disposition.attached_pic]
        if not streams or container.format.name == "tty":
            if not len(container.streams):
                raise VideoError(f"{path}: {_why_unreadable(path)}")
            what = "only sound" if container.streams.audio else "no pictures"
            raise VideoError(f"{path}: {what} in this file; choose a video")
        known = [s for s in streams if s.codec_context is not None]  # others have no width to ask for
        if not known:
            raise VideoError(f"{path}: its video codec is not supported; convert the file to H.264")
        stream = max(known, key=lambda s: (s.width or 0) * (s.height or 0))
        stream.thread_type = "AUTO"
        yield container, stream
    finally:
        container.close()


def _open(path: Path) -> Any:
    try:
        if path.stat().st_size == 0:
            raise VideoError(f"{path}: the file is empty (0 bytes); copy it again")
        with path.open("rb") as handle:
            head = handle.read(_HEAD_BYTES)
        if b"\0" not in head and any(mark in head for mark in _PLAYLISTS):
            raise VideoError(f"{path}: a list of other files, which are not followed; give the video itself")
        # An absolute path, so that a colon in a name is not read as a network protocol.
        return av.open(str(path.absolute()), options={"protocol_whitelist": "file"}, metadata_errors="ignore")
    except FileNotFoundError:
        raise VideoError(f"{path}: no such file or folder; check the path") from None
    except av.InvalidDataError:
        raise VideoError(f"{path}: {_why_unreadable(path)}") from None
    except (av.FFmpegError, OSError) as error:
        raise VideoError(f"{path}: cannot be read ({error.strerror or error})") from error


def _why_unreadable(path: Path) -> str:
    with path.open("rb") as handle:
        head = handle.read(12)
    if head[4:8] == b"ftyp":
        return "truncated: its index (moov) is missing or cut short, so nothing can be decoded; copy it again"
    return "not a video file that can be read; is it damaged, or something else under this name?"


def _demux(container: Any, stream: Any, damage: Damage) -> Iterator[Any]:
    """Read packets with data, going on after damaged places while there is something left to read."""
    failures = 0
    while failures < _MAX_READ_FAILURES:
        try:
            for packet in container.demux(stream):
                damage.n_packets += packet.dts is not None or packet.size > 0
                if packet.size:
                    failures = 0
                    yield packet
            return
        except av.FFmpegError:
            damage.n_bad += 1
            failures += 1


def _decode(
    packets: Iterator[Any], stream: Any, damage: Damage, lost: Callable[[], None] = lambda: None
) -> Iterator[Any]:
    """Decode all packets; ``lost`` is called for one that cannot be."""
    codec, placeholders = stream.codec_context, decode_order.Placeholders(stream)
    for packet in packets:
        placeholders.note(packet)
        try:
            decoded = codec.decode(packet)
        except av.FFmpegError:
            damage.n_bad += 1
            lost()
            continue
        yield from decoded
    try:
        if (empty := placeholders.missing()) is not None:
            yield from codec.decode(empty)
        yield from codec.decode(None)
    except av.FFmpegError:
        damage.n_bad += 1


def _shown(packets: Iterator[Any], stream: Any, damage: Damage, stamps: decode_order.Stamps) -> Iterator[Any]:
    """Decode where packets are stamped in the order of decoding: the nth picture shown gets the nth stamp."""

    def noted() -> Iterator[Any]:
        for packet in packets:
            stamps.note(packet)
            yield packet

    for frame in _decode(noted(), stream, damage, stamps.forget):
        frame.pts = stamps.next()
        yield frame


def _stamps_of_decoding(path: Path, container: Any, stream: Any, first: list[Any]) -> bool:
    """Say whether stamps are those of decoding: AVI has no others, which B-frames need."""
    if container.format.name == "avi":
        return bool(stream.codec_context.has_b_frames)
    if not decode_order.suspicious(first, stream):
        return False
    with opened(path) as (again, same):
        some = itertools.islice(_demux(again, same, Damage()), seeking.N_CHECKED)
        return decode_order.comes_out_of_order(lambda: _decode(some, same, Damage()))


def _timed(
    decoded: Iterator[Any],
    clock: Clock,
    where: seeking.Where,
) -> Iterator[tuple[Any, float]]:
    """Give each picture its time; leave out those passed over and those that come too late."""
    waiting: deque[Any] = deque()
    incomplete_before = where.first_stamp
    for frame in itertools.chain(decoded, itertools.repeat(None, LOOKAHEAD)):
        waiting.append(frame)
        if len(waiting) <= LOOKAHEAD or (first := waiting.popleft()) is None:
            continue
        stamp = _stamp(first)
        if incomplete_before is not None and stamp is not None and stamp < incomplete_before:
            continue
        incomplete_before = None
        time_s = clock.time_s(stamp, [_stamp(f) for f in waiting if f is not None])
        if time_s is not None:
            yield first, time_s


def _stamp(frame: Any) -> int | None:
    stamp: int | None = frame.pts if frame.pts is not None else frame.dts
    return stamp


def _first_stamp_if_countable(path: Path) -> int | None:
    """Give the first picture's stamp if, at the beginning of the file, each packet gives one picture.

    That is what makes pictures countable without decoding them; interlaced broadcast streams with a
    packet a field, or recordings that begin in the middle of a group of pictures, are not.
    """
    with opened(path) as (container, stream):
        damage = Damage()
        packets = [
            p for _, p in zip(range(seeking.N_CHECKED), _demux(container, stream, damage), strict=False)
        ]
        n_expected = sum(seeking.is_shown(packet) for packet in packets)
        stamps = [frame.pts for frame in _decode(iter(packets), stream, damage)]
    if damage.n_bad or len(stamps) != n_expected or not stamps or stamps[0] is None:
        return None
    return int(stamps[0])


def _bgr(frame: Any, size: tuple[int, int]) -> NDArray[np.uint8]:
    image: NDArray[np.uint8] = frame.to_ndarray(format="bgr24")
    image = _upright(image, _display_matrix(frame), frame.rotation)
    if (image.shape[1], image.shape[0]) != size:
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return image


def _display_matrix(frame: Any) -> tuple[int, int, int, int] | None:
    """Signs of a, b, c, d in x' = a x + c y, y' = b x + d y: how the stored picture is to be shown."""
    for item in frame.side_data:
        if item.type.name == "DISPLAYMATRIX":
            a, b, _, c, d = np.frombuffer(bytes(item), np.int32, 5).tolist()
            largest = max(abs(a), abs(b), abs(c), abs(d), 1)
            one, two, three, four = (round(v / largest) for v in (a, b, c, d))
            return one, two, three, four
    return None


def _upright(
    image: NDArray[np.uint8], matrix: tuple[int, int, int, int] | None, rotation: float
) -> NDArray[np.uint8]:
    """Turn and mirror a picture as its display matrix says; by the angle alone if that is no right one."""
    if matrix is None or (matrix[0] == 0) == (matrix[1] == 0):
        turned = np.rot90(image, round(rotation / 90) % 4)
    else:
        a, b, c, d = matrix
        turned = image.transpose(1, 0, 2) if a == 0 else image
        across, down = (c, b) if a == 0 else (a, d)
        turned = turned[:: -1 if down < 0 else 1, :: -1 if across < 0 else 1]
    return np.ascontiguousarray(turned)


def _upright_size(frame: Any) -> tuple[int, int]:
    turned = round(frame.rotation / 90) % 2
    return (frame.height, frame.width) if turned else (frame.width, frame.height)


def _fps(stream: Any) -> float:
    rate = stream.average_rate or stream.guessed_rate or stream.base_rate
    return float(rate) if rate else _FALLBACK_FPS


def _announced_s(container: Any, stream: Any) -> float | None:
    if stream.duration:
        return float(stream.duration * stream.time_base)
    return container.duration / 1e6 if container.duration else None


def _note_missing(container: Any, stream: Any, damage: Damage) -> None:
    """Compare what came out with what the header promises; only headers written beforehand can tell."""
    if stream.frames - damage.n_packets > 1:
        damage.n_missing = stream.frames - damage.n_packets
    if stream.frames or container.format.name not in _DURATION_BEFOREHAND or not container.duration:
        return
    announced_s, last_s = container.duration / 1e6, damage.last_s or 0.0
    if announced_s - last_s > max(_SHORT_S, _SHORT_SHARE * announced_s):
        damage.ends_s, damage.announced_s = last_s, announced_s
