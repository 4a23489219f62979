"""Halves in footage: given, found where a break or changed ends speak for them, else none."""

import numpy as np
import pandas as pd
import pytest

from pipeline.cli.footage import _moment
from pipeline.core.config import Config, PeriodSettings
from pipeline.core.errors import ConfigError, VideoError
from pipeline.linking.ends import change_of_ends, turned
from pipeline.metrics.direction.halves import half_time, one_half_score, play_of
from pipeline.tables import storage
from pipeline.workflow.plan import _refuse_late
from pipeline.workflow.step import Context
from pipeline.workflow.steps import link, periods

STEP_S = 0.5


def match(*spans, keepers=True):
    """Spans of play ``(start_s, end_s, A attacks to the right)``: each team stands 13 m behind the other."""
    rows = []
    for start_s, end_s, right in spans:
        for time_s in np.arange(start_s, end_s, STEP_S):
            for team, side in (("A", 1.0), ("B", -1.0)):
                way = side if right else -side
                rows += [(time_s, team, "player", -6.5 * way, y) for y in (-10.0, 0.0, 10.0, 20.0)]
                if keepers:
                    rows.append((time_s, team, "goalkeeper", -45 * way, 0.0))
    out = pd.DataFrame(rows, columns=["time_s", "team", "role", "x_m", "y_m"])
    return out.assign(frame=(out["time_s"] / STEP_S).round().astype(int))


def found(people):
    outfield = people[people["role"] == "player"]
    is_a = (outfield["team"] == "A").to_numpy()
    change = change_of_ends(outfield["time_s"].to_numpy(), outfield["x_m"].to_numpy(), is_a)
    return half_time(people, play_of(people), change)


def test_a_long_break_with_changed_ends_is_half_time():
    half = found(match((10, 400, True), (1300, 1700, False)))
    assert (half.end_s, half.start_s, half.why) == (400, 1300, "both")
    assert half.score > 0.9


def test_highlights_shown_in_the_break_do_not_end_it():
    half = found(match((0, 400, True), (800, 815, True), (1300, 1700, False)))
    assert (half.end_s, half.start_s) == (400, 1300)


def test_changed_ends_without_a_break_are_half_time_where_footage_was_cut():
    half = found(match((0, 600, True), (600, 1200, False)))
    assert half.why == "ends"
    assert half.end_s == pytest.approx(600, abs=10)


def test_a_break_after_which_teams_attack_as_before_is_none():
    assert found(match((0, 400, True), (1300, 1700, True))) is None


def test_a_break_alone_counts_little():
    people = match((0, 400, True), (1300, 1700, True)).query("role == 'player'").assign(x_m=0.0)
    half = found(people)
    assert half.why == "break"
    assert half.score == 0.5


@pytest.mark.parametrize("spans", [[(0, 1200, True)], [(0, 200, True), (1000, 1200, False)], [(0, 20, True)]])
def test_one_half_and_footage_too_short_to_tell_have_no_half_time(spans):
    assert found(match(*spans)) is None


def test_how_sure_one_half_is_follows_from_both_ends_of_it():
    same, unclear = match((0, 1200, True)), match((0, 1200, True)).query("role == 'player'").assign(x_m=0.0)
    assert one_half_score(same, play_of(same)) > one_half_score(unclear, play_of(unclear))


def test_nobody_plays_no_half():
    nobody = match((0, 1, True)).iloc[:0]
    assert found(nobody) is None
    assert play_of(nobody).first() is None
    one_team = match((0, 60, True)).query("team == 'A'")
    assert play_of(one_team).longest_break() is None


def ran(tmp_path, people, given):
    config = Config(mode="both", periods=PeriodSettings(**given))
    context = Context(tmp_path, tmp_path / "m.mp4", config, lambda *_: None, lambda _: None)
    people = people.assign(
        instance=people.groupby("frame").cumcount(), track_id=1, error_m=0.3, source="observed"
    )
    people["track_id"] = people.groupby("frame").cumcount() + 1
    names = storage.empty("positions").columns.tolist()
    storage.write(people[names], context.table("positions"), "positions")
    labels = people[["frame", "instance", "role", "team"]].assign(team_score=0.9)
    storage.write(labels, context.table("labels"), "labels")
    who = people.groupby("track_id", as_index=False).first()[["track_id", "role", "team"]]
    who = who.assign(role_score=1.0, team_score=0.9, n_frames=5, first_s=0.0, last_s=1.0)
    storage.write(who, context.table("identities"), "identities")
    n = int(people["frame"].max()) + 1 if len(people) else 2
    frames = storage.empty("frames").reindex(range(n))
    frames = frames.assign(frame=range(n), time_s=np.arange(n) * STEP_S, shot=0, duplicate=False, grass=0.9)
    storage.write(frames, context.table("frames"), "frames")
    facts = periods.step("both").do(context)
    return storage.read(context.table("periods"), "periods"), facts, context


def test_given_halves_are_taken_and_know_their_directions(tmp_path):
    people = match((5, 100, True), (130, 200, False))
    table, facts, context = ran(tmp_path, people, {"kick_off_s": 4, "half_time_s": 110})
    assert table[["period", "start_s", "end_s"]].to_numpy().tolist() == [[1, 4, 110], [2, 130, 200]]
    assert table["attack_a"].tolist() == ["left_to_right", "right_to_left"]
    assert set(table["source"]) == {"given"}
    assert facts == {"periods": 2}
    assert link._changes(context) == [130.0]


def test_found_halves_have_a_score_and_clips_have_no_periods(tmp_path):
    table, facts, _ = ran(tmp_path / "a", match((10, 400, True), (1300, 1700, False)), {})
    assert table[["start_s", "end_s"]].to_numpy().tolist() == [[10, 400], [1300, 1700]]
    assert set(table["source"]) == {"estimated"}
    assert facts == {"periods": 2, "half_time_s": 400, "score": 0.95, "why": "both"}
    table, facts, context = ran(tmp_path / "b", match((0, 60, True)), {})
    assert table.empty
    assert facts == {"periods": 0, "score": 0.9}
    assert link._changes(context) is None


def test_a_kick_off_alone_is_a_first_half(tmp_path):
    table, _, _ = ran(tmp_path, match((0, 60, True)), {"kick_off_s": 12.5})
    assert table[["period", "start_s", "end_s"]].to_numpy().tolist() == [[1, 12.5, 60]]


def test_places_are_turned_at_every_change_of_ends():
    place = np.ones((4, 2))
    assert turned(np.array([0, 10, 20, 30.0]), place, [10, 20])[:, 0].tolist() == [1, -1, 1, 1]
    assert turned(np.array([0.0]), place[:1], []).tolist() == [[1, 1]]


@pytest.mark.parametrize(
    "given",
    [{"half_time_s": 5, "kick_off_s": 6}, {"second_half_s": 9}, {"half_time_s": 9, "second_half_s": 8}],
)
def test_halves_out_of_order_are_refused(given):
    with pytest.raises(ValueError, match=r"must follow each other|needs half_time_s"):
        PeriodSettings(**given)


def test_moments_of_the_command_are_seconds_or_clocks():
    assert [_moment("--half-time", t) for t in (None, "47:30", "2850", "12.5")] == [None, 2850, 2850, 12.5]
    with pytest.raises(ConfigError, match="--half-time: 'soon' is no time"):
        _moment("--half-time", "soon")


def test_a_half_time_behind_the_footage_is_refused_at_once(tmp_path):
    with pytest.raises(VideoError, match="half_time_s is 2850 s, but the footage has 60 s"):
        _refuse_late(tmp_path / "m.mp4", 60.0, PeriodSettings(half_time_s=2850))
    _refuse_late(tmp_path / "m.mp4", None, PeriodSettings(half_time_s=2850))
