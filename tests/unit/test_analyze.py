"""``teamshape analyze`` and ``movement`` as a user meets them."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from tracking_files import FILES, long_table, wide_table

from pipeline.cli.console import progress
from pipeline.cli.movement import movement
from pipeline.core.config import load
from pipeline.core.errors import UserError
from pipeline.runs.run_directory import read_json
from pipeline.tables import storage
from pipeline.tables.schemas import SCHEMAS
from pipeline.tables.who_is_where import people
from pipeline.workflow import plan

MADE = (
    *("frames", "positions", "labels", "identities", "periods", "people", "possession"),
    *("movement", "movement_parts", "team_movement", "team_movement_parts", "shapes", "formations"),
)


def teamshape(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *map(str, arguments)], capture_output=True, text=True
    )


def analyze(path, root, **settings):
    events = []
    plan.analyze(
        [path],
        root,
        load(None, {"report.csv": False} | settings),
        lambda step, event, _: events.append((step, event)),
        progress.versions(),
    )
    return [step for step, event in events if event == "done"]


@pytest.fixture(scope="module")
def match(tmp_path_factory):
    """A match of 2 x 40 s at 5 Hz; number 5 of A goes off at half-time and 95 comes on."""
    first = long_table(seconds=40)
    second = first.assign(time_s=first["time_s"] + 2700, frame=first["frame"] + 9000)
    second["track_id"] = second["track_id"].replace(5, 95)
    table = pd.concat([first.assign(period=1), second.assign(period=2)], ignore_index=True)
    table["name"] = "No. " + table["track_id"].astype(str)
    path = tmp_path_factory.mktemp("data") / "match.parquet"
    table.to_parquet(path)
    return path


@pytest.fixture(scope="module")
def run(match, tmp_path_factory):
    root = tmp_path_factory.mktemp("runs") / "match"
    done = teamshape("analyze", match, "-o", root)
    assert done.returncode == 0, done.stderr
    return root


def test_a_run_has_every_table_a_page_and_a_record(run):
    for name in MADE:
        storage.read(run / "tables" / f"{name}.parquet", name)
    record = read_json(run / "run.json")
    assert record["kind"] == "tracking"
    assert record["state"] == "finished"
    assert record["config"]["measure"]["cutoff_hz"] == 1.0
    text = (run / "report" / "index.html").read_text(encoding="utf-8")
    assert "without a video" in text
    assert "No. 7" in text
    assert "Camera view" not in text.split("<script>")[0]
    assert not (run / "tables" / "views.parquet").exists()


def test_halves_lie_behind_each_other_and_nobody_runs_between(run):
    periods = storage.read(run / "tables" / "periods.parquet", "periods")
    assert periods["start_s"].tolist() == pytest.approx([0.0, 49.8])
    assert periods["attack_a"].tolist() == ["left_to_right"] * 2
    parts = storage.read(run / "tables" / "movement_parts.parquet", "movement_parts")
    whole = parts[parts["by"] == "whole"]
    assert whole["minutes_visible"].max() <= 80 / 60 + 1e-9
    assert (whole["coverage"] <= 1).all()
    assert len(whole) == 23


def test_the_substitute_has_the_second_half_only(run):
    who = storage.read(run / "tables" / "people.parquet", "people").set_index("name")
    assert who.loc["No. 5", "off_s"] == pytest.approx(39.8)
    assert who.loc["No. 95", "on_s"] == pytest.approx(49.8)
    parts = storage.read(run / "tables" / "movement_parts.parquet", "movement_parts")
    own = parts[(parts["track_id"] == who.loc["No. 95", "track_id"]) & (parts["by"] == "half")]
    assert own["part"].tolist() == ["2"]
    assert own["minutes_on_pitch"].tolist() == pytest.approx([40 / 60], abs=0.01)


def test_the_ball_is_kept_as_in_a_run_of_footage(run):
    read = [storage.read(run / "tables" / f"{n}.parquet", n) for n in ("positions", "labels", "identities")]
    ball = people(*read, roles=("ball",), with_team=False)
    assert len(ball) == 400
    possession = storage.read(run / "tables" / "possession.parquet", "possession")
    assert set(possession["source"]) == {"estimated"}
    assert set(possession["team"]) == {"A"}


def test_a_second_call_does_nothing_and_a_changed_setting_what_depends_on_it(match, tmp_path):
    root = tmp_path / "run"
    assert analyze(match, root) == ["import", "measure", "physical", "play", "report"]
    assert analyze(match, root) == []
    assert analyze(match, root, **{"measure.cutoff_hz": 0.7}) == ["measure", "physical", "play", "report"]
    plan.repeat(root, "report", lambda *_: None)


def test_other_data_in_the_same_folder_are_refused(run, tmp_path):
    other = tmp_path / "other.csv"
    long_table(seconds=6).to_csv(other, index=False)
    done = teamshape("analyze", other, "-o", run)
    assert done.returncode == 2
    assert "--force" in done.stderr


def test_a_run_of_footage_is_never_mixed_with_tracking_data(match, tmp_path):
    (tmp_path / "steps").mkdir()
    (tmp_path / "run.json").write_text('{"state": "finished", "video": {"fingerprint": "x"}}')
    done = teamshape("analyze", match, "-o", tmp_path, "--force")
    assert done.returncode == 2
    assert "holds a run of video data" in done.stderr


def test_the_pitch_follows_the_data_unless_set(tmp_path):
    path = tmp_path / "m.parquet"
    wide_table().to_parquet(path)
    about = {"tracking_data_frame_rate": 25, "pitch_dimensions": [100.5, 64.0]}
    (tmp_path / "m.metadata.json").write_text(json.dumps(about))
    analyze(path, tmp_path / "a")
    assert read_json(tmp_path / "a" / "run.json")["config"]["pitch"] == {"length_m": 100.5, "width_m": 64.0}
    analyze(path, tmp_path / "b", **{"pitch.length_m": 105.0, "pitch.width_m": 68.0})
    assert read_json(tmp_path / "b" / "run.json")["config"]["pitch"] == {"length_m": 105.0, "width_m": 68.0}
    possession = storage.read(tmp_path / "a" / "tables" / "possession.parquet", "possession")
    assert set(possession["source"]) == {"given"}


def test_a_providers_files_run_from_the_command_line(tmp_path):
    done = teamshape(
        *("analyze", FILES / "tracab_raw.json", "--meta", FILES / "tracab_meta.json", "-o", tmp_path / "r"),
        *("--set", "report.csv=false"),
    )
    assert done.returncode == 0, done.stderr
    assert read_json(tmp_path / "r" / "run.json")["tracking"]["provider"] == "tracab"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("none.parquet",), "no such file"),
        ((FILES / "tracab_raw.dat",), "--meta"),
        ((FILES / "wyscout_events_v2.json",), "--provider"),
        ((FILES / "tracab_raw.dat", "--provider", "x"), "choose from"),
        ((FILES / "tracab_raw.dat", "--units", "feet"), "not one of 'm', 'cm'"),
    ],
    ids=["missing", "no metadata", "events", "unknown provider", "unknown unit"],
)
def test_mistakes_end_in_one_line(tmp_path, arguments, said):
    done = teamshape("analyze", *arguments, "-o", tmp_path / "r")
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_movement_prints_players_and_teams_and_writes_all_columns(run, tmp_path):
    done = teamshape("movement", run, "-o", tmp_path / "m.csv")
    assert done.returncode == 0, done.stderr
    assert "No. 7" in done.stdout
    assert "team A, outfield" in done.stdout
    written = pd.read_csv(tmp_path / "m.csv")
    assert {c.name for c in SCHEMAS["movement_parts"].columns} <= set(written)
    assert len(written) == 23


def test_one_half_or_phase_is_shown_with_all_measures(run, tmp_path):
    done = teamshape("movement", run, "--half", 2, "--team", "b", "-o", tmp_path / "m.csv")
    assert done.returncode == 0, done.stderr
    assert "part: 2" in done.stdout
    written = pd.read_csv(tmp_path / "m.csv")
    assert set(written["part"].astype(str)) == {"2"}
    assert set(written["team"]) == {"B"}
    # Only A holds the ball in this match, so nobody of B was seen in possession.
    done = teamshape("movement", run, "--phase", "in", "--team", "B")
    assert done.returncode == 0, done.stderr
    assert "nobody was seen in this part" in done.stdout


def test_tracking_data_have_no_masks_and_it_is_said(run, tmp_path):
    done = teamshape("masks", run, "-o", tmp_path / "m")
    assert done.returncode == 2
    assert "made from tracking data, which has no masks; 'teamshape export" in done.stderr
    assert not (tmp_path / "m").exists()


def test_a_start_that_fails_on_its_options_leaves_no_run(match, tmp_path):
    (tmp_path / "bad.parquet").write_bytes(b"no table")
    done = teamshape("analyze", tmp_path / "bad.parquet", "-o", tmp_path / "r")
    assert done.returncode == 2
    assert not (tmp_path / "r").exists()
    (tmp_path / "kept").mkdir()
    assert teamshape("analyze", tmp_path / "bad.parquet", "-o", tmp_path / "kept").returncode == 2
    assert (tmp_path / "kept").exists()


@pytest.mark.parametrize("by", ["half", "5min", "possession"])
def test_movement_shows_each_part(run, tmp_path, by):
    done = teamshape("movement", run, "--by", by, "--team", "A", "-o", tmp_path / "m.json")
    assert done.returncode == 0, done.stderr
    rows = json.loads((tmp_path / "m.json").read_text())
    assert {r["team"] for r in rows} == {"A"}
    for part in {r["part"] for r in rows}:
        assert part.split(": ")[-1].removesuffix(" min") in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"measure": "speed"}, "m_per_visible_min"),
        ({"team": "C"}, "no such team; expected A"),
        ({"out": Path("m.xls")}, ".csv, .parquet or .json"),
    ],
    ids=["measure", "team", "out"],
)
def test_movement_says_what_there_is_to_choose(run, arguments, said):
    with pytest.raises(UserError, match=said):
        movement(run, **arguments)


def test_movement_needs_a_run(tmp_path):
    with pytest.raises(UserError, match="no run here"):
        movement(tmp_path)
