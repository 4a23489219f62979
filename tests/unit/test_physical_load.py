"""Physical load: fast runs, efforts, repeated sprints, hardest minutes, decline; truth by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_people import match, mirrored, nobody, track

from pipeline.core.config import Config, MeasureSettings, load
from pipeline.core.errors import ConfigError
from pipeline.core.settings.physical_settings import PhysicalSettings
from pipeline.metrics.direction.left_to_right import Sides
from pipeline.metrics.movement.player_movement import movement
from pipeline.metrics.movement.time_seen import seconds_seen
from pipeline.metrics.movement.track_motion import MotionSettings, motion
from pipeline.metrics.physical.efforts import efforts
from pipeline.metrics.physical.fast_runs import fast_runs
from pipeline.metrics.physical.pace_decline import decline
from pipeline.metrics.physical.peak_demands import hardest, peak_demands
from pipeline.metrics.physical.physical_summary import Load, physical_summary
from pipeline.metrics.physical.play_clock import PlayClock
from pipeline.metrics.physical.psv_error import psv_error_mps
from pipeline.metrics.physical.repeated_sprints import bouts
from pipeline.metrics.physical.runner_context import RunnerContext, direction_of

STEADY = MotionSettings(cutoff_hz=1.0)
MEASURE, PHYSICAL = MeasureSettings(cutoff_hz=1.0), PhysicalSettings()
TO_THE_RIGHT = Sides(np.array([0.0]), np.array([1e4]), np.array([1.0]))
TO_THE_LEFT = Sides(np.array([0.0]), np.array([1e4]), np.array([-1.0]))
NO_SPELLS = pd.DataFrame({"start_s": [], "end_s": [], "team": []})
NO_BALL = pd.DataFrame({"time_s": [], "x_m": [], "y_m": []})


def context(way=TO_THE_RIGHT, spells=NO_SPELLS, ball=NO_BALL):
    return RunnerContext(way, spells, ball)


def profile(times, *, at_s=10.0, top_mps=9.0, hold_s=4.0, gain_mps2=2.0):
    """Speed of a walk at 1 m/s, a ramp up, a sprint, a ramp down; and the place along the run."""
    ramp = (top_mps - 1) / gain_mps2
    knots = np.array([0, at_s, at_s + ramp, at_s + ramp + hold_s, at_s + 2 * ramp + hold_s, 1e4])
    speed = np.interp(times, knots, [1, 1, top_mps, top_mps, 1, 1])
    fine = np.arange(0, times[-1] + 0.011, 0.01)
    run = np.r_[0, np.cumsum(np.interp(fine, knots, [1, 1, top_mps, top_mps, 1, 1])[:-1]) * 0.01]
    return speed, np.interp(times, fine, run)


def sprinter(hz=25.0, seconds=40.0, **kinds):
    times = np.arange(0, seconds, 1 / hz)
    _, x = profile(times)
    return track(1, times, x - 45.0, **kinds)


def runs_of(people, **against):
    return fast_runs(motion(people, STEADY), context(**against), MEASURE, PHYSICAL)


def test_one_sprint_has_its_start_its_end_its_peak_and_its_metres():
    # From 1 to 9 m/s at 2 m/s^2: above 5.56 m/s from 12.28 s to 19.72 s; 2 x 1.72 s of ramp and 4 s at 9 m/s.
    run = runs_of(sprinter()).iloc[0]
    assert run["kind"] == "sprint"
    assert run["sprints"] == 1
    assert run["start_s"] == pytest.approx(12.28, abs=0.05)
    assert run["end_s"] == pytest.approx(19.72, abs=0.05)
    assert run["peak_mps"] == pytest.approx(9.0, abs=0.15)
    assert run["distance_m"] == pytest.approx(4 * 9 + 2 * 1.72 * (9 + 5.56) / 2, abs=0.8)
    assert run["end_x_m"] - run["start_x_m"] == pytest.approx(run["distance_m"], abs=0.01)


def test_a_run_below_a_sprints_speed_is_a_high_speed_run():
    times = np.arange(0, 40, 0.04)
    _, x = profile(times, top_mps=6.4)
    found = runs_of(track(1, times, x - 45))
    assert found["kind"].tolist() == ["high_speed"]
    assert found["sprints"].tolist() == [0]


def test_sprints_are_those_that_table_movement_counts():
    people = pd.concat([sprinter(), sprinter().assign(track_id=2, y_m=5.0)])
    moving = motion(people, STEADY)
    counted = movement(moving, people, footage_s=40, cutoff_hz=1.0)["sprints"].sum()
    assert fast_runs(moving, context(), MEASURE, PHYSICAL)["sprints"].sum() == counted == 2


@pytest.mark.parametrize(("way", "direction"), [(TO_THE_RIGHT, "forward"), (TO_THE_LEFT, "backward")])
def test_a_run_goes_the_way_of_its_team(way, direction):
    assert runs_of(sprinter(), way=way)["direction"].tolist() == [direction]
    assert runs_of(sprinter(team="B"), way=way)["direction"].tolist() == [
        {"forward": "backward", "backward": "forward"}[direction]
    ]


@pytest.mark.parametrize(
    ("step", "sign", "direction"),
    [
        ((3, 1), 1, "forward"),
        ((1, 3), 1, "across"),
        ((-3, -1), 1, "backward"),
        ((-3, 1), -1, "forward"),
        ((3, 1), 0, None),
        ((0, 0), 1, None),
    ],
)
def test_directions_are_within_45_degrees(step, sign, direction):
    assert direction_of(np.array(step, float), sign, 45) == direction


def test_who_has_the_ball_and_whether_the_runner_carries_it():
    people = sprinter()
    spells = pd.DataFrame({"start_s": [0.0, 14.0], "end_s": [14.0, 40.0], "team": ["B", "A"]})
    near = people[["time_s", "x_m", "y_m"]].assign(x_m=people["x_m"] + 1)
    carried = runs_of(people, spells=spells, ball=near).iloc[0]
    assert (carried["possession"], carried["with_ball"]) == ("in", True)
    far = runs_of(people, spells=spells, ball=near.assign(y_m=20.0)).iloc[0]
    assert not far["with_ball"]
    unknown = runs_of(people).iloc[0]
    assert unknown[["possession", "with_ball"]].isna().all()


def test_no_run_goes_on_across_a_gap():
    people = sprinter()
    found = runs_of(people[(people["time_s"] < 15) | (people["time_s"] > 17)])
    assert len(found) == 2
    assert not ((found["start_s"] < 15) & (found["end_s"] > 17)).any()
    assert found["distance_m"].sum() < 40


@settings(deadline=None, max_examples=8)
@given(
    top=st.floats(7.6, 9.5), x=st.sampled_from([1, -1]), y=st.sampled_from([1, -1]), shift=st.integers(0, 500)
)
def test_runs_do_not_hang_on_mirrors_clock_or_frame_rate(top, x, y, shift):
    def found(hz, x=1, y=1, shift=0):
        times = np.arange(0, 30, 1 / hz)
        run = profile(times, top_mps=top)[1]
        people = mirrored(track(1, times, run - 45, run / 3), x, y)
        people["time_s"] += shift
        way = TO_THE_RIGHT if x > 0 else TO_THE_LEFT
        return runs_of(people, way=way).iloc[0]

    plain, turned, sparse = found(25), found(25, x, y, shift), found(10)
    for other in (turned, sparse):
        assert other["kind"] == plain["kind"]
        assert other["direction"] == plain["direction"]
        assert other["distance_m"] == pytest.approx(plain["distance_m"], rel=0.02)
        assert other["peak_mps"] == pytest.approx(plain["peak_mps"], abs=0.05)


def test_a_hard_start_and_a_hard_stop_are_one_effort_each():
    times = np.arange(0, 30, 0.04)
    _, x = profile(times, top_mps=8, gain_mps2=4.5)
    found = efforts(motion(track(1, times, x - 45), STEADY), MEASURE, PHYSICAL)
    assert found["kind"].tolist() == ["acceleration", "deceleration"]
    start, stop = found.iloc[0], found.iloc[1]
    assert start["start_mps"] < 4 < start["end_mps"]
    assert stop["start_mps"] > 4 > stop["end_mps"]
    assert found["strongest_mps2"].between(3, 5).all()


def test_three_sprints_with_little_rest_are_repeated_sprints():
    quick = [(0.0, 2.0), (20.0, 22.0), (43.0, 45.0)]
    assert bouts(quick, PHYSICAL) == [(0.0, 45.0, 3)]
    assert bouts([*quick[:2], (43.1, 45.0)], PHYSICAL) == []
    assert bouts([*quick, (100, 101), (110, 111)], PHYSICAL) == [(0.0, 45.0, 3)]
    assert bouts([], PHYSICAL) == []


def test_the_hardest_minute_is_the_one_of_most_metres():
    times = np.arange(1, 601, 1.0)
    metres = np.where((times > 120) & (times <= 180), 3.0, 1.0)
    play = np.array([[0.0, 600.0]])
    assert hardest(times, np.ones(600), metres, play, 60, 0.8) == pytest.approx((120, 180, 1))
    start, rate, _ = hardest(times, np.ones(600), metres, play, 180, 0.8)
    assert rate == pytest.approx((180 + 120) / 3)
    assert start <= 120 <= start + 120


def test_a_minute_that_was_hardly_seen_or_holds_a_break_is_not_the_hardest():
    times = np.arange(1, 241, 1.0)
    metres = np.where(times > 180, 3.0, 1.0)
    hidden = (times > 180) & (times <= 200)
    step = np.where(hidden, 0.0, 1.0)
    play = np.array([[0.0, 240.0]])
    start, rate, coverage = hardest(times, step, np.where(hidden, 0, metres), play, 60, 0.8)
    assert coverage >= 0.8
    assert rate < 180
    halves = np.array([[0.0, 110.0], [130.0, 240.0]])
    start, _, _ = hardest(times, np.ones(240), np.ones(240), halves, 60, 0.8)
    assert start <= 50 or start >= 130
    assert hardest(times, np.zeros(240), metres, play, 60, 0.8) is None
    assert hardest(times, np.ones(240), metres, play, 300, 0.8) is None


def test_peak_demands_have_a_row_for_each_window_that_was_seen():
    times = np.arange(0, 150, 0.2)
    found = peak_demands(
        motion(track(1, times, 3 * np.sin(times / 10)), STEADY), np.array([[0.0, 150.0]]), MEASURE, PHYSICAL
    )
    assert found["window_min"].unique().tolist() == [1.0]
    assert set(found["measure"]) == {"distance", "high_speed", "sprint"}
    assert found.set_index("measure").loc["sprint", "m_per_min"] == 0


def test_a_player_who_halves_his_pace_declines_by_half():
    played = np.arange(1, 5401, 1.0)
    metres = np.where(played > 2700, 1.0, 2.0)
    found = decline(played, np.ones(5400), metres, (0, 5400), 900, 180)
    assert (found.first_m_per_min, found.last_m_per_min, found.change) == pytest.approx((120, 60, -0.5))
    assert found.error == pytest.approx(0, abs=1e-9)
    assert decline(played, np.ones(5400), metres, (4000, 5400), 900, 180).change is None
    assert decline(played, np.where(played > 5000, 0, 1.0), metres, (0, 5400), 900, 600).change is None


def test_the_clock_of_play_stands_still_in_the_break():
    clock = PlayClock(np.array([[0.0, 100.0], [130.0, 230.0]]))
    assert clock.played_s(np.array([-5, 50, 100, 115, 130, 180, 300])).tolist() == [
        0,
        50,
        100,
        100,
        100,
        150,
        200,
    ]
    assert clock.time_s(150) == 180


def test_a_psv_of_a_match_that_was_seen_whole_is_as_sure_as_its_speeds():
    rng = np.random.default_rng(0)
    times = np.arange(0, 400, 0.1)
    speed = 3 + 4 * np.abs(np.sin(times / 7)) * rng.uniform(0.8, 1.2, len(times))
    whole = psv_error_mps(times, speed, np.full(4000, 0.1), 4.0, 1.0, 0.2)
    half = psv_error_mps(times, speed, np.full(4000, 0.1), 4.0, 0.5, 0.2)
    assert whole == pytest.approx(0.2)
    assert half > whole
    assert np.isnan(psv_error_mps(times, np.ones(4000), np.full(4000, 0.1), 4.0, 0.5, 0.2))


def test_nobody_has_no_load():
    empty = motion(nobody(), STEADY)
    runs, made = fast_runs(empty, context(), MEASURE, PHYSICAL), efforts(empty, MEASURE, PHYSICAL)
    load_ = Load(MEASURE, PHYSICAL, np.array([[0.0, 0.0]]), 1.0, {}, {})
    tables = [runs, made, physical_summary(empty, runs, made, load_)]
    assert [len(t) for t in tables] == [0, 0, 0]
    assert peak_demands(empty, np.array([[0.0, 90.0]]), MEASURE, PHYSICAL).empty


def test_the_summary_agrees_with_the_rows_behind_it():
    people = pd.concat([match(seconds=30, hz=10), sprinter(hz=10, seconds=30).assign(track_id=99)])
    moving = motion(people, STEADY)
    runs, made = fast_runs(moving, context(), MEASURE, PHYSICAL), efforts(moving, MEASURE, PHYSICAL)
    load_ = Load(MEASURE, PHYSICAL, np.array([[0.0, 60.0]]), 1.0, {99: (0.0, 30.0)}, seconds_seen(people))
    table = physical_summary(moving, runs, made, load_).set_index("track_id")
    assert table.loc[99, "sprints"] == 1
    assert table["high_speed_runs"].sum() == len(runs)
    assert table.loc[99, "coverage"] == pytest.approx(1, abs=0.01)
    assert table.loc[1, "coverage"] == pytest.approx(0.5, abs=0.01)
    assert table.loc[99, "distance_visible_m"] == pytest.approx(30 + 2 * 16 + 4 * 8, rel=0.02)
    assert pd.isna(table.loc[99, "decline"])


def test_presets_set_what_is_fast_and_own_speeds_count_before_them():
    women = load(None, {"measure.speed_preset": "fifa_women"}).measure
    assert women.bands_kmh == (7, 13, 19, 23)
    assert (women.high_speed_from_kmh, women.sprint_from_kmh) == (19, 23)
    own = load(None, {"measure.speed_preset": "youth", "measure.sprint_kmh": 18}).measure
    assert (own.bands_kmh, own.sprint_from_kmh) == ((7, 13, 16.1, 19.1), 18)
    assert Config().measure.bands_kmh == (7, 15, 20, 25)
    with pytest.raises(ConfigError, match="must not lie below high_speed_kmh"):
        load(None, {"measure.high_speed_kmh": 26})
    with pytest.raises(ConfigError, match=r"measure\.speed_preset"):
        load(None, {"measure.speed_preset": "mars"})
    with pytest.raises(ConfigError, match=r"physical\.peak_windows_min"):
        load(None, {"physical.peak_windows_min": [3, 1]})
