"""Which file a browser is given: the footage itself, the copy made for it, or none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.core.errors import VideoError
from pipeline.video import image_sequence, video_file
from pipeline.workbench.served_run import ServedRun

COPY = "view/footage.mp4"
"""Where the copy lies in the run directory."""
_KINDS = {".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/mp4", ".webm": "video/webm"}
_CODECS = {"h264", "vp8", "vp9", "av1"}
_FORMATS = {"yuv420p", "yuvj420p"}
_CHECKED, _REORDERED = 250, 16
_SAME_S = 0.002


@dataclass(frozen=True, slots=True)
class Film:
    """What is played.

    ``path`` None: nothing yet. ``why``: why not the original, a key of the texts. ``offset_s``: media time of
    the browser at the run's first frame's time 0. ``copied``: ``path`` is the copy. ``copyable``: a copy can
    be made.
    """

    path: Path | None
    media: str
    offset_s: float
    why: str
    copied: bool
    copyable: bool

    def told(self) -> dict[str, Any]:
        """Tell the browser."""
        return {
            "there": self.path is not None,
            "media": self.media,
            "offset_s": self.offset_s,
            "why": self.why,
            "copied": self.copied,
            "copyable": self.copyable,
        }


def film_of(run: ServedRun) -> Film:
    """Choose what is played of a run; the copy wins where there is one, for it was made because of need."""
    copy = run.root / COPY
    source = Path(str(run.stored.record.get("source", "")))
    if copy.is_file():
        return Film(copy, "video/mp4", copied_offset_s(run), "", True, False)
    if run.stored.kind != "video":
        return Film(None, "", 0.0, "tracking_data", False, False)
    if not _there(source):
        return Film(None, "", 0.0, "moved", False, False)
    if image_sequence.is_images(source):
        return Film(None, "", 0.0, "pictures", False, True)
    try:
        why, offset_s = _playable(run, source)
    except VideoError:
        return Film(None, "", 0.0, "unreadable", False, False)
    if why:
        return Film(None, "", 0.0, why, False, True)
    return Film(source, _KINDS[source.suffix.lower()], offset_s, "", False, True)


def copied_offset_s(run: ServedRun) -> float:
    """Give the media time of the copy, which begins with the first processed frame, at the run's time 0."""
    _, time_s = run.frames()
    return -float(time_s[0]) if len(time_s) else 0.0


def _there(source: Path) -> bool:
    try:
        return source.exists() or image_sequence.is_images(source)
    except VideoError:
        return False


def _playable(run: ServedRun, source: Path) -> tuple[str, float]:
    """Say why browsers do not play a file (empty if they do), and its offset, s."""
    if source.suffix.lower() not in _KINDS:
        return "container", 0.0
    with video_file.opened(source) as (container, stream):
        codec = stream.codec_context
        if codec.name not in _CODECS and codec.codec.canonical_name not in _CODECS:
            return "codec", 0.0
        if codec.pix_fmt not in _FORMATS:
            return "format", 0.0
        stamps = _stamps_s(container, stream)
        begins = (container.start_time or 0) / 1e6
    if not len(stamps):
        return "codec", 0.0
    if not _in_step(run, stamps - stamps[0]):
        return "times", 0.0
    return "", float(stamps[0] - begins)


def _stamps_s(container: Any, stream: Any) -> np.ndarray:
    """Give the presentation times of the first pictures, s, in order; what an edit list cuts is not shown."""
    stamps = []
    for packet in container.demux(stream):
        if packet.pts is not None and packet.size and not packet.is_discard:
            stamps.append(float(packet.pts * stream.time_base))
        if len(stamps) >= _CHECKED:
            break
    # Pictures are shown in another order than stored: of those behind the last ones some may come before.
    whole = len(stamps) < _CHECKED
    return np.sort(np.array(stamps, float))[: None if whole else _CHECKED - _REORDERED]


def _in_step(run: ServedRun, stamps_s: np.ndarray) -> bool:
    """Say whether the run's times are those that a player shows the same pictures at."""
    frame, time_s = run.frames()
    known = frame < len(stamps_s)
    return bool(np.all(np.abs(stamps_s[frame[known]] - time_s[known]) < _SAME_S))
