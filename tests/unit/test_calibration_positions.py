import numpy as np
import pandas as pd
import pytest

from pipeline import tables
from pipeline.calibration.positions import observed, positions
from pipeline.calibration.table import views_table
from pipeline.pitch import Pitch
from pipeline.types import CameraView

# 10 px to the metre, looking straight down, the centre spot at (525, 340).
DOWN = np.array([[0.1, 0, -52.5], [0, -0.1, 34.0], [0, 0, 1]])
N = 6
FRAMES = pd.DataFrame({"frame": range(N), "time_s": np.arange(N) / 10, "shot": 0})


def views(sources=("measured",) * N):
    made = [
        CameraView(i, None if s == "none" else DOWN, None if s == "none" else 0.2, s)
        for i, s in enumerate(sources)
    ]
    return tables.conform(views_table(made, FRAMES, {}), "views")


def person(frame, x_px, y_px=340.0, instance=0, class_name="player"):
    return {
        "frame": frame,
        "time_s": frame / 10,
        "instance": instance,
        "class_name": class_name,
        "y1_px": y_px - 18,
        "y2_px": y_px,
        "foot_x_px": x_px,
        "foot_y_px": y_px,
    }


def tracked(rows, track_id=1):
    return pd.DataFrame(
        [{"frame": r["frame"], "instance": r["instance"], "track_id": track_id} for r in rows]
    )


def place(rows, sources=("measured",) * N, max_gap_s=1.0, frames=FRAMES):
    found = observed(pd.DataFrame(rows), views(sources), 5.0, Pitch())
    return tables.conform(positions(found, tracked(rows), frames, views(sources), max_gap_s), "positions")


def test_feet_are_placed_in_metres():
    table = place([person(0, 625.0, 240.0)])
    assert table.loc[0, ["x_m", "y_m"]].tolist() == pytest.approx([10, 10])
    assert table.loc[0, "source"] == "observed"
    assert table.loc[0, "error_m"] > 0.2


def test_a_short_gap_is_filled_and_marked():
    table = place([person(0, 525.0), person(4, 565.0)]).set_index("frame")
    assert table["source"].to_dict() == {
        0: "observed",
        4: "observed",
        **dict.fromkeys((1, 2, 3), "interpolated"),
    }
    assert table.loc[[1, 2, 3], "x_m"].tolist() == pytest.approx([1, 2, 3])
    assert table.loc[2, "error_m"] > table.loc[0, "error_m"]
    assert table["instance"].isna().to_dict() == {0: False, 4: False, 1: True, 2: True, 3: True}


def test_a_gap_is_not_filled_when_long_or_across_a_cut_or_without_a_view():
    rows = [person(0, 525.0), person(4, 565.0)]
    assert set(place(rows, max_gap_s=0.3)["source"]) == {"observed"}
    assert set(place(rows, frames=FRAMES.assign(shot=[0, 0, 0, 1, 1, 1]))["source"]) == {"observed"}
    blind = ("measured", "none", "none", "measured", "measured", "measured")
    assert place(rows, sources=blind)["frame"].tolist() == [0, 4, 3]


def test_people_far_off_the_pitch_and_frames_without_a_view_have_no_position():
    assert place([person(0, -300.0)]).empty
    assert place([person(0, 525.0)], sources=("none",) * N).empty


def test_the_ball_s_place_is_less_certain():
    table = place([person(0, 525.0), person(0, 525.0, instance=1, class_name="ball")])
    assert table["error_m"][1] > table["error_m"][0] + 0.5


def test_at_team_level_nobody_is_tracked_and_nothing_filled():
    found = observed(pd.DataFrame([person(0, 525.0), person(4, 565.0)]), views(), 5.0, Pitch())
    table = tables.conform(positions(found, None, FRAMES, views(), 1.0), "positions")
    assert table["track_id"].isna().all()
    assert len(table) == 2


def test_nobody_gives_an_empty_table():
    found = observed(tables.empty("instances"), views(), 5.0, Pitch())
    for tracks in (None, tables.empty("tracks")):
        assert tables.conform(positions(found, tracks, FRAMES, views(), 1.0), "positions").empty
