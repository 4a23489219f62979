"""Team behaviour: lines, lanes, pressure, pressing, passes, turnovers; truth by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_people import match, mirrored, nobody, track

from pipeline.core.pitch import Pitch
from pipeline.core.settings.play_settings import PlaySettings
from pipeline.metrics.behaviour.ball_carrier import carriers
from pipeline.metrics.behaviour.behaviour_over_time import behaviour
from pipeline.metrics.behaviour.behaviour_parts import behaviour_parts
from pipeline.metrics.behaviour.line_steps import line_step_table, line_steps
from pipeline.metrics.behaviour.passes import lines_between, passes
from pipeline.metrics.behaviour.pressing_intensity import pressing_intensity, time_to_intercept_s
from pipeline.metrics.behaviour.pressure import pressure
from pipeline.metrics.behaviour.team_lines_in_play import line_sizes, team_lines
from pipeline.metrics.behaviour.turnovers import turnovers
from pipeline.metrics.direction.left_to_right import Sides
from pipeline.metrics.moments.play_moments import moments
from pipeline.metrics.movement.track_motion import MotionSettings, motion
from pipeline.metrics.shape.team_shape import frame_shapes, shapes
from pipeline.tables import storage

PITCH, SETTINGS = Pitch(), PlaySettings()
PLAY_S = np.array([[0.0, 500.0]])
SIZES = np.array([4, 4, 2])


def way(sign=1.0):
    return Sides(np.array([0.0]), np.array([1e4]), np.array([sign]))


def spells(*rows):
    return pd.DataFrame(rows, columns=["start_s", "end_s", "team"]).assign(source="given", score=1.0)


def ball_at(times, x, y=0.0):
    return track(999, times, np.asarray(x, float) + np.zeros(len(times)), y, role="ball")


def standing(x_of, team="A", first=1, y_of=None, seconds=10.0, hz=5.0, keeper=True):
    """Ten players at the given places for some seconds, and their goalkeeper."""
    times = np.arange(0, seconds, 1 / hz)
    y_of = np.linspace(-25, 25, 10) if y_of is None else y_of
    parts = [
        track(first + i, times, x, y, team=team) for i, (x, y) in enumerate(zip(x_of, y_of, strict=True))
    ]
    if keeper:
        own = -50.0 if team == "A" else 50.0
        parts.append(track(first + 10, times, own, 0.0, team=team, role="goalkeeper"))
    return pd.concat(parts, ignore_index=True)


A_442 = [-30, -30, -30, -30, -20, -20, -20, -20, -10, -10]
B_442 = [30, 30, 30, 30, 20, 20, 20, 20, 10, 10]


def both(**kinds):
    return pd.concat([standing(A_442, **kinds), standing(B_442, "B", 21, **kinds)], ignore_index=True)


def measured(people, ball, owns, sign=1.0):
    moving = motion(people, MotionSettings(1.0)) if len(people) else None
    laid = moments(people, ball, owns, way(sign), PLAY_S, SETTINGS.every_s, moving)
    sizes = np.tile(SIZES, (len(laid.times_s), 1))
    seen = shapes(frame_shapes(people, 8), 8)
    return laid, behaviour(laid, carriers(laid, 2.0), (sizes, sizes), SETTINGS, PITCH, None, seen)


def means(table, team):
    return table[table["team"] == team].mean(numeric_only=True)


def test_lines_stand_where_their_players_stand():
    times = np.arange(0, 10, 0.2)
    table = means(measured(both(), ball_at(times, 0.0), spells((0, 10, "B")))[1], "A")
    assert table["defence_height_m"] == pytest.approx(52.5 - 30)
    assert table["defence_midfield_m"] == pytest.approx(10)
    assert table["midfield_attack_m"] == pytest.approx(10)
    assert table["goal_side"] == 10
    assert np.isnan(table["ahead_of_ball"])
    assert means(measured(both(), ball_at(times, -25), spells((0, 10, "B")))[1], "A")["goal_side"] == 4


def test_ball_carriers_team_has_players_ahead_of_it():
    times = np.arange(0, 10, 0.2)
    table = means(measured(both(), ball_at(times, -15.0), spells((0, 10, "A")))[1], "A")
    assert table["ahead_of_ball"] == 2
    assert np.isnan(table["goal_side"])


def test_what_a_camera_cannot_see_has_no_number():
    times = np.arange(0, 10, 0.2)
    people, ball, owns = both(), ball_at(times, 0.0), spells((0, 10, "B"))
    without = people[(people["role"] == "player") & (people["track_id"] != 10)]
    table = means(measured(without, ball, owns)[1], "A")
    assert table[["defence_height_m", "goal_side"]].isna().all()
    behind = people[people["track_id"] != 10]  # the goalkeeper and the ball are in view, a striker is not
    table = means(measured(behind, ball, owns)[1], "A")
    assert table["defence_height_m"] == pytest.approx(22.5)
    assert table["defence_midfield_m"] == pytest.approx(10)
    assert np.isnan(table["midfield_attack_m"])
    few = people[people["track_id"].isin([1, 2, 3, 21, 22, 23])]
    table = means(measured(few, ball, owns)[1], "A")
    assert table.drop(["time_s", "players_seen", "pressure", "pressing_intensity"]).isna().all()


def test_shape_is_that_of_table_shapes():
    people = match(seconds=10)
    table = measured(people, ball_at(np.arange(0, 10, 0.2), 0.0), spells((0, 10, "A")))[1]
    shape = frame_shapes(people).groupby("team").mean(numeric_only=True)
    for team in "AB":
        for name in ("length_m", "width_m", "stretch_m", "hull_m2"):
            assert means(table, team)[name] == pytest.approx(shape.loc[team, name])


def test_players_stand_in_lanes_from_their_left_to_their_right():
    y = [30, 25, 22, 15, 10, 0, 0, 5, -15, -30]  # attacking to the right, the left is y > 0
    people = standing(A_442, y_of=y)
    for sign, turn in ((1.0, people), (-1.0, mirrored(people, -1, -1))):
        table = means(measured(turn, ball_at(np.arange(0, 10, 0.2), 0.0), spells(), sign)[1], "A")
        lanes = [table[f"{n}_players"] for n in (
            "left_wing", "left_half_space", "centre", "right_half_space", "right_wing")]  # fmt: skip
        assert lanes == [3, 2, 3, 1, 1]


def test_pressure_is_full_at_the_feet_and_reaches_further_in_front():
    carrier, goal = np.zeros((1, 2)), np.array([[52.5, 0.0]])

    def of(*places):
        return pressure(carrier, np.array([places], float), goal)[0]

    assert of((0, 0)) == pytest.approx(1)
    assert of((4.5, 0)) == pytest.approx(0.5**1.75)  # half of the nine metres in front
    assert of((-1.5, 0)) == pytest.approx(0.5**1.75)  # half of the three metres behind
    assert of((9.1, 0)) == of((-3.1, 0)) == 0
    assert of((4.5, 0), (-1.5, 0)) == pytest.approx(2 * 0.5**1.75)
    assert of((np.nan, np.nan)) == 0
    assert np.isnan(pressure(np.full((1, 2), np.nan), np.zeros((1, 1, 2)), goal)[0])


def test_time_to_intercept_is_reaction_turning_and_running():
    still = np.zeros((1, 1, 2))
    at = np.array([[12.0, 0.0]])
    assert time_to_intercept_s(still, still, at, np.zeros((1, 2)))[0, 0] == pytest.approx(0.7 + 1)
    # At 5 m/s towards him: 3.5 m nearer after the reaction.
    towards = np.array([[[5.0, 0.0]]])
    assert time_to_intercept_s(still, towards, at, np.zeros((1, 2)))[0, 0] == pytest.approx(0.7 + 8.5 / 12)
    # Away from him: half a turn costs 5 m/s x 1, and 3.5 m more.
    away = time_to_intercept_s(still, -towards, at, np.zeros((1, 2)))[0, 0]
    assert away == pytest.approx(5 + 0.7 + 15.5 / 12)


def test_two_pressing_are_more_than_one():
    place = np.array([[[9.6, 0.0], [0.0, 9.6]]])  # both need 0.7 s + 0.8 s: each arrives with one half
    still, nobody_there = np.zeros((1, 2, 2)), np.full((1, 2, 2), np.nan)
    here = np.zeros((1, 2))
    assert pressing_intensity(place, still, here, here)[0] == pytest.approx(0.75)
    assert pressing_intensity(place[:, :1], still[:, :1], here, here)[0] == pytest.approx(0.5)
    assert np.isnan(pressing_intensity(nobody_there, still, here, here)[0])


def test_a_pass_through_midfield_outplays_and_breaks_what_it_passes():
    times = np.arange(0, 10, 0.2)
    people = pd.concat([both(), track(50, times, 0.0, 0.0), track(51, times, 25.0, 0.0)], ignore_index=True)
    x = np.interp(times, [0, 4, 5, 10], [0, 0, 25, 25])
    laid, _ = measured(people, ball_at(times, x), spells((0, 10, "A")))
    sizes = np.tile(SIZES, (len(laid.times_s), 1))
    found = passes(laid, carriers(laid, 2.0), (sizes, sizes), SETTINGS, PITCH)
    assert len(found) == 1
    one = found.iloc[0]
    assert (one["track_id"], one["to_track_id"]) == (50, 51)
    assert one["forward_m"] == pytest.approx(one["distance_m"])
    assert one["opponents_outplayed"] == 6  # the strikers at 10 m and midfield at 20 m
    assert one["lines_broken"] == 2
    hidden = people[~((people["team"] == "B") & (people["role"] == "goalkeeper"))]
    hidden = hidden[hidden["track_id"] != 21]
    laid, _ = measured(hidden, ball_at(times, x), spells((0, 10, "A")))
    one = passes(laid, carriers(laid, 2.0), (sizes, sizes), SETTINGS, PITCH).iloc[0]
    assert pd.isna(one["lines_broken"])
    assert one["opponents_outplayed"] == 6


def test_a_pass_back_breaks_nothing_and_a_ball_to_the_other_team_is_none():
    times = np.arange(0, 10, 0.2)
    people = pd.concat([both(), track(50, times, 15.0, 0.0), track(51, times, 0.0, 0.0)], ignore_index=True)
    x = np.interp(times, [0, 4, 5, 10], [15, 15, 0, 0])
    for owns, expected in ((spells((0, 10, "A")), [0]), (spells((0, 4.5, "A"), (4.5, 10, "B")), [])):
        laid, _ = measured(people, ball_at(times, x), owns)
        sizes = np.tile(SIZES, (len(laid.times_s), 1))
        found = passes(laid, carriers(laid, 2.0), (sizes, sizes), SETTINGS, PITCH)
        assert found["lines_broken"].tolist() == expected


def test_lines_are_counted_from_the_back():
    heights = np.array([20, 20, 20, 20, 30, 30, 30, 30, 40, 42.0])
    assert lines_between(heights, SIZES, 50, 35) == 1
    assert lines_between(heights, SIZES, 50, 10) == 3
    assert lines_between(heights, SIZES, 25, 10) == 1
    assert lines_between(heights[:6], SIZES, 50, 10) == 1


def test_time_to_press_runs_from_the_loss():
    times = np.arange(0, 20, 0.2)
    away = np.interp(times, [0, 10, 14, 20], [20, 20, 0, 0])  # 3 m away 3.4 s after the loss
    people = pd.concat([track(1, times, away, 0.0), track(21, times, 0.0, 0.0, team="B")], ignore_index=True)
    owns = spells((0, 10, "A"), (10, 20, "B"))
    laid, _ = measured(people, ball_at(times, 0.5), owns)
    having = carriers(laid, 2.0)
    lost = turnovers(laid, owns, set(), having, SETTINGS)
    assert lost["team"].tolist() == ["A"]
    assert lost["press_s"].iloc[0] == pytest.approx(3.4, abs=0.21)
    assert pd.isna(lost["regained_s"].iloc[0])
    assert turnovers(laid, owns, {1}, having, SETTINGS).empty
    again = spells((0, 10, "A"), (10, 14, "B"), (14, 20, "A"))
    laid, _ = measured(people, ball_at(times, 0.5), again)
    lost = turnovers(laid, again, set(), carriers(laid, 2.0), SETTINGS).iloc[0]
    assert (lost["regained_s"], lost["watched_s"]) == (4, 4)


def test_a_line_that_moves_up_eight_metres_in_four_seconds_takes_one_step():
    times = np.arange(0, 20, 0.2)
    height = np.interp(times, [0, 8, 12, 20], [30, 30, 38, 38])
    [step] = line_steps(times, height, SETTINGS)
    assert step == pytest.approx((8, 12, 30, 38), abs=0.6)
    [down] = line_steps(times, -height, SETTINGS)
    assert down[3] < down[2]
    assert line_steps(times, np.where((times > 9) & (times < 11), np.nan, height), SETTINGS) == []
    assert line_steps(times, 30 + 0.5 * times, SETTINGS) == []
    assert line_steps(np.zeros(0), np.zeros(0), SETTINGS) == []


def test_a_line_that_somebody_joins_or_leaves_unseen_has_not_moved():
    times = np.arange(0, 10, 0.2)
    people, ball = both(), ball_at(times, 0.0)
    # One of the back four is seen 16 m deeper from the fifth second on, where he was not in view before.
    came = people[(people["track_id"] != 1) | (people["time_s"] >= 5)].copy()
    came.loc[came["track_id"] == 1, "x_m"] = -46.0
    ten = pd.concat([came, track(12, times, -30.0, 25.0)], ignore_index=True)
    laid, _ = measured(ten, ball, spells((0, 10, "B")))
    sizes = (np.tile(SIZES, (len(laid.times_s), 1)),) * 2
    height = team_lines(laid, 0, sizes[0], PITCH).defence_height_m
    assert np.ptp(height) == pytest.approx(4)
    assert line_step_table(laid, sizes, SETTINGS, PITCH).empty
    # The same four, one of whom drops back in view, have moved.
    drops = both()
    drops.loc[drops["track_id"] <= 4, "x_m"] = -30 - 2.0 * np.clip(
        drops.loc[drops["track_id"] <= 4, "time_s"] - 3, 0, 4
    )
    laid, _ = measured(drops, ball, spells((0, 10, "B")))
    assert line_step_table(laid, sizes, SETTINGS, PITCH)["way"].tolist() == ["down"]


def test_a_line_of_nobody_in_particular_cannot_leap():
    times = np.arange(0, 20, 0.2)
    assert line_steps(times, np.where(times < 10, 30.0, 38.0), SETTINGS) == []


def test_sizes_of_lines_follow_the_formation_of_the_time():
    rows = pd.DataFrame(
        {
            "team": ["A", "A", "A", "B"],
            "phase": ["all", "all", "in", "all"],
            "nearest": ["4-2-3-1", "3-4-3", "3-5-2", None],
            "start_s": [0.0, 50, 0, 0],
            "end_s": [100.0, 100, 100, 100],
        }
    )
    assert line_sizes(rows, np.array([10.0, 60]), 0).tolist() == [[4, 5, 1], [3, 4, 3]]
    assert line_sizes(rows, np.array([10.0]), 1).tolist() == [[4, 4, 2]]


@settings(deadline=None, max_examples=6)
@given(x=st.sampled_from([1, -1]), y=st.sampled_from([1, -1]), hz=st.sampled_from([5, 10]))
def test_behaviour_does_not_hang_on_mirrors_or_frame_rate(x, y, hz):
    def found(hz, x=1, y=1):
        times = np.arange(0, 10, 1 / hz)
        people, ball = match(seconds=10, hz=hz, noise_m=0.0), ball_at(times, -8 + times, 1.0)
        return measured(*(mirrored(t, x, y) for t in (people, ball)), spells((0, 10, "A")), float(x))[1]

    plain, other = found(5), found(hz, x, y)
    names = {n: n for n in plain if n.endswith("_players")}
    if x * y < 0:  # left and right change sides
        names |= {f"{a}_{n}_players": f"{b}_{n}_players" for a, b in (("left", "right"), ("right", "left"))
                  for n in ("wing", "half_space")}  # fmt: skip
    for name in plain.select_dtypes("number"):
        one, two = (t.groupby("team")[c].mean() for t, c in ((plain, name), (other, names.get(name, name))))
        np.testing.assert_allclose(one, two, rtol=0.02, atol=0.12, err_msg=name)


def test_parts_say_how_much_was_seen():
    people, times = match(seconds=20), np.arange(0, 20, 0.2)
    owns = spells((0, 10, "A"), (10, 20, "B"))
    table = measured(people, ball_at(times, 0.0), owns)[1]
    halves = pd.DataFrame({"period": [1], "start_s": [0.0], "end_s": [20.0]})
    parts = behaviour_parts(table, halves, owns, storage.empty("phases")).set_index(
        ["team", "by", "part", "measure"]
    )
    whole = parts.loc[("A", "whole", "whole", "length_m")]
    assert (whole["seconds"], whole["coverage"]) == (20, 1)
    assert parts.loc[("A", "half", "1", "length_m"), "mean"] == whole["mean"]
    assert parts.loc[("A", "possession", "out", "defence_height_m"), "seconds"] == pytest.approx(10, abs=1)
    assert ("A", "possession", "in", "pressure") not in parts.index


def test_nobody_behaves_in_no_way():
    laid, table = measured(nobody(), nobody(), spells())
    assert table.empty
    none = storage.empty("possession")
    assert behaviour_parts(table, storage.empty("periods"), none, storage.empty("phases")).empty
    sizes = np.zeros((0, 3), np.int64)
    assert passes(laid, carriers(laid, 2.0), (sizes, sizes), SETTINGS, PITCH).empty
    assert turnovers(laid, none, set(), carriers(laid, 2.0), SETTINGS).empty
