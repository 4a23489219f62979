"""A copy of the footage that every browser plays, made once, with the run's own frames and times."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from pipeline import video
from pipeline.runs.stored_run import StoredRun
from pipeline.video.writer import VideoWriter
from pipeline.workbench.film.film_choice import COPY

_TALLEST_PX = 720
_CRF = 26


def make_copy(root: Path, progress: Callable[[int, int], None] = lambda done, total: None) -> Path:
    """Write the copy of a run's footage: H.264, at most 720 px on its short side.

    It has just the frames that were processed, each at its own time less that of the first, so masks stay in
    step whatever the rate. Nothing is left behind where it fails.

    Raises
    ------
    VideoError
        If the footage is gone or cannot be read.
    """
    run = StoredRun.open(root)
    table = run.table("frames", ["frame", "time_s"]).sort_values("frame")
    times = dict(zip(table["frame"].tolist(), table["time_s"].tolist(), strict=True))
    path = root / COPY
    path.parent.mkdir(exist_ok=True)
    wide, tall = _size(run)
    rate = 1 / float(np.median(np.diff(table["time_s"]))) if len(table) > 1 else 25.0
    done = 0
    with VideoWriter(path, wide, tall, min(max(rate, 0.1), 120.0), crf=_CRF) as writer:
        for frame in video.frames(Path(run.record["source"]), run.config.video):
            if (time_s := times.get(frame.index)) is None:
                continue
            writer.write(_fitted(frame.image, wide, tall), time_s)
            done += 1
            progress(done, len(times))
    return path


def _size(run: StoredRun) -> tuple[int, int]:
    """Choose width and height, px: even, with the proportions of the stored pixels."""
    width, height = int(run.record["video"]["width_px"]), int(run.record["video"]["height_px"])
    share = min(1.0, _TALLEST_PX / min(width, height))
    return 2 * round(width * share / 2), 2 * round(height * share / 2)


def _fitted(image: np.ndarray, wide: int, tall: int) -> np.ndarray:
    if image.shape[:2] == (tall, wide):
        return image
    return np.asarray(cv2.resize(image, (wide, tall), interpolation=cv2.INTER_AREA), np.uint8)
