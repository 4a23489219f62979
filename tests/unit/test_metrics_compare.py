"""Comparing team shapes."""

import numpy as np
import pytest
from made_up_people import BY_NAME, match, mirrored, nobody
from scipy.linalg import sqrtm

from pipeline.core.pitch import Pitch
from pipeline.metrics.comparison.shape_distance import (
    compare,
    graph_difference,
    pair_roles,
    wasserstein2_m2,
)
from pipeline.metrics.comparison.shape_numbers import compare_shapes
from pipeline.metrics.comparison.team_lines import line_of_roles, lines
from pipeline.metrics.formation.role_model import neighbour_shares, role_model
from pipeline.metrics.formation.team_places import team_places
from pipeline.metrics.formation.templates import TEMPLATES
from pipeline.metrics.shape.team_shape import SHAPE_COLUMNS, frame_shapes, shapes, team_frames


def _model(people, team="A", attack="left_to_right"):
    return role_model(team_frames(people, team), attack)


def test_a_team_does_not_differ_from_itself():
    model = _model(match())
    made = compare(model, model)
    assert made.same_role_m == 0
    assert made.same_role_scaled_m == pytest.approx(0, abs=1e-9)
    assert made.w2_m == pytest.approx(0, abs=1e-3)
    assert made.graph_difference == 0
    assert (made.roles["role_a"] == made.roles["role_b"]).all()


def test_the_same_formation_the_other_way_round_is_the_same():
    people = match("4-2-3-1", "4-2-3-1", noise_m=0.0)
    made = compare(_model(people), _model(people, "B", "right_to_left"))
    assert made.same_role_m == pytest.approx(0, abs=1e-6)
    assert (made.roles["role_a"] == made.roles["role_b"]).all()


def test_a_wider_team_differs_in_metres_but_not_in_form():
    one, two = match(noise_m=0.0), match(noise_m=0.0)
    two["y_m"] *= 1.3
    made = compare(_model(one), _model(two))
    assert made.same_role_m > 2
    assert made.same_role_scaled_m == pytest.approx(0, abs=1e-6)


def test_other_formations_differ_where_they_should():
    people = match("4-4-2", "3-5-2", noise_m=0.0)
    made = compare(_model(people), _model(people, "B", "right_to_left"))
    assert made.same_role_m > 3
    assert len(made.roles) == 10
    assert made.roles["distance_m"].is_monotonic_decreasing
    assert made.graph_difference > 0


def test_comparing_is_symmetric():
    people = match("4-4-2", "4-3-3")
    one, two = _model(people), _model(people, "B", "right_to_left")
    there, back = compare(one, two), compare(two, one)
    assert there.same_role_m == pytest.approx(back.same_role_m)
    assert there.w2_m == pytest.approx(back.w2_m)
    assert there.graph_difference == pytest.approx(back.graph_difference)


def test_a_team_with_fewer_roles_is_compared_by_those_it_has():
    people = match(noise_m=0.0)
    made = compare(_model(people), _model(people[~people["track_id"].isin([1, 10])]))
    assert len(made.roles) == 8
    assert made.same_role_m == pytest.approx(0, abs=1e-6)


def test_nobody_compares_to_nothing():
    made = compare(_model(match()), _model(nobody()))
    assert made.roles.empty
    assert np.isnan(made.same_role_m)
    assert np.isnan(made.w2_m)
    assert pair_roles(np.zeros((0, 2)), np.zeros((3, 2)))[0].size == 0


def test_wasserstein_agrees_with_its_definition():
    rng = np.random.default_rng(0)
    for _ in range(5):
        a, b = (m @ m.T + np.eye(2) for m in rng.normal(size=(2, 2, 2)))
        p, q = rng.normal(size=(2, 2))
        root = sqrtm(b)
        expected = ((p - q) ** 2).sum() + np.trace(a + b - 2 * sqrtm(root @ a @ root))
        assert wasserstein2_m2(p, a, q, b) == pytest.approx(expected.real)
    assert wasserstein2_m2(p, 0 * a, q, 0 * b) == pytest.approx(((p - q) ** 2).sum())


def test_players_next_to_each_other_are_neighbours():
    found = team_places(team_frames(match("4-4-2", noise_m=0.0), "A"))
    share = neighbour_shares(found)
    assert np.allclose(share, share.T)
    assert (np.diag(share) == 0).all()
    names = dict(zip(map(tuple, BY_NAME["4-4-2"].places_m.round(3)), BY_NAME["4-4-2"].roles, strict=True))
    role = [names[tuple(p.round(3))] for p in found.places_m]
    assert share[role.index("LCB"), role.index("RCB")] == 1
    assert share[role.index("LB"), role.index("RB")] == 0
    assert np.isnan(graph_difference(np.full((3, 3), np.nan), share[:3, :3]))


def test_roles_are_named_after_the_template():
    model = _model(match("3-5-2", noise_m=0.1))
    assert set(model.roles) == set(BY_NAME["3-5-2"].roles)
    few = _model(match()[lambda p: p["track_id"].isin([1, 2, 3])])
    assert few.roles == ("role 1", "role 2", "role 3")
    assert few.fit is None


def test_the_shape_numbers_come_with_an_interval():
    people = match("4-4-2", "4-4-2", seconds=60)
    people.loc[people["team"] == "B", "x_m"] *= 1.4
    table = shapes(frame_shapes(people))
    made = compare_shapes(table[table["team"] == "A"], table[table["team"] == "B"]).set_index("measure")
    assert made.index.tolist() == list(SHAPE_COLUMNS)
    length = made.loc["length_m"]
    assert length["low"] < length["difference"] < length["high"]
    assert length["low"] > 5
    assert made.loc["width_m", "low"] < 0 < made.loc["width_m", "high"]
    assert length["n_a"] == 60


def test_shapes_never_seen_compare_to_nan():
    table = shapes(frame_shapes(match(seconds=5)))
    made = compare_shapes(table, table.iloc[:0])
    assert made["difference"].isna().all()
    assert made["n_b"].tolist() == [0] * len(SHAPE_COLUMNS)
    some = compare_shapes(table, table, min_players=11)
    assert some["mean_a"].isna().all()


def test_possessions_can_be_the_blocks():
    table = shapes(frame_shapes(match(seconds=40))).assign(block=lambda t: t["time_s"] > 20)
    made = compare_shapes(table[table["team"] == "A"], table[table["team"] == "B"])
    assert made["low"].notna().all()


@pytest.mark.parametrize("template", TEMPLATES, ids=[t.name for t in TEMPLATES])
def test_lines_have_the_numbers_of_the_name(template):
    numbers = [int(n) for n in template.name.split("-")]
    line = line_of_roles(template)
    assert (line == 0).sum() == numbers[0]
    assert (line == 2).sum() == numbers[-1]


@pytest.mark.parametrize(("x", "attack"), [(1, "left_to_right"), (-1, "right_to_left")])
def test_the_height_of_the_defence_is_measured_from_its_own_goal(x, attack):
    people = mirrored(match("4-4-2", noise_m=0.0, seconds=2), x, x)
    team = team_frames(people, "A")
    model = role_model(team, attack)
    made = lines(team_places(team), model.fit, attack, Pitch())
    x_m = BY_NAME["4-4-2"].places_m[:, 0]
    backs, middle, front = (np.sort(x_m)[part].mean() for part in (slice(0, 4), slice(4, 8), slice(8, 10)))
    assert made.defence_height_m[0] == pytest.approx(52.5 - 4 + backs, abs=0.05)
    assert made.defence_midfield_m[0] == pytest.approx(middle - backs, abs=0.05)
    assert made.midfield_attack_m[0] == pytest.approx(front - middle, abs=0.05)


def test_a_line_out_of_view_has_no_height():
    people = match("4-4-2", noise_m=0.0, seconds=10)
    attackers = people["track_id"].isin([9, 10]) & (people["time_s"] > 5)
    team = team_frames(people[~attackers], "A")
    made = lines(team_places(team), role_model(team, "left_to_right").fit, "left_to_right", Pitch())
    assert np.isfinite(made.midfield_attack_m[:25]).all()
    assert np.isnan(made.midfield_attack_m[-20:]).all()
