"""Heatmaps of finished runs: whose seconds, in which part of the match, in whose direction."""

import fake_run
import made_up_run
import numpy as np
import pandas as pd
import pytest

from pipeline.core.errors import RunError, UserError
from pipeline.metrics.direction.match_stretch import Stretch
from pipeline.report.heatmap import heatmap_run
from pipeline.report.heatmap.heatmap_data import heat_map
from pipeline.report.heatmap.heatmap_query import Choice
from pipeline.runs.stored_run import StoredRun
from pipeline.tables import storage

LIVE_S = made_up_run.HALF_S - made_up_run.DEAD_S


def load(root):
    return heatmap_run.load(StoredRun.open(root))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return load(made_up_run.build(tmp_path_factory.mktemp("made") / "derby"))


@pytest.fixture(scope="module")
def footage(tmp_path_factory):
    return load(fake_run.build(tmp_path_factory.mktemp("fake") / "clip", seconds=3.0))


def edited(root, name, change):
    path = root / "tables" / f"{name}.parquet"
    storage.write(change(storage.read(path, name)), path, name)
    return load(root)


def test_seconds_of_players_add_up_to_those_of_their_team(run):
    team = heat_map(run, Choice(team="A"))
    players = [heat_map(run, Choice(player=f"A{n}")) for n in range(1, 12)]
    assert team.total_s == pytest.approx(11 * 2 * made_up_run.HALF_S)
    assert np.allclose(team.seconds, sum(p.seconds for p in players))
    assert team.zone_s.sum() == pytest.approx(team.total_s)
    assert team.values("seconds").sum() == pytest.approx(team.total_s)
    assert team.zone_values("own").sum() == pytest.approx(100)


def test_phases_and_dead_time_add_up_to_the_match(run):
    parts = [heat_map(run, Choice(team="A", part=Stretch(phase=p))) for p in ("in", "out")]
    assert [p.duration_s for p in parts] == pytest.approx([LIVE_S, LIVE_S], abs=0.5)
    halves = [heat_map(run, Choice(team="A", part=Stretch(half=h))) for h in (1, 2)]
    assert np.allclose(sum(h.seconds for h in halves), heat_map(run, Choice(team="A")).seconds)
    mine = heat_map(run, Choice(team="A", part=Stretch(phase="in", half=1)))
    theirs = heat_map(run, Choice(team="B", part=Stretch(phase="out", half=1)))
    assert mine.duration_s == theirs.duration_s == pytest.approx(LIVE_S / 2, abs=0.3)


def test_both_halves_look_the_same_when_sides_are_changed(run):
    first, second = (heat_map(run, Choice(team="A", part=Stretch(half=h))) for h in (1, 2))
    assert np.allclose(first.seconds, second.seconds)
    keeper = heat_map(run, Choice(player="Núñez"))
    assert keeper.direction == 1.0
    assert keeper.seconds[:, :20].sum() == pytest.approx(keeper.total_s)


def test_both_teams_defend_the_left(run):
    for team in ("A", "B"):
        keeper = heat_map(run, Choice(team=team, role="goalkeeper"))
        assert keeper.seconds[:, :20].sum() == pytest.approx(2 * made_up_run.HALF_S)


def test_tracking_data_of_all_players_saw_all_of_the_pitch(run):
    one = heat_map(run, Choice(player="A7"))
    assert one.everything_seen
    assert one.values("share").sum() == pytest.approx(100)
    assert heat_map(run, Choice(team="A")).zone_values("share").sum() == pytest.approx(100)


def test_a_broadcast_without_footprint_knows_seconds_only(tmp_path):
    people = made_up_run.two_halves()
    seen = people[(people["x_m"] - 20 * np.sin(people["time_s"] / 3)).abs() < 18]
    broadcast = load(made_up_run.build(tmp_path / "tv", everyone=seen))
    one = heat_map(broadcast, Choice(team="A"))
    assert one.in_view_s is None
    assert not one.everything_seen
    assert one.values("share").sum() == pytest.approx(one.total_s)


def test_footage_is_corrected_for_what_was_in_view(footage):
    team = heat_map(footage, Choice(team="B"))
    share = team.values("share")
    assert np.isnan(share).any()
    assert 0 < np.nanmax(share) < 100
    pitch = footage.ground.in_view_s(None)
    assert np.array_equal(team.in_view_s, pitch[::-1, ::-1])


def test_a_player_is_compared_with_the_time_that_he_was_there(tmp_path):
    people = made_up_run.two_halves()
    late = people[~((people["track_id"] == 5) & (people["time_s"] < 30))]
    run = load(made_up_run.build(tmp_path / "sub", everyone=late))
    substitute = heat_map(run, Choice(player="t5"))
    assert substitute.in_view_s[0, 0] == pytest.approx(made_up_run.HALF_S)
    assert substitute.values("share").sum() == pytest.approx(100)
    assert substitute.duration_s == pytest.approx(2 * made_up_run.HALF_S)
    root = tmp_path / "sub"
    known = pd.DataFrame([(5, "A", 5, 30.0, 60.0)], columns=["track_id", "team", "jersey", "on_s", "off_s"])
    columns = storage.empty("people").columns
    storage.write(
        storage.conform(known.reindex(columns=columns).assign(player_id=known["track_id"]), "people"),
        root / "tables" / "people.parquet",
        "people",
    )
    told = heat_map(load(root), Choice(player="5"))
    assert told.who.stay == (30, 60)
    assert told.duration_s < substitute.duration_s
    assert told.duration_s == pytest.approx(told.in_view_s[0, 0])


def test_whoever_is_off_the_pitch_is_not_counted(tmp_path):
    people = made_up_run.two_halves()
    warming_up = (people["track_id"] == 3) & (people["time_s"] < 10)
    people.loc[warming_up, "y_m"] = -40.0
    one = heat_map(load(made_up_run.build(tmp_path / "off", everyone=people)), Choice(player="t3"))
    assert one.total_s == pytest.approx(2 * made_up_run.HALF_S - 10)


def test_positions_and_fitted_roles_are_roles(run):
    back = heat_map(run, Choice(team="A", role="Defender"))
    assert back.total_s == pytest.approx(4 * 2 * made_up_run.HALF_S)
    left = heat_map(run, Choice(team="A", role="lb"))
    assert left.who.label == "LB as in a 4-4-2, Atlas"
    assert left.total_s == pytest.approx(2 * made_up_run.HALF_S, rel=0.03)
    assert left.seconds[34:].sum() > 0.9 * left.total_s


def test_roles_need_no_ids(tmp_path):
    team = load(fake_run.build(tmp_path / "team", seconds=3.0, mode="team"))
    assert not team.tracked
    assert heat_map(team, Choice(team="A", role="LB")).total_s > 1
    assert heat_map(team, Choice(team="A", role="goalkeeper")).total_s > 0


def test_a_referee_has_no_direction(footage):
    referee = heat_map(footage, Choice(role="referee"))
    assert referee.direction == 0
    assert referee.who.team is None


def test_an_unclear_direction_is_said(tmp_path):
    root = fake_run.build(tmp_path / "run", seconds=1.0)
    unclear = edited(root, "formations", lambda t: t.assign(attack=None))
    assert heat_map(unclear, Choice(team="A")).direction == 0


def test_a_folder_without_a_run_is_said_so(tmp_path):
    with pytest.raises(RunError, match="no run here"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (Choice(), "say whose"),
        (Choice(role="referee", part=Stretch(phase="in")), "--phase in: Referees: of neither team"),
        (Choice(player="A7", role="LB"), "--player A7 --role LB: give one of the two"),
        (Choice(player="A99"), "nobody of that name or number"),
        (Choice(role="goalkeeper"), "of which team"),
        (Choice(team="A", role="sweeper"), "expected goalkeeper, outfield, referee, or of Atlas as it stood"),
        (Choice(team="A", part=Stretch(half=3)), "--half 3: periods known in derby: 1, 2;"),
        (Choice(team="A", part=Stretch(from_s=22.0, to_s=28.0)), "Atlas: not seen in this part of derby"),
        (Choice(team="A", part=Stretch(phase="in", from_s=17.0, to_s=20.0)), "Atlas: not seen in this part"),
        (Choice(role="referee"), "Referees: not seen in this part"),
    ],
    ids=["nothing", "neither", "both", "nobody", "team", "role", "half", "break", "phase", "referee"],
)
def test_what_cannot_be_shown_is_said_in_one_line(run, choice, message):
    with pytest.raises(UserError, match=message) as error:
        heat_map(run, choice)
    assert "\n" not in str(error.value)


def test_without_possession_or_periods_these_are_unknown(tmp_path):
    bare = load(made_up_run.build(tmp_path / "bare", without=("possession", "periods", "people")))
    assert heat_map(bare, Choice(player="7", team="A")).who.label == "Track 7, player, team A"
    with pytest.raises(UserError, match="--phase in: who had the ball is not known in bare"):
        heat_map(bare, Choice(team="A", part=Stretch(phase="in")))
    with pytest.raises(UserError, match="periods known in bare: none"):
        heat_map(bare, Choice(team="A", part=Stretch(half=1)))


def test_without_ids_there_are_no_players(tmp_path):
    team = load(fake_run.build(tmp_path / "team", seconds=0.4, mode="team"))
    with pytest.raises(UserError, match=r"--player 7: team has no ids \(mode team\); use --team A"):
        heat_map(team, Choice(player="7"))


def test_a_player_never_on_the_pitch_is_said_so(tmp_path):
    root = made_up_run.build(tmp_path / "run")
    bench = edited(root, "positions", lambda t: t[t["track_id"] != 4])
    with pytest.raises(UserError, match="was never on the pitch in run"):
        heat_map(bench, Choice(player="t4"))


def test_footage_without_a_pitch_has_nothing_to_draw(tmp_path):
    blind = load(fake_run.build(tmp_path / "blind", seconds=0.4, views=False))
    with pytest.raises(UserError, match="nobody was placed on the pitch"):
        heat_map(blind, Choice(team="A"))


def test_few_players_have_no_roles(tmp_path):
    root = made_up_run.build(tmp_path / "run")
    few = edited(root, "positions", lambda t: t[t["track_id"].isin([1, 2, 3, 21, 22])])
    with pytest.raises(UserError, match="too few of Atlas were seen together"):
        heat_map(few, Choice(team="A", role="LB"))
