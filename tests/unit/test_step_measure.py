"""The step measure, on tables in a run directory."""

import numpy as np
import pandas as pd
import pytest
from made_up_people import match, mirrored
from tracking_run import periods

from pipeline.core.config import Config
from pipeline.metrics.summary import MatchTables, measure
from pipeline.tables import storage
from pipeline.workflow.step import Context, check_plan
from pipeline.workflow.steps.measure import step


def _stored(context: Context, people: pd.DataFrame, *, tracked: bool) -> None:
    people = people.assign(instance=people.groupby("frame").cumcount())
    times = np.arange(0, max(12, people["time_s"].max() + 0.2 if len(people) else 0), 0.2)
    frames = storage.empty("frames").reindex(range(len(times)))
    frames = frames.assign(
        frame=np.round(times * 25), time_s=times, shot=0, duplicate=np.arange(len(times)) % 6 == 5, grass=0.9
    )
    storage.write(frames, context.table("frames"), "frames")
    positions = people.assign(source="observed", error_m=0.3)
    if not tracked:
        positions["track_id"] = pd.array([None] * len(people), dtype="Int32")
    columns = ["frame", "time_s", "instance", "track_id", "x_m", "y_m", "error_m", "source"]
    storage.write(positions[columns], context.table("positions"), "positions")
    labels = people[["frame", "instance", "role", "team"]].assign(team_score=0.9)
    storage.write(labels, context.table("labels"), "labels")
    storage.write(storage.empty("periods"), context.table("periods"), "periods")
    if tracked:
        who = people.groupby("track_id", as_index=False).first()[["track_id", "role", "team"]]
        who = who.assign(role_score=1.0, team_score=0.9, n_frames=50, first_s=0.0, last_s=10.0)
        storage.write(who, context.table("identities"), "identities")
        for name in ("people", "links", "placed_by_hand"):
            storage.write(storage.empty(name), context.table(name), name)


def _run(tmp_path, people, mode):
    said = []
    context = Context(tmp_path, tmp_path / "match.mp4", Config(mode=mode), lambda *_: None, said.append)
    _stored(context, people, tracked=mode != "team")
    made = step(mode)
    facts = made.do(context)
    return {n: storage.read(context.table(n), n) for n in made.writes}, facts, said


@pytest.mark.parametrize("mode", ["team", "both"])
def test_teams_have_shapes_and_formations_with_and_without_tracks(tmp_path, mode):
    made, facts, said = _run(tmp_path, match(seconds=12), mode)
    assert made["formations"]["formation"].tolist() == ["4-4-2", "4-3-3"]
    assert made["formations"]["kind"].unique().tolist() == ["shape_at_this_moment"]
    assert len(made["shapes"]) == 24
    assert made["team_movement"]["players_seen"].tolist() == [10, 10]
    assert ("movement" in made) == (mode == "both")
    assert facts == {name: len(table) for name, table in made.items()}
    assert said == []


def test_repeated_pictures_leave_movement_as_it_is(tmp_path):
    made, *_ = _run(tmp_path, match(seconds=12, noise_m=0.0), "both")
    movement = made["movement"]
    assert len(movement) == 22
    outfield = movement[movement["role"] == "player"]
    assert (outfield["minutes_visible"] - 0.193).abs().max() < 0.005
    assert outfield["distance_visible_m"].std() < 0.1  # all sway together


def test_a_player_of_unclear_team_moves_but_belongs_to_no_shape(tmp_path):
    people = match(seconds=12)
    people["team"] = people["team"].where(people["track_id"] != 5, None)
    made, *_ = _run(tmp_path, people, "both")
    unclear = made["movement"].set_index("track_id").loc[5]
    assert unclear["team"] is None or unclear["team"] != unclear["team"]
    assert unclear["distance_visible_m"] > 0
    assert made["team_movement"]["players_seen"].tolist() == [9, 10]


def test_a_goalkeeper_taken_for_a_player_is_pointed_out(tmp_path):
    people = match(seconds=12)
    people.loc[people["team"] == "B", "role"] = "player"
    *_, said = _run(tmp_path, people, "both")
    assert len(said) == 1
    assert said[0].startswith("team B: 11.0 outfield players")


def test_a_goalkeeper_of_both_halves_stood_before_his_own_goal_on_average(tmp_path):
    first = match(seconds=30)
    second = mirrored(first, -1, -1).assign(time_s=first["time_s"] + 40, frame=first["frame"] + 1000)
    context = Context(tmp_path, tmp_path / "match.mp4", Config(), lambda *_: None, lambda _: None)
    _stored(context, pd.concat([first, second], ignore_index=True), tracked=True)
    names = ("frames", "positions", "labels", "identities")
    stored = {n: storage.read(context.table(n), n) for n in names}
    made = measure(MatchTables(**stored, periods=periods((0, 30), (40, 70))), Config())
    for table in ("movement", "movement_parts"):
        keepers = made[table][made[table]["role"] == "goalkeeper"]
        own_goal = keepers["team"].map({"A": -45.0, "B": 45.0})
        assert (keepers["mean_x_m"] - own_goal).abs().max() < 0.5


def _broken_off(people: pd.DataFrame, every_s: float = 7.0) -> pd.DataFrame:
    """The same people on tracks that end every some seconds, each with a pause before the next begins."""
    at = people["time_s"] + people["track_id"].astype(float) * 0.9
    seen = people[at % every_s > 0.5]
    number = (at // every_s).astype(int)
    tracks = (seen["track_id"].astype(int) * 1000 + number[seen.index]).astype("Int32")
    return seen.assign(track_id=tracks).sort_values(["time_s", "track_id"], ignore_index=True)


@pytest.mark.parametrize("mode", ["team", "both"])
@pytest.mark.parametrize("seconds", [65, 150])
def test_minutes_of_broken_tracks_with_now_and_then_twelve_of_a_team_have_formations(tmp_path, mode, seconds):
    people = _broken_off(match(seconds=seconds))
    now_and_then = people[(people["time_s"] % 30 < 0.9) & (people["track_id"] < 3000)]
    twice = now_and_then.assign(track_id=now_and_then["track_id"] + 500_000, y_m=now_and_then["y_m"] + 2)
    everyone = pd.concat([people, twice]).sort_values("time_s", ignore_index=True)
    count = everyone[(everyone["team"] == "A") & (everyone["role"] == "player")].groupby("time_s").size()
    assert count.max() > 10
    assert count.min() < 10
    made, *_ = _run(tmp_path, everyone, mode)
    found = made["formations"]
    assert "roles" in set(found["method"])
    assert found["kind"].unique().tolist() == ["formation"]
    assert found["formation"].tolist() == ["4-4-2", "4-3-3"]


@pytest.mark.parametrize("mode", ["team", "player", "both"])
def test_footage_without_a_pitch_gives_empty_tables_and_a_warning(tmp_path, mode):
    made, _, said = _run(tmp_path, match().iloc[:0], mode)
    assert made["shapes"].empty
    assert made["formations"].empty
    assert made["team_movement"]["n_frames"].tolist() == [0, 0]
    assert len(said) == 1


def test_the_step_fits_behind_the_steps_that_feed_it():
    for mode in ("team", "player", "both"):
        made = step(mode)
        assert ("movement" in made.writes) == (mode != "team")
        source = made.__class__("feeds", 1, (), made.reads, lambda _: {}, lambda _: None)
        check_plan([source, made])
    before = step("both").settings(Config())
    assert before != step("both").settings(Config.model_validate({"measure": {"cutoff_hz": 1.0}}))
    assert before == step("both").settings(Config.model_validate({"report": {"csv": False}}))
