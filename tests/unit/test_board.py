"""The comparing board: sides as typed, numbers, figures, and the page that needs nothing else."""

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from fake_run import build

from pipeline.core.errors import UserError
from pipeline.report.board.board_figures import heat_figures, movement_figures, shape_figures
from pipeline.report.board.board_page import board_body, board_page
from pipeline.report.board.board_query import choices, wanted
from pipeline.report.board.board_sides import read_board
from pipeline.report.board.board_table import board_table
from pipeline.runs.stored_run import StoredRun


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return StoredRun.open(build(tmp_path_factory.mktemp("board") / "run", seconds=8.0))


def board(run, *texts):
    sides = read_board([wanted(run, text) for text in texts])
    return sides, board_table(sides)


def a_player(run, team="A"):
    return next(p["player"] for p in choices(run)["players"] if p["team"] == team)


def test_a_team_is_as_far_from_itself_as_nothing(run):
    sides, table = board(run, "A", "team=A")
    assert [s.label for s in sides] == ["Team A (1)", "Team A (2)"]
    gaps = table["difference"].dropna()
    assert len(gaps)
    assert np.allclose(gaps, 0)


def test_players_roles_and_teams_stand_beside_each_other(run):
    player = a_player(run)
    sides, table = board(run, "A", "B", f"player={player}", "team=B,role=outfield")
    assert [s.team is not None for s in sides] == [True, True, False, False]
    assert set(table.loc[table["kind"] == "movement", "side"]) == {s.label for s in sides}
    assert set(table.loc[table["kind"] == "shape", "side"]) == {"Team A", "Team B"}
    own = table[(table["measure"] == "seen_s") & (table["side"] == sides[2].label)]["value"].item()
    team = table[(table["measure"] == "seen_s") & (table["side"] == "Team A")]["value"].item()
    assert 0 < own < team


def test_outfield_of_a_team_moves_as_the_team_does(run):
    _, table = board(run, "A", "team=A,role=outfield")
    pace = table[table["measure"] == "m_per_visible_min"]["value"].tolist()
    assert pace[0] == pytest.approx(pace[1])


def test_all_figures_of_a_kind_have_one_scale(run):
    sides, _ = board(run, "A", "B")
    boxes = [re.search(r'viewBox="([^"]+)"', str(f["figure"]))[1] for f in shape_figures(sides)]
    assert boxes[0] == boxes[1]
    heat = heat_figures(sides)
    assert all(heat["top"] in str(one["figure"]) for one in heat["maps"])
    ticks = [
        re.findall(r'class="tick"[^>]*>([^<]+)<|>([^<]+)</text>', str(f["figure"]))
        for f in movement_figures(sides)
    ]
    assert all(ticks)


class _Reads(HTMLParser):
    """What a page loads from elsewhere, and its tags."""

    def __init__(self):
        super().__init__()
        self.loads, self.tags = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.loads += [v for k, v in attrs if k in ("src", "href") and not v.startswith(("#", "data:"))]


def test_the_page_needs_nothing_else_and_no_script(run):
    sides, table = board(run, "A", "B")
    reader = _Reads()
    reader.feed(board_page(sides, table))
    assert reader.loads == []
    assert "script" not in reader.tags
    assert reader.tags.count("svg") >= 8


def test_names_are_text_wherever_they_stand(run, tmp_path):
    other = StoredRun.open(Path(shutil.copytree(run.root, tmp_path / "<b>evil")))
    sides = read_board([wanted(run, "A"), wanted(other, "A")])
    assert any("<b>evil" in s.label for s in sides)
    assert "<b>evil" not in str(board_body(sides, board_table(sides)))


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["A"], "1 sides; a board needs 2 to 12"),
        (["A"] * 13, "13 sides"),
        (["A", "C"], "no such team"),
        (["A", "half=1"], "expected a team, or player=WHO"),
        (["A", "A:half7"], "no part of a match"),
        (["A", "team=A,half=5"], "period 5 is not known"),
        (["A", "team=A,phase=lunch"], "phase=lunch"),
        (["A", "player=t9999"], "t9999"),
    ],
)
def test_what_cannot_be_compared_is_told_in_one_line(run, texts, says):
    with pytest.raises(UserError, match=says):
        board(run, *texts)
