"""One player, players beside each other, and what their intervals are worth."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import tracking_run
from made_up_people import match, track

from pipeline.core.errors import SeasonError, UserError
from pipeline.metrics.comparison.movement_rates import compare_rates, rate_table
from pipeline.metrics.direction.match_stretch import Stretch
from pipeline.metrics.formation.named_changes import named_changes, other_score
from pipeline.metrics.formation.templates import TEMPLATES
from pipeline.report.player.compared_page import pace_note, page
from pipeline.report.player.compared_players import names_players, player_table, read_players
from pipeline.report.player.player_answer import player_answer
from pipeline.report.player.player_page import page as player_page
from pipeline.report.time_blocks import blocks_of
from pipeline.runs.stored_run import StoredRun
from pipeline.season import matches as season
from pipeline.season.player_percentiles import MEASURES, player_percentiles
from pipeline.tables import storage

RUNNER, WALKER = 50, 51


def blocks(metres: list[float], minutes: float = 5.0, sprints: float = 1.0) -> pd.DataFrame:
    """Blocks of so many metres, each seen for ``minutes``."""
    return pd.DataFrame(
        {
            "minutes_visible": minutes,
            "paced_min": minutes,
            "distance_visible_m": metres,
            "fast_m": [m / 10 for m in metres],
            "sprints": sprints,
            "accelerations": 2.0,
        }
    )


def test_a_rate_is_the_ratio_of_sums_and_sure_where_all_blocks_agree():
    table = rate_table(blocks([600.0] * 8)).set_index("measure")
    assert table.loc["m_per_visible_min", ["value", "low", "high"]].tolist() == pytest.approx([120] * 3)
    assert table.loc["fast_m_per_min", "value"] == pytest.approx(12)
    assert table.loc["sprints_per_10_min", "value"] == pytest.approx(2)
    assert table["minutes"].iloc[0] == 40


def test_few_blocks_and_no_time_say_nothing_of_how_sure():
    assert rate_table(blocks([600.0] * 3))["low"].isna().all()
    assert rate_table(blocks([600.0] * 3))["value"].notna().all()
    assert rate_table(blocks([]))["value"].isna().all()


def test_the_interval_holds_the_true_rate_about_as_often_as_it_says():
    rng = np.random.default_rng(5)
    inside = 0
    for seed in range(80):
        table = rate_table(blocks(rng.normal(600, 60, 18).tolist()), seed)
        inside += bool(table["low"].iloc[0] <= 120 <= table["high"].iloc[0])
    assert 0.86 <= inside / 80 <= 1.0


def test_a_difference_is_from_the_first_and_left_out_where_not_comparable():
    one, two = blocks([590.0, 610.0] * 4), blocks([690.0, 710.0] * 4)
    row = compare_rates(one, two).iloc[0]
    assert row["difference"] == pytest.approx(20)
    assert 15 < row["low"] < 20 < row["high"] < 25
    assert compare_rates(one, two, comparable=False)[["difference", "low", "high"]].isna().all(axis=None)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Two minutes at 5 Hz. 50 runs at 3 m/s while A has the ball and stands else; 51 walks at 1 m/s."""
    people = match(seconds=120, hz=5)
    times = np.arange(0, 120, 0.2)
    ours = (times // 20 % 2 == 0).astype(float)
    for number, speed in ((RUNNER, 3 * ours), (WALKER, np.ones(len(times)))):
        way = np.cumsum(speed * 0.2)
        x = np.abs((way + 30) % 120 - 60) - 30  # to and fro between -30 and 30 m
        people = pd.concat([people, track(number, times, x, 10.0 if number == RUNNER else -10.0)])
    made = tmp_path_factory.mktemp("runs") / "match"
    tracking_run.build(
        made,
        people,
        halves=tracking_run.periods((0, 120), attack_a=("left_to_right",)),
        spells=tracking_run.possession(120, 20.0),
        names=("Reds", "Blues"),
    )
    who = storage.read(made / "tables" / "people.parquet", "people")
    who["name"] = "Number " + who["track_id"].astype(str)
    storage.write(who, made / "tables" / "people.parquet", "people")
    return made


@pytest.fixture(scope="module")
def run(root):
    return StoredRun.open(root)


def test_pace_with_and_without_the_ball_is_told_apart(run):
    for phase, expected in (("in", 180.0), ("out", 0.0)):
        table = rate_table(blocks_of(run, [RUNNER], "A", Stretch(phase=phase))).set_index("measure")
        assert table.loc["m_per_visible_min", "value"] == pytest.approx(expected, abs=15)
        assert table["minutes"].iloc[0] == pytest.approx(1, abs=0.05)
    other = rate_table(blocks_of(run, [RUNNER], "B", Stretch(phase="in"))).iloc[0]
    assert other["value"] == pytest.approx(0, abs=15)


def test_blocks_add_up_to_the_table_movement(run):
    whole = run.table("movement").set_index("track_id").loc[RUNNER]
    made = blocks_of(run, [RUNNER], "A", Stretch()).sum()
    assert made["distance_visible_m"] == pytest.approx(whole["distance_visible_m"])
    assert made["minutes_visible"] == pytest.approx(whole["minutes_visible"])
    assert made["distance_visible_m"] / made["paced_min"] == pytest.approx(whole["m_per_visible_min"])
    assert blocks_of(run, [999], "A", Stretch()).empty


def test_a_player_is_answered_for_with_his_team_and_role(run):
    answer = player_answer(run, "A51")
    assert answer.who.label == "51 Number 51"
    assert answer.whole["m_per_visible_min"] == pytest.approx(60, abs=3)
    rates = answer.rates.set_index(["part", "measure"])["value"]
    assert rates["in", "m_per_visible_min"] == pytest.approx(rates["out", "m_per_visible_min"], abs=5)
    beside = answer.beside.set_index(["group", "measure"])
    own = beside.loc[("team", "m_per_visible_min")]
    assert own["value_b"] == pytest.approx(60, abs=3)
    assert own["difference"] == pytest.approx(own["value_b"] - own["value_a"])
    assert own["players"] == 11
    text = player_page(answer)
    assert "51 Number 51" in text
    assert "in possession" in text
    assert "clip shows active play" in text


def test_a_goalkeeper_is_compared_with_goalkeepers(run):
    who = run.table("identities").query("role == 'goalkeeper' and team == 'A'")["track_id"].iloc[0]
    assert player_answer(run, f"t{who}").group == "goalkeepers"


def test_nobody_of_a_name_is_told_with_who_there_is(run):
    with pytest.raises(UserError, match="nobody of that name or number"):
        player_answer(run, "Maradona")


def teamshape(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *map(str, arguments)], capture_output=True, text=True
    )


def test_a_player_as_json_and_with_a_name_that_says_something_else(root, tmp_path):
    told = teamshape("player", root, "A50", "--format", "json")
    assert told.returncode == 0, told.stderr
    numbers = json.loads(told.stdout)
    assert (numbers["player"], numbers["team_name"]) == ("50 Number 50", "Reds")
    assert {row["part"] for row in numbers["rates"]} == {"whole", "in", "out"}
    wrong = teamshape("player", root, "A50", "--format", "json", "-o", tmp_path / "x.html")
    assert wrong.returncode == 2
    assert "the name says html" in wrong.stderr
    assert not (tmp_path / "x.html").exists()


def test_players_are_compared_on_one_scale(root, tmp_path):
    sides = read_players([f"{root}:player=A50:in", f"{root}:player=A51:in"])
    table = player_table(sides).set_index(["player", "measure"])
    gap = table.loc[("51 Number 51, in possession", "m_per_visible_min")]
    assert gap["difference"] == pytest.approx(60 - 180, abs=20)
    assert gap["difference_high"] < 0
    assert bool(gap["comparable"])
    assert "Difference" in page(sides, player_table(sides))
    assert "active play" in pace_note(sides)


def test_a_team_beside_a_player_is_refused(root):
    assert not names_players([f"{root}:A", f"{root}:B"])
    with pytest.raises(UserError, match="a team beside a player"):
        names_players([f"{root}:player=A50", f"{root}:B"])
    with pytest.raises(UserError, match="a comparison needs 2 to 12"):
        read_players([f"{root}:player=A50"])


def test_a_whole_match_and_a_broadcast_are_not_compared(root):
    from dataclasses import replace

    one, two = read_players([f"{root}:player=A50", f"{root}:player=A51"])
    table = player_table([one, replace(two, pace="whole")])
    assert table[table["player"] == two.label]["difference"].isna().all()
    assert "not comparable" in page([one, replace(two, pace="whole")], table)


def span(start: float, formation: str, nearest: str, score: float, second: str, margin: float) -> dict:
    """One span of team A in table ``formations``."""
    row = {"team": "A", "phase": "all", "scope": "span", "period": 1, "start_s": start, "end_s": start + 600}
    return row | {
        "formation": formation,
        "nearest": nearest,
        "score": score,
        "second": second,
        "margin": margin,
    }


def test_a_change_of_formation_has_its_time_and_says_where_it_is_unclear():
    table = pd.DataFrame(
        [
            span(0, "4-4-2", "4-4-2", 0.9, "4-2-3-1", 0.85),
            span(600, "3-5-2", "3-5-2", 0.8, "3-4-3", 0.7),
            span(1200, "3-5-2", "3-5-2", 0.9, "3-4-3", 0.85),
            span(1800, "unclear", "4-3-3", 0.4, "4-4-2", 0.1),
        ]
    )
    made = named_changes(table)
    assert made["time_s"].tolist() == [600, 1200, 1800]
    assert made["changed"].tolist() == ["formation", "places", "unclear"]
    assert made["score"].iloc[0] > 0.95
    assert made["score"].iloc[1] == pytest.approx(1 - 0.8 * 0.9 - 0.1 * 0.05, abs=0.01)
    assert pd.isna(made["score"].iloc[2])
    assert named_changes(table.iloc[:0]).empty
    assert named_changes(table, "in").empty


def test_a_break_is_a_change_only_where_the_half_has_another_name():
    first, unclear = (
        span(0, "4-4-2", "4-4-2", 0.9, "4-2-3-1", 0.85),
        span(600, "unclear", "3-5-2", 0.4, "3-4-3", 0.1),
    )
    same, other = (
        span(600, "4-4-2", "4-4-2", 0.8, "4-2-3-1", 0.7),
        span(600, "3-5-2", "3-5-2", 0.8, "3-4-3", 0.7),
    )
    for later, changed in ((unclear, []), (same, []), (other, ["formation"])):
        made = named_changes(pd.DataFrame([first, later | {"period": 2}]))
        assert made["changed"].tolist() == changed


def test_of_changes_said_to_be_so_probable_so_many_are_changes():
    """True formations are drawn from what each span says: the nearest, the second, or evenly any other."""
    rng = np.random.default_rng(3)
    names = [t.name for t in TEMPLATES]
    said, was = [], []
    for _ in range(1200):
        rows, truth = [], []
        for _ in range(2):
            one, two, *rest = rng.permutation(names)
            first = rng.uniform(0.5, 0.95)
            second = rng.uniform(0, 1 - first)
            rows.append(span(0, one, one, first, two, first - second))
            chances = [first, second, *[(1 - first - second) / len(rest)] * len(rest)]
            truth.append(rng.choice([one, two, *rest], p=np.array(chances) / sum(chances)))
        said.append(other_score(*rows))
        was.append(truth[0] != truth[1])
    likely = np.array(said) > 0.9
    for part in (likely, ~likely):
        assert np.mean(np.array(said)[part]) == pytest.approx(np.mean(np.array(was)[part]), abs=0.06)


def test_players_of_a_season_are_ranked_among_their_like(root, tmp_path):
    season.add(tmp_path, [root], None)
    table = player_percentiles(tmp_path, least_min=0.5).set_index("player")
    assert set(MEASURES) <= set(table.columns)
    outfield = table[table["role"] == "player"]
    order = outfield["m_per_visible_min"].rank(method="average").to_numpy() - 1
    expected = 100 * order / (len(outfield) - 1)
    assert outfield["m_per_visible_min_percentile"].tolist() == pytest.approx(expected.tolist())
    assert outfield["m_per_visible_min_percentile"].agg(["min", "max"]).tolist() == [0, 100]
    assert table[table["role"] == "goalkeeper"]["m_per_visible_min_percentile"].isna().all()
    assert set(table["basis"]) == {"in view"}
    with pytest.raises(SeasonError, match="nobody with a name was seen for 90 min or more"):
        player_percentiles(tmp_path, least_min=90)
