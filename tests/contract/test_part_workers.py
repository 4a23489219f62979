"""Several processes at work on the parts of one footage."""

from importlib import resources
from pathlib import Path

import pandas as pd
import pytest

from pipeline.core import config
from pipeline.core.errors import RunError, WeightsError
from pipeline.runs.run_directory import parts_path, seen_path
from pipeline.tables import storage
from pipeline.workflow.observers import chosen_observers
from pipeline.workflow.parts import part_task, part_workers, segment_parts
from pipeline.workflow.parts.part_grid import PartGrid
from pipeline.workflow.parts.part_task import PartTask

CLIP = Path(str(resources.files("pipeline") / "demo" / "demo.mp4"))


def planned(root, **changed):
    folder = parts_path(root, "segment")
    folder.mkdir(parents=True)
    chosen = {"video.end_s": 1.6, "segment.imgsz": 320, "segment.threads": 1, "segment.device": "cpu"}
    settings = config.load(overrides=chosen | {k.replace("__", "."): v for k, v in changed.items()})
    observed = chosen_observers.marks(settings, "people")
    for name in observed:
        chosen_observers.folder(root, name, observed)
    task = PartTask(folder, CLIP, settings, PartGrid(0.0, 0.4, 4), observed)
    part_task.save(task)
    return task


def tables(task):
    segment_parts.join_parts(task.folder, lambda name: task.folder / f"whole_{name}")
    return {name: storage.read(task.folder / f"whole_{name}", name) for name in segment_parts.TABLES}


def test_three_processes_give_the_tables_of_one(tmp_path):
    counted = []
    one, three = planned(tmp_path / "one", segment__jobs=1), planned(tmp_path / "three", segment__jobs=3)
    for task in (one, three):
        part_workers.do_parts(task, counted.append)
        assert part_task.network_facts(task.folder)["device"] == "cpu"
    made, expected = tables(three), tables(one)
    assert sum(counted) == 2 * len(expected["frames"]) > 0
    for name in segment_parts.TABLES:
        pd.testing.assert_frame_equal(made[name], expected[name])
    for what in (chosen_observers.PITCH, chosen_observers.SMALL):
        gathered, alone = (
            {p.name: p.read_bytes() for p in seen_path(tmp_path / who, what).iterdir()}
            for who in ("three", "one")
        )
        assert len(alone) == 5  # four parts and the mark
        assert gathered == alone


def test_an_error_of_a_worker_is_the_parents(tmp_path):
    task = planned(tmp_path / "parts", segment__jobs=2, segment__weights="nowhere.onnx")
    with pytest.raises(WeightsError, match="nowhere"):
        part_workers.do_parts(task, lambda _: None)


def test_a_worker_that_is_killed_costs_one_line(tmp_path, monkeypatch):
    task = planned(tmp_path / "parts", segment__jobs=2)
    began = part_workers._start

    def killed(*given):
        worker = began(*given)
        worker.kill()
        return worker

    monkeypatch.setattr(part_workers, "_start", killed)
    with pytest.raises(RunError, match=r"worker \d of 2 ended early \(signal 9"):
        part_workers.do_parts(task, lambda _: None)


def test_a_folder_without_a_plan_is_named(tmp_path):
    with pytest.raises(RunError, match="no parts are planned here"):
        part_task.load(tmp_path)


def test_workers_suit_the_machine_and_are_never_more_than_parts(monkeypatch):
    settings = config.load(overrides={"segment.device": "cpu"}).segment
    for cores, expected in ((1, 1), (2, 1), (7, 1), (8, 2), (64, 16)):
        monkeypatch.setattr(part_workers, "n_cores", lambda n=cores: n)
        assert part_workers.n_workers(settings, 100) == expected
    assert part_workers.n_workers(settings, 3) == 3
    assert part_workers.n_workers(settings.model_copy(update={"jobs": 5}), 100) == 5
