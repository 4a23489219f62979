"""Seeded damage that knows what a film is: fields of MP4 boxes, stamps, sizes, codecs, folders."""

from __future__ import annotations

import random
import struct
import sys
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))

import video_samples

_BOXES_INSIDE = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf", b"udta")
_FULL = (0, 1, 2, 255, 256, 2**16, 2**31 - 1, 2**31, 2**32 - 1)
_CODECS = (
    ("mp4", "libx264", "yuv420p"),
    ("mov", "mjpeg", "yuvj420p"),
    ("avi", "mpeg4", "yuv420p"),
    ("mkv", "libx264", "yuv444p"),
    ("mkv", "ffv1", "gray"),
    ("mkv", "ffv1", "yuv420p10le"),
    ("mov", "png", "rgb24"),
    ("mov", "png", "rgba"),
    ("webm", "libvpx", "yuv420p"),
    ("mpg", "mpeg2video", "yuv420p"),
    ("ts", "libx264", "yuv420p"),
    ("flv", "flv", "yuv420p"),
    ("gif", "gif", "rgb8"),
)
_SIZES = ((16, 16), (17, 17), (34, 18), (64, 2), (2, 64), (2000, 2), (2, 2000), (62, 46), (160, 120))


def boxes(data: bytes, begin: int = 0, end: int | None = None) -> Iterator[tuple[bytes, int, int]]:
    """List the boxes of an MP4, also those within others: kind, where its content begins, where it ends."""
    end = len(data) if end is None else end
    while begin + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, begin)
        if size < 8 or begin + size > end:
            return
        yield kind, begin + 8, begin + size
        if kind in _BOXES_INSIDE:
            yield from boxes(data, begin + 8, begin + size)
        begin += size


def damaged_boxes(data: bytes, rng: random.Random) -> bytes:
    """Write another number into a field, rename, cut or resize a box of an MP4; once to three times."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        _, begin, end = rng.choice([b for b in boxes(bytes(data)) if b[0] != b"mdat"])
        how, at = rng.randrange(10), begin + 4 * rng.randrange(max((end - begin) // 4, 1))
        if how == 0:
            out[begin - 4 : begin] = rng.choice((b"free", b"skip", b"abcd", b"trak", b"mdat"))
        elif how == 1:
            struct.pack_into(">I", out, begin - 8, rng.choice((0, 1, 7, 8, end - begin, 2**31, 2**32 - 1)))
        elif at + 4 <= len(out):
            was = struct.unpack_from(">I", out, at)[0]
            new = rng.choice((*_FULL, was * 100, was // 100, was * 5, was + 1, rng.randrange(2**32)))
            struct.pack_into(">I", out, at, new % 2**32)
    return bytes(out)


def restamped(path: Path, rng: random.Random, n: int = 10) -> Path:
    """Write a film whose pictures come at odd times: jumps, repeats, backwards, slow, fast, since 1970."""
    times = np.arange(n) / 25
    how = rng.randrange(8)
    if how == 0:
        times[rng.randrange(1, n) :] += rng.choice((3, 700, 86_400, 1e6))
    elif how == 1:
        times *= rng.choice((0.01, 5, 100, 1000))
    elif how == 2:
        times += rng.choice((1e5, 1.7e9 / 1000, -3))
    elif how == 3:
        times[rng.randrange(n)] = rng.choice((0.0, 1000.0))
    elif how == 4:
        times = np.repeat(times[::2], 2)[:n]
    elif how == 5:
        times = times[::-1].copy()
    elif how == 6:
        times = np.sort(np.asarray([rng.random() * 10 for _ in range(n)]))
    else:
        times[rng.randrange(1, n) :] -= 0.2
    return remuxed(path, [video_samples.noise(i, 64, 48) for i in range(n)], times.tolist())


def remuxed(path: Path, images: Sequence[video_samples.Image], times_s: Sequence[float]) -> Path:
    """Write ``images`` as packets with exactly these stamps, as far as the container takes them."""
    codec = "mpeg4" if path.suffix == ".avi" else "mjpeg" if path.suffix in (".mov", ".mkv") else "libx264"
    height, width = images[0].shape[:2]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        if codec == "libx264":
            stream.options = {"bf": "0", "tune": "zerolatency"}
        packets = []
        for i, image in enumerate(images):
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            frame.pts = i
            packets += stream.encode(frame)
        for packet, time_s in zip([*packets, *stream.encode(None)], times_s, strict=False):
            packet.time_base = Fraction(1, 1000)
            packet.pts = packet.dts = round(1000 * time_s)
            try:
                container.mux(packet)
            except (OSError, ValueError, av.FFmpegError):
                break  # the container refuses such stamps: a short film then
    return path


def odd_film(folder: Path, rng: random.Random) -> Path:
    """Write a film of an odd size, codec, pixel format or length, or something that only is called a film."""
    if rng.random() < 0.2:
        return _no_film(folder, rng)
    suffix, codec, pixels = rng.choice(_CODECS)
    width, height = rng.choice(_SIZES)
    images = [video_samples.noise(i, width, height) for i in range(rng.choice((1, 2, 7)))]
    path = folder / f"odd.{suffix}"
    try:
        video_samples.encoded(path, codec, pixels, images)
    except (OSError, ValueError, av.FFmpegError):  # the codec cannot write such a size
        path.write_bytes(path.read_bytes() if path.exists() else b"")
    if rng.random() < 0.3:
        path = path.rename(folder / f"odd.{rng.choice(('mp4', 'avi', 'mkv', 'MOV', 'jpg', 'ts'))}")
    return path


def _no_film(folder: Path, rng: random.Random) -> Path:
    path = folder / f"odd.{rng.choice(('mp4', 'mkv', 'avi', 'webm', 'm3u8', 'mpd', 'ts', 'txt', 'y4m'))}"
    how = rng.randrange(6)
    if how == 0:
        path.write_bytes(rng.randbytes(rng.choice((0, 1, 100, 5000))))
    elif how == 1:
        path.write_text("#EXTM3U\n#EXTINF:1,\n../victim.txt\n")
    elif how == 2:
        path.write_text("ffconcat version 1.0\nfile ../victim.txt\n")
    elif how == 3:
        path.write_text("YUV4MPEG2 W99999 H99999 F25:1\nFRAME\n")
    elif how == 4:
        video_samples.only_sound(path.with_suffix(".mp4")).rename(path)
    else:
        path.write_bytes(cv2.imencode(".png", video_samples.noise(1, 64, 48))[1].tobytes())
    return path


def odd_pictures(folder: Path, rng: random.Random) -> Path:
    """Fill a folder with numbered pictures, some of them damaged, of another size, or missing."""
    folder = folder / "pictures"
    folder.mkdir()
    suffix = rng.choice((".png", ".jpg", ".bmp", ".tif"))
    for i in range(8):
        image: np.ndarray = video_samples.noise(i, 64, 48)
        how = rng.randrange(14)
        if how == 0:
            continue
        if how == 1:
            image = image[:, :, 0]
        elif how == 2:
            image = image[: rng.choice((1, 20, 46))]
        elif how == 3 and suffix in (".png", ".tif"):
            image = image.astype(np.uint16) * 257
        data = bytearray(cv2.imencode(suffix, np.ascontiguousarray(image))[1].tobytes())
        if how == 4:
            data = data[: rng.randrange(len(data))]
        elif how == 5:
            data[rng.randrange(len(data))] ^= 255
        elif how == 6 and suffix == ".png":
            struct.pack_into(">II", data, 16, rng.choice((1, 70_000, 2**31 - 1)), rng.choice((1, 70_000)))
        number = i * rng.choice((1, 1, 1, 1, 1, 1, 10, 10**9))
        (folder / f"frame_{number:04}{suffix}").write_bytes(data)
    return folder
