"""What a browser is given to play: the footage where it can, else a copy with the run's frames and times."""

import json
import shutil
from pathlib import Path

import av
import numpy as np
import pytest
import workbench_runs as runs

from pipeline import video
from pipeline.core.errors import VideoError
from pipeline.tables import storage
from pipeline.workbench.film.film_choice import COPY, film_of
from pipeline.workbench.film.film_copy import make_copy
from pipeline.workbench.served_run import ServedRun

STEPS_S = (0.02, 0.06, 0.033)


@pytest.fixture
def root(tmp_path):
    return runs.numbered(tmp_path / "run", STEPS_S, n=12)


def with_source(root, source):
    """Let a run be of other footage; gives what is played of it."""
    record = json.loads((root / "run.json").read_text())
    (root / "run.json").write_text(json.dumps(record | {"source": str(source)}))
    return film_of(ServedRun(root))


def source_of(root):
    return Path(json.loads((root / "run.json").read_text())["source"])


def encoded(path, codec, pix_fmt="yuv420p", start=0, audio=False):
    """Write twelve frames at 25 a second, the first at ``start`` frames, perhaps with silence from 0 on.

    What lies before 0 is cut by an edit list.
    """
    with av.open(str(path), "w", options={"avoid_negative_ts": "disabled"} if start < 0 else {}) as out:
        stream = out.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, pix_fmt
        if audio:
            sound = out.add_stream("aac", rate=48000)
            for i in range(30):
                frame = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), "fltp", "stereo")
                frame.sample_rate, frame.pts = 48000, i * 1024
                out.mux(sound.encode(frame))
        for i in range(12):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 20 * i, np.uint8), "rgb24")
            frame.pts = i + start
            out.mux(stream.encode(frame.reformat(format=pix_fmt)))
        for one in out.streams:
            out.mux(one.encode(None))
    return path


def even_times(root):
    table = storage.read(root / "tables" / "frames.parquet", "frames")
    storage.write(table.assign(time_s=table["frame"] * 0.04), root / "tables" / "frames.parquet", "frames")


def test_footage_that_browsers_play_is_played_itself(root):
    film = film_of(ServedRun(root))
    assert (film.path, film.media, film.why, film.copied) == (source_of(root), "video/mp4", "", False)
    assert film.offset_s == 0.0


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt", "why"),
    [
        ("clip.avi", "mpeg4", "yuv420p", "container"),
        ("clip.mp4", "mpeg4", "yuv420p", "codec"),
        ("clip.mp4", "libx264", "yuv444p", "format"),
        ("clip.mp4", "libx264", "yuv420p", ""),
    ],
)
def test_what_browsers_do_not_play_is_named(root, tmp_path, name, codec, pix_fmt, why):
    even_times(root)
    film = with_source(root, encoded(tmp_path / name, codec, pix_fmt))
    assert film.why == why
    assert (film.path is None) == bool(why)
    assert film.copyable


def test_times_that_were_repaired_are_not_those_of_a_player(root):
    table = storage.read(root / "tables" / "frames.parquet", "frames")
    storage.write(table.assign(time_s=table["time_s"] * 1.1), root / "tables" / "frames.parquet", "frames")
    assert film_of(ServedRun(root)).why == "times"


def test_pictures_that_begin_behind_the_sound_have_an_offset(root, tmp_path):
    even_times(root)
    film = with_source(root, encoded(tmp_path / "late.mp4", "libx264", start=5, audio=True))
    assert film.why == ""
    assert film.offset_s == pytest.approx(0.2, abs=0.03)


def test_pictures_that_an_edit_list_cuts_do_not_count(root, tmp_path):
    even_times(root)
    path = encoded(tmp_path / "cut.mp4", "libx264", start=-5)
    assert [f.time_s for f in video.frames(path)] == pytest.approx([0.04 * i for i in range(7)])
    film = with_source(root, path)
    assert (film.why, film.offset_s) == ("", 0.0)


def test_footage_that_is_gone_broken_or_pictures_is_said(root, tmp_path):
    assert with_source(root, tmp_path / "gone.mp4").why == "moved"
    (tmp_path / "broken.mp4").write_bytes(b"nonsense")
    assert with_source(root, tmp_path / "broken.mp4").why == "unreadable"
    (tmp_path / "frames").mkdir()
    assert with_source(root, tmp_path / "frames").copyable is True


def test_a_copy_has_the_frames_and_times_of_the_run_and_is_played_from_then_on(root, tmp_path):
    table = storage.read(root / "tables" / "frames.parquet", "frames")
    kept = table[table["frame"] >= 3]
    storage.write(kept, root / "tables" / "frames.parquet", "frames")
    told = []
    path = make_copy(root, lambda done, total: told.append((done, total)))
    assert path == root / COPY
    assert told[-1] == (9, 9)
    times = [f.time_s for f in video.frames(path)]
    assert times == pytest.approx((kept["time_s"] - kept["time_s"].iloc[0]).tolist(), abs=1e-4)
    film = film_of(ServedRun(root))
    assert (film.copied, film.offset_s) == (True, pytest.approx(-kept["time_s"].iloc[0]))


def test_a_copy_that_cannot_be_made_leaves_nothing(root):
    source_of(root).unlink()
    with pytest.raises(VideoError, match="no such file"):
        make_copy(root)
    assert list((root / "view").iterdir()) == []
    shutil.rmtree(root / "view")
