"""``teamshape season`` as a user meets it."""

import shutil
import sys

import pandas as pd
import pytest
import season_runs

from pipeline.cli import main
from pipeline.core.json_files import write_json


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with two finished runs."""
    folder = tmp_path_factory.mktemp("made")
    season_runs.build(folder / "runs" / "derby")
    season_runs.build(folder / "runs" / "final", team_name="Boca [red]")
    return folder


@pytest.fixture
def season(made, tmp_path, monkeypatch, capsys):
    """Run the command in this process, beside ``runs``; gives exit code, output and errors."""
    monkeypatch.chdir(shutil.copytree(made, tmp_path / "work"))

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["teamshape", "season", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main.main()
        return ended.value.code or 0, *capsys.readouterr()

    return call


def test_matches_are_added_listed_asked_and_removed(season):
    code, said, wrong = season("add", "runs/derby", "runs/final")
    assert (code, wrong) == (0, "")
    assert said.splitlines() == ["added derby", "added final", "season: runs/season.json, matches: 2"]
    code, said, _ = season("query", "select match, team_name, jersey from people order by match")
    assert [line.split() for line in said.splitlines()] == [
        ["match", "team_name", "jersey"],
        ["derby", "Atlas"],
        ["final", "Boca", "[red]"],
    ]
    assert season("remove", "derby")[1] == "removed derby; its run is untouched\n"
    code, said, _ = season("list")
    assert [line.split()[0] for line in said.splitlines()] == ["match", "final"]


def test_leftovers_and_the_season_s_own_file_are_skipped_and_said(season, tmp_path):
    left = tmp_path / "work" / "runs" / "left"
    (left / "tables").mkdir(parents=True)
    write_json(tmp_path / "work" / "runs" / "half" / "run.json", {"state": "running"})
    season("add", "runs/derby")
    there = [f"runs/{n}" for n in ("derby", "final", "half", "left", "season.json")]
    code, said, wrong = season("add", *there)
    assert (code, wrong) == (0, "")
    assert [line.split(":")[0] for line in said.splitlines()] == [
        *("skipped runs/half", "skipped runs/left", "skipped runs/season.json"),
        *("added derby", "added final", "season"),
    ]
    code, said, wrong = season("add", "runs/left", "runs/half")
    assert (code, said) == (2, "")
    assert "none of the 2 paths is a finished run" in wrong
    assert season("add", "runs/derby", "runs/finl")[0] == 2
    assert "no run here" in season("add", "runs/left")[2]


def test_tables_say_how_many_runs_have_them(season):
    season("add", "runs/derby", "runs/final")
    rows = {line.split()[0]: line.split()[-1] for line in season("tables")[1].splitlines()}
    assert rows["positions"] == rows["matches"] == "2"
    assert rows["views"] == "0"


def test_a_long_answer_is_cut_in_the_terminal_and_whole_in_a_file(season):
    season("add", "runs/derby", "--name", "Derby 2026")
    code, said, _ = season("query", "select x_m from positions order by x_m", "--rows", 2)
    assert [line.strip() for line in said.splitlines()[1:3]] == ["-10", "20"]
    assert said.splitlines()[3].startswith("the first 2 rows; --rows shows more")
    code, said, _ = season("query", "select match, x_m from positions", "--rows", 2, "-o", "x.csv")
    assert (code, said) == (0, "3 rows: x.csv\n")
    assert pd.read_csv("x.csv")["match"].tolist() == ["Derby 2026"] * 3


def test_values_of_every_kind_are_shown(season):
    season("add", "runs/derby")
    sql = "select null as a, true as b, [1, 2] as c, 'x'::blob as d, 1.25::float as e, date '2026-05-01' as f"
    said = season("query", f"{sql}, 7::bigint as g, 2.50::decimal(4, 2) as h")[1]
    shown = " ".join(said.splitlines()[1].split())
    assert shown == "True [1 2] 1 bytes 1.25 2026-05-01 00:00:00 7 2.5"


def test_an_answer_without_rows_says_so(season):
    season("add", "runs/derby")
    assert season("query", "select x_m from positions where x_m > 99")[1].split() == ["x_m", "no", "rows"]


def test_a_run_that_is_gone_is_marked_in_the_list(season, tmp_path):
    season("add", "runs/derby", "runs/final")
    write_json(tmp_path / "work" / "runs" / "final" / "run.json", {"state": "running"})
    shutil.rmtree(tmp_path / "work" / "runs" / "derby")
    said = season("list")[1]
    assert "no run here" in said
    assert "not finished" in said


def test_tables_explains_every_column_without_a_season(season):
    assert "\npositions " in season("tables")[1]
    said = season("tables", "positions")[1]
    assert "x_m       DOUBLE   along the length, m from the centre spot" in said
    assert said.splitlines()[1].startswith("match ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("list",),
            "runs/season.json: a season without matches; add matches with 'teamshape season add RUN...'",
        ),
        (("query", "select 1"), "runs/season.json: a season without matches"),
        (("tables", "player"), "player: no such table; there are matches,"),
        (("add", "nowhere"), "/"),
        (("add", "runs/derby", "runs/final", "--name", "x"), "--name x: names one match, but 2 runs"),
        (("remove", "derby"), "derby: no such match in runs/season.json; it has none"),
    ],
)
def test_mistakes_are_one_line(season, tmp_path, arguments, message):
    code, said, wrong = season(*arguments)
    assert (code, said) == (2, "")
    assert wrong.startswith(f"teamshape: {message}")
    assert wrong.count("\n") == 1
    assert not (tmp_path / "work" / "runs" / "season.json").exists()


@pytest.mark.parametrize(
    "sql", ["selct 1", "copy people to 'x.csv'", "select * from 'x.csv'", "select a from people"]
)
def test_a_bad_query_is_one_line_and_leaves_nothing(season, tmp_path, sql):
    season("add", "runs/derby")
    before = sorted(tmp_path.rglob("*"))
    code, said, wrong = season("query", sql, "-o", "answer.csv")
    assert (code, said) == (2, "")
    assert wrong.startswith("teamshape: query: ")
    assert wrong.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before
