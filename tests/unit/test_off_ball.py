"""Off-ball runs: their kinds by geometry, who receives, what is none; truth by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_people import match, mirrored, nobody, track

from pipeline.core.pitch import Pitch
from pipeline.core.settings.play_settings import PlaySettings
from pipeline.metrics.behaviour.ball_carrier import carriers
from pipeline.metrics.direction.left_to_right import Sides
from pipeline.metrics.moments.play_moments import moments
from pipeline.metrics.movement.track_motion import MotionSettings, motion
from pipeline.metrics.off_ball.off_ball_runs import OffBallContext, off_ball_runs
from pipeline.metrics.off_ball.run_kinds import Run, run_kind
from pipeline.report.run_arrows import write_runs
from pipeline.tables import storage

PITCH, SETTINGS = Pitch(), PlaySettings()
RUNNER, CARRIER = 60, 61


def kind(path, ball, line=(40.0, 40.0)):
    path, ball = np.array(path, float), np.array(ball, float)
    ball = np.broadcast_to(ball, path.shape) if ball.ndim == 1 else ball
    return run_kind(Run(path, ball, *line), SETTINGS)


@pytest.mark.parametrize(
    ("path", "ball", "line", "name"),
    [
        ([(30, 0), (36, 0), (41, 0)], (10, 0), (38, 38), "in_behind"),
        ([(30, 0), (33, 0), (36, 0)], (10, 0), (38, 38), "forward"),  # stops short of the line
        ([(39, 0), (42, 0), (46, 0)], (10, 0), (38, 38), "forward"),  # was beyond it all along
        ([(30, 0), (36, 0), (41, 0)], (10, 0), (np.nan, np.nan), "forward"),  # no opponent in view
        ([(0, 28), (10, 29), (20, 29)], (10, 20), (40, 40), "overlap"),
        ([(0, -28), (10, -29), (20, -29)], (10, -20), (40, 40), "overlap"),
        ([(0, 12), (10, 12), (20, 12)], (10, 20), (40, 40), "underlap"),
        ([(0, -25), (10, -25), (20, -25)], (10, 20), (40, 40), "forward"),  # far from the ball
        ([(10, 12), (11, 18), (12, 24)], (5, -20), (40, 40), "pulling_wide"),
        ([(10, -12), (11, -18), (12, -24)], (5, 20), (40, 40), "pulling_wide"),
        ([(20, 0), (12, 0), (6, 0)], (10, 3), (40, 40), "support"),
        ([(0, 0), (-6, 0), (-12, 0)], (30, 20), (40, 40), "other"),
    ],
)
def test_a_run_is_named_by_where_it_leads(path, ball, line, name):
    assert kind(path, ball, line) == name
    assert kind(np.array(path) * [1, -1], np.array(ball) * [1, -1], line) == name


def test_a_ball_that_goes_back_past_a_runner_makes_no_lap():
    assert kind([(0, 12), (-1, 12), (-2, 12)], [(5, 20), (-3, 20), (-8, 20)]) == "other"


def ran(people, ball, owns, sign=1.0):
    way = Sides(np.array([0.0]), np.array([1e4]), np.array([sign]))
    moving = motion(people, MotionSettings(1.0))
    laid = moments(people, ball, owns, way, np.array([[0.0, 100.0]]), SETTINGS.every_s, moving)
    phases = storage.empty("phases")
    return off_ball_runs(moving, OffBallContext(laid, carriers(laid, 2.0), phases, SETTINGS, PITCH))


def play(hz=10, comes=True, seconds=12.0):
    """A striker of A runs from half-way past the defence of B at 24 m; the ball comes to him, or not."""
    times = np.arange(0, seconds, 1 / hz)
    x = np.interp(times, [0, 3, 8, 12], [0, 0, 35, 35])
    others = [track(CARRIER, times, -10.0, 0.0), track(RUNNER, times, x, 5.0)]
    others += [track(20 + i, times, 24.0, y, team="B") for i, y in enumerate((-15, -5, 5, 15))]
    others.append(track(30, times, 50.0, 0.0, team="B", role="goalkeeper"))
    ball_x = np.interp(times, [0, 6, 8, 12], [-10, -10, 35, 35]) if comes else np.full(len(times), -10.0)
    ball_y = np.interp(times, [0, 6, 8, 12], [0, 0, 5, 5]) if comes else np.zeros(len(times))
    return pd.concat(others, ignore_index=True), track(99, times, ball_x, ball_y, role="ball")


def owned(team="A", end_s=12.0):
    return pd.DataFrame({"start_s": [0.0], "end_s": [end_s], "team": [team], "source": "given"})


@pytest.mark.parametrize("comes", [True, False])
def test_a_striker_runs_in_behind_and_the_ball_comes_or_not(comes):
    found = ran(*play(comes=comes), owned())
    assert found["track_id"].tolist() == [RUNNER]
    run = found.iloc[0]
    assert run["kind"] == "in_behind"
    assert bool(run["received"]) == comes
    assert run["line_in_view"]
    assert run["start_s"] == pytest.approx(3.1, abs=0.3)
    assert run["end_s"] == pytest.approx(7.9, abs=0.3)
    assert run["distance_m"] == pytest.approx(34, abs=2)
    assert run["forward_m"] == pytest.approx(run["distance_m"], abs=0.1)


def test_without_the_goalkeeper_the_line_is_not_surely_in_view():
    people, ball = play()
    assert not ran(people[people["role"] == "player"], ball, owned())["line_in_view"].any()


def test_only_the_team_with_the_ball_runs_off_the_ball_and_its_carrier_does_not():
    people, ball = play()
    assert ran(people, ball, owned("B")).empty
    assert ran(people, ball, owned().iloc[:0]).empty
    carried = ball.assign(x_m=people.loc[people["track_id"] == RUNNER, "x_m"].to_numpy(), y_m=5.0)
    assert ran(people, carried, owned()).empty
    assert ran(people, ball, owned(), sign=0.0).empty
    assert ran(nobody(), nobody(), owned()).empty


def test_a_run_whose_ball_is_unseen_is_not_judged_and_one_across_a_gap_is_two():
    people, ball = play()
    assert ran(people, ball[ball["time_s"] < 3], owned()).empty
    hole = (people["track_id"] == RUNNER) & people["time_s"].between(4.5, 6.0)
    assert len(ran(people[~hole], ball, owned())) == 2


@settings(deadline=None, max_examples=8)
@given(x=st.sampled_from([1, -1]), y=st.sampled_from([1, -1]), hz=st.sampled_from([10, 25]))
def test_runs_do_not_hang_on_mirrors_or_frame_rate(x, y, hz):
    plain = ran(*play(), owned()).iloc[0]
    other = ran(*(mirrored(t, x, y) for t in play(hz)), owned(), float(x)).iloc[0]
    assert other["kind"] == plain["kind"]
    assert other["received"] == plain["received"]
    assert other["forward_m"] == pytest.approx(plain["forward_m"], abs=0.4)
    assert other["end_x_m"] == pytest.approx(x * plain["end_x_m"], abs=0.4)


def test_runs_are_drawn_on_the_pitch(tmp_path):
    found = ran(*play(), owned())
    write_runs(found, "Off-ball runs", PITCH, tmp_path / "runs.png")
    assert (tmp_path / "runs.png").read_bytes()[:4] == b"\x89PNG"


def test_people_who_walk_make_no_run():
    people = match(seconds=10, hz=10)
    ball = track(99, np.arange(0, 10, 0.1), 0.0, 0.0, role="ball")
    assert ran(people, ball, owned(end_s=10)).empty
