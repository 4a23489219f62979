"""Who has the ball: as given, and as estimated."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_people import track

from pipeline.core.pitch import Pitch
from pipeline.metrics.possession import estimated_spells, given_spells
from pipeline.tables import storage

PITCH = Pitch(105, 68)
TIMES = np.arange(0, 20, 0.1)


def frames(times=TIMES, shots=None):
    made = storage.empty("frames").reindex(range(len(times)))
    return made.assign(
        frame=np.round(times * 25), time_s=times, shot=0 if shots is None else shots, duplicate=False
    )


def scene(ball_x, times=TIMES):
    """A player of A at x = -10, one of B at x = 10, and the ball somewhere on the line between."""
    people = pd.concat([track(1, times, times * 0 - 10, team="A"), track(2, times, times * 0 + 10, team="B")])
    return people, track(3, times, np.broadcast_to(ball_x, times.shape), role="ball", error_m=0.3)


def said(spells):
    return [(r.team, round(r.start_s, 1), round(r.end_s, 1)) for r in spells.itertuples()]


def test_a_ball_at_a_players_feet_is_his_teams_until_the_other_team_has_it():
    x = np.where(TIMES < 8, -9.5, np.where(TIMES < 10, -9.5 + (TIMES - 8) * 9.5, 9.5))
    people, ball = scene(x)
    found = estimated_spells(frames(), people, ball, PITCH)
    assert said(found) == [("A", 0.0, 9.9), ("B", 9.9, 20.0)]
    assert set(found["source"]) == {"estimated"}
    assert (found["score"] > 0.95).all()


def test_a_touch_too_short_takes_nothing():
    x = np.where((TIMES > 8) & (TIMES < 8.3), 9.5, -9.5)
    assert said(estimated_spells(frames(), *scene(x), PITCH)) == [("A", 0.0, 20.0)]


def test_a_ball_beyond_the_line_is_nobodys():
    x = np.where((TIMES >= 5) & (TIMES < 9), -60.0, -9.5)
    assert said(estimated_spells(frames(), *scene(x), PITCH)) == [("A", 0.0, 5.0), ("A", 9.0, 20.0)]


def test_a_ball_out_of_sight_for_long_is_nobodys():
    people, ball = scene(-9.5)
    gone = ball[(ball["time_s"] < 5) | (ball["time_s"] >= 12)]
    spells = said(estimated_spells(frames(), people, gone, PITCH))
    assert [s[0] for s in spells] == ["A", "A"]
    assert spells[0][2] == pytest.approx(8.0, abs=0.11)
    assert spells[1][1] == 12.0


def test_a_contested_ball_is_nobodys():
    people, ball = scene(0.0)
    people["x_m"] = np.where(people["team"] == "A", -0.5, 0.5)
    assert estimated_spells(frames(), people, ball, PITCH).empty


def test_nothing_goes_on_across_a_cut():
    x = np.where(TIMES < 10, -9.5, 0.0)
    shots = (TIMES >= 10).astype(int)
    assert said(estimated_spells(frames(shots=shots), *scene(x), PITCH)) == [("A", 0.0, 10.0)]


def test_a_ball_hardly_seen_says_nothing():
    people, ball = scene(-9.5)
    assert estimated_spells(frames(), people, ball.iloc[:20], PITCH).empty
    assert estimated_spells(frames(), people, ball.iloc[:0], PITCH).empty
    assert estimated_spells(frames(), people.iloc[:0], ball, PITCH).empty
    assert estimated_spells(frames(TIMES[:0]), people.iloc[:0], ball.iloc[:0], PITCH).empty


def test_given_spells_end_at_dead_balls_and_at_the_break():
    owner = np.array(["A"] * 3 + [None] * 2 + ["B"] * 3 + ["B"] * 2, object)
    times = np.r_[np.arange(8) * 0.1, 10.7, 10.8]
    found = given_spells(times, owner, np.array([1] * 8 + [2] * 2))
    assert said(found) == [("A", 0.0, 0.3), ("B", 0.5, 0.8), ("B", 10.7, 10.9)]
    assert given_spells(times[:0], owner[:0], np.zeros(0, np.int64)).empty


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["A", "B", None]), min_size=1, max_size=60))
def test_spells_give_back_what_was_given_frame_by_frame(owner):
    times = np.arange(len(owner)) * 0.1
    found = given_spells(times, np.array(owner, object), np.ones(len(owner), np.int64))
    back = [None] * len(owner)
    for spell in found.itertuples():
        for i in np.flatnonzero(
            (times >= spell.start_s - 1e-9) & (times < max(spell.end_s, spell.start_s + 1e-6) - 1e-9)
        ):
            back[i] = spell.team
    if len(owner) > 1:
        assert back == owner
    assert (found["end_s"].to_numpy()[:-1] <= found["start_s"].to_numpy()[1:] + 1e-9).all()
