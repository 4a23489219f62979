"""Tiny footage for tests, sound and broken, made on the spot."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.video.writer import VideoWriter

Image = NDArray[np.uint8]
FPS = 25.0


def picture(level: int, width: int = 64, height: int = 48) -> Image:
    """A plain picture of one grey level, with its top left quarter darker."""
    image = np.full((height, width, 3), level, np.uint8)
    image[: height // 2, : width // 2] //= 4
    return image


def noise(seed: int, width: int = 160, height: int = 120) -> Image:
    """A picture that hardly compresses, so that files are long enough to be cut short."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def scenery(seed: int, width: int, height: int) -> Image:
    """A picture with structure of every size, like crowd, boards and worn grass."""
    rng = np.random.default_rng(seed)
    image = np.zeros((height, width, 3), np.float32)
    for cell in (4, 8, 20, 60):
        coarse = rng.uniform(-1, 1, (height // cell + 2, width // cell + 2, 3)).astype(np.float32)
        image += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC) * 30
    return np.clip(image + 110, 0, 255).astype(np.uint8)


def film(path: Path, images: Sequence[Image], times_s: Sequence[float] | None = None) -> Path:
    """Write ``images`` as an MP4, at 25 frames a second unless ``times_s`` says otherwise."""
    times = [i / FPS for i in range(len(images))] if times_s is None else times_s
    height, width = images[0].shape[:2]
    with VideoWriter(path, width, height, FPS) as out:
        for image, time_s in zip(images, times, strict=True):
            out.write(image, time_s)
    return path


def normal(path: Path, n_frames: int = 10) -> Path:
    """A sound film whose frames get lighter, ten times over."""
    return film(path, [picture(100 + 10 * (i % 10)) for i in range(n_frames)])


def variable_rate(path: Path) -> Path:
    """A film that pauses: 0, 40, 120, 160 and 400 ms."""
    return film(path, [picture(100 + 20 * i) for i in range(5)], [0, 0.04, 0.12, 0.16, 0.4])


def black(path: Path, n_frames: int = 5) -> Path:
    """A film that shows nothing."""
    return film(path, [np.zeros((48, 64, 3), np.uint8)] * n_frames)


def truncated(path: Path, n_frames: int = 40) -> Path:
    """A film whose second half is missing from the file; its header promises all of it."""
    data = film(path, [noise(i) for i in range(n_frames)]).read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path


def damaged(path: Path, n_frames: int = 40) -> Path:
    """A film with a hole of zeros in the middle of its data."""
    data = bytearray(film(path, [noise(i) for i in range(n_frames)]).read_bytes())
    middle, width = len(data) // 2, len(data) // 10
    data[middle : middle + width] = bytes(width)
    path.write_bytes(data)
    return path


def rotated(path: Path, clockwise_degrees: int) -> Path:
    """A film that says it is to be turned, as telephones write."""
    data = bytearray(normal(path).read_bytes())
    turn = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}[clockwise_degrees]
    a, b, c, d = (65536 * n for n in turn)
    at = data.find(b"tkhd") + 44
    data[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    return path


def only_sound(path: Path) -> Path:
    """A file with an audio track and nothing else."""
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=44100)
        for i in range(4):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            frame.rate, frame.pts = 44100, 1024 * i
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def encoded(path: Path, codec: str, pixels: str, images: Sequence[Image], n_keyframe: int = 250) -> Path:
    """Write ``images`` with any codec, pixel format and container that the ending of ``path`` names."""
    height, width = images[0].shape[:2]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=int(FPS), options={"g": str(n_keyframe)})
        stream.width, stream.height, stream.pix_fmt = width, height, pixels
        for i, image in enumerate(images):
            frame = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(format=pixels)
            frame.pts = i
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def stamped(path: Path, images: Sequence[Image], times_s: Sequence[float]) -> Path:
    """Write ``images`` at any times, hours apart if need be; a keyframe every tenth."""
    height, width = images[0].shape[:2]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"g": "10", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for image, time_s in zip(images, times_s, strict=True):
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            frame.pts, frame.time_base = round(1000 * time_s), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def folder(path: Path, images: Sequence[Image]) -> Path:
    """Write ``images`` as ``frame0.png`` and so on, numbers not padded."""
    path.mkdir(parents=True, exist_ok=True)
    for i, image in enumerate(images):
        cv2.imwrite(str(path / f"frame{i}.png"), image)
    return path
