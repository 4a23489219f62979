"""Formations and roles over halves, phases, changes, and whatever happens to teams."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_people import BY_NAME, match, mirrored, nobody, track, untracked
from tracking_run import periods, possession

from pipeline.metrics.formation.formation_changes import substitutions
from pipeline.metrics.formation.formation_tables import formation_table, role_table
from pipeline.metrics.formation.pairwise_places import relative_places
from pipeline.metrics.formation.team_places import team_places
from pipeline.metrics.formation.time_windows import FormationSettings, seconds_between, visible_s
from pipeline.metrics.formation.windowed_formations import stances
from pipeline.metrics.shape.team_shape import team_frames

SHORT = FormationSettings(window_s=60, min_s=30, min_players=5)
WHOLE = FormationSettings(window_s=1e9, min_s=30, min_players=5)


def named(people, how=WHOLE, **known):
    return formation_table(stances(people, how, **known))


def roles(people, how=WHOLE, **known):
    return role_table(stances(people, how, **known))


def later(people, seconds):
    return people.assign(time_s=people["time_s"] + seconds, frame=people["frame"] + round(seconds * 25))


@settings(max_examples=5, deadline=None)
@given(
    st.sampled_from([(1, -1), (-1, 1), (-1, -1)]), st.sampled_from(["4-2-3-1", "3-5-2"]), st.integers(0, 99)
)
def test_a_mirrored_team_plays_the_same_formation(axes, name, seed):
    people = match(name, "4-4-2", seconds=40, hz=1, seed=seed)
    table = named(mirrored(people, *axes))
    assert table["formation"].tolist() == [name, "4-4-2"]
    assert table["defenders"].tolist() == [int(name[0]), 4]


@settings(max_examples=5, deadline=None)
@given(st.permutations(range(1, 11)))
def test_names_of_tracks_do_not_matter(order):
    people = match("4-2-3-1", "4-3-3", seconds=40, hz=1)
    new = people["track_id"].map(dict(zip(range(1, 11), order, strict=True)) | {i: i for i in range(11, 32)})
    one, two = named(people), named(people.assign(track_id=new.astype("Int32")))
    assert one["formation"].tolist() == two["formation"].tolist()
    assert np.allclose(one["distance_m"], two["distance_m"], atol=1e-3)


def test_one_player_and_nobody_are_unclear_or_absent():
    alone = named(track(1, np.arange(0, 60, 0.2), np.zeros(300)))
    assert alone["formation"].tolist() == ["unclear"]
    assert alone["coverage"].tolist() == [0]
    assert named(nobody()).empty
    assert roles(nobody()).empty


def test_nine_after_a_sending_off_have_a_back_line_and_nine_roles():
    people = match("4-4-2", "4-2-3-1", seconds=60, hz=1)
    table, who = named(people[people["track_id"] != 10]), roles(people[people["track_id"] != 10])
    assert table["defenders"].tolist() == [4, 4]
    assert table["players_seen"].tolist() == [9, 10]
    assert table["nearest"][0] == "4-4-2"
    assert who[who["team"] == "A"]["role"].nunique() == 9


def test_a_substitute_takes_the_role_of_who_went_off():
    people = match("4-3-3", "4-4-2", seconds=300, hz=1, noise_m=1.0)
    on = (people["track_id"] == 10) & (people["time_s"] >= 150)
    people["track_id"] = people["track_id"].mask(on, 99).astype("Int32")
    table, who = named(people), roles(people)
    assert table["formation"].tolist() == ["4-3-3", "4-4-2"]
    mine = who[(who["team"] == "A") & (who["role"] == "ST")].set_index("track_id")
    assert set(mine.index) == {10, 99}
    assert (mine["share"] > 0.95).all()
    assert mine["role_share"].tolist() == pytest.approx([0.5, 0.5], abs=0.05)
    assert substitutions(team_frames(people, "A")) == (150.0,)
    assert substitutions(team_frames(people, "B")) == ()
    assert substitutions(team_frames(nobody(), "A")) == ()


def test_wingers_who_change_wings_leave_the_shape_as_it_is():
    people = match("4-3-3", "4-4-2", seconds=120, hz=1, noise_m=1.0)
    wings = people["track_id"].isin([8, 9]) & (people["time_s"] >= 60)
    people["track_id"] = people["track_id"].mask(wings, 17 - people["track_id"]).astype("Int32")
    found = team_places(team_frames(people, "A"))
    assert found.method == "roles"
    assert named(people)["formation"][0] == "4-3-3"
    who = roles(people)
    shares = who[who["track_id"] == 8].set_index("role")["share"]
    assert shares[["LW", "RW"]].tolist() == pytest.approx([0.5, 0.5], abs=0.05)
    means = relative_places(team_frames(people, "A")).places_m
    assert np.ptp(means[:, 1]) == pytest.approx(34.8, abs=1)  # the full-backs: both wingers seem central
    assert np.ptp(found.places_m[:, 1]) == pytest.approx(34.8, abs=1)
    assert (np.abs(means[:, 1]) > 12).sum() == 2
    assert (np.abs(found.places_m[:, 1]) > 12).sum() == 4


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 999))
def test_gaps_do_not_change_the_formation(seed):
    people = match("4-2-3-1", "3-5-2", seconds=120, hz=1)
    rng = np.random.default_rng(seed)
    seen = people[(rng.random(len(people)) > 0.08) & ~people["time_s"].between(40, 60)]
    table = named(seen)
    assert table["formation"].tolist() == ["4-2-3-1", "3-5-2"]
    assert table["coverage"].tolist() == pytest.approx([100 / 120] * 2, abs=0.03)


def test_roles_add_up_with_and_without_tracks():
    people = match("4-4-2", "4-3-3", seconds=40, hz=1)
    for who in (roles(people), roles(untracked(people))):
        assert who.groupby("team")["role"].nunique().tolist() == [10, 10]
        assert who.groupby(["team", "role"])["role_share"].sum().to_numpy() == pytest.approx(1.0)
        own = who[who["team"] == "A"].sort_values("n_frames").drop_duplicates("role", keep="last")
        own = own.set_index("role")
        assert own.loc["LCB", "x_m"] < own.loc["LST", "x_m"]
        assert own.loc["LM", "y_m"] > own.loc["RM", "y_m"]
    assert who["track_id"].isna().all()
    assert who["share"].isna().all()
    tracked = roles(people).groupby("track_id")["share"].sum()
    assert tracked.to_numpy() == pytest.approx(1.0)


def test_windows_stay_within_periods_and_the_given_direction_counts():
    first = match("4-4-2", "4-3-3", seconds=100, hz=1, keepers=False)
    second = later(mirrored(first, -1, -1), 110)
    both = pd.concat([first, second])
    halves = periods((0, 99), (110, 209), attack_a=("left_to_right", "right_to_left"))
    table = named(both, SHORT, periods=halves)
    windows = table[table["scope"] == "window"]
    assert windows["period"].tolist() == [1, 1, 1, 1, 2, 2, 2, 2]
    assert ((windows["end_s"] <= 99) | (windows["start_s"] >= 110)).all()
    home = windows[windows["team"] == "A"]
    assert home["attack"].tolist() == ["left_to_right"] * 2 + ["right_to_left"] * 2
    assert (home["formation"] == "4-4-2").all()
    spans = table[table["scope"] == "span"]
    assert spans.groupby("team")["period"].agg(list).tolist() == [[1, 2], [1, 2]]
    turned = named(first, SHORT, periods=periods((0, 99), attack_a=("right_to_left",)))
    assert set(turned.loc[turned["team"] == "A", "attack"]) == {"right_to_left"}


def test_extra_time_has_formations_of_its_own_and_penalties_none():
    part = match("4-4-2", "4-3-3", seconds=40, hz=1)
    turned = mirrored(part, -1, -1)
    starts = [0, 50, 100, 150, 200]
    people = pd.concat([later(p, s) for p, s in zip([part, turned] * 2 + [part], starts, strict=True)])
    table = named(people, periods=periods(*((s, s + 39.0) for s in starts)))
    home = table[table["team"] == "A"]
    assert home["period"].tolist() == [1, 2, 3, 4]
    assert home["attack"].tolist() == ["left_to_right", "right_to_left"] * 2
    assert (home["formation"] == "4-4-2").all()


def test_a_team_that_stands_otherwise_with_the_ball_has_two_formations():
    with_ball = match("4-3-3", "4-4-2", seconds=200, hz=1)
    without = match("3-5-2", "4-4-2", seconds=200, hz=1)
    spells = possession(200)
    has = (with_ball["time_s"] % 20 < 10).to_numpy()
    people = pd.concat([with_ball[has], without[~has]])
    table = named(people, possession=spells)
    assert table[table["team"] == "A"].set_index("phase")["formation"].loc[["in", "out"]].tolist() == [
        "4-3-3",
        "3-5-2",
    ]
    away = table[table["team"] == "B"].set_index("phase")
    assert away.loc["in", "n_frames"] == 100
    assert away.loc["in", "coverage"] == pytest.approx(1, abs=0.02)
    assert named(people, possession=spells.iloc[:0])["phase"].unique().tolist() == ["all"]
    little = spells.iloc[:2]  # ten seconds each are no phase to name
    assert named(people, possession=little)["phase"].unique().tolist() == ["all"]


def test_a_change_of_formation_begins_a_new_span():
    before, after = (
        match("4-4-2", "4-3-3", seconds=420, hz=1),
        match("3-5-2", "4-3-3", seconds=420, hz=1, seed=1),
    )
    people = pd.concat([before, later(after, 420)])
    table = named(people, FormationSettings(window_s=180, min_s=60))
    spans = table[table["scope"] == "span"].set_index("team")
    assert spans.loc[["A"], "formation"].tolist() == ["4-4-2", "3-5-2"]
    assert spans.loc[["A"], "start_s"].tolist()[1] == pytest.approx(420, abs=30)
    assert spans.loc[["B"], "formation"].tolist() == ["4-3-3"]
    assert not table.duplicated(["team", "phase", "scope", "start_s"]).any()


def test_a_team_seen_in_part_is_placed_by_pairs():
    people = match("4-4-2", "4-3-3", seconds=60, hz=2)
    middle = -4 + 12 * np.sin(people["time_s"] / 2.5)
    seen = people[((people["x_m"] - middle).abs() < 14) | (people["role"] == "goalkeeper")]
    found = {s.team: s for s in stances(seen, WHOLE)}
    assert found["A"].places.method == "pairs"
    assert found["A"].players_seen < 8
    assert found["A"].fit.matches[0].template.name == "4-4-2"


def test_seconds_are_counted_where_something_was_seen():
    assert visible_s(np.arange(0, 10, 0.1)) == pytest.approx(10)
    assert visible_s(np.r_[np.arange(0, 5, 0.1), np.arange(8, 10, 0.1)]) == pytest.approx(7)
    assert visible_s(np.zeros(0)) == visible_s(np.zeros(1)) == 0
    assert seconds_between(possession(40), 5, 25) == pytest.approx(20, abs=0.1)
    assert seconds_between(possession(40).iloc[:0], 5, 25) == 0


def test_templates_stand_where_they_are_drawn():
    who = roles(match("4-2-3-1", "4-4-2", seconds=40, hz=1, noise_m=0.1))
    own = who[who["team"] == "A"].set_index("role")[["x_m", "y_m"]]
    template = BY_NAME["4-2-3-1"]
    assert np.allclose(own.loc[list(template.roles)], template.places_m, atol=0.3)
