"""Movement, formations and comparisons split by phases of play; truth by hand."""

import made_up_run
import numpy as np
import pandas as pd
import pytest

from pipeline.core.errors import TableError, UserError
from pipeline.metrics.direction.match_stretch import Stretch
from pipeline.metrics.movement.match_parts import phase_division
from pipeline.report.formation_query import stances_of
from pipeline.report.movement_answer import movement_answer
from pipeline.report.time_blocks import blocks_of
from pipeline.runs.stored_run import StoredRun
from pipeline.tables import storage

PLAY = np.array([[0.0, 30.0], [40.0, 70.0]])
PHASES = pd.DataFrame(
    [
        ("A", 0.0, 10.0, "build_up"),
        ("A", 10.0, 15.0, "progression"),
        ("A", 45.0, 60.0, "build_up"),
        ("B", 0.0, 12.0, "high_block"),
        ("B", 12.0, 15.0, "low_block"),
    ],
    columns=["team", "start_s", "end_s", "phase"],
)


def seconds(team, phases=PHASES):
    cut = phase_division(PLAY, phases)
    return {n: s for n, s in zip(cut.names, cut.seconds(team), strict=True) if s}


def test_each_team_has_its_own_phases_and_the_rest_is_unknown():
    assert seconds("A") == {"build_up": 25, "progression": 5, "unknown": 30}
    assert seconds("B") == {"high_block": 12, "low_block": 3, "unknown": 45}
    assert seconds("A", PHASES.iloc[:0]) == {"unknown": 60}


def test_a_moment_lies_in_the_phase_of_its_own_team():
    cut = phase_division(PLAY, PHASES)
    times, teams = np.array([11.0, 11.0, 20.0, 59.0]), np.array(["A", "B", "A", "A"], dtype=object)
    names = [cut.names[k] for k in cut.codes(times, teams)]
    assert names == ["progression", "high_block", "unknown", "build_up"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run of two halves whose phases are written by hand: A's 10 s of build-up, B's middle block."""
    path = made_up_run.measured(tmp_path_factory.mktemp("phases") / "run")
    rows = [
        ("A", 0.0, 5.0, "build_up", "in"),
        ("A", 30.0, 35.0, "build_up", "in"),
        ("B", 0.0, 4.0, "middle_block", "out"),
    ]
    table = pd.DataFrame(rows, columns=["team", "start_s", "end_s", "phase", "possession"])
    made = storage.conform(table.assign(restart=None, restart_score=None), "phases")
    storage.write(made, path / "tables" / "phases.parquet", "phases")
    return path


def test_movement_by_phase_adds_up_to_that_of_the_whole(run):
    stored = StoredRun.open(run)
    answer = movement_answer(stored, "phase")
    assert answer.parts == ("build_up", "middle_block", "unknown")
    minutes = answer.players.groupby(["track_id", "part"])["minutes_visible"].sum().unstack()
    assert minutes.loc[1, "build_up"] == pytest.approx(10 / 60, abs=0.01)
    assert minutes.loc[21, "middle_block"] == pytest.approx(4 / 60, abs=0.01)
    whole = movement_answer(stored, "whole").players.set_index("track_id")["distance_visible_m"]
    by_phase = answer.players.groupby("track_id")["distance_visible_m"].sum()
    np.testing.assert_allclose(by_phase.reindex(whole.index), whole, rtol=1e-6)
    assert answer.teams.set_index(["team", "part"]).loc[("A", "build_up"), "n_frames"] > 0


def test_movement_can_be_asked_for_in_one_phase(run):
    stored = StoredRun.open(run)
    assert movement_answer(stored, "whole", phase="build_up").parts == ("build_up",)
    with pytest.raises(UserError, match="--phase low_block: parts known here: build_up, middle_block"):
        movement_answer(stored, "whole", phase="low_block")
    with pytest.raises(UserError, match="exclude each other"):
        movement_answer(stored, "whole", half=1, phase="build_up")


def test_rates_of_a_phase_are_of_that_phase_and_not_of_all_time_without_the_ball(run):
    stored = StoredRun.open(run)
    mine = blocks_of(stored, [1], "A", Stretch(phase="build_up"))
    assert mine["minutes_visible"].sum() == pytest.approx(10 / 60, abs=0.01)
    theirs = blocks_of(stored, [21], "B", Stretch(phase="middle_block"))
    assert theirs["minutes_visible"].sum() == pytest.approx(4 / 60, abs=0.01)
    assert blocks_of(stored, [1], "A", Stretch(phase="low_block"))["minutes_visible"].sum() == 0


def test_formations_by_phase_have_a_row_for_each_team_half_and_phase(run):
    stood = stances_of(StoredRun.open(run), None, "phase")
    assert [(s.period, s.team, s.phase) for s in stood] == [
        (1, "A", "build_up"), (1, "B", "middle_block"), (2, "A", "build_up")]  # fmt: skip
    assert {s.attack for s in stood if s.period == 1 and s.team == "A"} == {"left_to_right"}


def test_a_run_without_phases_says_so(tmp_path):
    bare = StoredRun.open(made_up_run.measured(tmp_path / "bare"))
    for ask in (lambda: movement_answer(bare, "phase"), lambda: stances_of(bare, None, "phase")):
        with pytest.raises((TableError, UserError), match="phases are not known here"):
            ask()
