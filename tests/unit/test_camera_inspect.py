from pathlib import Path

import numpy as np
import pytest

from pipeline.core.errors import VideoError
from pipeline.video.writer import VideoWriter
from pipeline.workflow.probe import inspect


def scene(tone: int) -> np.ndarray:
    rng = np.random.default_rng(tone)
    return np.kron(rng.integers(tone, tone + 90, (18, 32, 3), np.uint8), np.ones((10, 10, 1), np.uint8))


def film(path: Path, times: list[float], images: list[np.ndarray]) -> Path:
    height, width = images[0].shape[:2]
    with VideoWriter(path, width, height, 25.0) as out:
        for time_s, image in zip(times, images, strict=True):
            out.write(image, time_s)
    return path


def test_frames_size_cuts_and_repeats_are_counted(tmp_path):
    images = [np.roll(scene(20), 3 * i, axis=1) for i in range(5)] + [scene(150)] * 3
    report = inspect(film(tmp_path / "a.mp4", [i / 25 for i in range(8)], images))
    assert (report.width_px, report.height_px, report.n_frames) == (320, 180, 8)
    assert report.cuts_s == (pytest.approx(0.2),)
    assert report.repeated_frames == 2
    assert not report.variable_frame_rate
    assert report.fps == pytest.approx(25, abs=0.1)


def test_a_variable_frame_rate_is_told(tmp_path):
    times = [0, 0.04, 0.08, 0.2, 0.24, 0.4, 0.44, 0.6]
    report = inspect(film(tmp_path / "a.mp4", times, [np.roll(scene(20), 3 * i, axis=1) for i in range(8)]))
    assert report.variable_frame_rate


def test_a_single_frame_is_enough(tmp_path):
    assert inspect(film(tmp_path / "a.mp4", [0.0], [scene(20)])).n_frames == 1


def test_no_footage_is_an_error(tmp_path):
    with pytest.raises(VideoError, match=r"none\.mp4"):
        inspect(tmp_path / "none.mp4")
