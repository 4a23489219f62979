"""The export command: which run can go into which format, and the folder whole or not at all."""

import json

import exported_run
import fake_run
import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.cli import main
from pipeline.core.errors import ConfigError, RunError, UserError
from pipeline.core.json_files import write_json
from pipeline.formats.writers import exports
from pipeline.formats.writers.exports import FORMATS, write_export
from pipeline.runs.run_directory import read_json
from pipeline.tables import storage

METRES = ("skillcorner", "cdf", "tracab")
PIXELS = ("mot", "mots", "coco", "gsr")


@pytest.fixture(scope="module")
def tracking(tmp_path_factory):
    return exported_run.build(tmp_path_factory.mktemp("runs") / "tracking")


@pytest.fixture(scope="module")
def video(tmp_path_factory):
    return fake_run.build(tmp_path_factory.mktemp("runs") / "video", seconds=0.4)


@pytest.fixture(scope="module")
def team_mode(tmp_path_factory):
    return fake_run.build(tmp_path_factory.mktemp("runs") / "team", seconds=0.4, mode="team")


@pytest.fixture(scope="module")
def viewless(tmp_path_factory):
    return fake_run.build(tmp_path_factory.mktemp("runs") / "viewless", seconds=0.4, views=False)


def test_every_format_can_hold_a_tracked_run_of_footage(video, tmp_path):
    for name in FORMATS:
        assert write_export(video, tmp_path / name, name).frames > 0
        about = json.loads((tmp_path / name / "export.json").read_text())
        assert (about["format"], about["run"]) == (name, str(video))


@pytest.mark.parametrize(
    ("kind", "format", "message"),
    [
        *(("viewless", f, "no camera view was found.*, and .* needs metres") for f in (*METRES, "gsr")),
        *(("team_mode", f, "has no tracks .mode team.") for f in (*METRES, "mot", "mots", "gsr")),
        *(("tracking", f, "made from tracking data, without pictures") for f in PIXELS),
    ],
)
def test_what_a_format_cannot_hold_is_refused_and_leaves_nothing(kind, format, message, tmp_path, request):
    with pytest.raises(RunError, match=message) as error:
        write_export(request.getfixturevalue(kind), tmp_path / "out", format)
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_footage_whose_masks_are_gone_is_refused(tmp_path):
    run = fake_run.build(tmp_path / "run", seconds=0.2)
    (run / "tables" / "segments.parquet").unlink()
    for format in ("mots", "coco"):
        with pytest.raises(UserError, match="segments"):
            write_export(run, tmp_path / format, format)


def test_tracks_without_a_team_are_refused_where_two_teams_are_needed(tmp_path):
    run = fake_run.build(tmp_path / "run", seconds=0.4)
    who = storage.read(run / "tables" / "identities.parquet", "identities")
    nameless = who.assign(team=None, team_score=None)
    storage.write(nameless, run / "tables" / "identities.parquet", "identities")
    for format in METRES:
        with pytest.raises(RunError, match="no track has a team"):
            write_export(run, tmp_path / format, format)


@pytest.mark.parametrize("format", FORMATS)
def test_no_run_and_an_unfinished_run_are_refused(format, tmp_path):
    with pytest.raises(RunError, match="no run here"):
        write_export(tmp_path / "nowhere", tmp_path / "out", format)
    run = fake_run.build(tmp_path / "run", seconds=0.1)
    write_json(run / "run.json", read_json(run / "run.json") | {"state": "running"})
    with pytest.raises(RunError, match="not finished"):
        write_export(run, tmp_path / "out", format)
    assert not (tmp_path / "out").exists()


def test_an_unknown_format_is_refused_with_the_known_ones(video, tmp_path):
    with pytest.raises(ConfigError, match="--format xml: not known; choose from skillcorner, cdf, tracab"):
        write_export(video, tmp_path / "out", "xml")


def test_an_earlier_export_is_replaced_only_when_asked(tracking, tmp_path):
    write_export(tracking, tmp_path / "out", "cdf")
    with pytest.raises(RunError, match=r"holds an earlier export.*--force"):
        write_export(tracking, tmp_path / "out", "tracab")
    assert (tmp_path / "out" / "tracking.jsonl").exists()
    write_export(tracking, tmp_path / "out", "tracab", replace=True)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "export.json",
        "metadata.json",
        "tracking.json",
    ]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_folder_with_other_things_is_never_touched(tracking, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.tex").write_text("years of work")
    for force in (False, True):
        with pytest.raises(RunError, match="other things in it"):
            write_export(tracking, tmp_path / "out", "cdf", replace=force)
    assert (tmp_path / "out" / "thesis.tex").read_text() == "years of work"


def test_an_empty_folder_is_used_and_a_file_is_refused(tracking, tmp_path):
    (tmp_path / "out").mkdir()
    write_export(tracking, tmp_path / "out", "cdf")
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="a file, not a folder"):
        write_export(tracking, tmp_path / "file", "cdf", replace=True)


def test_a_full_disk_keeps_the_earlier_export(tracking, tmp_path, monkeypatch):
    write_export(tracking, tmp_path / "out", "cdf")

    def full(run_dir, out):
        (out / "half").write_text("x")
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(exports.FORMATS, "tracab", full)
    with pytest.raises(RunError, match="No space left on device"):
        write_export(tracking, tmp_path / "out", "tracab", replace=True)
    assert (tmp_path / "out" / "tracking.jsonl").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(("kind", "tracked"), [("video", True), ("tracking", True), ("team_mode", False)])
def test_csv_has_every_table_and_one_long_one(kind, tracked, tmp_path, request):
    run = request.getfixturevalue(kind)
    write_export(run, tmp_path / "out", "csv")
    names = {p.stem for p in (run / "tables").glob("*.parquet")}
    assert {p.stem for p in (tmp_path / "out").glob("*.csv")} == names | {"positions_long"}
    for name in names:
        rows = pd.read_csv(tmp_path / "out" / f"{name}.csv")
        assert len(rows) == len(pd.read_parquet(run / "tables" / f"{name}.parquet"))
    long = pd.read_csv(tmp_path / "out" / "positions_long.csv")
    assert ",".join(long.columns) == "frame,time_s,track,team,role,x_m,y_m,error_m,source"
    positions = storage.read(run / "tables" / "positions.parquet", "positions")
    assert len(long) == len(positions)
    assert long["x_m"].sum() == pytest.approx(positions["x_m"].sum(), abs=0.1)
    assert long["track"].notna().all() == tracked
    assert set(long["team"].dropna()) == {"A", "B"}
    assert set(long.loc[long["team"].isna(), "role"]) <= {"referee", "ball", "other"}


def test_csv_of_footage_without_a_view_has_no_position(viewless, tmp_path):
    write_export(viewless, tmp_path / "out", "csv")
    assert len(pd.read_csv(tmp_path / "out" / "positions_long.csv")) == 0


def test_the_command_says_what_was_written_and_lost(tracking, tmp_path):
    call = ["export", str(tracking), "--format", "cdf", "-o", str(tmp_path / "out")]
    result = CliRunner().invoke(main.app, call)
    assert result.exit_code == 0
    assert f"80 frames written to {tmp_path / 'out'}" in result.stdout
    assert "times count from 1970" in result.stdout


def test_the_command_ends_in_one_line_and_exit_code_2(viewless, tmp_path, monkeypatch, capsys):
    call = ["teamshape", "export", str(viewless), "--format", "cdf", "-o", str(tmp_path / "out")]
    monkeypatch.setattr("sys.argv", call)
    with pytest.raises(SystemExit) as stop:
        main.main()
    assert stop.value.code == 2
    shown = capsys.readouterr().err
    assert shown.startswith("teamshape: ")
    assert shown.count("\n") == 1
