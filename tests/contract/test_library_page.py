"""Every example of docs/library.md runs as it stands, and is short."""

import re
import shutil
from pathlib import Path

import cv2
import fake_run
import matplotlib
import pytest
from tracking_files import long_table

from pipeline.runs.run import Run
from pipeline.season import matches

PAGE = Path(__file__).parents[2] / "docs" / "library.md"
TASKS = dict(re.findall(r"^## (.+?)\n.*?```python\n(.*?)```", PAGE.read_text(), re.S | re.M))
MOST_LINES = 10
SAYS = {
    "List the players with their distance": r"track \d+ +\d+ m, seen \d+%",
    "Take the masks of a frame as arrays": r"track 1 A \d+ px",
    "Process footage": r"index\.html",
    "Segment one picture": r"\d+ found; \(\d+, 4\) ",
    "Hand over to kloppy": r"50 frames at 25 Hz \['Team A', 'Team B'\]",
    "Measure something of your own": r"mean +\d+\.\d",
    "Compare two teams": r"Team A.*Team B",
    "Ask a season": r"derby +A +\d",
}
"""What some of them print."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What the examples speak of: a run with its footage, a film, a still, tracking data, a season."""
    root = tmp_path_factory.mktemp("library")
    derby = fake_run.build(root / "runs" / "derby", seconds=2.0, video=True)
    fake_run.build(root / "short" / "clip", seconds=0.1, video=True)
    shutil.move(root / "short" / "clip_match.mp4", root / "match.mp4")
    cv2.imwrite(str(root / "still.png"), next(Run.open(derby).pictures()).image)
    long_table(seconds=20).to_parquet(root / "tracking.parquet")
    matches.add(root / "runs", [derby])
    return root


def test_there_are_twelve_tasks_of_at_most_ten_lines():
    assert len(TASKS) == 12
    assert {t: n for t, c in TASKS.items() if (n := len(c.strip().splitlines())) > MOST_LINES} == {}


@pytest.mark.parametrize("task", TASKS)
def test_an_example_runs_as_it_stands(task, folder, monkeypatch, capsys):
    matplotlib.use("Agg")
    monkeypatch.chdir(folder)
    exec(compile(TASKS[task], task, "exec"), {})  # noqa: S102
    assert re.search(SAYS.get(task, ""), capsys.readouterr().out, re.S)


def test_only_the_public_names_are_imported():
    for task, code in TASKS.items():
        assert not re.findall(r"(?:from|import) pipeline\.", code), task
