"""A team over substitutions and halves: results are pooled, not players."""

import numpy as np
import pandas as pd
import pytest
from made_up_people import BY_NAME, match

from pipeline.metrics.formation.pooled_places import pooled_places
from pipeline.metrics.formation.role_model import role_model
from pipeline.metrics.formation.template_fit import UNCLEAR
from pipeline.metrics.shape.team_shape import team_frames


def _halves(first: str, second: str, came_on: int = 0):
    """Two halves of 150 s each; ``came_on`` of the players are others in the second."""
    one, two = match(first, seconds=150, hz=1), match(second, seconds=150, hz=1, seed=1)
    two["track_id"] = two["track_id"] + np.where(two["track_id"] <= came_on, 100, 0)
    two["track_id"] = two["track_id"].astype("Int32")
    two[["time_s", "frame"]] += [160, 160 * 25]
    return team_frames(pd.concat([one, two]), "A")


def _seen_in_part(team):
    """A camera that follows play: of ten, only those near a point that wanders."""
    middle = 14 * np.sin(team.times_s / 4)
    far = np.abs(team.places_m[..., 0] - middle[:, None]) > 15
    places = np.where(far[..., None], np.nan, team.places_m)
    return type(team)(team.frames, team.times_s, places, np.where(far, -1, team.tracks))


@pytest.mark.parametrize("camera", [lambda team: team, _seen_in_part])
def test_a_formation_kept_over_five_substitutions_is_still_named(camera):
    model = role_model(camera(_halves("4-4-2", "4-4-2", came_on=5)), "left_to_right", (160.0,))
    assert model.fit.nearest == "4-4-2"
    assert set(model.roles) == set(BY_NAME["4-4-2"].roles)
    both = model.found.slot[[0, -1]]
    assert sorted(both[0][both[0] >= 0]) == sorted(set(both[0][both[0] >= 0]))


def test_halves_that_disagree_are_unclear_and_never_a_third_formation():
    model = role_model(_halves("4-4-2", "3-5-2", came_on=3), "left_to_right", (160.0,))
    assert model.fit.formation == UNCLEAR
    assert {model.fit.nearest, model.fit.second} == {"4-4-2", "3-5-2"}
    assert model.fit.chances[0] == pytest.approx(model.fit.chances[1], abs=0.1)


def test_a_long_half_outweighs_a_short_one():
    team = _halves("4-4-2", "3-5-2")
    late = np.flatnonzero(team.times_s < 240)
    cut = type(team)(team.frames[late], team.times_s[late], team.places_m[late], team.tracks[late])
    model = role_model(cut, "left_to_right", (160.0,))
    assert model.fit.formation == "4-4-2"


def test_cuts_that_leave_seconds_are_ignored_and_nobody_has_no_places():
    team = _halves("4-4-2", "4-4-2")
    assert len(pooled_places(team, (0.0, 5.0, 160.0, 300.0)).parts) == 2
    assert len(pooled_places(team).parts) == 1
    none = team_frames(match().iloc[:0], "A")
    assert pooled_places(none, (1.0,)).whole.places_m.shape == (0, 2)
