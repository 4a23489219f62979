"""Many matches: the table that users write, and processes that end in every way."""

import json

import pytest

from pipeline.core.errors import UserError
from pipeline.workflow.batch import match_list, match_runs
from pipeline.workflow.batch.match_list import Match


@pytest.fixture
def table(tmp_path):
    (tmp_path / "derby.mp4").touch()
    (tmp_path / "cup.mp4").touch()

    def write(text):
        path = tmp_path / "matches.csv"
        path.write_text(text)
        return match_list.read(path, tmp_path / "runs", {})

    return write


def test_a_row_is_a_match_with_settings_of_its_own(table, tmp_path):
    derby, cup = table(
        "match, source, periods.half_time_s, link.roster\nderby,derby.mp4,2850,squad.yaml\ncup, cup.mp4,,\n"
    )
    assert derby.source == tmp_path / "derby.mp4"
    assert derby.settings == {"periods.half_time_s": 2850, "link.roster": str(tmp_path / "squad.yaml")}
    assert cup.settings == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("match,source\n", "no matches"),
        ("", "cannot be read as CSV"),
        ("name,source\nderby,derby.mp4\n", "no column match"),
        ("match,source\nderby,gone.mp4\n", "line 2: .*no such footage"),
        ("match,source\nderby,derby.mp4\nDERBY,cup.mp4\n", "line 3: match DERBY is there twice"),
        ("match,source\n../x,derby.mp4\n", "cannot be the name of a folder"),
        ("match,source\n,derby.mp4\n", "both needed"),
        ("match,source,segment.size\nderby,derby.mp4,9\n", "line 2: segment.size: unknown setting"),
        ("match,source,segment.imgsz\nderby,derby.mp4,huge\n", "line 2: segment.imgsz"),
    ],
)
def test_a_mistake_in_the_table_is_one_line_before_any_work(table, text, said):
    with pytest.raises(UserError, match=said):
        table(text)


CODE = """
import pathlib, sys
tries = pathlib.Path(sys.argv[1])
n = int(tries.read_text()) + 1 if tries.exists() else 1
tries.write_text(str(n))
print("try", n)
if n < int(sys.argv[2]):
    print("teamshape: broken")
    sys.exit(int(sys.argv[3]))
"""


def processed(tmp_path, needed, code=1, retries=1):
    """Matches that succeed at the attempt they need, else end with ``code``."""
    matches = [Match(name, tmp_path, {}) for name in needed]
    told = []

    def command(match):
        return ["-c", CODE, str(tmp_path / f"{match.name}.tries"), str(needed[match.name]), str(code)]

    ended = match_runs.process(matches, tmp_path / "out", command, told.append, 2, retries)
    assert sorted(o.match for o in told) == sorted(needed)
    assert json.loads((tmp_path / "out" / "batch.json").read_text())["matches"] == [
        match_runs.asdict(o) for o in ended
    ]
    return ended


def test_one_match_that_fails_leaves_the_others_alone(tmp_path):
    good, late, bad = processed(tmp_path, {"good": 1, "late": 2, "bad": 9})
    assert (good.state, good.attempts) == ("finished", 1)
    assert (late.state, late.attempts) == ("finished", 2)
    assert (bad.state, bad.attempts, bad.error) == ("failed", 2, "broken")
    assert (tmp_path / "out" / "bad.log").read_text().startswith("try 2")


def test_a_mistake_of_the_users_is_not_tried_again(tmp_path):
    (bad,) = processed(tmp_path, {"bad": 9}, code=2, retries=5)
    assert bad.attempts == 1


def test_a_process_that_is_killed_is_named(tmp_path):
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    (ended,) = match_runs.process(
        [Match("derby", tmp_path, {})], tmp_path, lambda _: ["-c", code], lambda _: None, 1, 0
    )
    assert ended.error == "ended by signal 9; too little memory?"


def test_stopped_it_stops_its_processes(tmp_path):
    def stop(_):
        raise KeyboardInterrupt

    def command(match):
        return ["-c", "" if match.name == "short" else "import threading; threading.Event().wait(60)"]

    matches = [Match("short", tmp_path, {}), Match("long", tmp_path, {})]
    with pytest.raises(KeyboardInterrupt):
        match_runs.process(matches, tmp_path, command, stop, 2, 0)
