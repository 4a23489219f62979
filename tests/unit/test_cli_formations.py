"""The commands formations and compare, on runs made in memory."""

import html.parser
import json
import re

import numpy as np
import pandas as pd
import pytest
from made_up_people import match, mirrored, nobody
from tracking_run import build, periods, possession
from typer.testing import CliRunner

from pipeline.cli import main
from pipeline.core.errors import RunError, UserError
from pipeline.report.compare.comparison import compared, long_table, matrix
from pipeline.report.compare.comparison_page import page
from pipeline.report.compare.sides import parse, read_sides
from pipeline.report.formation_query import stances_of
from pipeline.runs.stored_run import StoredRun


@pytest.fixture(scope="module")
def derby(tmp_path_factory):
    """Two halves of 150 s, the second with swapped sides: A 4-4-2 then 4-3-3, B 3-5-2."""
    first = match("4-4-2", "3-5-2", seconds=150, hz=1, noise_m=1.0)
    second = mirrored(match("4-3-3", "3-5-2", seconds=150, hz=1, noise_m=1.0, seed=1), -1, -1)
    second = second.assign(time_s=second["time_s"] + 160, frame=second["frame"] + 160 * 25)
    halves = periods((0, 150), (160, 310))
    root = tmp_path_factory.mktemp("runs") / "derby"
    return build(
        root, pd.concat([first, second]), halves=halves, spells=possession(310), names=("Reds", "Blues")
    )


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A minute without periods, possession or names."""
    people = match("4-4-2", "4-2-3-1", seconds=60, hz=2, noise_m=1.0)
    return build(tmp_path_factory.mktemp("runs") / "plain", people)


def said(*arguments):
    result = CliRunner().invoke(main.app, [str(a) for a in arguments], env={"COLUMNS": "200"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_formations_are_shown_by_team_and_phase(derby):
    text = said("formations", derby, "--roles")
    for word in ("Reds", "Blues", "4-4-2", "3-5-2", "without the ball", "Back line", "Coverage", "RCB"):
        assert word in text


@pytest.mark.parametrize(
    ("options", "phases", "rows"),
    [
        (["--by", "half"], {"all"}, 4),
        (["--by", "possession"], {"in", "out"}, 8),
        (["--window", "75s"], {"all"}, 8),
    ],
)
def test_other_stretches_are_measured_anew(derby, tmp_path, options, phases, rows):
    said("formations", derby, *options, "-o", tmp_path / "f.csv")
    table = pd.read_csv(tmp_path / "f.csv")
    assert set(table["phase"]) == phases
    assert len(table) == rows
    assert set(table[table["team"] == "B"]["formation"]) == {"3-5-2"}


def test_one_team_half_and_phase_can_be_chosen(derby, tmp_path):
    said("formations", derby, "--team", "Blues", "--half", 2, "--phase", "out", "-o", tmp_path / "f.csv")
    table = pd.read_csv(tmp_path / "f.csv")
    assert set(zip(table["team"], table["period"], table["phase"], strict=True)) == {("B", 2, "out")}
    with pytest.raises(UserError, match="--half 3: no formation of it here; there are 1, 2"):
        said("formations", derby, "--half", 3)
    with pytest.raises(UserError, match="--team Greens: no such team"):
        said("formations", derby, "--team", "Greens")


def test_tables_fit_eighty_columns_and_say_what_they_leave_out(derby, tmp_path):
    for command in (["formations", derby], ["compare", derby, "-o", tmp_path / "c.html"]):
        text = CliRunner().invoke(main.app, [str(w) for w in command], env={"COLUMNS": "80"}).output
        assert [line for line in text.splitlines() if str(tmp_path) not in line and len(line) > 80] == []
        assert "…" not in text
    narrow, wide = (
        CliRunner().invoke(main.app, ["formations", str(derby), *more], env={"COLUMNS": "80"}).output
        for more in ([], ["--wide"])
    )
    assert "no room for: Confidence, Coverage" in narrow
    assert "no room for" not in wide
    assert "Players seen" in wide


def test_the_table_can_be_parquet(derby, tmp_path):
    said("formations", derby, "-o", tmp_path / "f.parquet")
    stored_ = pd.read_parquet(derby / "tables" / "formations.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "f.parquet"), stored_)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--window", "soon"], "--window soon"),
        (["--window", "3"], "with its unit"),
        (["--window", "0min"], "above 0"),
        (["-o", "formations.txt"], ".csv or .parquet"),
    ],
)
def test_mistakes_are_one_line(derby, arguments, message):
    with pytest.raises(UserError, match=re.escape(message)):
        said("formations", derby, *arguments)


def test_possession_that_is_not_known_cannot_be_asked_for(plain, tmp_path):
    with pytest.raises(UserError, match="no possession"):
        said("formations", plain, "--by", "possession")
    with pytest.raises(RunError, match="no run here"):
        said("formations", tmp_path / "nowhere")


def test_nobody_has_no_formation(tmp_path):
    root = build(tmp_path / "empty", nobody())
    assert "no formation" in said("formations", root)
    assert stances_of(StoredRun.open(root), 60.0, None) == []
    with pytest.raises(UserError, match="nobody of Team A"):
        said("compare", root, "-o", tmp_path / "c.html")


def test_sides_are_read_from_the_right(derby):
    asked = parse(f"{derby}:Blues:half2:out")
    assert (asked.root, asked.team, asked.half, asked.phase) == (derby, "Blues", 2, "out")
    assert parse(f"{derby}:half1").team is None
    assert parse(f"{derby}:out").phase == "out"
    assert parse(f"{derby}:B").team == "B"
    with pytest.raises(UserError, match="'half9' is no part"):
        parse(f"{derby}:A:half9")


@pytest.mark.parametrize(
    ("sides", "message"),
    [
        (["{derby}:A"], "1 sides"),
        (["{derby}:Greens", "{derby}:A"], "no such team; expected A or Reds or B or Blues"),
        (["{derby}:A:half3", "{derby}:B"], "period 3 is not known"),
        (["{plain}:A:half1", "{derby}:B"], "period 1 is not known"),
        (["{plain}:A:in", "{derby}:B"], "possession is not known"),
        (["{derby}/nowhere", "{derby}:B"], "no run here"),
    ],
)
def test_sides_that_are_not_there_are_named(derby, plain, sides, message):
    with pytest.raises(UserError, match=re.escape(message)):
        read_sides([s.format(derby=derby, plain=plain) for s in sides])


def test_one_run_alone_compares_its_teams(derby):
    sides = read_sides([str(derby)])
    assert [s.label for s in sides] == ["Reds", "Blues"]
    assert all(s.attack_known for s in sides)
    both = read_sides([f"{derby}:half1"])
    assert [s.label for s in both] == ["Reds, period 1", "Blues, period 1"]
    twice = read_sides([f"{derby}:A", f"{derby}:A"])
    assert [s.label for s in twice] == ["Reds (1)", "Reds (2)"]


def test_halves_with_swapped_sides_are_compared_in_one_direction(derby):
    (pair,) = compared(read_sides([f"{derby}:B:half1", f"{derby}:B:half2"]))
    assert pair.apart.same_role_m < 0.6
    assert (pair.apart.roles["role_a"] == pair.apart.roles["role_b"]).all()
    shape = pair.shapes.set_index("measure")
    assert shape["difference"].abs()[["length_m", "width_m", "defence_height_m"]].max() < 0.6
    assert shape.loc["length_m", "low"] < 0 < shape.loc["length_m", "high"]
    assert shape.loc["defence_height_m", "mean_a"] == pytest.approx(52.5 - 4 - 11.7, abs=0.6)


def test_a_distance_stands_out_from_chance_where_the_formation_changed(derby):
    same, changed = (
        compared(read_sides([f"{derby}:{t}:half1", f"{derby}:{t}:half2"]))[0] for t in ("B", "A")
    )
    for pair in (same, changed):
        assert pair.chance.low_m <= pair.apart.same_role_m <= pair.chance.high_m
    assert same.apart.same_role_m < 2 * same.chance.chance_m
    assert changed.apart.same_role_m > 5 * changed.chance.chance_m
    assert changed.chance.low_m > 1.5
    assert changed.chance.scaled_low_m > 1.5


def test_more_than_two_sides_make_a_matrix(derby, plain):
    sides = read_sides([str(derby), f"{plain}:A"])
    assert [s.label for s in sides] == ["Reds, derby", "Blues, derby", "Team A, plain"]
    pairs = compared(sides)
    table = matrix(pairs, 3, "same_role_m")
    assert np.allclose(table, table.T)
    assert (np.diag(table) == 0).all()
    assert table[0, 1] > table[0, 2]


def test_everything_is_in_the_long_table(derby):
    sides = read_sides([f"{derby}:half1"])
    table = long_table(sides, compared(sides))
    assert set(table["kind"]) == {"distance", "shape", "role", "movement"}
    assert (table["kind"] == "role").sum() == 30
    shape = table[table["what"] == "hull_m2"].iloc[0]
    assert shape["n_a"] == shape["n_b"] == 150
    assert shape["low"] < shape["difference"] < shape["high"]


def test_compare_writes_a_page_and_a_table(derby, plain, tmp_path):
    out = tmp_path / "all.html"
    assert "How far apart" in said("compare", derby, f"{plain}:B", "-o", out)
    text = out.read_text(encoding="utf-8")
    assert len(pd.read_csv(tmp_path / "all.csv")) == 3 * (4 + 9 + 30 + 4)
    own = text.replace(max(re.findall(r"<script>.*?</script>", text, flags=re.S), key=len), "")
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", own)
    data = json.loads(re.search(r'id="data">(.*?)</script>', own, flags=re.S)[1], parse_constant=pytest.fail)
    assert set(data["figures"]) == {"side_0", "side_1", "side_2", "pair_1", "pair_2", "over_time"}
    for name in data["figures"]:
        assert f'id="{name}"' in own
    Balanced().feed(own)
    assert "All distances" in own
    with pytest.raises(UserError, match=r"ends in \.html"):
        said("compare", derby, "-o", tmp_path / "all.pdf")


def test_names_cannot_break_the_page_and_few_players_are_said(tmp_path):
    people = match(seconds=40, hz=1)
    few = people[people["track_id"].isin([1, 2, 21, 22, 23])]
    root = build(tmp_path / "run", few, names=("<b>A</b>", "B</script>"))
    sides = read_sides([str(root)])
    text = page(sides, compared(sides))
    assert "<b>A</b>" not in text
    assert "B</script>" not in text
    assert "too few players were seen together" in text


def test_a_team_seen_in_part_is_pointed_out(tmp_path):
    people = match(seconds=60, hz=2)
    middle = 12 * np.sin(people["time_s"] / 2.5)
    root = build(tmp_path / "run", people[(people["x_m"] - middle).abs() < 15])
    sides = read_sides([str(root)])
    assert "The footage shows" in page(sides, compared(sides))
    assert len(sides[0].side.shapes["length_m"].dropna()) < len(sides[0].side.shapes)


class Balanced(html.parser.HTMLParser):
    VOID = frozenset(("meta", "br", "link", "input", "img"))

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
