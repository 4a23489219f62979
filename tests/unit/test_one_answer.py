"""One quantity has one value: wherever it is asked for, of data whose answer is known."""

import json

import exported_run
import numpy as np
import pandas as pd
import pytest
import tracking_run
from kloppy import skillcorner
from made_up_people import match

from pipeline.cli.arguments.times import seconds
from pipeline.core.config import load
from pipeline.core.errors import UserError
from pipeline.formats.readers import run_match
from pipeline.formats.writers.exports import write_export
from pipeline.metrics.movement import pace
from pipeline.report import run_heatmap
from pipeline.report.compare.team_comparison import compare
from pipeline.report.movement_answer import default_minimum_min, movement_answer
from pipeline.report.page.page_texts import comparison_rows
from pipeline.report.run_data import load as page_data
from pipeline.report.style.match_clock import match_clock
from pipeline.runs.match_sheet import headline, made_sheet, match_sheet
from pipeline.runs.stored_run import StoredRun
from pipeline.tables import storage
from pipeline.workflow import plan

HALVES = tracking_run.periods((0, 60), (70, 130), attack_a=("left_to_right", "right_to_left"))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Two halves of a minute at 5 Hz; of A only six are seen in the first 20 s; ends are changed."""
    first = match(seconds=60, hz=5)
    second = first.assign(time_s=first["time_s"] + 70, frame=first["frame"] + 1750)
    second[["x_m", "y_m"]] *= -1
    both = pd.concat([first, second], ignore_index=True)
    hidden = (both["team"] == "A") & both["track_id"].isin([3, 4, 5, 6]) & (both["time_s"] < 20)
    root = tmp_path_factory.mktemp("runs") / "match"
    tracking_run.build(
        root, both[~hidden], halves=HALVES, spells=tracking_run.possession(130), names=("Reds", "Blues")
    )
    return StoredRun.open(root)


def test_a_teams_length_is_the_same_in_table_page_and_comparison(run):
    told = compare(f"{run.root}:A", f"{run.root}:B").table()
    told = told[told["kind"] == "shape"].set_index("what")
    table = run.table("team_movement").set_index("team")
    means = run.table("shapes").groupby("team")[["length_m", "width_m", "stretch_m", "hull_m2"]].mean()
    page = {row[0]: row for row in comparison_rows(page_data(run.root, run.config))}
    for name in means:
        for team, value in (("A", "value_a"), ("B", "value_b")):
            assert told.loc[name, value] == pytest.approx(table.loc[team, name], rel=1e-9)
            assert means.loc[team, name] == pytest.approx(table.loc[team, name], rel=1e-9)
    assert page["Length"][1] == f"{table.loc['A', 'length_m']:.1f}\u00a0m"


def test_frames_with_half_a_team_do_not_count_for_its_length(run):
    shapes = run.table("shapes")
    early = (shapes["team"] == "A") & (shapes["time_s"] < 20)
    assert early.sum() == 20
    assert shapes.loc[early, ["length_m", "hull_m2", "centroid_x_m"]].isna().all(axis=None)
    assert shapes.loc[~early, "length_m"].notna().all()
    assert run.table("team_movement").set_index("team").loc["A", "n_frames"] == 500


def test_the_centre_of_a_team_that_changed_ends_is_that_of_its_first_half(run):
    parts = run.table("team_movement_parts").set_index(["team", "by", "part"])["centroid_x_m"]
    assert parts["B", "half", "1"] == pytest.approx(parts["B", "half", "2"], abs=0.3)


def test_a_players_time_is_the_same_in_movement_and_heatmap(run):
    movement = run.table("movement").set_index("track_id")
    for track, expected_s in ((3, 100.0), (8, 120.0), (23, 120.0)):
        assert movement.loc[track, "minutes_visible"] * 60 == pytest.approx(expected_s, abs=0.01)
        assert run_heatmap.heatmap(run, track_id=track).seen_s == pytest.approx(expected_s, abs=0.01)
    assert movement.loc[8, "coverage"] == pytest.approx(1.0)


def test_short_footage_lists_who_was_seen_for_a_tenth_of_it(run):
    assert default_minimum_min(run) == pytest.approx(12 / 60)
    assert seconds("10s", "--minimum-time", zero=True) == 10
    assert seconds("0", "--minimum-time", zero=True) == 0
    with pytest.raises(UserError, match="--minimum-time 3: expected a time 0 or more with its unit"):
        seconds("3", "--minimum-time", zero=True)


def test_the_clock_has_added_time_and_starts_anew_after_the_break():
    halves = tracking_run.periods((0, 2764), (2774, 5564))
    shown = [match_clock(t, halves) for t in (0, 65, 2699.9, 2700, 2764, 2770, 2774, 5473, 5474, 5564)]
    assert shown == [
        *("0:00", "1:05", "44:59", "45+0:00", "45+1:04", "45+1:04"),
        *("45:00", "89:59", "90+0:00", "90+1:30"),
    ]
    assert match_clock(65, halves.iloc[:0]) == "1:05"
    assert match_clock(4000, halves.assign(source="estimated")) == "1:06:40"


def test_a_pace_says_what_it_is_of():
    minutes = np.array([90.0, 45.0])
    assert pace.basis(np.array([0.99, 0.97]), minutes, 92.0) == "whole"
    assert pace.basis(np.array([0.5, 0.6]), minutes, 92.0) == "in view"
    assert pace.basis(np.array([0.99, 0.97]), minutes, 0.2) == "short"
    assert pace.note("whole") == ""
    assert "150–180" in pace.note("in view")
    assert "105–125" in pace.note("in view")


def test_movement_in_a_clip_says_that_its_pace_is_of_active_play(run):
    assert "clip shows active play" in movement_answer(run, "whole").pace_note


@pytest.fixture(scope="module")
def again(tmp_path_factory):
    """A run with names and its record, read as data again."""
    root = exported_run.build(tmp_path_factory.mktemp("runs") / "derby")
    record = json.loads((root / "run.json").read_text())
    record["tracking"] = {"steady": True, "match": {"date": "2026-01-02", "score": [2, 1]}}
    (root / "run.json").write_text(json.dumps(record))
    return root


def test_a_run_read_as_data_keeps_names_stays_possession_and_periods(again, tmp_path):
    made = tmp_path / "again"
    source = again / "tables" / "positions.parquet"
    plan.analyze([source], made, load(None, {"report.csv": False}), lambda *_: None, {})
    before, after = StoredRun.open(again), StoredRun.open(made)
    columns = ["team", "team_name", "name", "jersey", "role", "on_s", "off_s", "provider_id"]
    rows = [
        r.table("people").sort_values(["team", "jersey"])[columns].reset_index(drop=True)
        for r in (before, after)
    ]
    pd.testing.assert_frame_equal(*rows, check_dtype=False)
    spans = [r.table("possession")[["team", "start_s", "end_s"]] for r in (before, after)]
    pd.testing.assert_frame_equal(*spans, check_dtype=False, atol=0.11)
    halves = [r.table("periods")[["period", "start_s", "end_s"]] for r in (before, after)]
    pd.testing.assert_frame_equal(*halves, check_dtype=False)
    assert match_sheet(after.record) == {"date": "2026-01-02", "score": [2, 1]}


def test_a_run_cannot_become_its_own_copy(again):
    with pytest.raises(UserError, match="choose another -o"):
        plan.analyze([again], again, load(None, {}), lambda *_: None, {}, force=True)
    assert run_match.run_of(again / "tables" / "people.parquet") is None


def test_a_match_sheet_says_what_the_input_said_and_no_more():
    sheet = made_sheet(
        date="2019-11-09T17:30:00Z",
        venue="Allianz Arena",
        round=None,
        score=(4, 0),
        kits={"A": "#E4070C", "B": "x"},
    )
    assert sheet == {
        "date": "2019-11-09T17:30:00Z",
        "venue": "Allianz Arena",
        "score": [4, 0],
        "kits": {"A": "#e4070c"},
    }
    assert headline(sheet, "Reds", "Blues") == "Reds 4–0 Blues, 2019-11-09, Allianz Arena"
    assert headline(made_sheet(score=(None, 0)), "Reds", "Blues") == ""


@pytest.fixture(scope="module")
def with_pieces(tmp_path_factory):
    """22 people, and two tracks of nobody: 7 of A and 18 of B are nameless in the second half."""
    root = exported_run.build(tmp_path_factory.mktemp("runs") / "pieces")
    positions = storage.read(root / "tables" / "positions.parquet", "positions")
    identities = storage.read(root / "tables" / "identities.parquet", "identities")
    for track, piece in ((7, 91), (18, 92)):
        late = (positions["track_id"] == track) & (positions["time_s"] > 5)
        positions.loc[late, "track_id"] = piece
        row = identities[identities["track_id"] == track].assign(track_id=piece)
        identities = pd.concat([identities, row], ignore_index=True)
    storage.write(positions, root / "tables" / "positions.parquet", "positions")
    storage.write(identities, root / "tables" / "identities.parquet", "identities")
    return root


@pytest.mark.parametrize("format_", ["skillcorner", "cdf", "tracab"])
def test_an_export_has_people_and_the_nameless_apart(with_pieces, tmp_path, format_):
    written = write_export(with_pieces, tmp_path / "out", format_)
    unknown = pd.read_csv(tmp_path / "out" / "unknown.csv")
    assert unknown.groupby("team")["track_id"].unique().str[0].to_dict() == {"A": 91, "B": 92}
    assert len(unknown) == 80
    assert any(
        "80 positions of nobody in particular (1 of team A and 1 of team B)" in n for n in written.notes
    )


def test_kloppy_reads_eleven_players_a_team_back(with_pieces, tmp_path):
    out = tmp_path / "out"
    write_export(with_pieces, out, "skillcorner")
    data = skillcorner.load(meta_data=out / "match.json", raw_data=out / "tracking.jsonl")
    assert [len(t.players) for t in data.metadata.teams] == [11, 11]
    dataset = StoredRun.open(with_pieces)
    from pipeline.runs.kloppy_dataset import kloppy_dataset
    from pipeline.runs.pitch_tracks import tracks_of

    made = kloppy_dataset(tracks_of(dataset, "kloppy", of_export=False))
    assert [len(t.players) for t in made.metadata.teams] == [11, 11]
    assert {p["team"] for p in made.records[-1].other_data["unknown"]} == {"A", "B"}
