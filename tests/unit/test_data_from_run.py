"""A run's footage as a data set: what the network found and missed, and the frames with most to correct."""

import fake_run
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.cli.main import app
from pipeline.core.errors import DataSetError, RunError
from pipeline.core.json_files import write_json
from pipeline.datasets import canonical
from pipeline.datasets.own_footage import frame_choice
from pipeline.datasets.own_footage.from_run import FromRunRule, dataset_from_run
from pipeline.runs.records import record_of
from pipeline.tables import storage
from pipeline.video import fingerprint

FRAMES = pd.DataFrame({"frame": range(6), "time_s": np.arange(6) * 0.2, "shot": 0, "duplicate": False})


def seen(frame, x, track=1, name="player", score=1.0):
    box = {"x1_px": x, "y1_px": 0.0, "x2_px": x + 10, "y2_px": 20.0}
    return {"frame": frame, "instance": track, "track_id": track, "class_name": name, "score": score, **box}


def missed(rows, frames=FRAMES, longest_s=1.0):
    table = pd.DataFrame(rows)
    return frame_choice.missed_boxes(table, table[["frame", "instance", "track_id"]], frames, longest_s)


def test_who_is_seen_before_and_after_was_missed_between():
    found = missed([seen(0, 0.0), seen(1, 10.0), seen(4, 40.0)])
    assert found["frame"].tolist() == [2, 3]
    assert found["x1_px"].tolist() == [20.0, 30.0]
    assert found["class_name"].tolist() == ["player", "player"]


def test_nobody_is_missed_over_a_cut_a_long_gap_or_behind_somebody():
    gap = [seen(0, 0.0), seen(2, 20.0)]
    assert len(missed(gap)) == 1
    assert missed(gap, FRAMES.assign(shot=[0, 0, 1, 1, 1, 1])).empty, "other track, other shot"
    assert missed(gap, longest_s=0.3).empty
    assert missed([*gap, seen(1, 12.0, track=2)]).empty, "somebody stands in the way"
    assert missed([seen(0, 0.0), seen(2, 0.0, track=2)]).empty, "two people"


def test_doubts_are_the_corrections_to_expect():
    found = pd.DataFrame([seen(0, 0.0, score=0.75), seen(0, 50.0, track=2), seen(1, 0.0, score=0.5)])
    labels = found[["frame", "instance"]].assign(role=["player", "goalkeeper", "unclear"])
    lost = pd.DataFrame({"frame": [1, 1]})
    frames = FRAMES.assign(duplicate=FRAMES["frame"] == 5)
    made = frame_choice.frame_doubts(frames, found, labels, lost)
    assert made["frame"].tolist() == [0, 1, 2, 3, 4], "a repeated picture is nothing new"
    assert made["corrections"].tolist() == [1.25, 2.5, 0, 0, 0]


def test_hard_frames_come_first_and_keep_their_distance():
    doubts = frame_choice.frame_doubts(FRAMES, pd.DataFrame([seen(0, 0.0)]), labels_of(0), FRAMES[["frame"]])
    doubts["corrections"] = [1.0, 5, 4, 0, 3, 2]
    assert frame_choice.choose_frames(doubts, 2, "hard", 0.4)["frame"].tolist() == [1, 4]
    assert frame_choice.choose_frames(doubts, 3, "hard", 0.0)["frame"].tolist() == [1, 2, 4]
    assert frame_choice.choose_frames(doubts, 3, "spread", 0.0)["frame"].tolist() == [0, 2, 5]
    assert frame_choice.choose_frames(doubts.iloc[:0], 3, "spread", 0.0).empty
    with pytest.raises(DataSetError, match="--order easy: must be hard or spread"):
        frame_choice.choose_frames(doubts, 3, "easy", 0.0)


def labels_of(*frames):
    return pd.DataFrame({"frame": frames, "instance": 1, "role": "player"})


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    root = fake_run.build(tmp_path_factory.mktemp("runs") / "derby day", seconds=1.0, video=True)
    record = record_of(root)
    record["video"]["fingerprint"] = fingerprint.of_file(root.parent / "derby day_match.mp4")
    write_json(root / "run.json", record)
    return root


def test_a_run_becomes_a_data_set_with_its_masks(run, tmp_path):
    rule = FromRunRule(count=3, minimum_gap_s=0.2)
    dataset_from_run(run, tmp_path / "ds", rule)
    made = canonical.load(tmp_path / "ds")
    listed = pd.read_csv(tmp_path / "ds" / "frames.csv")
    assert [s.file for s in made.samples] == sorted(listed["file"])
    assert listed["corrections"].is_monotonic_decreasing
    sample = made.samples[0]
    assert sample.group == "derby-day"
    assert sample.file.startswith("derby-day_0000")
    assert made.image(sample).shape == (fake_run.HEIGHT, fake_run.WIDTH, 3)
    instances = storage.read(run / "tables" / "instances.parquet", "instances")
    labels = storage.read(run / "tables" / "labels.parquet", "labels")
    frame = int(sample.stem[-6:])
    told = labels[(labels["frame"] == frame) & (labels["role"] != "other")]
    found = [x for x in sample.labels if x.mask is not None]
    assert len(found) == len(told), "the coach is left out"
    boxes = instances[instances["frame"] == frame][["x1_px", "y1_px", "x2_px", "y2_px"]].to_numpy()
    for label in found:
        assert np.abs(boxes - label.box_px).sum(axis=1).min() < 0.02


def test_masks_that_are_not_sure_are_doubtful(run, tmp_path):
    made = dataset_from_run(run, tmp_path / "ds", FromRunRule(count=1, sure=1.0))
    assert {x.mask_source for x in made.samples[0].labels if x.mask is not None} == {"doubtful"}


def test_the_command_says_what_it_wrote(run, tmp_path):
    called = CliRunner().invoke(
        app,
        ["data", "from-run", str(run), "-o", str(tmp_path / "ds"), "--frames", "2", "--minimum-gap", "0.1"],
    )
    assert called.exit_code == 0, called.output
    assert "2 pictures" in called.output
    assert "frames.csv" in called.output


def test_other_footage_in_the_same_place_is_refused(run, tmp_path):
    record = record_of(run)
    other = tmp_path / "other"
    fake_run.build(other, seconds=1.0)
    write_json(other / "run.json", record | {"video": record["video"] | {"fingerprint": "0"}})
    with pytest.raises(DataSetError, match="no longer the footage"):
        dataset_from_run(other, tmp_path / "ds")
    assert not (tmp_path / "ds").exists()


def test_a_run_in_which_nobody_was_found_has_nothing_to_correct(run, tmp_path):
    empty = tmp_path / "empty"
    fake_run.build(empty, seconds=1.0)
    write_json(empty / "run.json", record_of(run))
    for name in ("instances", "labels", "tracks"):
        storage.write(storage.empty(name), empty / "tables" / f"{name}.parquet", name)
    with pytest.raises(RunError, match="nobody was found"):
        dataset_from_run(empty, tmp_path / "ds")
