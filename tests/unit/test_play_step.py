"""The steps physical and play on a run on disk, and the commands that answer from their tables."""

import shutil
from pathlib import Path

import made_up_run
import numpy as np
import pandas as pd
import pytest
from made_up_people import match, nobody, track, untracked

from pipeline.cli.play.off_ball import off_ball
from pipeline.cli.play.phase_times import phases
from pipeline.cli.play.physical_load import physical
from pipeline.cli.play.team_behaviour import behaviour
from pipeline.core.config import Config
from pipeline.core.errors import TableError, UserError
from pipeline.metrics.summary import MatchTables, measure
from pipeline.report.compare.sides import parse, read_sides
from pipeline.report.formation_query import stances_in
from pipeline.report.movement_answer import movement_answer
from pipeline.report.play_answer import play_rows
from pipeline.runs.stored_run import StoredRun
from pipeline.tables import storage
from pipeline.workflow.step import Context, check_plan
from pipeline.workflow.steps.analysis import physical as physical_step
from pipeline.workflow.steps.analysis import play as play_step


def with_ball(people: pd.DataFrame) -> pd.DataFrame:
    """Add a ball that wanders over the middle of the pitch."""
    times = np.unique(people["time_s"])
    ball = track(999, times, 20 * np.sin(times / 3), 5 * np.cos(times), team="A", role="ball")
    return pd.concat([people, ball], ignore_index=True)


def made(root, people=None, kind="tracking"):
    """Write a run, measured, with both steps done on it; gives it and the facts of the steps."""
    everyone = with_ball(made_up_run.two_halves()) if people is None else people
    path = made_up_run.build(root, everyone=everyone)
    context = Context(path, path, Config(), lambda *_: None, lambda _: None)
    names = ("frames", "positions", "labels", "identities", "people", "periods", "possession")
    tables = {n: storage.read(context.table(n), n) for n in names}
    for name, table in measure(MatchTables(**tables), Config()).items():
        storage.write(table, context.table(name), name)
    facts = [step.do(context) for step in (physical_step.step(kind), play_step.step("both", kind))]
    return path, facts


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run of two halves with everything measured."""
    return made(tmp_path_factory.mktemp("play") / "run")[0]


def test_both_steps_write_every_table_that_they_declare(tmp_path):
    path, facts = made(tmp_path / "run")
    for step, said in zip(
        (physical_step.step("tracking"), play_step.step("both", "tracking")), facts, strict=True
    ):
        for name in step.writes:
            assert said[name] == len(storage.read(path / "tables" / f"{name}.parquet", name))
    assert facts[0]["physical"] == 22
    assert facts[1]["phases"] > 0
    assert facts[1]["behaviour"] == 2 * 2 * 20


def test_a_match_without_people_or_ball_has_empty_tables(tmp_path):
    people = made_up_run.two_halves()
    path, facts = made(tmp_path / "ball", people)
    assert facts[1]["passes"] == facts[1]["off_ball_runs"] == 0
    told = set(storage.read(path / "tables" / "phases.parquet", "phases")["phase"])
    assert not told & {"build_up", "progression", "final_third", "set_play"}
    assert facts[1]["behaviour"] > 0
    ball = with_ball(match(seconds=4))
    _, facts = made(tmp_path / "nobody", ball[ball["role"] == "ball"])
    assert set(facts[0].values()) == {0}
    assert facts[1]["off_ball_runs"] == facts[1]["passes"] == 0


def test_the_steps_fit_into_the_plan_and_team_mode_has_no_runs():
    for mode in ("team", "both"):
        step = play_step.step(mode)
        assert ("passes" in step.writes) == (mode != "team")
        check_plan([step.__class__("feeds", 1, (), step.reads, lambda _: {}, lambda _: None), step])
    assert untracked(nobody()).empty


def test_commands_print_and_write(run, tmp_path, capsys):
    physical(run)
    physical(run, show="peaks", out=tmp_path / "peaks.csv")
    physical(run, show="runs")
    physical(run, show="efforts")
    phases(run, team="Boca", half=1, out=tmp_path / "phases.csv")
    phases(run, each=True)
    behaviour(run, part="out", out=tmp_path / "means.json")
    behaviour(run, show="turnovers")
    off_ball(run, out=tmp_path / "runs.csv")
    said = capsys.readouterr().out
    for words in (
        "high speed: 20 km/h, sprint: 25 km/h",
        "transition after",
        "defence height",
        "no such run was seen",
    ):
        assert words in said
    shares = pd.read_csv(tmp_path / "phases.csv")
    assert set(shares["team"]) == {"B"}
    assert shares.groupby("possession")["share"].sum().tolist() == pytest.approx([1, 1])


def test_mistakes_are_told_in_one_line(run, tmp_path):
    stored = StoredRun.open(run)
    with pytest.raises(UserError, match="--half 3: periods known"):
        play_rows(stored, "phases", half=3)
    with pytest.raises(UserError, match="no such team"):
        play_rows(stored, "phases", team="Reds")
    with pytest.raises(UserError, match="use --team"):
        play_rows(stored, "phases", player="A7")
    with pytest.raises(UserError, match="--part x: parts known here: whole, 1, 2"):
        behaviour(run, part="x")
    with pytest.raises(UserError, match="no such run to draw"):
        off_ball(run, out=tmp_path / "runs.png")
    bare = made_up_run.measured(tmp_path / "bare")
    with pytest.raises(TableError, match="no table off_ball_runs there"):
        off_ball(bare)
    with pytest.raises(UserError, match="phases are not known here"):
        read_sides([f"{bare}:A:build_up", f"{bare}:B:build_up"])
    with pytest.raises(UserError, match="phases are not known here"):
        stances_in(StoredRun.open(bare), None, "build_up")
    with pytest.raises(UserError, match="phase=lunch: expected in, out, build_up"):
        parse(f"{run}:A:phase=lunch")


def test_a_teams_extent_in_a_phase_is_the_same_in_behaviour_movement_and_comparison(run):
    stored = StoredRun.open(run)
    parts = stored.table("behaviour_parts")
    for by in ("possession", "phase"):
        teams = movement_answer(stored, by).teams.set_index(["team", "part"])
        own = parts[(parts["by"] == by) & (parts["measure"] == "length_m")]
        assert len(own)
        for row in own.itertuples():
            assert row.mean == pytest.approx(teams.loc[(row.team, row.part), "length_m"]), (by, row.part)
    side = read_sides([f"{run}:A:in", f"{run}:A"])[0]
    known = parts.set_index(["team", "part", "measure"])
    assert side.side.shapes["length_m"].mean() == pytest.approx(
        known.loc[("A", "in", "length_m"), "mean"], abs=0.05
    )


def test_a_players_load_is_that_of_his_movement(run):
    stored = StoredRun.open(run)
    movement, load = (stored.table(n).set_index("track_id") for n in ("movement", "physical"))
    for name in (
        "minutes_visible",
        "coverage",
        "distance_visible_m",
        "sprints",
        "accelerations",
        "psv99_mps",
    ):
        pd.testing.assert_series_equal(load[name], movement[name].reindex(load.index), check_dtype=False)
    assert load["acceleration_error_mps2"].between(0.5, 2).all()  # 0.3 m of noise


def test_times_of_play_are_those_of_the_match_clock(run, capsys):
    late = StoredRun.open(run).table("phases").query("start_s > 30").iloc[0]
    phases(run, each=True, half=2)
    said = capsys.readouterr().out
    since = late["start_s"] - made_up_run.STARTS_S[1]
    assert f"45:{since:04.1f}" in said


def test_sides_and_formations_can_be_a_phase(run):
    known = StoredRun.open(run).table("phases")
    phase = (
        known[known["team"] == "A"]
        .assign(long=lambda t: t["end_s"] - t["start_s"])
        .groupby("phase")["long"]
        .sum()
    )
    name = str(phase.idxmax())
    sides = read_sides([f"{run}:A:{name}", f"{run}:A"])
    assert sides[0].label != sides[1].label
    assert 0 < len(sides[0].side.shapes) < len(sides[1].side.shapes)
    stood = stances_in(StoredRun.open(run), None, name)
    assert {s.phase for s in stood} == {name}
    assert {s.team for s in stood} >= {"A"}


def test_players_of_a_short_clip_are_listed(tmp_path, capsys):
    everyone = match(seconds=12.0)
    path, _ = made(tmp_path / "clip", with_ball(everyone))
    physical(path)
    said = capsys.readouterr().out
    assert "nothing of it was seen" not in said
    assert said.count("left out") == 0


def test_movement_calls_teams_as_the_user_does(run, tmp_path):
    copy = Path(shutil.copytree(run, tmp_path / "run"))
    (copy / "match.yaml").write_text("teams: {A: North}")
    players = movement_answer(StoredRun.open(copy), "whole").players
    assert set(players.loc[players["team"] == "A", "team_name"]) == {"North"}
    assert "North" not in set(players.loc[players["team"] == "B", "team_name"])
