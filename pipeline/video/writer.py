"""Write H.264 video that every player and browser opens, whole or not at all."""

from __future__ import annotations

import contextlib
import errno
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import RunError, VideoError
from pipeline.core.files import to_disk

_TICKS_PER_S = 90_000
_LONGEST_GAP_S = 60.0
_FAILURES = (OSError, av.FFmpegError)
"""Some of FFmpeg's errors are no OSError."""
_BT709 = 1
_LIMITED_RANGE = 1


class VideoWriter:
    """A context manager that writes frames to an MP4 (H.264, yuv420p, BT.709, index at the front).

    The file grows as ``<path>.part`` and gets its name on success; on any failure it is removed.
    An odd width or height is padded by one repeated column or row, since yuv420p needs even sizes.

    Parameters
    ----------
    path
        Where the video is wanted; an existing file is replaced on success only.
    width_px, height_px
        Size of the images that will be written.
    fps
        Expected frames a second, on average: a hint for the encoder and the length of the last
        frame. Times come from `write`, so a variable rate survives.
    crf
        Quality, 0 (lossless) to 51; 20 is visually clean.
    preset
        x264's speed: ``ultrafast`` to ``veryslow``.

    Raises
    ------
    RunError
        From any method, when the disk is full or the folder cannot be written.
    VideoError
        On leaving, when no frame was written.
    """

    def __init__(
        self,
        path: Path,
        width_px: int,
        height_px: int,
        fps: float,
        *,
        crf: int = 20,
        preset: str = "veryfast",
    ) -> None:
        if width_px < 1 or height_px < 1:
            raise ValueError(f"video size must be at least 1 x 1 px (got {width_px} x {height_px})")
        if not 0 < fps < 1000:
            raise ValueError(f"fps must be above 0 and below 1000 (got {fps})")
        self.path = path
        self._part = path.with_name(path.name + ".part")
        self._size = (height_px, width_px)
        self._frame_ticks = max(1, round(_TICKS_PER_S / fps))
        self._first_s: float | None = None
        self._last_s: float | None = None
        self._last_tick = -1
        self._rate = Fraction(fps).limit_denominator(1001)
        self._options = {"crf": str(crf), "preset": preset}
        self._container: Any = None
        self._stream: Any = None

    def __enter__(self) -> Self:
        try:
            self._open()
        except _FAILURES as error:
            self._abort()
            raise self._cannot_write(error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._abort()
            return
        if self._first_s is None:
            self._abort()
            raise VideoError(f"{self.path}: no frame was written, so there is no video")
        try:
            self._mux(self._stream.encode(None))
            self._container.close()
            to_disk(self._part)
            self._part.replace(self.path)
        except _FAILURES as failure:
            self._abort()
            raise self._cannot_write(failure) from failure

    def write(self, image_bgr: NDArray[np.uint8], time_s: float) -> None:
        """Add one frame.

        Parameters
        ----------
        image_bgr
            ``(height_px, width_px, 3)`` uint8, BGR.
        time_s
            When it is shown, in seconds; must grow from frame to frame. The file starts at 0:
            the time of the first frame written is subtracted. Gaps of more than a minute are cut to one.
        """
        if image_bgr.shape != (*self._size, 3) or image_bgr.dtype != np.uint8:
            raise ValueError(
                f"expected a {self._size[0]} x {self._size[1]} x 3 uint8 image, "
                f"got {image_bgr.shape} {image_bgr.dtype}"
            )
        if self._first_s is None:
            self._first_s = time_s
        if self._last_s is not None and time_s - self._last_s > _LONGEST_GAP_S:
            self._first_s += time_s - self._last_s - _LONGEST_GAP_S
        self._last_s = time_s
        tick = round((time_s - self._first_s) * _TICKS_PER_S)
        if tick <= self._last_tick:
            raise ValueError(f"frame times must grow: {time_s} s is not after the frame before")
        self._last_tick = tick
        frame = av.VideoFrame.from_ndarray(_even(image_bgr), format="bgr24")
        frame = frame.reformat(format="yuv420p", dst_colorspace=_BT709, dst_color_range=_LIMITED_RANGE)
        frame.pts, frame.time_base = tick, Fraction(1, _TICKS_PER_S)
        frame.duration = self._frame_ticks
        try:
            self._mux(self._stream.encode(frame))
        except _FAILURES as error:
            raise self._cannot_write(error) from error

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._container = av.open(
            str(self._part), "w", format="mp4", options={"movflags": "+faststart", "brand": "mp42"}
        )
        stream = self._container.add_stream("libx264", rate=self._rate, options=self._options)
        stream.width, stream.height = self._size[1] + self._size[1] % 2, self._size[0] + self._size[0] % 2
        stream.pix_fmt = "yuv420p"
        codec = stream.codec_context
        codec.time_base = Fraction(1, _TICKS_PER_S)
        codec.colorspace = codec.color_primaries = codec.color_trc = _BT709
        codec.color_range = _LIMITED_RANGE
        self._stream = stream

    def _mux(self, packets: list[Any]) -> None:
        for packet in packets:
            self._container.mux(packet)

    def _abort(self) -> None:
        container, self._container = self._container, None
        with contextlib.suppress(*_FAILURES):  # the failure that led here is the one to report
            if container is not None:
                container.close()
        with contextlib.suppress(OSError):
            self._part.unlink(missing_ok=True)

    def _cannot_write(self, error: Exception) -> RunError:
        reason = getattr(error, "strerror", None) or str(error)
        full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
        hint = "free space" if full else "check the folder"

        return RunError(f"{self.path}: cannot write ({reason}); {hint} or choose another -o")


def _even(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Repeat the last row and column where the size is odd, so that both are even."""
    height, width = image.shape[:2]
    if height % 2 == 0 and width % 2 == 0:
        return image
    out: NDArray[np.uint8] = cv2.copyMakeBorder(image, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    return out
