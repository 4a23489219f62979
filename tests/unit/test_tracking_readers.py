"""Reading tracking data: every provider's files in the kloppy wheel, and tables that people bring."""

import json

import numpy as np
import pandas as pd
import pytest
from kloppy import skillcorner as kloppy_skillcorner
from tracking_files import FILES, long_table, wide_table

from pipeline.core.errors import TrackingError
from pipeline.formats.readers.match_tables import tables_of, times_s
from pipeline.formats.readers.providers import PROVIDERS, provider_of
from pipeline.formats.readers.read_match import read_match
from pipeline.formats.readers.table_units import Convention

CASES = {
    "skillcorner V3": (["skillcorner_v3_raw_data.jsonl"], ["skillcorner_meta_data.json"], 27),
    "tracab dat": (["tracab_raw.dat"], ["tracab_meta.xml"], 7),
    "tracab json": (["tracab_raw.json"], ["tracab_meta.json"], 7),
    "metrica": (["metrica_home.csv", "metrica_away.csv"], [], 6),
    "metrica_epts": (["epts_metrica_tracking.txt"], ["epts_metrica_metadata.xml"], 100),
    "secondspectrum": (["second_spectrum_fake_data.jsonl"], ["second_spectrum_fake_metadata.xml"], 376),
    "sportec": (["sportec_positional.xml"], ["sportec_meta.xml"], 202),
    "statsperform": (["statsperform_tracking_ma25.txt"], ["statsperform_tracking_ma1.json"], 92),
    "signality": (
        ["signality_p1_raw_data_subset.json", "signality_p2_raw_data_subset.json"],
        ["signality_meta_data.json", "signality_venue_information.json"],
        10,
    ),
    "pff": (["pff_10517.jsonl"], ["pff_metadata_10517.json", "pff_rosters_10517.json"], 200),
}


def read(sources, meta=(), provider=None, given=None):
    found = [tuple(f if hasattr(f, "exists") else FILES / f for f in files) for files in (sources, meta)]
    return read_match(*found, provider, given or Convention())


def stored(tmp_path, table, name="match.csv"):
    path = tmp_path / name
    table.to_parquet(path) if name.endswith("parquet") else table.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("name", CASES)
def test_each_provider_is_recognised_and_read_in_metres(name):
    sources, meta, n_frames = CASES[name]
    match = read(sources, meta)
    assert match.provider == name.split()[0]
    assert len(match.frame) == n_frames
    assert np.isfinite(match.samples.xy_m).all()
    assert (np.abs(match.samples.xy_m) <= (60, 45)).all()
    assert (np.diff(times_s(match)) > 0).all()
    assert {p.team for p in match.people} >= {"A", "B"}
    made = tables_of(match, 0.3)
    assert made["periods"]["start_s"].is_monotonic_increasing
    assert set(made["people"]["track_id"]) <= set(made["identities"]["track_id"])


def test_a_folder_of_hawk_eye_is_read_with_home_as_a_and_the_places_of_the_file(tmp_path):
    for end in ("centroids", "ball"):
        (tmp_path / f"hawkeye_2_46.samples.{end}").symlink_to(FILES / f"hawkeye_2_46.football.samples.{end}")
    match = read([tmp_path])
    assert match.provider == "hawkeye"
    data = json.loads((tmp_path / "hawkeye_2_46.samples.centroids").read_text())
    home = next(t["id"]["fifaId"] for t in data["details"]["teams"] if t["home"])
    ours = {p.provider_id for p in match.people if p.team == "A"}
    assert ours == {p["id"]["fifaId"] for p in data["details"]["players"] if p["teamId"]["fifaId"] == home}
    keeper = next(
        p["personId"]["fifaId"] for p in data["samples"]["people"] if p["role"]["name"] == "Goalkeeper"
    )
    number = [p.provider_id for p in match.people].index(keeper)
    assert match.people[number].role == "goalkeeper"
    own = [p for p in data["samples"]["people"] if p.get("personId", {}).get("fifaId") == keeper]
    truth = np.array(sorted((c["time"], *c["pos"][:2]) for p in own for c in p["centroid"]))
    mine = match.samples.who == number
    # kloppy numbers frames by rounding, which loses one of 3,001; the others keep their times.
    assert mine.sum() >= len(truth) - 1
    at = np.searchsorted(truth[:, 0], match.clock_s[match.samples.row[mine]] - 1e-6)
    assert np.abs(match.samples.xy_m[mine] - truth[at, 1:]).max() < 1e-6


def test_skillcorner_v2_gives_what_kloppy_gives():
    meta, raw = FILES / "skillcorner_match_data.json", FILES / "skillcorner_structured_data_timestamp.json"
    theirs = kloppy_skillcorner.load(
        meta_data=meta, raw_data=raw, coordinates="secondspectrum", include_empty_frames=True, limit=3000
    )
    match = read([raw], [meta])
    ids = [p.provider_id for p in match.people]
    for row, frame in enumerate(theirs.records):
        assert frame.frame_id == match.frame[row]
        assert frame.timestamp.total_seconds() == pytest.approx(match.clock_s[row])
        assert {"HOME": "A", "AWAY": "B"}.get(
            str(getattr(frame.ball_owning_team, "ground", "")).upper()
        ) == match.owner[row]
    own = match.samples.row < len(theirs.records)
    ours = {
        (int(r), ids[w]): tuple(xy)
        for r, w, xy in zip(
            match.samples.row[own], match.samples.who[own], match.samples.xy_m[own], strict=True
        )
        if match.people[w].role != "referee"
    }
    known = {
        (row, p.player_id): (d.coordinates.x, d.coordinates.y)
        for row, frame in enumerate(theirs.records)
        for p, d in frame.players_data.items()
        if "anon" not in p.player_id
    }
    named = {k: v for k, v in ours.items() if not k[1].startswith("track")}
    assert named.keys() == known.keys()
    assert max(np.abs(np.subtract(named[k], known[k])).max() for k in known) < 1e-9
    assert len(ours) == sum(len(f.players_data) for f in theirs.records)


def test_skillcorner_knows_when_a_substitute_came_on():
    match = read(["skillcorner_structured_data_timestamp.json"], ["skillcorner_match_data.json"])
    thiago = next(p for p in match.people if p.name == "Thiago Alcantara")
    assert thiago.on_s == 71 * 60 + 33
    assert thiago.off_s is None
    assert not match.steady


def test_teams_are_read_from_identifiers_of_which_some_are_missing(tmp_path):
    table = long_table(seconds=2.0)
    people = table[table["role"] != "ball"]
    side = people["team"].map({"A": "home", "B": "away"})
    people = people.assign(track_id=side + "_" + people["track_id"].astype(str)).drop(columns="team")
    people.loc[people.index[:2], "track_id"] = None
    match = read([stored(tmp_path, people)])
    assert sorted(p.team for p in match.people) == ["A"] * 11 + ["B"] * 11


def test_what_is_no_text_is_no_position_of_a_player(tmp_path):
    about = json.loads((FILES / "skillcorner_meta_data.json").read_text())
    about["players"][4]["player_role"]["name"] = 1.5
    (tmp_path / "meta.json").write_text(json.dumps(about))
    with pytest.raises(TrackingError, match=r"meta\.json: position of a player is 1\.5; expected text"):
        read(["skillcorner_v3_raw_data.jsonl"], [tmp_path / "meta.json"])


def test_guessed_positions_of_skillcorner_v3_are_left_out():
    match = read(["skillcorner_v3_raw_data.jsonl"], ["skillcorner_meta_data.json"])
    frames = [json.loads(x) for x in (FILES / "skillcorner_v3_raw_data.jsonl").read_text().splitlines()]
    seen = sum(p["is_detected"] for f in frames if f["period"] for p in f["player_data"])
    assert len(match.samples.row) == seen > 0


def test_the_common_data_format_is_read_without_guesses(tmp_path):
    table = long_table(seconds=6)
    table = table[table["role"] != "ball"]
    sides = {"A": "home", "B": "away"}
    lines = []
    for i, (time_s, rows) in enumerate(table.groupby("time_s")):
        teams = {s: {"id": f"team {s}", "players": []} for s in sides.values()}
        for r in rows.itertuples():
            seen = {"id": str(r.track_id), "x": r.x_m, "y": r.y_m, "is_visible": bool(r.track_id % 9)}
            teams[sides[r.team]]["players"].append(seen)
        ball = {"x": 65.0, "y": 42.5, "z": None} if i % 2 else {"x": 1.0, "y": 2.0, "z": 0.0}
        ball |= {"status": i > 3, "poss_team_id": "team away"}
        stamp = f"2026-01-01T12:00:{time_s:06.3f}Z"
        lines.append(
            {"frame_id": i, "timestamp": stamp, "period": "second_half", "teams": teams, "ball": ball}
        )
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, lines)))
    people = [{"id": "7", "jersey_number": 17, "first_name": "Ada", "last_name": "Byron"}]
    sheet = {
        "teams": {
            "home": {"id": "team home", "name": "Reds", "players": people},
            "away": {"id": "team away"},
        },
        "venue": {"pitch_length": 100, "pitch_width": 64},
    }
    (tmp_path / "meta.json").write_text(json.dumps(sheet))
    match = read([tmp_path / "t.jsonl"], [tmp_path / "meta.json"])
    assert match.provider == "cdf"
    assert match.pitch_m == (100, 64)
    assert match.period.tolist() == [2] * 30
    assert match.clock_s[-1] == pytest.approx(5.8)
    assert len(match.samples.row) == (table["track_id"] % 9 > 0).sum()
    assert len(match.ball_row) == 15
    assert match.owner.tolist() == [None] * 4 + ["B"] * 26
    ada = next(p for p in match.people if p.name == "Ada Byron")
    assert (ada.team, ada.jersey) == ("A", 17)
    own = match.samples.who == match.people.index(ada)
    assert np.allclose(match.samples.xy_m[own], table.loc[table["track_id"] == 7, ["x_m", "y_m"]])


def test_a_wide_table_is_read_with_its_possession(tmp_path):
    table = wide_table()
    match = read([stored(tmp_path, table, "m.parquet")], given=Convention(fps=25.0))
    assert len(match.people) == 22
    assert match.steady
    assert sum(p.role == "goalkeeper" for p in match.people) == 2
    assert match.owner[:10].tolist() == [None] * 10
    assert match.owner[20] == "A"
    assert match.owner[-1] == "B"
    number = [p.provider_id for p in match.people].index("away_7")
    where = match.samples.xy_m[match.samples.who == number]
    assert np.allclose(where, table[["away_7_x", "away_7_y"]])
    assert match.clock_s[-1] == pytest.approx((len(table) - 1) / 25)


def test_metadata_beside_a_wide_table_give_rate_pitch_and_names(tmp_path):
    about = {"tracking_data_frame_rate": 10, "pitch_dimensions": [104.9, 67.8], "home_team_name": "Reds"}
    (tmp_path / "m.metadata.json").write_text(json.dumps(about))
    match = read([stored(tmp_path, wide_table(), "m.parquet")])
    assert match.clock_s[10] == pytest.approx(1.0)
    assert match.pitch_m == (104.9, 67.8)
    assert match.team_names == {"A": "Reds", "B": None}


@pytest.mark.parametrize(
    ("change", "given"),
    [
        (lambda t: t, Convention()),
        (lambda t: t.assign(x=t["x_m"], y=t["y_m"]).drop(columns=["x_m", "y_m"]), Convention()),
        (
            lambda t: t.assign(x_cm=100 * t["x_m"], y_cm=100 * t["y_m"]).drop(columns=["x_m", "y_m"]),
            Convention(),
        ),
        (lambda t: t.assign(x=100 * t["x_m"], y=100 * t["y_m"]).drop(columns=["x_m", "y_m"]), Convention()),
        (
            lambda t: t.assign(x=t["x_m"] + 52.5, y=34 - t["y_m"]).drop(columns=["x_m", "y_m"]),
            Convention(origin="top-left"),
        ),
        (
            lambda t: t.assign(x_m=t["x_m"] + 52.5, y_m=34 + t["y_m"]),
            Convention(origin="bottom-left"),
        ),
    ],
    ids=["metres", "unnamed metres", "centimetres", "unnamed centimetres", "top-left", "bottom-left"],
)
def test_units_and_origin_make_no_difference(tmp_path, change, given):
    plain = read([stored(tmp_path, long_table())])
    other = read([stored(tmp_path, change(long_table()), "other.csv")], given=given)
    assert np.allclose(plain.samples.xy_m, other.samples.xy_m)
    assert np.allclose(plain.ball_m, other.ball_m)
    assert (plain.samples.who == other.samples.who).all()
    assert plain.people == other.people


def test_a_long_table_may_be_in_any_order_and_miss_positions(tmp_path):
    table = long_table()
    table.loc[table.index % 7 == 0, "x_m"] = np.nan
    match = read([stored(tmp_path, table.sample(frac=1, random_state=1))])
    assert len(match.samples.row) + len(match.ball_row) == table["x_m"].notna().sum()
    assert (np.diff(match.clock_s) > 0).all()


def test_positions_of_a_run_are_read_with_the_tables_beside_them(tmp_path):
    table = long_table()
    who = table.drop_duplicates("track_id")[["track_id", "role", "team"]]
    stored(tmp_path, who, "identities.parquet")
    path = stored(tmp_path, table.drop(columns=["role", "team"]), "positions.parquet")
    match = read([path])
    assert sorted(p.role for p in match.people).count("goalkeeper") == 2
    assert len(match.ball_row) == len(table) // 23


def test_players_who_come_and_go_are_not_taken_for_substitutes(tmp_path):
    table = long_table()
    seen = read([stored(tmp_path, table[(table["frame"] // 25 + table["track_id"]) % 3 > 0])])
    assert not seen.steady
    assert tables_of(seen, 1.0)["people"]["on_s"].isna().all()
    assert tables_of(read([stored(tmp_path, table)]), 1.0)["people"]["on_s"].notna().all()


def test_frames_out_of_order_and_twice_are_put_right(tmp_path):
    table = wide_table().iloc[::-1]
    table = pd.concat([table, table.iloc[:3]])
    match = read([stored(tmp_path, table, "m.parquet")], given=Convention(fps=25.0))
    assert len(match.frame) == len(wide_table())
    assert (np.diff(match.clock_s) > 0).all()
    assert match.samples.row.max() < len(match.frame)


BAD = {
    "no such file": (lambda p: p / "none.csv", "no such file"),
    "anything": (lambda p: _text(p / "x.txt", "hello"), "cannot tell who wrote it; say --provider"),
    "empty": (lambda p: _text(p / "x.csv", ""), "cannot be read as a table"),
    "other columns": (lambda p: _text(p / "x.csv", "a,b\n1,2\n"), "its columns are a, b"),
    "no rate": (lambda p: stored(p, wide_table()), "say --fps"),
    "a corner": (
        lambda p: stored(p, long_table().assign(x_m=lambda t: t["x_m"] + 52, y_m=lambda t: t["y_m"] + 34)),
        "say --origin",
    ),
    "shares": (
        lambda p: stored(
            p, long_table().assign(x=lambda t: t["x_m"] / 105, y=0.5).drop(columns=["x_m", "y_m"])
        ),
        "shares of the pitch",
    ),
    "strange team": (lambda p: stored(p, long_table().assign(team="Reds")), "write A or home, B or away"),
    "strange role": (lambda p: stored(p, long_table().assign(role="striker")), "role 'striker'"),
    "only NaN": (lambda p: stored(p, long_table().assign(x_m=np.nan)), "not one position"),
    "half 0": (lambda p: stored(p, long_table().assign(period=0)), "must be a number from 1"),
    "no rows": (lambda p: stored(p, long_table().iloc[:0]), "without rows"),
    "needs meta": (lambda _: FILES / "tracab_raw.dat", "needs --meta with its metadata"),
    "one half of Metrica": (lambda _: FILES / "metrica_home.csv", "two files"),
}


def _text(path, text):
    path.write_text(text)
    return path


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_ends_in_one_line_that_helps(tmp_path, name):
    make, said = BAD[name]
    with pytest.raises(TrackingError, match=said) as error:
        read([make(tmp_path)])
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "name", ["skillcorner", "tracab", "secondspectrum", "sportec", "pff", "hawkeye", "cdf"]
)
def test_files_of_somebody_else_are_refused_in_one_line(tmp_path, name):
    other = FILES / "wyscout_events_v2.json"
    meta = [other] * len(PROVIDERS[name].meta)
    with pytest.raises(TrackingError):
        read([other], meta, provider=name)


def test_an_unknown_provider_is_answered_with_those_known():
    with pytest.raises(TrackingError, match="choose from table, skillcorner"):
        provider_of((FILES / "tracab_raw.dat",), "nobody")
