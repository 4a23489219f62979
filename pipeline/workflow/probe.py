"""What is really in a piece of footage: decoded, counted, watched for cuts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline import video
from pipeline.core.config import SegmentSettings, VideoSettings
from pipeline.egomotion.cut_detection import ShotDetector
from pipeline.egomotion.reduced_picture import reduced
from pipeline.networks.tiling.tile_layout import is_wide, plain_tiles

_SPREAD = 0.1
"""Frame times vary when their steps differ by more than this share of the usual step."""


@dataclass(frozen=True, slots=True)
class VideoReport:
    """What was found by decoding all of the footage.

    ``frame_interval_s`` is the median step between frames; ``variable_frame_rate`` says that a
    twentieth of the steps differ from it. ``cuts_s`` are the times at which a new shot begins. ``tiles``:
    through about how many tiles the network looks at each picture, which takes about as many times as long;
    1 is the whole picture.
    """

    path: Path
    width_px: int
    height_px: int
    n_frames: int
    n_frames_claimed: int | None
    duration_s: float
    fps: float
    frame_interval_s: float
    variable_frame_rate: bool
    repeated_frames: int
    cuts_s: tuple[float, ...]
    tiles: int
    problems: tuple[str, ...]


def inspect(source: Path, on_frame: Callable[[int], None] = lambda n: None) -> VideoReport:
    """Decode ``source`` and report what is in it; ``on_frame`` is told the number of frames so far.

    Raises
    ------
    VideoError
        If not even one picture can be decoded.
    """
    info = video.probe(source)
    detector, repeated = ShotDetector(), 0
    times: list[float] = []
    cuts: list[float] = []
    problems: list[str] = []
    for frame in video.frames(source, VideoSettings(), warn=problems.append):
        cut, repeats = detector.update(reduced(frame.image))
        times.append(frame.time_s)
        repeated += repeats
        if cut:
            cuts.append(round(frame.time_s, 3))
        on_frame(len(times))
    steps = np.diff(times)
    usual = float(np.median(steps)) if len(steps) else 0.0
    odd = np.abs(steps - usual) > _SPREAD * usual if len(steps) else np.zeros(0, bool)
    duration = times[-1] + usual
    return VideoReport(
        path=source,
        width_px=info.width_px,
        height_px=info.height_px,
        n_frames=len(times),
        n_frames_claimed=info.n_frames_claimed,
        duration_s=round(duration, 3),
        fps=round(len(times) / duration, 3) if duration > 0 else 0.0,
        frame_interval_s=round(usual, 5),
        variable_frame_rate=bool(len(odd) and odd.mean() > 0.05),
        repeated_frames=repeated,
        cuts_s=tuple(cuts),
        tiles=_tiles(info.width_px, info.height_px),
        problems=tuple(problems),
    )


def _tiles(width_px: int, height_px: int) -> int:
    """How many tiles a first look takes; how tall people are then decides."""
    size, imgsz = (width_px, height_px), SegmentSettings().imgsz
    return len(plain_tiles(size, imgsz)) if is_wide(size, imgsz) else 1
