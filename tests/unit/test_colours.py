"""Colours that people see."""

import fake_run
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report.style import colours
from pipeline.report.style.team_colours import match_colours
from pipeline.tables import storage

RED, BLUE, WHITE, BLACK = (45, 60, 40), (35, 15, -50), (84, -2, 3), (20, 0, 0)
PITCH_GREEN, SCARLET = (46, -25, 28), (48, 58, 42)
labs = st.tuples(st.floats(0, 100), st.floats(-90, 90), st.floats(-90, 90))


@pytest.mark.parametrize(("a", "b"), [(RED, BLUE), (WHITE, RED), (WHITE, BLACK), (BLUE, WHITE)])
def test_kits_that_differ_are_shown_in_their_own_colours(a, b):
    chosen = colours.choose(a, b)
    assert chosen.from_kits
    for team, kit in ((chosen.a, a), (chosen.b, b)):
        assert np.dot(colours.to_lab(team.video)[1:], kit[1:]) >= -1
        assert colours.distance(team.video, colours.to_rgb(kit)) < 45


@pytest.mark.parametrize(
    ("a", "b"), [(RED, SCARLET), (PITCH_GREEN, RED), (BLACK, (22, 4, -12))], ids=["alike", "grass", "dark"]
)
def test_kits_that_could_be_mistaken_get_a_stand_in(a, b):
    chosen = colours.choose(a, b)
    assert not chosen.from_kits
    assert chosen.a.kit == colours.to_rgb(a)
    assert colours.distance(chosen.a.video, chosen.b.video) > 35


@given(labs, labs)
def test_any_two_kits_can_be_told_apart_with_any_colour_vision(a, b):
    chosen = colours.choose(a, b)
    for one, other in ((chosen.a.video, chosen.b.video), (chosen.a.page, chosen.b.page)):
        assert colours.distance(one, other) >= 35
        assert colours.distance(colours.deuteranope(one), colours.deuteranope(other)) >= 20
    for team in (chosen.a, chosen.b):
        assert colours.to_lab(team.page)[0] <= 80  # can be seen on white paper


def test_unknown_kits_get_the_palette():
    chosen = colours.choose(None, RED)
    assert (chosen.a.video, chosen.b.video) == colours.SAFE
    assert chosen.a.kit is None


def test_labels_have_colours_in_their_order():
    chosen = colours.choose(RED, BLUE)
    by_label = chosen.by_label()
    assert by_label[1:3] == (chosen.a.video, chosen.b.video)
    assert by_label[3] == colours.lighter(chosen.a.video)
    assert len(by_label) == 8


def test_ink_is_readable():
    assert colours.ink_on((250, 250, 250)) == (20, 20, 20)
    assert colours.ink_on((10, 20, 90)) == (255, 255, 255)
    assert colours.to_hex((1, 171, 255)) == "#01abff"


def test_the_kits_table_gives_the_teams_their_colours(tmp_path):
    run = fake_run.build(tmp_path / "run", seconds=0.4)
    kits = storage.read(run / "tables" / "kits.parquet", "kits").set_index(["role", "team"])
    shirt = kits.loc[("player", "A"), ["torso_l", "torso_a", "torso_b"]].tolist()
    assert shirt == pytest.approx(fake_run.KIT_LAB["A"])
    assert match_colours(run).b.kit == colours.to_rgb(fake_run.KIT_LAB["B"])


def test_without_kits_the_usual_colours_are_taken(tmp_path):
    run = fake_run.build(tmp_path / "run", seconds=0.4)
    storage.write(storage.empty("kits"), run / "tables" / "kits.parquet", "kits")
    assert not match_colours(run).from_kits
    (run / "tables" / "kits.parquet").unlink()
    assert not match_colours(run).from_kits
