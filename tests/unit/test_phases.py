"""Phases of play: by where the ball is, who has it, and since when; truth by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_people import match, mirrored, nobody, track

from pipeline.core.config import load
from pipeline.core.errors import ConfigError
from pipeline.core.pitch import Pitch
from pipeline.core.settings.play_settings import PlaySettings
from pipeline.metrics.direction.left_to_right import Sides
from pipeline.metrics.direction.match_stretch import Stretch, inside
from pipeline.metrics.moments.play_moments import moments
from pipeline.metrics.phases.phases_of_play import phases
from pipeline.metrics.phases.restarts import named_restart, restart_name

PITCH, SETTINGS = Pitch(), PlaySettings()
NO_SPELLS = pd.DataFrame({"start_s": [], "end_s": [], "team": [], "source": []})


def way(sign=1.0):
    return Sides(np.array([0.0]), np.array([1e4]), np.array([sign]))


def spells(*rows, source="given"):
    return pd.DataFrame(rows, columns=["start_s", "end_s", "team"]).assign(source=source)


def ball_at(times, x, y=0.0):
    return track(99, times, np.asarray(x, float) + np.zeros(len(times)), y, role="ball")


def kept(times):
    """A ball that is played around the centre spot and never lies still."""
    return ball_at(times, 4 * np.sin(times), 3 * np.cos(times))


def told(people, ball, owns, sign=1.0, config=SETTINGS, play=((0.0, 200.0),)):
    laid = moments(people, ball, owns, way(sign), np.array(play), config.every_s)
    return phases(laid, owns, config, PITCH)


def spans(table, team):
    own = table[table["team"] == team]
    return [(p, pytest.approx(a, abs=0.3), pytest.approx(b, abs=0.3)) for p, a, b in own[
        ["phase", "start_s", "end_s"]].itertuples(index=False)]  # fmt: skip


def test_a_ball_carried_up_the_pitch_goes_through_build_up_progression_and_final_third():
    # From -50 m at 4 m/s: over -17.5 m after 8.1 s, over 17.5 m after 16.9 s.
    times = np.arange(0, 24, 0.2)
    table = told(match(seconds=24), ball_at(times, -50 + 4 * times), spells((0, 24, "A")))
    assert spans(table, "A") == [
        ("build_up", 0, 8.1), ("progression", 8.1, 16.9), ("final_third", 16.9, 24)]  # fmt: skip
    other = told(match(seconds=24), ball_at(times, -50 + 4 * times), spells((0, 24, "B")))
    assert [p for p, *_ in spans(other, "B")] == ["final_third", "progression", "build_up"]


@pytest.mark.parametrize(
    ("middle_m", "block"), [(-30.0, "low_block"), (-15.0, "middle_block"), (5.0, "high_block")]
)
def test_a_block_is_as_high_as_the_middle_of_the_team(middle_m, block):
    # Distances from the own goal line: 22.5 m, 37.5 m, 57.5 m.
    people = match(seconds=10, noise_m=0.0)
    a = people["team"].eq("A") & people["role"].eq("player")
    still = people.assign(x_m=people["x_m"].where(~a, middle_m + people["track_id"].astype(float) % 5 - 2))
    times = np.arange(0, 10, 0.2)
    table = told(still, ball_at(times, 0.0), spells((0, 10, "B")))
    assert table.loc[table["team"] == "A", "phase"].unique().tolist() == [block]


def test_the_seconds_after_the_ball_changes_hands_are_transitions():
    times = np.arange(0, 30, 0.2)
    people = match(seconds=30)
    people["x_m"] -= 8
    table = told(people, kept(times), spells((0, 10, "A"), (10, 30, "B")))
    assert spans(table, "A") == [
        ("progression", 0, 10), ("transition_after_loss", 10, 15), ("middle_block", 15, 30)]  # fmt: skip
    assert spans(table, "B")[1] == ("transition_after_gain", 10, 15)


def test_a_corner_is_a_set_play_and_no_transition():
    times = np.arange(0, 40, 0.2)
    x = np.where(times < 10, 0.0, np.where(times < 16, 52.0, 44.0))
    y = np.where(times < 10, 0.0, np.where(times < 16, 33.5, 0.0))
    owns = spells((0, 10, "B"), (15, 40, "A"))
    table = told(match(seconds=40), ball_at(times, x, y), owns)
    own = table[table["team"] == "A"].set_index("phase")
    assert own.loc["set_play", "restart"] == "corner"
    assert own.loc["set_play", "end_s"] - own.loc["set_play", "start_s"] == pytest.approx(10, abs=0.4)
    assert own.loc["final_third", "start_s"] == pytest.approx(25, abs=0.3)
    against = table[(table["team"] == "B") & (table["phase"] == "set_play_against")]
    assert len(against) == 1
    assert "transition_after_gain" not in set(table["phase"])


def test_a_goal_kick_begins_a_build_up():
    times = np.arange(0, 30, 0.2)
    owns = spells((0, 10, "B"), (15, 30, "A"))
    table = told(match(seconds=30), ball_at(times, np.where(times < 10, 0, -48.0)), owns)
    assert spans(table, "A")[-1] == ("build_up", 15, 30)


def test_a_ball_that_lies_still_with_nobody_near_is_a_free_kick():
    people = match(seconds=40, noise_m=0.0)
    people.loc[people["team"] == "B", "x_m"] += 30
    times = np.arange(0, 40, 0.2)
    x = np.where(times < 20, -14.0, -14 + 3 * (times - 20))
    table = told(people, ball_at(times, x), spells((0, 40, "A"), source="estimated"))
    kick = table[table["phase"] == "set_play"].iloc[0]
    assert kick["restart"] == "free_kick"
    assert kick["start_s"] == pytest.approx(20, abs=0.5)
    assert kick["end_s"] == pytest.approx(30, abs=0.8)


def thrown(comes_back_x=10.0, comes_back_y=33.8):
    """The ball goes out at 8 s, is with a player of A at 12 s, who plays it at 18 s; spells are estimated."""
    times = np.arange(0, 40, 0.2)
    out = (times >= 8) & (times < 12)
    with_taker = (times >= 12) & (times < 18)
    x = np.where(times < 8, 5.0, np.where(times < 18, comes_back_x, 12 + 2 * (times - 18)))
    y = np.where(times < 8, 2 * np.sin(times), np.where(out, 35.5, np.where(with_taker, comes_back_y, 20.0)))
    owns = spells((0, 8, "B"), (12, 40, "A"), source="estimated")
    return told(match(seconds=40), ball_at(times, x, y), owns)


def test_an_estimated_throw_in_begins_when_the_ball_is_thrown():
    own = thrown().query("team == 'A'").set_index("phase")
    assert own.loc["set_play", "restart"] == "throw_in"
    assert own.loc["set_play", "start_s"] == pytest.approx(18, abs=0.3)
    assert own.loc["set_play", "end_s"] == pytest.approx(28, abs=0.5)
    assert not ((thrown()["start_s"] < 17.5) & (thrown()["end_s"] > 12.5)).any()  # the ball is dead


def test_a_ball_that_went_out_and_is_next_seen_in_the_middle_was_restarted_unseen():
    assert "set_play" not in set(thrown(comes_back_y=5.0)["phase"])


def test_a_free_kick_is_found_through_noise_and_lost_sights_where_nobody_gives_possession():
    people = match(seconds=40, noise_m=0.0)
    people.loc[people["team"] == "B", "x_m"] += 30
    rng, times = np.random.default_rng(0), np.arange(0, 40, 0.2)
    x = np.where(times < 20, -14.0, -14 + 3 * (times - 20)) + rng.normal(0, 0.3, len(times))
    ball = ball_at(times, x, rng.normal(0, 0.3, len(times)))
    ball = ball[rng.random(len(ball)) > 0.2]
    for source, found in (("estimated", True), ("given", False)):
        table = told(people, ball, spells((0, 40, "A"), source=source))
        kicks = table[table["phase"] == "set_play"]
        assert (len(kicks) > 0) == found
        if found:
            assert kicks["restart"].iloc[0] == "free_kick"
            assert kicks["start_s"].iloc[0] == pytest.approx(20, abs=1.0)


@pytest.mark.parametrize(
    ("ball", "sign", "name"),
    [
        ((52, 33.5), 1, "corner"),
        ((-52, 33.5), -1, "corner"),
        ((-47.5, 4), 1, "goal_kick"),
        ((47.5, 4), -1, "goal_kick"),
        ((10, -34), 1, "throw_in"),
        ((41.5, 0), 1, "penalty"),
        ((20, 10), 1, "free_kick"),
        ((0.5, 0.5), 1, "kick_off"),
    ],
)
def test_the_place_of_the_ball_names_the_restart(ball, sign, name):
    assert restart_name(np.array(ball, float), sign, PITCH) == name


def test_a_gap_in_estimated_possession_is_no_restart():
    times = np.arange(0, 40, 0.2)
    owns = spells((0, 10, "B"), (15, 40, "A"), source="estimated")
    table = told(match(seconds=40), ball_at(times, 3 * np.sin(times)), owns)
    assert "set_play" not in set(table["phase"])


def test_what_was_not_seen_is_in_no_phase():
    times = np.arange(0, 30, 0.2)
    ball = kept(times)
    hidden = ball[(ball["time_s"] < 10) | (ball["time_s"] > 20)]
    table = told(match(seconds=30), hidden, spells((0, 30, "A")))
    own = table[table["team"] == "A"]
    assert not ((own["start_s"] < 15) & (own["end_s"] > 15)).any()
    few = match(seconds=30)
    few = few[(few["team"] == "A") | (few["track_id"] < 25)]
    assert told(few, ball, spells((0, 30, "A")))["team"].unique().tolist() == ["A"]
    assert told(match(seconds=30), ball, NO_SPELLS).empty
    assert told(nobody(), nobody(), NO_SPELLS).empty
    assert told(match(seconds=30), ball, spells((0, 30, "A")), sign=0.0).empty


@settings(deadline=None, max_examples=10)
@given(
    x=st.sampled_from([1, -1]),
    y=st.sampled_from([1, -1]),
    hz=st.sampled_from([5, 10, 25]),
    shift=st.integers(0, 90),
)
def test_phases_do_not_hang_on_mirrors_clock_or_frame_rate(x, y, hz, shift):
    def found(hz, x=1, y=1, shift=0):
        times = np.arange(0, 30, 1 / hz)
        people = match(seconds=30, hz=hz, noise_m=0.0)
        ball = ball_at(times, -40 + 2.5 * times, 3.0)
        moved = [mirrored(t, x, y).assign(time_s=t["time_s"] + shift) for t in (people, ball)]
        owns = spells((shift, shift + 8, "B"), (shift + 8, shift + 30, "A"))
        return told(*moved, owns, sign=float(x))

    plain, other = found(5), found(hz, x, y, shift)
    assert other["phase"].tolist() == plain["phase"].tolist()
    np.testing.assert_allclose(other["start_s"] - shift, plain["start_s"], atol=0.25)


def test_a_stretch_can_be_a_phase():
    table = told(match(seconds=30), ball_at(np.arange(0, 30, 0.2), 0.0), spells((0, 10, "A"), (10, 30, "B")))
    times = np.array([5.0, 12.0, 20.0])
    part = Stretch(phase="transition_after_loss")
    assert inside(times, part, "A", table, table, table).tolist() == [False, True, False]
    assert inside(times, part, "B", table, table, table).tolist() == [False, False, False]
    assert inside(times, part, "A", table, table).tolist() == [False, False, False]


def test_thresholds_out_of_order_are_refused():
    with pytest.raises(ConfigError, match="final_third_from must lie beyond build_up_to"):
        load(None, {"play.build_up_to": 0.7})
    with pytest.raises(ConfigError, match="high_block_m must lie beyond low_block_m"):
        load(None, {"play.low_block_m": 50})


def test_the_name_of_a_restart_is_as_sure_as_the_place_of_the_ball():
    exact = named_restart(np.array([52.0, 33.5]), 0.0, 1.0, PITCH)
    assert (exact.name, exact.score) == ("corner", 1.0)
    # On the edge between throw-in and free kick half of the places where it may have lain have each name.
    edge = named_restart(np.array([0.0, 34 - 1.5 + 1e-6]), 1.0, 1.0, PITCH)
    assert (edge.name, edge.score) == ("throw_in", pytest.approx(4 / 7))
    sure = [named_restart(np.array([0.0, 34.0]), e, 1.0, PITCH).score for e in (0.3, 1.0, 3.0)]
    assert sure == sorted(sure, reverse=True)
    assert sure[0] == 1


def test_a_set_play_has_the_score_of_its_restart_and_other_phases_have_none():
    times = np.arange(0, 40, 0.2)
    x = np.where(times < 10, 0.0, np.where(times < 16, 52.0, 44.0))
    y = np.where(times < 10, 0.0, np.where(times < 16, 33.5, 0.0))
    ball = ball_at(times, x, y).assign(error_m=1.5)
    table = told(match(seconds=40), ball, spells((0, 10, "B"), (15, 40, "A")))
    kick = table[table["phase"] == "set_play"].iloc[0]
    assert kick["restart"] == "corner"
    assert 0.5 < kick["restart_score"] < 1
    assert table.loc[~table["phase"].str.startswith("set_play"), "restart_score"].isna().all()
