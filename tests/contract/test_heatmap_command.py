"""``teamshape heatmap`` as a user meets it."""

import sys

import fake_run
import made_up_run
import pandas as pd
import pytest

from pipeline.cli import main


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return made_up_run.build(tmp_path_factory.mktemp("made") / "derby")


@pytest.fixture
def heatmap(monkeypatch, capsys):
    """Run the command in this process; gives exit code, output and errors."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["teamshape", "heatmap", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main.main()
        return ended.value.code or 0, *capsys.readouterr()

    return call


@pytest.mark.parametrize("ending", ["png", "html", "csv"])
def test_each_format_is_written_and_said(heatmap, run, tmp_path, ending):
    out = tmp_path / f"a.{ending}"
    code, said, _ = heatmap(run, "--player", "A7", "--half", 1, "-o", out)
    assert code == 0
    assert out.stat().st_size > 1000
    assert said.splitlines()[0].startswith("7 A. Player 7, forward, Atlas: first half: Seen 20.0 s of 20.0 s")
    assert said.splitlines()[-1] == f"heatmap: {out}"


def test_without_a_name_it_lands_in_the_run(heatmap, tmp_path):
    run = fake_run.build(tmp_path / "clip", seconds=0.4)
    assert heatmap(run, "--team", "b")[0] == 0
    assert (run / "heatmap.png").exists()


def test_against_another_part_player_team_or_run(heatmap, run, tmp_path):
    out = tmp_path / "a.csv"
    for against, second in (
        (":half=2", "Atlas: second half, in possession"),
        (":Boca:half2:out", "Boca: second half, out of possession"),
        (":B", "Boca: first half, in possession"),
        (":player=B7", "7 B. Player 7, forward, Boca: first half, in possession"),
        (":role=goalkeeper,phase=out", "Goalkeeper, Atlas: first half, out of possession"),
        (f"{run}:from=2,to=6.5", "Atlas: first half, in possession, 0:02 to 0:06"),
        (str(run), "Atlas: first half, in possession"),
    ):
        code, said, wrong = heatmap(
            run, "--team", "A", "--half", 1, "--phase", "in", "--zones", "--against", against, "-o", out
        )
        assert (code, wrong) == (0, "")
        assert said.splitlines()[1].startswith(f"{second}: Seen")
        assert "percent_2" in pd.read_csv(out)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "heatmap: say whose, with --player, --team or --role"),
        (("--team", "C"), "--team C: no such team; expected A or Atlas or B or Boca"),
        (("--team", "A", "--phase", "with"), "Invalid value for '--phase': 'with' is not one of 'in', 'out'"),
        (("--team", "A", "--start", 9, "--end", 3), "--end 3: must lie after --start 9"),
        (("--team", "A", "-o", "a.pdf"), "-o a.pdf: expected a name that ends in .png, .html, .csv"),
        (
            ("--team", "A", "--against", ":colour=red"),
            ":colour=red: 'colour=red' is no part of a match",
        ),
        (("--team", "A", "--against", ":half=1.5"), "--half 1.5: expected 1 or 2"),
        (("--team", "A", "--against", ":half=two"), "--against half=two: expected a number"),
        (("--player", "7"), "--player 7: could be A7 (A. Player 7), B7 (B. Player 7)"),
        (("--team", "A", "--against", "nowhere"), "nowhere: no run here"),
    ],
)
def test_mistakes_are_one_line_and_leave_no_file(heatmap, run, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    code, said, wrong = heatmap(run, *arguments)
    assert (code, said) == (2, "")
    assert wrong.startswith(f"teamshape: {message}")
    assert wrong.count("\n") == 1
    assert not list(tmp_path.iterdir())
    assert not (run / "heatmap.png").exists()
