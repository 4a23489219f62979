"""`plan`, `work` and `merge` share one match; `batch` processes many."""

import json
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pandas as pd
import pytest

from pipeline.tables import storage

CLIP = Path(str(resources.files("pipeline") / "demo" / "demo.mp4"))
QUICK = ("mode=team", "video.end_s=1", "segment.imgsz=320", "calibrate.every_s=1", "report.overlay=false")


def teamshape(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *map(str, arguments)], capture_output=True, text=True, check=False
    )


def settings():
    return [part for setting in QUICK for part in ("--set", setting)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    root = tmp_path_factory.mktemp("whole") / "run"
    done = teamshape("run", CLIP, "-o", root, *settings())
    assert done.returncode == 0, done.stderr
    return root


def assert_same_tables(one, other):
    names = sorted(p.stem for p in (one / "tables").glob("*.parquet"))
    assert names == sorted(p.stem for p in (other / "tables").glob("*.parquet"))
    assert "formation" in " ".join(names)
    for name in names:
        tables = [storage.read(root / "tables" / f"{name}.parquet", name) for root in (one, other)]
        pd.testing.assert_frame_equal(*tables)


def test_a_match_shared_by_workers_has_the_tables_of_one_run(tmp_path, whole):
    root = tmp_path / "run"
    assert "parts to do: 1" in teamshape("plan", CLIP, "-o", root, *settings()).stdout
    for task in ("2/2", "1/2"):
        done = teamshape("work", root, "--task", task)
        assert (done.returncode, done.stdout) == (0, f"task {task} is done\n")
    merged = teamshape("merge", root)
    assert merged.returncode == 0, merged.stderr
    assert_same_tables(root, whole)
    assert json.loads((root / "run.json").read_text())["state"] == "finished"
    assert "found already" in teamshape("plan", CLIP, "-o", root, *settings()).stdout


def test_mistakes_are_one_line(tmp_path):
    for arguments, said in (
        (("work", tmp_path, "--task", "1/2"), "no parts are planned here"),
        (("work", tmp_path, "--task", "three"), "expected I/N, such as 3/8"),
        (("work", tmp_path, "--task", "3/2"), "tasks are numbered from 1 to 2"),
        (("merge", tmp_path), "no run here"),
        (("plan", tmp_path / "gone.mp4"), "gone.mp4"),
        (("batch", tmp_path / "gone.csv", "-o", tmp_path / "out"), "cannot be read as CSV"),
    ):
        done = teamshape(*arguments)
        assert done.returncode == 2
        assert said in done.stderr
        assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_batch_goes_on_behind_a_match_that_fails(tmp_path, whole):
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    table = tmp_path / "matches.csv"
    table.write_text(f"match,source,video.end_s\nbad,broken.mp4,\ngood,{CLIP},1\n")
    common = [x for s in QUICK if not s.startswith("video") for x in ("--set", s)]
    done = teamshape("batch", table, "-o", tmp_path / "runs", *common)
    assert done.returncode == 2
    assert "finished: 1 of 2" in done.stdout
    assert "failed: bad" in done.stderr.splitlines()[-1]
    assert_same_tables(tmp_path / "runs" / "good", whole)
    bad, good = json.loads((tmp_path / "runs" / "batch.json").read_text())["matches"]
    assert (bad["state"], good["state"]) == ("failed", "finished")
    assert "broken.mp4" in bad["error"]
