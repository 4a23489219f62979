"""Templates, fitting them, places of a team, directions, and the table formations."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_people import BY_NAME, match, mirrored, nobody, track, untracked
from tracking_run import periods

from pipeline.metrics.direction.attack_direction import (
    CLEAR,
    Direction,
    attacks,
    attacks_by_period,
    directions_by_period,
    evidence,
    opposite,
)
from pipeline.metrics.formation.formation_tables import formation_table
from pipeline.metrics.formation.template_fit import UNCLEAR, fit, fit_either_way
from pipeline.metrics.formation.templates import TEMPLATES, VARIANTS
from pipeline.metrics.formation.time_windows import FormationSettings, windows
from pipeline.metrics.formation.windowed_formations import stances

NAMES = [t.name for t in TEMPLATES]
SHORT = FormationSettings(window_s=180, min_s=60, min_players=5)


def formations(people, settings_, **tables_):
    return formation_table(stances(people, settings_, **tables_))


@pytest.mark.parametrize("template", TEMPLATES, ids=NAMES)
def test_a_template_has_ten_named_places_around_its_centroid_and_is_mirror_symmetric(template):
    assert len(set(template.roles)) == 10
    assert np.allclose(template.places_m.mean(axis=0), 0)
    assert sum(int(n) for n in template.name.split("-")) == 10
    assert template.defenders == int(template.name[0])
    mirrored_ = template.places_m * [1, -1]
    assert sorted(map(tuple, mirrored_.round(6) + 0.0)) == sorted(
        map(tuple, template.places_m.round(6) + 0.0)
    )


@pytest.mark.parametrize("template", TEMPLATES, ids=NAMES)
def test_every_template_finds_itself_whatever_its_size_and_place(template):
    order = np.random.default_rng(0).permutation(10)
    found = fit(template.places_m[order] * [1.2, 0.8] + [20, -8])
    assert found.formation == template.name
    assert found.variant is None
    assert found.matches[0].rms_m < 0.3
    assert [found.matches[0].template.roles[s] for s in found.matches[0].slots] == [
        template.roles[i] for i in order
    ]
    assert found.defenders == template.defenders
    assert found.second != template.name
    assert 0 < found.margin <= 1


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(TEMPLATES), st.integers(5, 10), st.integers(0, 10_000))
def test_a_fit_does_not_care_for_order_place_or_side(template, n, seed):
    rng = np.random.default_rng(seed)
    places = (template.places_m + rng.normal(0, 2, (10, 2)))[rng.permutation(10)[:n]]
    one, two = fit(places), fit(places[::-1] * [1, -1] + [30, 5])
    assert one.matches[0].cost == pytest.approx(two.matches[0].cost, rel=1e-6, abs=1e-6)
    assert one.score == pytest.approx(two.score, abs=1e-6)
    assert 0 <= one.score <= 1
    assert 0 <= one.margin <= 1
    assert np.isfinite([m.rms_m for m in one.matches]).all()


def test_a_few_players_are_fitted_without_stretching_them_over_the_whole_team():
    found = fit(BY_NAME["4-4-2"].places_m[:8])  # the strikers are out of the picture
    match_ = next(m for m in found.matches if m.template.name == "4-4-2")
    assert match_.rms_m == pytest.approx(0, abs=1e-6)
    assert found.defenders == 4


def test_a_blob_between_templates_is_unclear_and_still_has_a_back_line():
    middle = np.mean([BY_NAME[n].places_m for n in ("4-3-3", "4-1-3-2", "4-2-3-1", "4-4-2")], axis=0)
    found = fit(middle, noise_m=4.0)
    assert found.formation == UNCLEAR
    assert found.defenders == 4


def test_chances_add_up_and_fall_with_noise_to_how_common_a_formation_is():
    for noise_m in (0.0, 5.0, 1e4):
        found = fit(BY_NAME["4-4-2"].places_m, noise_m=noise_m)
        assert sum(found.chances) == pytest.approx(1)
    assert found.nearest == "3-4-3"  # the most common of all
    assert found.chances[0] == pytest.approx(TEMPLATES[0].weight / sum(t.weight for t in TEMPLATES), abs=0.01)


def test_a_part_of_a_team_whose_middle_is_unknown_is_found_wherever_it_is():
    part = BY_NAME["3-5-2"].places_m[[0, 1, 2, 3, 5, 6, 7]]
    one, two = fit(part), fit(part + np.array([300.0, -40.0]))
    assert one.nearest == "3-5-2"
    assert one.chances == pytest.approx(two.chances)
    assert fit(part, centred=True).score > one.score


@pytest.mark.parametrize(("of", "variant"), [("3-4-3", "5-4-1"), ("3-5-2", "5-3-2"), ("4-3-3", "4-1-4-1")])
def test_low_wings_are_told_as_a_variant_and_keep_the_name(of, variant):
    known = next(v for v in VARIANTS if v.name == variant)
    places = BY_NAME[of].places_m.copy()
    wings = [BY_NAME[of].roles.index(w) for w in known.wings]
    places[wings, 0] = known.wings_x_m
    found = fit(places)
    assert (found.nearest, found.variant) == (of, variant)
    assert fit(BY_NAME[of].places_m).variant is None
    unseen = np.delete(places, wings[0], axis=0)
    assert fit(unseen).variant is None


@pytest.mark.parametrize("n", [0, 1, 11])
def test_numbers_of_players_that_are_no_team_are_refused(n):
    with pytest.raises(ValueError, match="expected 2 to 10"):
        fit(np.zeros((n, 2)))


def test_an_unknown_direction_is_tried_both_ways_and_lowers_the_score():
    places = -BY_NAME["4-3-1-2"].places_m
    found, turned = fit_either_way(places)
    assert turned
    assert found.matches[0].template.name == "4-3-1-2"
    assert found.score <= fit(-places).score


@pytest.mark.parametrize(("x", "sign"), [(1, 1), (-1, -1)])
@pytest.mark.parametrize("keepers", [True, False])
def test_direction_follows_from_keepers_or_from_who_stands_where(x, sign, keepers):
    people = mirrored(match(keepers=keepers), x)
    assert np.sign(evidence(people)) == sign
    assert abs(evidence(people)) >= 0.4


def test_direction_is_unclear_without_people_or_when_signs_disagree():
    assert evidence(nobody()) == 0
    assert attacks([]) == []
    assert attacks([0.1, -0.2]) == [None, None]
    assert opposite(None) is None


def test_a_weak_window_follows_its_neighbours_and_sides_change_at_half_time():
    found = attacks([2, 2, -0.3, 2, -2, 0.2, -2])
    assert found == ["left_to_right"] * 4 + ["right_to_left"] * 3
    assert opposite(found[0]) == "right_to_left"


def test_a_half_without_signs_takes_the_other_way_of_the_other_half():
    people = match(seconds=10)
    halves = periods((0, 9.9), (20, 30), (40, 50))
    assert attacks_by_period(people, halves) == ["left_to_right", "right_to_left", None]
    again = pd.concat([people, people.assign(time_s=people["time_s"] + 20)])  # data turned to one direction
    assert attacks_by_period(again, halves)[:2] == ["left_to_right", "left_to_right"]
    known = halves.assign(attack_a=["right_to_left", None, None])
    assert attacks_by_period(nobody(), known) == ["right_to_left", "left_to_right", None]


def test_a_direction_says_how_sure_it_is():
    people, halves = match(seconds=10), periods((0, 9.9), (20, 30), (40, 50))
    first, second, none = directions_by_period(people, halves)
    assert first.attack == "left_to_right"
    assert second == Direction("right_to_left", first.score)
    assert first.score > 0.95
    assert none == Direction(None, None)
    given = directions_by_period(nobody(), halves.assign(attack_a=["right_to_left", None, None]))
    assert [d.score for d in given] == [1, 1, None]
    hidden = directions_by_period(people[people["role"] == "player"], halves)[0]
    assert hidden.attack == "left_to_right"
    assert 0.9 < hidden.score < first.score


def test_weak_signs_that_last_are_clear_even_where_no_goalkeeper_is_ever_seen():
    # Team A stands 2 m behind team B on average, by more or less from one ten seconds to the next.
    rng = np.random.default_rng(0)
    times = np.arange(0, 600, 1.0)
    sway = np.repeat(rng.normal(0, 2, 60), 10)
    a = [track(i, times, sway - 1, 5.0 * i) for i in range(1, 5)]
    b = [track(20 + i, times, -sway + 1, 5.0 * i, team="B") for i in range(1, 5)]
    people = pd.concat(a + b, ignore_index=True)
    for way, sign in (("left_to_right", 1), ("right_to_left", -1)):
        found = directions_by_period(mirrored(people, sign), periods((0, 600)))[0]
        assert found.attack == way
        assert found.score > 0.95
    assert 0 < evidence(people) < CLEAR


def test_a_clip_of_seconds_is_a_shape_at_this_moment():
    table = formations(match("4-4-2", "4-3-3"), SHORT)
    assert table["kind"].unique().tolist() == ["shape_at_this_moment"]
    assert table["formation"].tolist() == ["4-4-2", "4-3-3"]
    assert table["attack"].tolist() == ["left_to_right", "right_to_left"]
    assert table["defenders"].tolist() == [4, 4]
    assert table["players_seen"].tolist() == [10, 10]


@pytest.mark.parametrize(("home", "away"), [("3-5-2", "4-4-2"), ("4-2-3-1", "3-4-3")])
@pytest.mark.parametrize("tracked", [True, False])
def test_minutes_of_play_are_formations_with_and_without_tracks(home, away, tracked):
    people = match(home, away, seconds=70, hz=5)
    table = formations(people if tracked else untracked(people), SHORT)
    assert table["kind"].unique().tolist() == ["formation"]
    assert table["formation"].tolist() == [home, away]


def test_a_mirrored_match_has_the_same_formations():
    one, two = (formations(p, SHORT) for p in (match(), mirrored(match(), -1, -1)))
    assert one["formation"].tolist() == two["formation"].tolist()
    assert np.allclose(one["distance_m"], two["distance_m"])
    assert one["attack"].tolist() == two["attack"].tolist()[::-1]


def test_too_few_players_are_unclear():
    people = match()
    some = people[people["track_id"].isin([1, 2, 3, 21])]
    table = formations(some, SHORT)
    assert (table["formation"] == UNCLEAR).all()
    assert table[["nearest", "second", "distance_m", "margin", "defenders"]].isna().all().all()
    assert (table["score"] == 0).all()


def test_a_sending_off_still_has_a_formation():
    people = match(seconds=20)
    table = formations(people[(people["track_id"] != 10) | (people["time_s"] < 2)], SHORT)
    assert table["defenders"].tolist() == [4, 4]
    assert table["players_seen"][0] == pytest.approx(9.1)


def test_one_team_alone_has_one_row_and_nobody_has_none():
    people = match(keepers=False)
    table = formations(people[people["team"] == "B"], SHORT)
    assert table["team"].tolist() == ["B"]
    assert table["attack"].isna().all()
    assert formations(nobody(), SHORT).empty


def test_windows_are_cut_by_visible_time():
    people = match(seconds=400, hz=1, noise_m=0)
    cut = windows(
        people[(people["time_s"] < 100) | (people["time_s"] > 200)], FormationSettings(window_s=100)
    )
    assert [w.kind for w in cut] == ["formation"] * 3
    assert cut[0].start_s == 0
    assert cut[-1].end_s == 399
    assert all(a.end_s < b.start_s for a, b in pairwise(cut))


def test_swapped_halves_turn_the_attack():
    people = match(seconds=240, hz=2)
    people = pd.concat([people[people["time_s"] < 120], mirrored(people[people["time_s"] >= 120], -1, -1)])
    table = formations(people, FormationSettings(window_s=60))
    home = table[(table["team"] == "A") & (table["scope"] == "window")]
    assert home["attack"].tolist() == ["left_to_right"] * 2 + ["right_to_left"] * 2
    assert home["formation"].tolist() == ["4-4-2"] * 4
