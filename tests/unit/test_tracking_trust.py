"""Tables that could be misread: the right numbers, or one line."""

import json

import numpy as np
import pandas as pd
import pytest
from tracking_files import FILES, long_table, wide_table

from pipeline.core.errors import TrackingError
from pipeline.formats.readers.read_match import read_match
from pipeline.formats.readers.table_units import Convention


def read(path, meta=(), **given):
    paths = path if isinstance(path, tuple) else (path,)
    return read_match(paths, tuple(meta), None, Convention(**given))


def stored(folder, table, name="match.csv"):
    table.to_csv(folder / name, index=False)
    return folder / name


def by_name(**changes):
    """The made-up match with a column `player_id` in the place of `track_id`."""
    return long_table(**changes).rename(columns={"track_id": "player_id"})


def test_a_person_is_team_and_identifier_so_shirts_may_serve(tmp_path):
    table = by_name()
    plain = read(stored(tmp_path, table))
    shirts = table.assign(player_id=table["player_id"].where(table["team"] != "B", table["player_id"] - 20))
    match = read(stored(tmp_path, shirts, "shirts.csv"))
    assert [p.team for p in match.people].count("A") == [p.team for p in plain.people].count("A")
    assert len(match.people) == len(plain.people)
    assert len(match.samples.row) == len(plain.samples.row)


def test_the_ball_needs_no_identifier_and_may_share_one(tmp_path):
    table = by_name()
    ball = table["role"] == "ball"
    for ids in (table["player_id"].where(~ball), table["player_id"].where(~ball, 1)):
        match = read(stored(tmp_path, table.assign(player_id=ids)))
        assert len(match.ball_row) == ball.sum()
        assert len(match.samples.row) == (~ball).sum()


def test_sides_are_read_from_identifiers_where_no_column_has_them(tmp_path):
    table = by_name()
    side = table["team"].map({"A": "home", "B": "away"})
    ids = (side + "_" + table["player_id"].astype(str)).where(side.notna(), "ball")
    match = read(stored(tmp_path, table.drop(columns=["team", "role"]).assign(player_id=ids)))
    assert {p.team for p in match.people} == {"A", "B"}
    assert len(match.ball_row) == (table["role"] == "ball").sum()


@pytest.mark.parametrize(("yes", "no"), [("yes", "no"), ("t", "f"), (1, 0), ("observed", "ESTIMATED")])
def test_guessed_rows_are_left_out_in_whatever_words(tmp_path, yes, no):
    table = by_name()
    half = np.arange(len(table)) % 2 == 0
    match = read(stored(tmp_path, table.assign(observed=np.where(half, yes, no))))
    assert len(match.samples.row) + len(match.ball_row) == half.sum()


def test_possession_is_understood_in_any_case(tmp_path):
    table = by_name()
    first = table["frame"] < table["frame"].median()
    match = read(stored(tmp_path, table.assign(team_possession=np.where(first, "HOME", "Away"))))
    assert set(match.owner) == {"A", "B"}


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("team", 0, "team 0 is not known; write A or home"),
        ("team_possession", 1, "team_possession 1 is not known; write A or home"),
        ("observed", "perhaps", "observed 'perhaps' is not known"),
        ("source", "camera 3", "source 'camera 3' is not known"),
        ("jersey", "GK", "jersey 'GK' is no whole number"),
        ("frame", "img_0.jpg", "frame 'img_0.jpg' is no whole number"),
        ("x_m", "1,5", "x_m '1,5' is no number"),
        ("period", 0, "period 0 is not known"),
    ],
)
def test_a_word_that_is_not_known_is_one_line(tmp_path, column, value, said):
    with pytest.raises(TrackingError, match=said):
        read(stored(tmp_path, by_name().assign(**{column: value})))


def test_somebody_at_two_places_at_once_is_one_line(tmp_path):
    table = by_name()
    twice = pd.concat([table, table.head(1).assign(x_m=table["x_m"].iloc[0] + 5)])
    with pytest.raises(TrackingError, match="at two places at once"):
        read(stored(tmp_path, twice))


def test_somebody_who_changes_teams_to_and_fro_is_one_line(tmp_path):
    table = by_name()
    own = (table["player_id"] == 1) & (table["frame"] % 2 == 0)
    with pytest.raises(TrackingError, match="player_id 1 changes teams"):
        read(stored(tmp_path, table.assign(team=table["team"].where(~own, "B"))))


@pytest.mark.parametrize("parts", [1e3, 1e6])
def test_times_finer_than_seconds_are_read_as_such_and_said(tmp_path, parts):
    table = by_name()
    plain = read(stored(tmp_path, table))
    finer = read(stored(tmp_path, table.assign(time_s=(table["time_s"] * parts).round()), "finer.csv"))
    assert np.allclose(plain.clock_s, finer.clock_s)
    assert "times count" in finer.notes[-1]


@pytest.mark.parametrize("factor", [20.0, 0.0001, 1 / 60])
def test_times_that_are_no_seconds_are_one_line(tmp_path, factor):
    table = by_name()
    with pytest.raises(TrackingError, match=r"one frame each|people would move"):
        read(stored(tmp_path, table.assign(time_s=table["time_s"] * factor)))


def test_a_rate_given_by_hand_wins_over_the_times(tmp_path):
    table = by_name()
    match = read(stored(tmp_path, table.assign(time_s=table["time_s"] * 100)), fps=5.0)
    assert match.clock_s[1] == pytest.approx((match.frame[1] - match.frame[0]) / 5)


def test_a_clock_that_jumps_by_years_is_one_line(tmp_path):
    table = by_name()
    late = table["time_s"] > table["time_s"].median()
    with pytest.raises(TrackingError, match="time jumps from"):
        read(stored(tmp_path, table.assign(time_s=table["time_s"] + 1.7e9 * late)))


@pytest.mark.parametrize("sentinel", [-999, -9999, 99999])
def test_what_stands_for_unseen_does_not_change_the_unit(tmp_path, sentinel):
    table = wide_table().assign(home_30_x=sentinel, home_30_y=sentinel)
    match = read(stored(tmp_path, table), fps=25.0)
    plain = read(stored(tmp_path, wide_table(), "plain.csv"), fps=25.0)
    assert np.allclose(match.samples.xy_m, plain.samples.xy_m)


def test_a_sentinel_that_nobody_knows_is_one_line_and_never_another_unit(tmp_path):
    table = wide_table().assign(home_30_x=-777.0, home_30_y=-777.0)
    with pytest.raises(TrackingError, match="such as -777, -777"):
        read(stored(tmp_path, table), fps=25.0)


def test_a_ball_far_below_the_grass_or_beyond_tracabs_corner_is_not_seen(tmp_path):
    table = wide_table()
    odd = np.arange(len(table)) % 2 == 1
    below = table.assign(ball_z=np.where(odd, -10.0, 0.2))
    assert len(read(stored(tmp_path, below), fps=25.0).ball_row) == (~odd).sum()
    corner = (table.drop(columns=["ball_status", "team_possession"]) * 100).assign(
        frame=table["frame"], period_id=1
    )
    corner.loc[odd, ["ball_x", "ball_y"]] = 5550, 4400
    assert len(read(stored(tmp_path, corner, "cm.csv"), fps=25.0).ball_row) == (~odd).sum()


def test_somebody_who_never_stirs_while_others_move_was_not_seen(tmp_path):
    table = wide_table().assign(home_30_x=0.0, home_30_y=0.0)
    match = read(stored(tmp_path, table), fps=25.0)
    number = [p.provider_id for p in match.people].index("home_30")
    assert not (match.samples.who == number).any()
    assert any("never leave one place" in n for n in match.notes)


def test_pff_positions_that_are_estimated_are_left_out():
    raw = FILES / "pff_10517.jsonl"
    match = read(raw, [FILES / "pff_metadata_10517.json", FILES / "pff_rosters_10517.json"])
    frames = [json.loads(line) for line in raw.read_text().splitlines()]
    people = [p for f in frames for s in ("home", "away") for p in f.get(f"{s}PlayersSmoothed") or []]
    assert len(match.samples.row) == sum(p["visibility"] == "VISIBLE" for p in people) > 0


def test_second_spectrums_dead_ball_is_no_ball_on_the_centre_spot(tmp_path):
    lines = [json.loads(x) for x in (FILES / "second_spectrum_fake_data.jsonl").read_text().splitlines()]
    for frame in lines[1::2]:
        frame["ball"]["xyz"] = [0, 0, -10]
    (tmp_path / "ss.jsonl").write_text("\n".join(map(json.dumps, lines)))
    match = read(tmp_path / "ss.jsonl", [FILES / "second_spectrum_fake_metadata.xml"])
    assert len(match.ball_row) == len(lines) - len(lines) // 2


def test_second_spectrums_line_up_names_everybody_by_id_though_shirts_differ():
    meta = [FILES / f"second_spectrum_fake_metadata.{end}" for end in ("xml", "json")]
    match = read(FILES / "second_spectrum_fake_data.jsonl", meta)
    seen = {match.people[i].name for i in np.unique(match.samples.who)}
    assert None not in seen
    assert len(seen) == len(np.unique(match.samples.who)) == 29
    ids = [(p.team, p.provider_id) for p in match.people]
    assert len(ids) == len(set(ids))


def test_a_pitch_given_by_hand_reaches_files_that_do_not_say_theirs():
    files = (FILES / "metrica_away.csv", FILES / "metrica_home.csv")
    plain, given = read(files), read(files, pitch_m=(100.0, 64.0))
    assert plain.team_names["A"] == "Home"
    assert np.allclose(given.samples.xy_m, plain.samples.xy_m * [100 / 105, 64 / 68])
    assert any("105 x 68 m assumed" in n for n in plain.notes)


def test_one_file_too_many_is_one_line():
    with pytest.raises(TrackingError, match="one too many"):
        read(FILES / "tracab_raw.dat", [FILES / "tracab_meta.xml", FILES / "tracab_meta.xml"])


def test_frames_between_the_halves_and_clock_times_in_text_are_read(tmp_path):
    table = wide_table()
    when = pd.Timestamp("2026-05-01 15:00", tz="UTC") + pd.to_timedelta(np.arange(len(table)) / 25, unit="s")
    half = np.select([table.index < 40, table.index < 60], [1, -999], 2)
    match = read(stored(tmp_path, table.assign(datetime=when, period_id=half), "M.CSV"))
    assert match.period.tolist() == [1] * 40 + [2] * (len(table) - 60)
    assert np.diff(match.clock_s[:40]) == pytest.approx(1 / 25)


def test_names_lose_what_a_terminal_would_obey(tmp_path):
    table = by_name().assign(name="Eve\x1b[2J\x07")
    assert read(stored(tmp_path, table)).people[0].name == "Eve [2J"


@pytest.mark.parametrize(
    ("column", "guessed", "seen"),
    [
        ("is_visible", False, True),
        ("visibility", "ESTIMATED", "VISIBLE"),
        ("detected", 0, 1),
        ("interpolated", "yes", "no"),
        ("is_estimated", True, False),
    ],
)
def test_columns_of_other_names_tell_what_was_guessed_too(tmp_path, column, guessed, seen):
    table = by_name()
    odd = table["frame"] % 2 == 1
    match = read(stored(tmp_path, table.assign(**{column: np.where(odd, guessed, seen)})))
    assert len(match.samples.row) == ((table["role"] != "ball") & ~odd).sum()


@pytest.mark.parametrize("place", [(0.0, 0.0), (-1.0, -1.0), (55.5, 44.0), (52.5, 34.0)])
def test_a_ball_that_leaps_to_one_place_again_and_again_was_not_seen_there(tmp_path, place):
    table = wide_table()
    away = np.arange(len(table)) % 20 > 9
    table.loc[away, ["ball_x", "ball_y"]] = place
    match = read(stored(tmp_path, table), fps=25.0)
    assert len(match.ball_row) == (~away).sum()
    assert any("the ball leaps to and fro" in n for n in match.notes)


def test_a_ball_that_lies_still_on_the_centre_spot_and_rolls_away_was_seen(tmp_path):
    table = wide_table()
    way = np.maximum(np.arange(len(table)) - 60, 0) * 0.4
    match = read(stored(tmp_path, table.assign(ball_x=way, ball_y=0.0)), fps=25.0)
    assert len(match.ball_row) == len(table)


def test_a_substitute_waiting_at_one_place_who_leaps_onto_the_pitch_was_not_there_before(tmp_path):
    table = wide_table()
    before = np.arange(len(table)) < 60
    table.loc[before, ["home_5_x", "home_5_y"]] = 0.0
    match = read(stored(tmp_path, table), fps=25.0)
    number = [p.provider_id for p in match.people].index("home_5")
    assert (match.samples.who == number).sum() == (~before).sum()


def test_somebody_who_stands_and_then_walks_on_was_seen(tmp_path):
    table = wide_table()
    before = np.arange(len(table)) < 60
    table.loc[before, ["home_5_x", "home_5_y"]] = table.loc[60, ["home_5_x", "home_5_y"]].to_numpy()
    match = read(stored(tmp_path, table), fps=25.0)
    number = [p.provider_id for p in match.people].index("home_5")
    assert (match.samples.who == number).sum() == len(table)


UNLIKELY = {
    "times rounded to seconds": (lambda t: t.assign(time_s=(t["frame"] / 25).round()), {}, "times rounded"),
    "x and y swapped": (lambda t: t.rename(columns=_other_axis), {"fps": 25.0}, "swap the columns"),
    "metres said to be cm": (lambda t: t, {"fps": 25.0, "units": "cm"}, "say other"),
    "a rate that nobody films at": (lambda t: t, {"fps": 0.1}, "one frame each 10 s"),
}


def _other_axis(name):
    return name[:-1] + {"x": "y", "y": "x"}[name[-1]] if name[-2:] in ("_x", "_y") else name


@pytest.mark.parametrize("name", UNLIKELY)
def test_what_no_match_can_be_is_one_line(tmp_path, name):
    change, given, said = UNLIKELY[name]
    with pytest.raises(TrackingError, match=said):
        read(stored(tmp_path, change(wide_table())), **given)


def test_a_few_frames_of_one_time_are_left_out_and_said(tmp_path):
    table = wide_table()
    table["time_s"] = table["frame"] / 25
    table.loc[3, "time_s"] = table.loc[4, "time_s"]
    match = read(stored(tmp_path, table))
    assert len(match.frame) == len(table) - 1
    assert any("1 frames have the time of another" in n for n in match.notes)


def test_people_outside_of_the_pitch_that_was_given_are_said(tmp_path):
    match = read(stored(tmp_path, wide_table()), fps=25.0, pitch_m=(60.0, 40.0))
    assert any("outside of a pitch of 60 x 40 m" in n for n in match.notes)


def test_an_empty_time_is_one_line_that_says_so(tmp_path):
    table = by_name()
    with pytest.raises(TrackingError, match="time_s is empty in 3 rows"):
        read(stored(tmp_path, table.assign(time_s=table["time_s"].where(table.index > 2))))


def test_a_table_in_which_nobody_has_an_identifier_is_one_line(tmp_path):
    table = long_table()
    table["track_id"] = None
    with pytest.raises(TrackingError, match="not one position of a player"):
        read(stored(tmp_path, table))
