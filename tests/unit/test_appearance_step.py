"""Step appearance on a made-up run with footage; the reader is stood in for."""

import json
import shutil

import cv2
import fake_run
import numpy as np
import pandas as pd
import pytest

from pipeline import video
from pipeline.core.config import Config
from pipeline.core.errors import UserError, WeightsError
from pipeline.networks.shirt_numbers import number_reader
from pipeline.networks.shirt_numbers.number_reader import N_NUMBERS, NumberReadings
from pipeline.tables import storage
from pipeline.workflow import plan
from pipeline.workflow.step import Context
from pipeline.workflow.steps import appearance

TABLES = ("number_readings", "tracklet_appearance")


class Tens:
    """Reads a 10 on everybody, or nothing."""

    legible = 0.97

    def __init__(self, weights, threads):
        self.n_read = 0

    def read(self, crops):
        self.n_read += len(crops)
        number = np.full((len(crops), N_NUMBERS), 0.02 / 98)
        number[:, 0], number[:, 10] = 0, 0.98
        return NumberReadings(np.full(len(crops), self.legible), number)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return fake_run.build(tmp_path_factory.mktemp("built") / "run", seconds=0.8, video=True)


@pytest.fixture
def run(built, tmp_path, monkeypatch):
    monkeypatch.setattr(number_reader, "NumberReader", Tens)
    shutil.copytree(built.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / "run"


def context(run, told=None, **settings):
    config = Config.model_validate({"appearance": {"weights": "tens.onnx", **settings}})
    source = run.parent / "run_match.mp4"
    return Context(run, source, config, told or (lambda done, total: None), print)


def written(run):
    return (storage.read(run / "tables" / f"{name}.parquet", name) for name in TABLES)


def test_each_track_of_a_person_gets_a_row_samples_and_a_thumbnail(run):
    facts = appearance.step("both").do(context(run))
    readings, looks = written(run)
    tracks = storage.read(run / "tables" / "tracks.parquet", "tracks")
    instances = storage.read(run / "tables" / "instances.parquet", "instances")
    seen = tracks.merge(instances, on=["frame", "instance"])
    people = set(seen.loc[seen["class_name"] != "ball", "track_id"])
    assert set(looks["track_id"]) == people == set(readings["track_id"])
    assert facts["tracks"] == len(people)
    assert readings.merge(tracks, on=["frame", "instance", "track_id"]).shape[0] == len(readings)
    listed = json.loads((run / "thumbnails" / "tracks.json").read_text())
    assert {int(t) for t in listed} == people
    assert all(cv2.imread(str(run / "thumbnails" / e["file"])).shape[0] == 96 for e in listed.values())


def test_readings_that_agree_become_the_tracks_number(run):
    appearance.step("both").do(context(run))
    readings, looks = written(run)
    assert (readings["number"] == 10).all()
    assert readings["score"].to_numpy() == pytest.approx(0.97 * 0.98, abs=1e-4)
    often = looks["n_samples"] >= 3
    assert often.any()
    assert (looks.loc[often, "number"] == 10).all()
    assert (looks.loc[often, "number_score"] > 0.95).all()


def test_illegible_readings_leave_tracks_without_a_number(run, monkeypatch):
    monkeypatch.setattr(Tens, "legible", 0.2)
    facts = appearance.step("both").do(context(run))
    readings, looks = written(run)
    assert readings["number"].isna().all()
    assert readings["score"].isna().all()
    assert looks["number"].isna().all()
    assert looks["number_score"].isna().all()
    assert (facts["legible"], facts["numbers"]) == (0, 0)


def test_without_a_network_for_numbers_all_but_the_numbers_is_there(run):
    facts = appearance.step("both").do(context(run, weights=None))
    readings, looks = written(run)
    assert readings.empty
    assert looks["number"].isna().all()
    assert looks["shirt_n"].sum() > 0
    assert facts["samples"] == looks["n_samples"].sum() > 0
    assert appearance.step("both").inputs(Config()) == {}


def test_the_number_of_pictures_is_bounded(run):
    told = []
    facts = appearance.step("both").do(context(run, lambda *x: told.append(x), every_s=0.04, samples=2))
    readings, looks = written(run)
    assert looks["n_samples"].max() == 2
    assert facts["samples"] == len(readings) <= 2 * len(looks)
    assert told[-1] == (facts["pictures"], facts["pictures"])


def test_kit_colours_of_the_two_teams_differ_in_the_table(run):
    appearance.step("both").do(context(run))
    _, looks = written(run)
    looks = looks.merge(storage.read(run / "tables" / "identities.parquet", "identities"), on="track_id")
    assert looks["shirt_n"].sum() > 0
    assert looks["relative_height"].dropna().between(0.5, 2).all()


def test_a_run_without_tracks_gets_empty_tables(run):
    storage.write(storage.empty("tracks"), run / "tables" / "tracks.parquet", "tracks")
    facts = appearance.step("both").do(context(run))
    assert [len(t) for t in written(run)] == [0, 0]
    assert facts["pictures"] == 0
    assert json.loads((run / "thumbnails" / "tracks.json").read_text()) == {}


def test_thumbnails_of_an_earlier_run_of_the_step_are_gone(run):
    (run / "thumbnails").mkdir()
    (run / "thumbnails" / "999.jpg").write_bytes(b"old")
    appearance.step("both").do(context(run))
    assert not (run / "thumbnails" / "999.jpg").exists()


def test_weights_that_are_not_there_are_told_in_one_line():
    with pytest.raises(WeightsError, match=r"absent\.onnx"):
        appearance.step("both").inputs(Config.model_validate({"appearance": {"weights": "absent.onnx"}}))


def test_settings_out_of_range_are_told():
    from pipeline.core import config

    with pytest.raises(UserError, match=r"appearance\.samples"):
        config.load(overrides={"appearance.samples": 0})


def test_the_step_follows_track_and_is_not_in_a_run_of_the_team_level():
    assert [s.name for s in plan.steps("both")][:3] == ["segment", "track", "appearance"]
    assert "appearance" not in [s.name for s in plan.steps("team")]


def test_chosen_pictures_are_those_that_the_whole_footage_has_there(run):
    source = run.parent / "run_match.mp4"
    every = {f.index: f for f in video.frames(source)}
    some = list(video.frames_at(source, {3, 11, 999}))
    assert [f.index for f in some] == [3, 11]
    assert all((f.image == every[f.index].image).all() and f.time_s == every[f.index].time_s for f in some)
    assert list(video.frames_at(source, ())) == []


def test_a_picture_that_cannot_be_read_again_costs_only_its_samples(run, monkeypatch):
    real = video.frames_at
    monkeypatch.setattr(video, "frames_at", lambda *a: (f for f in real(*a) if f.index > 0))
    appearance.step("both").do(context(run))
    readings, looks = written(run)
    assert 0 not in set(readings["frame"])
    assert isinstance(looks, pd.DataFrame)
    assert len(looks)
