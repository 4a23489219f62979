"""Whose heatmap a user means."""

import linked_people
import pandas as pd
import pytest

from pipeline.core.errors import UserError
from pipeline.report.heatmap.player_query import find, persons
from pipeline.tables import storage


def identities(*rows):
    table = pd.DataFrame(rows, columns=["track_id", "role", "team"])
    return table.assign(role_score=1.0, team_score=1.0, n_frames=10, first_s=0.0, last_s=1.0)


NAMES = storage.conform(
    pd.DataFrame(
        [
            (1, "A", 1, "Núñez", "Goalkeeper"),
            (2, "A", 7, "Ana Lima", "LW"),
            (3, "B", 7, "Bea Lima", None),
            (4, "B", 12, "Cleo", None),
            (5, "B", 12, "Cleo", None),
            (6, None, None, None, None),
        ],
        columns=["track_id", "team", "jersey", "name", "position"],
    )
    .reindex(columns=storage.empty("people").columns)
    .assign(player_id=lambda t: t["track_id"]),
    "people",
)
WITH_NAMES = persons(
    identities(
        (1, "goalkeeper", "A"),
        *((i, "player", t) for i, t in ((2, "A"), (3, "B"), (4, "B"), (5, "B"))),
        (6, "referee", None),
        (7, "player", "A"),
    ),
    NAMES,
)
WITHOUT = persons(identities((3, "player", "A"), (12, "goalkeeper", "B")), storage.empty("people"))


@pytest.mark.parametrize(
    ("text", "team", "tracks"),
    [
        ("12", None, (4, 5)),
        ("7", "A", (2,)),
        ("B7", None, (3,)),
        ("b7", None, (3,)),
        ("t3", None, (3,)),
        ("t7", None, (7,)),
        ("t5", None, (4, 5)),
        ("nunez", None, (1,)),
        ("lima", "B", (3,)),
        ("Ana Lima", None, (2,)),
        ("t6", None, (6,)),
    ],
)
def test_a_shirt_a_name_or_a_track_finds_the_person(text, team, tracks):
    assert find(text, WITH_NAMES, team).tracks == tracks


def test_without_shirts_a_number_is_a_track():
    assert find("3", WITHOUT).tracks == (3,)
    assert find("3", WITHOUT).label == "Track 3"
    assert find("12", WITHOUT, "B").team == "B"


def test_time_on_the_pitch_is_known_of_whom_the_line_up_says_so():
    named = NAMES.assign(on_s=[0.0, 0.0, 60.0, None, 5.0, None], off_s=[90.0, 60.0, 90.0, None, 9.0, None])
    known = persons(identities(*((i, "player", "A") for i in range(1, 7))), named)
    assert [p.stay for p in known[:3]] == [(0, 90), (0, 60), (60, 90)]
    assert find("t4", known).stay == (5, 9)
    assert find("t6", known).stay is None


def test_labels_say_what_is_known():
    assert [p.label for p in WITH_NAMES[:2]] == ["1 Núñez", "7 Ana Lima"]
    assert find("t7", WITH_NAMES).label == "? (track 7)"
    assert find("t6", WITH_NAMES).choice == "P1 (referee)"


LINKED = persons(
    identities(*((i, "player", "A") for i in (3, 4, 5)), (9, "player", "B"), (11, "goalkeeper", "B")),
    linked_people.people(
        (3, "A", "player", None, None),
        (4, "A", "player", 2, None),
        (5, "A", "player", None, None),
        (9, "B", "player", None, None),
        (11, "B", "goalkeeper", None, None),
    ),
)


@pytest.mark.parametrize(
    ("text", "track", "label"),
    [("A1", 3, "A1"), ("a3", 5, "A3"), ("A2", 4, "2"), ("2", 4, "2"), ("B2", 11, "B2"), ("t9", 9, "B1")],
)
def test_a_player_without_a_shirt_is_found_by_team_and_running_number(text, track, label):
    assert find(text, LINKED).tracks == (track,)
    assert find(text, LINKED).label == label


def test_labels_that_nobody_has_list_those_that_there_are():
    with pytest.raises(UserError, match=r"A9: nobody .*there are A1 \(player\), A2, A3 \(player\), B1"):
        find("A9", LINKED)


def test_two_with_one_shirt_are_told_apart_by_track_in_one_line():
    twice = linked_people.people((3, "A", "player", 7, "Ana"), (4, "A", "player", 7, "Bea"))
    with pytest.raises(UserError) as error:
        find("A7", persons(identities((3, "player", "A"), (4, "player", "A")), twice))
    expected = "--player A7: could be t3 (Ana of A), t4 (Bea of A); give one of these, or add --team"
    assert str(error.value) == expected


@pytest.mark.parametrize(
    ("text", "team", "message"),
    [
        ("7", None, "--player 7: could be A7 (Ana Lima), B7 (Bea Lima); give one of these, or add --team"),
        (
            "lima",
            None,
            "--player lima: could be A7 (Ana Lima), B7 (Bea Lima); give one of these, or add --team",
        ),
        (
            "99",
            "A",
            "--player 99: nobody of that name or number in team A; there are A1 (Núñez), A7 (Ana Lima), t7",
        ),
        ("6", None, "--player 6: nobody of that name or number"),  # a track, and shirts are known
        ("B1", None, "--player B1: nobody of that name or number"),
        ("", None, "--player : nobody of that name or number"),
    ],
)
def test_nobody_or_several_ends_with_the_choices(text, team, message):
    with pytest.raises(UserError) as error:
        find(text, WITH_NAMES, team)
    assert str(error.value).startswith(message)


def test_long_lists_are_cut():
    many = persons(identities(*((i, "player", "A") for i in range(1, 41))), storage.empty("people"))
    with pytest.raises(UserError, match="and 28 more"):
        find("x", many)


def test_a_run_without_ids_has_nobody():
    assert persons(storage.empty("identities"), storage.empty("people")) == []
    with pytest.raises(UserError, match="there are nobody"):
        find("7", [])
