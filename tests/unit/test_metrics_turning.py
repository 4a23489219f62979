"""Which way teams attack when, and parts of a match."""

import numpy as np
import pandas as pd
import pytest
from made_up_people import match, mirrored, nobody

from pipeline.metrics.direction.left_to_right import as_at_first, attack_to_the_right, sides
from pipeline.metrics.direction.match_stretch import Stretch, inside
from pipeline.tables import storage

NO_FORMATIONS = storage.empty("formations")


def periods(*ways):
    rows = [(i + 1, 20.0 * i, 20.0 * i + 10, way, "given") for i, way in enumerate(ways)]
    return storage.conform(
        pd.DataFrame(rows, columns=["period", "start_s", "end_s", "attack_a", "source"]).assign(
            attack_score=None
        ),
        "periods",
    )


def teams(*names):
    return np.array(names, dtype=object)


def test_given_directions_change_sides_with_the_half():
    known = sides(nobody(), NO_FORMATIONS, periods("left_to_right", "right_to_left"))
    times = np.array([5.0, 5.0, 25.0, 25.0, 25.0])
    assert known.signs(times, teams("A", "B", "A", "B", None)).tolist() == [1, -1, -1, 1, 0]


def test_a_moment_between_two_periods_belongs_to_the_nearer():
    known = sides(nobody(), NO_FORMATIONS, periods("left_to_right", "right_to_left"))
    assert known.signs(np.array([-3.0, 12.0, 18.0, 99.0]), teams(*"AAAA")).tolist() == [1, 1, -1, -1]


@pytest.mark.parametrize("way", ["left_to_right", "right_to_left"])
def test_the_second_half_is_turned_to_the_sides_of_the_first_for_both_teams_and_nobodys(way):
    first = match(seconds=10) if way == "left_to_right" else mirrored(match(seconds=10), x=-1, y=-1)
    second = mirrored(first, x=-1, y=-1).assign(time_s=first["time_s"] + 20)
    both = pd.concat([first, second], ignore_index=True)
    both.loc[both["track_id"] == 3, "team"] = None
    other = "right_to_left" if way == "left_to_right" else "left_to_right"
    turned = as_at_first(both, sides(both, NO_FORMATIONS, periods(way, other)))
    assert np.allclose(turned.loc[: len(first) - 1, ["x_m", "y_m"]], first[["x_m", "y_m"]])
    assert np.allclose(turned.loc[len(first) :, ["x_m", "y_m"]], first[["x_m", "y_m"]])
    alone = as_at_first(first, sides(first, NO_FORMATIONS, periods(way)))
    assert np.allclose(alone[["x_m", "y_m"]], first[["x_m", "y_m"]])
    assert as_at_first(nobody(), sides(nobody(), NO_FORMATIONS)).empty


def test_an_unknown_direction_is_estimated_from_where_teams_stand():
    first = match(seconds=10)
    second = mirrored(first, x=-1, y=-1).assign(time_s=first["time_s"] + 20)
    both = pd.concat([first, second], ignore_index=True)
    for given in (periods(None, None), periods("left_to_right", None)):
        assert sides(both, NO_FORMATIONS, given).sign_a.tolist() == [1, -1]
    assert sides(first, NO_FORMATIONS).sign_a.tolist() == [1]
    assert sides(nobody(), NO_FORMATIONS, periods(None)).sign_a.tolist() == [0]


def test_footage_takes_the_direction_of_its_formations():
    formations = pd.DataFrame(
        [("B", 0.0, 9.0, "left_to_right"), ("A", 10.0, 19.0, "left_to_right"), ("B", 10.0, 19.0, None)],
        columns=["team", "start_s", "end_s", "attack"],
    ).assign(phase="all", scope="window")
    assert sides(match(), formations.iloc[:2]).sign_a.tolist() == [-1, 1]
    assert sides(match(), formations.iloc[2:]).sign_a.tolist() == [0]


def test_nobody_attacks_nowhere():
    known = sides(nobody(), NO_FORMATIONS)
    assert known.signs(np.array([1.0]), teams("A")).tolist() == [0]
    assert len(attack_to_the_right(nobody(), known)) == 0


def test_turning_twice_is_not_turning():
    people = match(seconds=2)
    left = sides(people, NO_FORMATIONS, periods("right_to_left"))
    back = attack_to_the_right(attack_to_the_right(people, left), left)
    assert np.allclose(back[["x_m", "y_m"]], people[["x_m", "y_m"]])


def spells(*rows):
    table = pd.DataFrame(rows, columns=["start_s", "end_s", "team"])
    return storage.conform(table.assign(source="given", score=1.0), "possession")


TIMES = np.arange(0, 30.0)


def kept(part, team="A", known=periods("left_to_right", "right_to_left"), possession=spells()):  # noqa: B008
    return TIMES[inside(TIMES, part, team, known, possession)].tolist()


def test_nothing_asked_is_all_of_the_match():
    assert kept(Stretch()) == TIMES.tolist()


def test_a_stretch_of_time_includes_both_ends():
    assert kept(Stretch(from_s=27.0)) == [27, 28, 29]
    assert kept(Stretch(from_s=2.0, to_s=4.0)) == [2, 3, 4]


def test_a_half_is_its_period_and_one_not_played_is_empty():
    assert kept(Stretch(half=2)) == [20, 21, 22, 23, 24, 25, 26, 27, 28, 29]
    assert kept(Stretch(half=3)) == []
    assert kept(Stretch(half=2, to_s=21.0)) == [20, 21]


@pytest.mark.parametrize(("team", "phase"), [("A", "in"), ("B", "out")])
def test_a_moment_between_two_spells_counts_once(team, phase):
    possession = spells((0.0, 5.0, "A"), (5.0, 8.0, "B"))
    assert kept(Stretch(phase=phase), team, possession=possession) == [0, 1, 2, 3, 4]
    other = "out" if phase == "in" else "in"
    assert kept(Stretch(phase=other), team, possession=possession) == [5, 6, 7, 8]


def test_without_a_spell_a_moment_is_in_neither_phase():
    assert kept(Stretch(phase="in")) == kept(Stretch(phase="out")) == []
