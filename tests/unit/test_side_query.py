"""How a team and a part of a match are typed, in every command."""

from pathlib import Path

import pytest

from pipeline.core.errors import UserError
from pipeline.report.movement_answer import _cut
from pipeline.report.side_query import split_side, team_letter

KEYS = ("team", "half", "phase", "start")
NAMES = {"A": "Reds", "B": "Real Unión"}


@pytest.mark.parametrize(
    ("text", "run", "said"),
    [
        ("runs/x", Path("runs/x"), {}),
        ("runs/x:B", Path("runs/x"), {"team": "B"}),
        ("runs/x:Reds:half2:out", Path("runs/x"), {"team": "Reds", "half": "2", "phase": "out"}),
        ("runs/x:half1", Path("runs/x"), {"half": "1"}),
        ("runs/x:team=B,half=1", Path("runs/x"), {"team": "B", "half": "1"}),
        (":in", None, {"phase": "in"}),
        (":from=2", None, {"start": "2"}),
        ("", None, {}),
    ],
)
def test_a_side_is_taken_apart(text, run, said):
    assert split_side(text, KEYS) == (run, said)


def test_a_folder_with_a_colon_in_its_name_is_a_folder(tmp_path):
    (tmp_path / "a:b").mkdir()
    assert split_side(f"{tmp_path}/a:b:A", KEYS) == (tmp_path / "a:b", {"team": "A"})


@pytest.mark.parametrize("word", ["half9", "colour=red"])
def test_a_word_that_says_nothing_is_named(word):
    with pytest.raises(UserError, match=f"'{word}' is no part of a match; expected half1"):
        split_side(f"runs/x:A:{word}", KEYS)


@pytest.mark.parametrize(
    ("asked", "letter"), [("A", "A"), ("b", "B"), ("reds", "A"), ("REAL UNIÓN", "B"), ("Reds", "A")]
)
def test_a_team_is_known_by_letter_and_name(asked, letter):
    assert team_letter(asked, NAMES, "--team x") == letter


def test_a_team_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(UserError, match="--team C: no such team; expected A or Reds or B or Real Unión"):
        team_letter("C", NAMES, "--team C")
    with pytest.raises(UserError, match=r"expected A or B$"):
        team_letter("C", {}, "--team C")
    with pytest.raises(UserError, match="both teams are called that"):
        team_letter("Reds", {"A": "Reds", "B": "Reds"}, "--team Reds")


def test_a_half_or_a_phase_chooses_how_movement_is_cut():
    assert _cut("whole", None, None) == "whole"
    assert _cut("whole", 2, None) == "half"
    assert _cut("5min", 2, None) == "5min"
    assert _cut("whole", None, "in") == "possession"
    with pytest.raises(UserError, match="exclude each other"):
        _cut("whole", 1, "in")
    with pytest.raises(UserError, match="--by possession: has no parts of --half 1"):
        _cut("possession", 1, None)
