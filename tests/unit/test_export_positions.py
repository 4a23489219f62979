"""Exports in metres, read back with the formats' own tools."""

import json
import warnings

import cdf
import exported_run
import fake_run
import numpy as np
import pandas as pd
import pytest
from kloppy import skillcorner, tracab
from kloppy.domain import Orientation

from pipeline.core.errors import RunError
from pipeline.formats.readers import read_match
from pipeline.formats.readers.match_tables import tables_of
from pipeline.formats.readers.table_units import Convention
from pipeline.formats.writers.exports import write_export
from pipeline.tables import storage

CENTIMETRE = 0.01


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return exported_run.build(tmp_path_factory.mktemp("runs") / "tracking")


@pytest.fixture(scope="module")
def video_run(tmp_path_factory):
    return fake_run.build(tmp_path_factory.mktemp("runs") / "video", seconds=2.0)


def truth(run_dir):
    """Positions of players by (period, seconds since it began, track), as the run has them."""
    table = {n: storage.read(run_dir / "tables" / f"{n}.parquet", n) for n in ("positions", "identities")}
    periods = storage.read(run_dir / "tables" / "periods.parquet", "periods")
    start = periods.set_index("period")["start_s"]
    rows = table["positions"].merge(table["identities"], on="track_id")
    rows["period"] = np.where(rows["time_s"] < start.get(2, np.inf), 1, 2)
    rows["step"] = np.rint((rows["time_s"] - rows["period"].map(start)) * 10).astype(int)
    return rows


def loaded_rows(dataset, scale=1.0):
    """Positions of players in a kloppy dataset, in metres, in the same form."""
    rows = []
    for frame in dataset.records:
        moment = (frame.period.id, round(frame.timestamp.total_seconds() * 10))
        for player, data in frame.players_data.items():
            rows.append((*moment, player.player_id, data.coordinates.x * scale, data.coordinates.y * scale))
    return pd.DataFrame(rows, columns=["period", "step", "id", "x", "y"])


def load_skillcorner(folder):
    return skillcorner.load(
        meta_data=str(folder / "match.json"),
        raw_data=str(folder / "tracking.jsonl"),
        coordinates="skillcorner",
        include_empty_frames=True,
        data_version="V3",
    )


def load_tracab(folder):
    return tracab.load(
        meta_data=str(folder / "metadata.json"),
        raw_data=str(folder / "tracking.json"),
        coordinates="tracab",
        only_alive=False,
    )


def assert_same(found, known, to_track):
    found = found.assign(track_id=found["id"].astype(int).map(to_track))
    both = found.merge(known[known["role"] != "ball"], "outer", ["period", "step", "track_id"])
    assert len(both) == len(found) == (known["role"] != "ball").sum()
    assert max((both["x"] - both["x_m"]).abs().max(), (both["y"] - both["y_m"]).abs().max()) < CENTIMETRE
    assert not both[["x", "x_m"]].isna().any(axis=None)


def test_kloppy_loads_skillcorner_with_the_same_players_places_and_gaps(run, tmp_path):
    written = write_export(run, tmp_path / "out", "skillcorner")
    dataset = load_skillcorner(tmp_path / "out")
    known = truth(run)
    assert written.frames == len(dataset.records) == 80
    assert_same(loaded_rows(dataset), known, {500 + i: i + 1 for i in range(22)})
    balls = [f.ball_coordinates for f in dataset.records if f.ball_coordinates]
    assert len(balls) == (known["role"] == "ball").sum()
    assert dataset.metadata.orientation == Orientation.HOME_AWAY
    assert dataset.metadata.frame_rate == 10
    assert [p.id for p in dataset.metadata.periods] == [1, 2]
    assert [t.name for t in dataset.metadata.teams] == ["Reds", "Blues"]
    assert {p.jersey_no for t in dataset.metadata.teams for p in t.players} == set(range(1, 12))


def test_skillcorner_says_what_was_bridged_and_who_had_the_ball(run, tmp_path):
    write_export(run, tmp_path / "out", "skillcorner")
    frames = [json.loads(x) for x in (tmp_path / "out" / "tracking.jsonl").read_text().splitlines()]
    bridged = [(f["frame"], p["player_id"]) for f in frames for p in f["player_data"] if not p["is_detected"]]
    assert bridged == [(k, 500 + exported_run.SHORT_GAP) for k in (10, 11, 12, 13)]
    gone = [f["frame"] for f in frames[:40] if 500 + exported_run.LONG_GAP not in _ids(f)]
    assert gone == list(range(10, 30))
    assert [f["frame"] for f in frames if f["possession"]["group"] == "away team"] == list(range(10, 20))
    assert {f["possession"]["group"] for f in frames} == {None, "away team"}
    assert frames[40]["timestamp"] == "00:45:00.00"


def _ids(frame):
    return {p["player_id"] for p in frame["player_data"]}


def test_what_skillcorner_holds_makes_the_same_run_again(run, tmp_path):
    write_export(run, tmp_path / "out", "skillcorner")
    files = ((tmp_path / "out" / "tracking.jsonl",), (tmp_path / "out" / "match.json",))
    again = tables_of(read_match.read_match(*files, None, Convention(None, None, None, None)), 0.3)
    known = truth(run)
    known = known[known["source"] == "observed"].sort_values(["frame", "track_id"])
    back = again["positions"].sort_values(["time_s", "track_id"])
    assert back["track_id"].tolist() == known["track_id"].tolist()
    assert np.abs(back[["x_m", "y_m"]].to_numpy() - known[["x_m", "y_m"]].to_numpy()).max() < CENTIMETRE
    people = storage.read(run / "tables" / "people.parquet", "people")
    for column in ("team", "team_name", "name", "jersey", "provider_id", "on_s"):
        assert again["people"][column].tolist() == people[column].tolist()


def test_kloppy_loads_tracab_with_the_same_players_places_and_gaps(run, tmp_path):
    written = write_export(run, tmp_path / "out", "tracab")
    dataset = load_tracab(tmp_path / "out")
    known = truth(run)
    assert written.frames == len(dataset.records) == 80
    assert_same(loaded_rows(dataset, 0.01), known, {i + 1: i + 1 for i in range(22)})
    absent = [f for f in dataset.records if f.ball_coordinates.x == 5550]
    assert 80 - len(absent) == (known["role"] == "ball").sum()
    assert dataset.metadata.orientation == Orientation.HOME_AWAY
    assert dataset.metadata.frame_rate == 10
    lengths = [(p.end_timestamp - p.start_timestamp).total_seconds() for p in dataset.metadata.periods]
    assert lengths == pytest.approx([3.9, 3.9])
    size = dataset.metadata.pitch_dimensions
    assert (size.pitch_length, size.pitch_width) == (105, 68)
    owners = [(f.ball_state.value, f.ball_owning_team.name) for f in dataset.records]
    assert owners[:10] == [("dead", "Reds")] * 10
    assert owners[10:20] == [("alive", "Blues")] * 10
    assert owners[20:] == [("dead", "Blues")] * 60


def test_the_away_team_on_the_left_stays_there(tmp_path):
    run = exported_run.build(tmp_path / "run")
    periods = storage.read(run / "tables" / "periods.parquet", "periods")
    flipped = periods.assign(attack_a=["right_to_left", "left_to_right"])
    positions = storage.read(run / "tables" / "positions.parquet", "positions")
    positions["x_m"] *= -1
    storage.write(flipped, run / "tables" / "periods.parquet", "periods")
    storage.write(positions, run / "tables" / "positions.parquet", "positions")
    for format, load in (("skillcorner", load_skillcorner), ("tracab", load_tracab)):
        write_export(run, tmp_path / format, format)
        assert load(tmp_path / format).metadata.orientation == Orientation.AWAY_HOME


def test_tracab_numbers_people_without_a_shirt_from_101_and_says_so(tmp_path):
    run = exported_run.build(tmp_path / "run", numbered=False)
    written = write_export(run, tmp_path / "out", "tracab")
    assert any(note.startswith("team A: 11 of 11 tracks have no shirt number") for note in written.notes)
    numbers = [sorted(p.jersey_no for p in t.players) for t in load_tracab(tmp_path / "out").metadata.teams]
    assert numbers == [list(range(101, 112)), list(range(112, 123))]


def test_tracab_keeps_the_shirts_that_are_known_and_different(tmp_path):
    run = exported_run.build(tmp_path / "run")
    people = storage.read(run / "tables" / "people.parquet", "people")
    people.loc[people["track_id"] == 4, "jersey"] = None
    people.loc[people["track_id"] == 6, "jersey"] = 7
    who = storage.read(run / "tables" / "identities.parquet", "identities")
    who.loc[who["track_id"] == 6, "last_s"] -= 1
    storage.write(people, run / "tables" / "people.parquet", "people")
    storage.write(who, run / "tables" / "identities.parquet", "identities")
    written = write_export(run, tmp_path / "out", "tracab")
    home, away = load_tracab(tmp_path / "out").metadata.teams
    shirts = {int(p.player_id): p.jersey_no for p in home.players}
    assert shirts == {t: t for t in (1, 2, 3, 5, 7, 8, 9, 10, 11)} | {4: 101, 6: 102}
    assert sorted(p.jersey_no for p in away.players) == list(range(1, 12))
    assert any(note.startswith("team A: 2 of 11 tracks") for note in written.notes)
    assert not any(note.startswith("team B") for note in written.notes)


@pytest.mark.parametrize("name", ["run", "video_run"])
def test_the_whole_cdf_file_is_valid_in_strict_and_in_extreme_mode(name, tmp_path, request):
    run = request.getfixturevalue(name)
    written = write_export(run, tmp_path / "out", "cdf")
    validator = cdf.TrackingSchemaValidator()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for mode in ("strict", "extreme"):
            validator.validate_schema(tmp_path / "out" / "tracking.jsonl", mode=mode, limit=None)
            cdf.MetaSchemaValidator().validate_schema(tmp_path / "out" / "meta.json", mode=mode)
    assert cdf.VERSION == "0.3.2"
    assert len((tmp_path / "out" / "tracking.jsonl").read_text().splitlines()) == written.frames


def test_cdf_has_the_same_places_leaves_out_the_unseen_and_marks_the_bridged(run, tmp_path):
    write_export(run, tmp_path / "out", "cdf")
    frames = [json.loads(x) for x in (tmp_path / "out" / "tracking.jsonl").read_text().splitlines()]
    rows = [
        (
            {"first_half": 1, "second_half": 2}[f["period"]],
            f["frame_id"],
            p["id"],
            p["x"],
            p["y"],
            p["is_visible"],
        )
        for f in frames
        for side in ("home", "away")
        for p in f["teams"][side]["players"]
    ]
    found = pd.DataFrame(rows, columns=["period", "frame", "id", "x", "y", "visible"])
    found["step"] = found["frame"] - found["period"].map(found.groupby("period")["frame"].min())
    found.loc[found["period"] == 2, ["x", "y"]] *= -1  # sides are changed at half-time, but not in CDF
    assert_same(found, truth(run), {i: i for i in range(1, 23)})
    assert (~found["visible"]).sum() == 4
    assert frames[0]["ball"] == {"x": 65.0, "y": 42.5, "z": None}
    assert frames[12]["ball"].items() >= {"status": True, "poss_team_id": "away"}.items()
    assert (frames[0]["timestamp"], frames[1]["timestamp"]) == (
        "1970-01-01T00:00:00.000Z",
        "1970-01-01T00:00:00.100Z",
    )
    assert frames[0]["match"]["id"] == "tracking"
    about = json.loads((tmp_path / "out" / "export.json").read_text())
    assert (
        about["people"][0].items()
        >= {"track_id": 1, "jersey": 1, "team": "A", "name": "Player Number0"}.items()
    )
    assert about["fps"] == 10


def test_cdf_meta_names_periods_sides_and_the_people_whose_shirt_and_start_are_known(run, tmp_path):
    write_export(run, tmp_path / "out", "cdf")
    sheet = json.loads((tmp_path / "out" / "meta.json").read_text())
    first, second = sheet["match"]["periods"]
    assert first.items() >= {"frame_id_start": 0, "frame_id_end": 39, "left_team_id": "home"}.items()
    assert second["left_team_id"] == "away"
    assert {p["play_direction"] for p in (first, second)} == {"left_right"}
    assert [w["sub_type"] for w in sheet["match"]["whistles"]] == ["start", "end"] * 2
    assert sheet["teams"]["home"]["name"] == "Reds"
    players = sheet["teams"]["away"]["players"]
    assert [p["jersey_number"] for p in players] == list(range(1, 12))
    assert all(p["is_starter"] for p in players)
    assert sheet["meta"]["tracking"]["fps"] == 10
    assert sheet["venue"]["pitch_length"] == 105


def test_cdf_meta_leaves_out_people_without_a_shirt_and_says_so(tmp_path):
    run = exported_run.build(tmp_path / "run", numbered=False)
    written = write_export(run, tmp_path / "out", "cdf")
    sheet = json.loads((tmp_path / "out" / "meta.json").read_text())
    assert sheet["teams"]["home"]["players"] == []
    assert any(note.startswith("meta.json has 0 of 22 tracks") for note in written.notes)


def test_cdf_is_refused_where_the_direction_of_attack_is_unclear(tmp_path):
    run = exported_run.build(tmp_path / "run")
    periods = storage.read(run / "tables" / "periods.parquet", "periods").assign(attack_a=None)
    storage.write(periods, run / "tables" / "periods.parquet", "periods")
    with pytest.raises(RunError, match="direction of attack in period 1 is unclear"):
        write_export(run, tmp_path / "out", "cdf")
    assert not (tmp_path / "out").exists()


def test_footage_at_25_frames_comes_out_at_10_on_the_line_between(video_run, tmp_path):
    written = write_export(video_run, tmp_path / "out", "skillcorner")
    frames = [json.loads(x) for x in (tmp_path / "out" / "tracking.jsonl").read_text().splitlines()]
    assert written.frames == len(frames) == 20
    made = fake_run.world(2.0)
    assert sum(len(f["player_data"]) for f in frames) > 250
    for frame in frames:
        time_s = frame["frame"] / 10
        for player in frame["player_data"]:
            truth_m = [
                np.interp(time_s, made.time_s, made.xy_m[:, player["player_id"] - 1, i]) for i in (0, 1)
            ]
            assert np.hypot(player["x"] - truth_m[0], player["y"] - truth_m[1]) < CENTIMETRE


def test_footage_gives_tracab_at_its_own_rate(video_run, tmp_path):
    write_export(video_run, tmp_path / "out", "tracab")
    dataset = load_tracab(tmp_path / "out")
    assert (dataset.metadata.frame_rate, len(dataset.records)) == (25, 50)
    positions = storage.read(video_run / "tables" / "positions.parquet", "positions")
    who = storage.read(video_run / "tables" / "identities.parquet", "identities")
    players = who.loc[who["team"].notna(), "track_id"]
    assert sum(len(f.players_data) for f in dataset.records) == positions["track_id"].isin(players).sum()
    assert dataset.metadata.orientation == Orientation.HOME_AWAY
