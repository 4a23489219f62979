"""Play measures of small teams: the pitch says how many a whole team is and where lanes lie."""

import numpy as np
import pandas as pd
import pytest
from made_up_people import track

from pipeline.core import config
from pipeline.core.pitch import Pitch
from pipeline.core.settings.pitch_settings import chosen_pitch
from pipeline.metrics.behaviour.ball_carrier import carriers
from pipeline.metrics.behaviour.behaviour_over_time import behaviour
from pipeline.metrics.behaviour.team_lines_in_play import line_sizes
from pipeline.metrics.direction.left_to_right import Sides
from pipeline.metrics.moments.play_moments import moments
from pipeline.metrics.phases.phases_of_play import phases
from pipeline.metrics.phases.restarts import restart_name
from pipeline.metrics.shape.team_shape import frame_shapes, shapes
from pipeline.metrics.summary import formation_settings, shape_players
from pipeline.tables import storage

WAY = Sides(np.array([0.0]), np.array([1e4]), np.array([1.0]))
TIMES = np.arange(0, 10, 0.2)


def settings_of(preset):
    return config.load(None, {"pitch.preset": preset})


def futsal(x_of=(-12, -6, -6, 2), y_of=(0, 5, -5, 0), ball_x=0.0):
    """Four of A at the given places, their goalkeeper, four of B in their half, and the ball."""
    people = [track(1 + i, TIMES, x, y) for i, (x, y) in enumerate(zip(x_of, y_of, strict=True))]
    people += [track(20 + i, TIMES, 10.0, y, team="B") for i, y in enumerate((-6, -2, 2, 6))]
    people.append(track(5, TIMES, -19.0, 0.0, role="goalkeeper"))
    return pd.concat(people, ignore_index=True), track(99, TIMES, ball_x, 0.0, role="ball")


def measured(preset="futsal", owner="B", **places):
    chosen = settings_of(preset)
    pitch, settings = chosen_pitch(chosen.pitch), chosen.play
    owns = pd.DataFrame({"start_s": [0.0], "end_s": [10.0], "team": [owner], "source": "given"})
    people, ball = futsal(**places)
    laid = moments(people, ball, owns, WAY, np.array([[0.0, 10.0]]), settings.every_s)
    none = storage.empty("formations")
    sizes = tuple(line_sizes(none, laid.times_s, t, pitch.outfield) for t in (0, 1))
    fewest = shape_players(chosen)
    seen = shapes(frame_shapes(people, fewest), fewest)
    table = behaviour(laid, carriers(laid, 2.0), sizes, settings, pitch, None, seen)
    told = phases(laid, owns, settings, pitch)
    return table[table["team"] == "A"].mean(numeric_only=True), told


@pytest.mark.parametrize(
    ("players", "shape", "formation"), [(11, 8, 5), (9, 6, 5), (7, 4, 5), (5, 3, 3), (3, 3, 3)]
)
def test_small_teams_need_all_but_two_in_view_for_a_shape_and_all_but_one_for_a_formation(
    players, shape, formation
):
    chosen = config.load(None, {"pitch.players": players})
    assert shape_players(chosen) == Pitch(players=players).fewest(8) == shape
    assert formation_settings(chosen).min_players == formation


def test_four_of_four_are_a_whole_futsal_team_with_shape_lines_and_lanes():
    made, _ = measured()
    assert made["length_m"] == pytest.approx(14)
    assert made["defence_height_m"] == pytest.approx(20 - 12)  # one at the back of a 1-2-1
    assert made["defence_midfield_m"] == pytest.approx(6)
    assert made["midfield_attack_m"] == pytest.approx(8)
    assert made["goal_side"] == 3
    centre, wing = chosen_pitch(settings_of("futsal").pitch).lanes_m
    assert centre < 5 < wing
    assert (made["centre_players"], made["left_half_space_players"]) == (2, 1)


def test_three_of_four_are_no_whole_team_on_a_big_pitch_and_four_of_ten_never_were():
    made, _ = measured(preset="11")
    assert made[["length_m", "midfield_attack_m", "centre_players"]].isna().all()


@pytest.mark.parametrize(("x", "block"), [(-14.0, "low_block"), (-6.0, "middle_block"), (4.0, "high_block")])
def test_blocks_of_small_games_are_as_high_in_proportion_to_the_pitch(x, block):
    # 30 m and 45 m of 105 m are 11.4 m and 17.1 m of 40 m; the middle stands 6, 14, 24 m from its goal line.
    _, told = measured(x_of=(x, x, x, x))
    assert told.loc[told["team"] == "A", "phase"].tolist() == [block]


def test_a_pitch_for_eleven_of_another_size_keeps_its_metres():
    assert Pitch(100, 64).of_eleven(30) == 30
    assert Pitch(40, 20, players=5).of_eleven(30) == pytest.approx(30 * 40 / 105)


@pytest.mark.parametrize(
    ("preset", "ball", "name"),
    [
        ("futsal", (10.0, 0.0), "penalty"),  # six metres from the line, the first spot is at ten
        ("7-fa", (-22.0, 5.0), "goal_kick"),  # no goal area: from anywhere in the penalty area
        ("11", (-47.5, 4.0), "goal_kick"),
        ("11", (-40.0, 4.0), "free_kick"),
    ],
)
def test_restarts_are_named_by_what_is_painted(preset, ball, name):
    pitch = chosen_pitch(settings_of(preset).pitch)
    if preset == "futsal":
        ball = (pitch.length_m / 2 - pitch.marks.penalty_spot_m, 0.0)
    assert restart_name(np.array(ball), 1.0, pitch) == name


def test_the_old_name_of_a_setting_still_counts_and_says_the_new_one(capsys):
    chosen = config.load(None, {"play.shape_seen": 6})
    assert chosen.measure.shape_min_players == 6
    assert "play.shape_seen is called measure.shape_min_players now" in capsys.readouterr().err
    both = {"play": {"shape_seen": 8}, "measure": {"shape_min_players": 7}}
    assert config.Config.model_validate(both).measure.shape_min_players == 7
