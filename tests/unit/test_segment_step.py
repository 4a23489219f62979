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
from pipeline.workflow.parts import part_grid, segment_parts
from pipeline.workflow.parts.part_grid import PartGrid, Stretch
from pipeline.workflow.step import Context, execute, finished
from pipeline.workflow.steps import segment

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


def footage(n_frames, left_out=()):
    def decode(settings):
        end_s = 1e9 if settings.end_s is None else settings.end_s
        chosen = [i for i in range(n_frames) if settings.start_s - 1e-6 <= i / 25 < end_s - 1e-6]
        if not chosen:
            raise VideoError("no picture")
        yield from (Frame(i, i / 25, picture(i)) for i in chosen if i not in left_out)

    return decode


GRID = PartGrid(0.0, 4 / 25, 4)
"""Parts of four pictures."""


def write(folder, n_frames=13, stop_at=None, wanted=None, left_out=(), n_expected=4):
    network = segmenter.Segmenter(segmenter.yolo(Blobs(), 320, Limits()))
    done = segment_parts.n_frames(folder) if folder.exists() else 0

    def on_frame():
        nonlocal done
        done += 1
        if done == stop_at:
            raise KeyboardInterrupt

    folder.mkdir(exist_ok=True)
    todo = part_grid.missing(folder, n_expected) if wanted is None else wanted
    decode = footage(n_frames, left_out)
    segment_parts.write_parts(decode, VideoSettings(), GRID, todo, network, folder, on_frame)
    return folder


def joined(folder):
    segment_parts.join_parts(folder, lambda name: folder / f"whole_{name}")
    return {name: storage.read(folder / f"whole_{name}", name) for name in segment_parts.TABLES}


def assert_same(one, other):
    for name in segment_parts.TABLES:
        pd.testing.assert_frame_equal(one[name], other[name])


def test_killed_and_continued_gives_the_same_tables(tmp_path):
    whole = joined(write(tmp_path / "whole"))
    for stop_at in (6, 10):
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path / "killed", stop_at=stop_at)
    assert segment_parts.with_pictures(tmp_path / "killed") == [0, 1]
    assert segment_parts.with_pictures(write(tmp_path / "killed")) == [0, 1, 2, 3]
    assert_same(whole, joined(tmp_path / "killed"))
    assert whole["frames"]["frame"].tolist() == list(range(13))
    assert whole["frames"].loc[whole["frames"]["frame"] > 0, "m11"].notna().all()


def test_parts_in_any_order_by_any_number_of_workers_give_the_same_tables(tmp_path):
    whole, todo = joined(write(tmp_path / "whole")), part_grid.missing(tmp_path, 4)
    for n_workers in (2, 3, 5):
        folder = tmp_path / str(n_workers)
        for task in reversed(range(n_workers)):
            write(folder, wanted=part_grid.share(todo, task, n_workers))
        assert_same(whole, joined(folder))


def test_a_pause_is_a_stretch_of_parts_without_pictures(tmp_path):
    pause = range(5, 14)
    folder = write(tmp_path / "paused", 17, left_out=pause, n_expected=5)
    assert segment_parts.with_pictures(folder) == [0, 1, 3, 4]
    frames = joined(folder)["frames"]
    assert frames["frame"].tolist() == [*range(5), *range(14, 17)]
    assert part_grid.missing(folder, 5) == [Stretch(5, None)]


@pytest.mark.parametrize("n_expected", [1, 3, 9])
def test_the_header_may_promise_too_little_or_too_much(tmp_path, n_expected):
    whole, other = joined(write(tmp_path / "whole")), write(tmp_path / "other", n_expected=n_expected)
    assert_same(whole, joined(other))


def test_a_finished_part_is_not_done_again(tmp_path):
    folder = write(tmp_path / "parts")
    before = [p.stat().st_mtime_ns for p in sorted(folder.iterdir())]
    write(folder)
    assert [p.stat().st_mtime_ns for p in sorted(folder.iterdir())] == before


def test_repeated_pictures_have_rows_that_repeat(tmp_path):
    tables_ = joined(write(tmp_path / "parts"))
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


def test_no_footage_is_an_error_and_makes_no_parts(tmp_path):
    with pytest.raises(VideoError, match="no picture"):
        write(tmp_path / "parts", n_frames=0)
    assert segment_parts.with_pictures(tmp_path / "parts") == []


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


def test_parts_left_by_a_kill_behind_the_record_are_removed_those_of_other_settings_stay(
    tmp_path, images, monkeypatch
):
    monkeypatch.setattr(
        segmenter, "load", lambda _: segmenter.Segmenter(segmenter.yolo(Blobs(), 320, Limits()))
    )
    root = tmp_path / "run"
    (root / "tables").mkdir(parents=True)
    step = segment.step("both")
    execute(step, Context(root, images, config.load(), lambda *_: None, print, "f"))
    Context(root, images, config.load(), lambda *_: None, print, "other").scratch("segment")
    assert finished(root, step, "f")
    assert (root / "steps" / "segment.parts").exists()
    Context(root, images, config.load(), lambda *_: None, print, "f").scratch("segment")
    assert finished(root, step, "f")
    assert not (root / "steps" / "segment.parts").exists()
