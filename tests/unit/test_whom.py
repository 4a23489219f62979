"""Whose heatmap a user means."""

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
    assert find("t7", WITH_NAMES).label == "Track 7"
    assert find("t6", WITH_NAMES).choice == "t6 (referee)"


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
