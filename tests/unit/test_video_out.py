import subprocess
import sys

import numpy as np
import pytest
import video_samples as samples

from pipeline.core.errors import RunError, VideoError
from pipeline.video import frames
from pipeline.video.writer import VideoWriter


def test_times_survive_to_the_tick(tmp_path):
    times = [0.0, 0.04, 0.1, 0.5]
    path = samples.film(tmp_path / "a.mp4", [samples.picture(100)] * 4, times)
    assert [f.time_s for f in frames(path)] == pytest.approx(times, abs=1e-5)


def test_the_first_frame_is_at_zero_wherever_the_footage_began(tmp_path):
    path = samples.film(tmp_path / "a.mp4", [samples.picture(100)] * 2, [3600.0, 3600.5])
    assert [f.time_s for f in frames(path)] == pytest.approx([0, 0.5], abs=1e-5)


@pytest.mark.parametrize(
    ("width", "height"), [(64, 48), (65, 48), (64, 49), (65, 49)], ids=["even", "wide", "high", "both"]
)
def test_odd_sizes_grow_by_one(tmp_path, width, height):
    path = samples.film(tmp_path / "a.mp4", [samples.picture(120, width, height)] * 2)
    image = next(frames(path)).image
    assert image.shape[:2] == (height + height % 2, width + width % 2)
    assert abs(int(image[-1, -1, 0]) - 120) < 6


def test_colours_come_back(tmp_path):
    image = np.zeros((64, 64, 3), np.uint8)
    image[:] = (40, 160, 60)
    back = next(frames(samples.film(tmp_path / "a.mp4", [image] * 3))).image
    assert np.abs(back[32, 32].astype(int) - (40, 160, 60)).max() <= 4


def test_the_index_is_at_the_front(tmp_path):
    data = samples.normal(tmp_path / "a.mp4").read_bytes()
    assert data.find(b"moov") < data.find(b"mdat")


def broken():
    yield samples.picture(100)
    raise ZeroDivisionError


def write(path, images, times_s):
    with VideoWriter(path, 64, 48, 25) as out:
        for image, time_s in zip(images, times_s, strict=False):
            out.write(image, time_s)


def test_nothing_is_left_after_a_failure(tmp_path):
    with pytest.raises(ZeroDivisionError):
        write(tmp_path / "a.mp4", broken(), [0.0, 1.0])
    assert not list(tmp_path.iterdir())


def test_a_failure_leaves_the_earlier_video_alone(tmp_path):
    before = samples.normal(tmp_path / "a.mp4").read_bytes()
    with pytest.raises(ZeroDivisionError), VideoWriter(tmp_path / "a.mp4", 64, 48, 25):
        raise ZeroDivisionError
    assert (tmp_path / "a.mp4").read_bytes() == before


def test_no_frames_is_an_error_and_no_file(tmp_path):
    with pytest.raises(VideoError, match="no frame was written"), VideoWriter(tmp_path / "a.mp4", 64, 48, 25):
        pass
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("time_s", [0.0, -1.0], ids=["same time", "earlier"])
def test_times_must_grow(tmp_path, time_s):
    with pytest.raises(ValueError, match="must grow"):
        write(tmp_path / "a.mp4", [samples.picture(100)] * 2, [0.0, time_s])


def test_an_image_of_another_size_is_refused(tmp_path):
    with pytest.raises(ValueError, match="expected a 48 x 64"):
        write(tmp_path / "a.mp4", [samples.picture(100, 32, 32)], [0.0])


@pytest.mark.parametrize(("width", "fps"), [(0, 25), (64, 0), (64, -1)])
def test_impossible_videos_are_refused(tmp_path, width, fps):
    with pytest.raises(ValueError, match="must be"):
        VideoWriter(tmp_path / "a.mp4", width, 48, fps)


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RunError, match="cannot write"), VideoWriter(tmp_path / "file" / "a.mp4", 64, 48, 25):
        pass


_FULL_DISK = """
import resource, sys
from pathlib import Path
import video_samples as samples
from pipeline.core.errors import RunError
resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, resource.RLIM_INFINITY))
try:
    samples.film(Path(sys.argv[1]), [samples.noise(i) for i in range(60)])
except RunError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes")
def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path):
    target = tmp_path / "a.mp4"
    done = subprocess.run(
        [sys.executable, "-c", _FULL_DISK, str(target)],
        cwd=samples.__file__.rpartition("/")[0],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "cannot write" in done.stdout
    assert "free space" in done.stdout
    assert not list(tmp_path.iterdir())
