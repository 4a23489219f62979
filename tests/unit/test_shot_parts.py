"""What the page says of camera shots."""

import fake_run
import pandas as pd
import pytest

from pipeline.core.config import Config
from pipeline.report.page import page_texts, shot_texts
from pipeline.report.page.notes import notes
from pipeline.report.page.page import page
from pipeline.report.run_data import load
from pipeline.tables import storage

SECONDS = 4.0


def with_shots(root, *rows, seconds=SECONDS):
    """A fake run with shots: (kind, first frame, share with a view, feeds positions)."""
    fake_run.build(root, seconds=seconds)
    table = pd.DataFrame(rows, columns=["kind", "start_frame", "view_share", "feeds_positions"])
    ends = [*table["start_frame"][1:], round(seconds * fake_run.FPS)]
    table = table.assign(shot=range(len(rows)), end_frame=[end - 1 for end in ends], start="cut", signs=None)
    table["score"] = table["kind"].map({"unclear": float("nan")}.get).fillna(0.8)
    table["n_frames"] = table["end_frame"] - table["start_frame"] + 1
    table = table.assign(start_s=table["start_frame"] / fake_run.FPS, end_s=table["end_frame"] / fake_run.FPS)
    table = table.assign(calibrated=table["view_share"] > 0.5, error_m=0.2, camera=0, people=12, tallest=0.1)
    storage.write(table.assign(grass=0.7, x_m=0, y_m=-70, z_m=18), root / "tables" / "shots.parquet", "shots")
    frames = storage.read(root / "tables" / "frames.parquet", "frames")
    frames["shot"] = table["start_frame"].to_numpy().searchsorted(frames["frame"], side="right") - 1
    storage.write(frames, root / "tables" / "frames.parquet", "frames")
    return load(root, Config())


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    shots = [
        ("main", 0, 1.0, True),
        ("transition", 25, 0.0, False),
        ("replay", 30, 1.0, False),
        ("other", 50, 0.8, True),
        ("unclear", 75, 0.2, False),
    ]
    return with_shots(tmp_path_factory.mktemp("runs") / "run", *shots)


def test_the_strip_covers_all_of_the_footage(run):
    cells = shot_texts.strip(run)
    assert [cell["left"] for cell in cells] == [0, 25, 30, 50, 75]
    assert sum(cell["width"] for cell in cells) == pytest.approx(100)
    assert cells[2]["about"] == "0:01 replay, 0.8 s, without positions"


def test_pieces_of_a_wipe_are_no_shots(run):
    assert {what: hint for what, _, hint in page_texts.facts(run)}["Footage"].endswith(", 4 shots")
    assert [row["kind"] for row in shot_texts.shot_rows(run)] == [
        *("main camera", "replay", "another camera", "unclear"),
    ]


def test_kinds_add_up_time_views_and_positions(run):
    replay = next(row for row in shot_texts.kind_rows(run) if row["kind"] == "replay")
    assert (replay["shots"], replay["time"], replay["viewed"], replay["fed"]) == ("1", "0.8 s", "100%", "0%")


def test_notes_say_what_is_left_out_and_what_might_be_a_replay(run):
    said = " ".join(notes(run))
    assert "1 shot (0.8 s) of replays: nobody in them gets a position" in said
    assert "1 shot (1.0 s) with too few or too rough camera views" in said
    assert "1 shot (1.0 s) of other cameras than the main one count too" in said


def test_the_page_shows_shots_and_does_without_the_table(run, tmp_path):
    assert "Shot by shot" in page(run, None)
    root = fake_run.build(tmp_path / "bare", seconds=0.4)
    (root / "tables" / "shots.parquet").unlink()
    bare = load(root, Config())
    assert (shot_texts.strip(bare), shot_texts.kind_rows(bare), shot_texts.shot_rows(bare)) == ([], [], [])
    assert list(shot_texts.shot_notes(bare)) == []
    assert "Camera shots" not in page(bare, None)


def test_many_shots_are_not_listed_one_by_one(tmp_path):
    rows = [("main", frame, 1.0, True) for frame in range(50)]
    crowded = with_shots(tmp_path / "run", *rows, seconds=2.0)
    assert shot_texts.shot_rows(crowded) == []
    assert shot_texts.kind_rows(crowded)[0]["shots"] == "50"
    assert "Shot by shot in tables/shots.csv" in page(crowded, None)
