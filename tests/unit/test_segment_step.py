"""The long loop of step segment, with a network that finds bright blobs."""

import cv2
import numpy as np
import pandas as pd
import pytest
import video_samples as samples

from pipeline import video
from pipeline.core import config
from pipeline.core.config import VideoSettings
from pipeline.core.errors import VideoError
from pipeline.core.types import CLASS_NAMES, Frame
from pipeline.networks import segmenter
from pipeline.networks.backend_interface import NetworkInfo
from pipeline.networks.yolo_decoder import Limits
from pipeline.tables import storage
from pipeline.workflow.step import Context, execute
from pipeline.workflow.steps import segment, segment_parts

RNG = np.random.default_rng(1)
GRASS = cv2.resize(RNG.integers(0, 60, (40, 80, 3), dtype=np.uint8), (320, 160)) + np.uint8((40, 110, 60))
HELD = {5, 6, 9}
"""Frames that repeat the one before."""


class Blobs:
    """A network that finds the white figure."""

    batch = 1
    info = NetworkInfo(CLASS_NAMES, "none", "cpu")

    def forward(self, batch):
        n, height, width, _ = batch.shape
        prediction = np.zeros((n, 9, 1), np.float32)
        for i, image in enumerate(batch):
            rows, columns = np.nonzero(image.min(axis=2) > 240)
            if len(rows):
                low, high = np.array([columns.min(), rows.min()]), np.array([columns.max(), rows.max()]) + 1
                prediction[i, :, 0] = (*(low + high) / 2, *(high - low), 0.9, 0, 0, 0, 1)
        return prediction, np.ones((n, 1, height // 4, width // 4), np.float32)


def picture(index):
    while index in HELD:
        index -= 1
    image = np.roll(GRASS, 3 * index, axis=1)
    image[60:100, 100 + 2 * index : 112 + 2 * index] = 255
    return image


def footage(n_frames):
    def decode(settings):
        for index in range(n_frames):
            if index / 25 >= settings.start_s - 1e-6:
                yield Frame(index, index / 25, picture(index))

    return decode


def write(folder, n_frames=13, frames_a_part=4, stop_at=None):
    network = segmenter.Segmenter(segmenter.yolo(Blobs(), 320, Limits()))

    def on_frames(n_done):
        if n_done == stop_at:
            raise KeyboardInterrupt

    folder.mkdir(exist_ok=True)
    return segment_parts.write_parts(
        footage(n_frames), VideoSettings(), network, folder, on_frames, frames_a_part
    )


def joined(folder, n_parts):
    return {
        name: pd.concat([storage.read(segment_parts.paths(folder, i)[name], name) for i in range(n_parts)])
        for name in segment_parts.TABLES
    }


def test_killed_and_continued_gives_the_same_tables(tmp_path):
    n_parts = write(tmp_path / "whole")
    for stop_at in (6, 10):
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path / "killed", stop_at=stop_at)
    assert segment_parts.n_complete(tmp_path / "killed") == 2
    assert write(tmp_path / "killed") == n_parts == 4
    whole, killed = joined(tmp_path / "whole", n_parts), joined(tmp_path / "killed", n_parts)
    for name in segment_parts.TABLES:
        pd.testing.assert_frame_equal(whole[name], killed[name])
    assert whole["frames"]["frame"].tolist() == list(range(13))
    assert whole["frames"].loc[whole["frames"]["frame"] > 0, "m11"].notna().all()


def test_a_finished_part_is_not_done_again(tmp_path):
    assert write(tmp_path) == 4
    before = [p.stat().st_mtime_ns for p in sorted(tmp_path.iterdir())]
    assert write(tmp_path) == 4
    assert [p.stat().st_mtime_ns for p in sorted(tmp_path.iterdir())] == before


def test_repeated_pictures_have_rows_that_repeat(tmp_path):
    tables_ = joined(tmp_path, write(tmp_path))
    frames, people = tables_["frames"], tables_["instances"].set_index("frame")
    assert set(frames.loc[frames["duplicate"], "frame"]) == HELD
    for index in HELD:
        assert people.loc[index, "x1_px"] == people.loc[index - 1, "x1_px"]
        assert frames.loc[frames["frame"] == index, ["m11", "m13"]].to_numpy().tolist() == [[1, 0]]


class Doubts:
    """Finds no cut, and doubts two pictures."""

    def __init__(self):
        self.number, self.in_doubt = -1, False

    def update(self, image):
        self.number += 1
        self.in_doubt = self.number in (6, 30)
        return False, False


@pytest.mark.parametrize(("jump", "shots"), [(30, [0, 1]), (6, [0]), (20, [0]), (None, [0])])
def test_a_cut_in_doubt_is_one_where_steady_motion_breaks_off(monkeypatch, jump, shots):
    monkeypatch.setattr(segment_parts, "ShotDetector", Doubts)
    here, there = (samples.scenery(seed, 320, 160) for seed in (1, 2))
    shown = [np.roll(there if jump is not None and k >= jump else here, 3 * k, axis=1) for k in range(40)]
    part = [Frame(k, k / 25, image) for k, image in enumerate(shown)]
    rows = segment_parts.Rows()
    for _ in segment_parts._segment(
        part, None, segmenter.Segmenter(segmenter.yolo(Blobs(), 320, Limits())), rows
    ):
        pass
    found = rows.frames()
    assert found["shot"].unique().tolist() == shots
    assert found.loc[found["shot"].diff() == 1, "frame"].tolist() == [jump] * (len(shots) - 1)


def test_no_footage_makes_no_parts(tmp_path):
    assert write(tmp_path, n_frames=0) == 0


def test_the_grid_of_chosen_times_stays_when_continuing():
    asked = []

    def decode(settings):
        asked.append(settings.start_s)
        return iter([Frame(30, 1.2, picture(0))])

    chosen = VideoSettings(start_s=0.1, every_s=0.5)
    segment_parts._from(decode, chosen, 30, 1.2)
    assert asked == [pytest.approx(1.1)]


def test_footage_that_changed_in_between_is_refused():
    with pytest.raises(VideoError, match="frame 5 is gone"):
        segment_parts._from(lambda _: iter([]), VideoSettings(), 5, 0.2)


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / "images"
    folder.mkdir()
    for index in range(4):
        cv2.imwrite(str(folder / f"{index}.png"), picture(index))
    return folder


def test_the_step_writes_its_tables_and_facts(tmp_path, images, monkeypatch):
    monkeypatch.setattr(
        segmenter, "load", lambda _: segmenter.Segmenter(segmenter.yolo(Blobs(), 320, Limits()))
    )
    told = []
    (tmp_path / "run" / "tables").mkdir(parents=True)
    context = Context(
        tmp_path / "run", images, config.load(), lambda done, total: told.append((done, total)), print, "f"
    )
    entry = execute(segment.step("both"), context)
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert entry["facts"]["frames"] == 4
    assert entry["facts"]["median_people"] == 1
    for name in segment.TABLES:
        assert len(storage.read(context.table(name), name)) == 4
    assert not (tmp_path / "run" / "steps" / "segment.parts").exists()


def test_footage_without_people_is_fine(tmp_path, monkeypatch):
    folder = tmp_path / "images"
    folder.mkdir()
    for index in range(3):
        cv2.imwrite(str(folder / f"{index}.png"), np.roll(GRASS, index))
    monkeypatch.setattr(
        segmenter, "load", lambda _: segmenter.Segmenter(segmenter.yolo(Blobs(), 320, Limits()))
    )
    context = Context(tmp_path / "run", folder, config.load(), lambda *_: None, print, "f")
    (tmp_path / "run" / "tables").mkdir(parents=True)
    assert execute(segment.step("both"), context)["facts"]["median_people"] == 0
    assert storage.read(context.table("segments"), "segments").empty


def test_what_only_changes_the_speed_does_not_change_the_fingerprint():
    step = segment.step("both")
    one = step.settings(config.load())
    assert one == step.settings(config.load(overrides={"segment.device": "cpu", "segment.threads": 1}))
    assert one != step.settings(config.load(overrides={"segment.imgsz": 640}))
    assert set(step.inputs(config.load())) == {"segment.weights"}


def test_progress_knows_how_much_of_the_footage_was_chosen(images):
    info = video.probe(images)
    assert segment._expected_frames(info, VideoSettings()) == 4
    assert segment._expected_frames(info, VideoSettings(start_s=0.08)) == 2
    assert segment._expected_frames(info, VideoSettings(every_s=0.08)) == 2
