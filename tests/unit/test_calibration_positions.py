import numpy as np
import pandas as pd
import pytest

from pipeline.calibration.camera_model.covariance import even
from pipeline.core.pitch import Pitch
from pipeline.positions.gap_filling import bridged
from pipeline.positions.projection import counting, projections
from pipeline.tables import storage

# 10 px to the metre, looking straight down, the centre spot at (525, 340).
DOWN = np.array([[0.1, 0, -52.5], [0, -0.1, 34.0], [0, 0, 1]])
N = 6
FRAMES = pd.DataFrame({"frame": range(N), "time_s": np.arange(N) / 10, "shot": 0})
SEEN = np.ones(N, bool)


def views(sources=("measured",) * N):
    table = pd.DataFrame({"frame": range(N), "time_s": np.arange(N) / 10, "source": sources})
    has = table["source"] != "none"
    for i, value in enumerate(DOWN.ravel()):
        table[f"h{i // 3 + 1}{i % 3 + 1}"] = np.where(has, value, np.nan)
    return storage.conform(table.assign(error_m=np.where(has, 0.2, np.nan), n_points=4), "views")


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


def observed(rows, sources=("measured",) * N):
    table = pd.DataFrame(rows).assign(x1_px=0.0, x2_px=1050.0) if rows else storage.empty("instances")
    made = projections(table, views(sources), even(np.full(N, 2.0)), Pitch(), 5.0)
    return counting(made, table)


def filled(rows, frames=FRAMES, has_view=SEEN, max_gap_s=1.0):
    return bridged(observed(rows).assign(track_id=1), frames, has_view, max_gap_s)


def test_feet_are_placed_in_metres():
    table = observed([person(0, 625.0, 240.0)])
    assert table.loc[0, ["x_m", "y_m"]].tolist() == pytest.approx([10, 10])
    assert table.loc[0, "error_m"] >= 0.2


def test_a_short_gap_is_filled_and_the_middle_is_least_certain():
    table = filled([person(0, 525.0), person(4, 565.0)]).set_index("frame")
    assert table["x_m"].to_dict() == pytest.approx({1: 1, 2: 2, 3: 3})
    assert table["error_m"][2] > table["error_m"][1]


@pytest.mark.parametrize(
    "change",
    [{"max_gap_s": 0.3}, {"frames": FRAMES.assign(shot=[0, 0, 0, 1, 1, 1])}, {"has_view": ~SEEN}],
    ids=["long", "across a cut", "no view"],
)
def test_a_gap_that_must_not_be_filled_is_not(change):
    assert filled([person(0, 525.0), person(4, 565.0)], **change).empty


def test_a_gap_that_asks_for_impossible_speed_is_not_filled():
    assert filled([person(0, 100.0), person(2, 900.0)]).empty


def test_people_far_off_the_pitch_and_frames_without_a_view_have_no_position():
    assert observed([person(0, -300.0)]).empty
    assert observed([person(0, 525.0)], sources=("none",) * N).empty


def test_nobody_gives_an_empty_table():
    assert observed([]).empty
    assert filled([]).empty


def test_who_is_far_off_the_pitch_is_projected_but_out_of_bounds():
    table = pd.DataFrame([person(0, -300.0), person(0, 525.0, instance=1)])
    made = projections(table, views(), even(np.full(N, 2.0)), Pitch(), 5.0)
    assert made["x_m"].tolist() == pytest.approx([-82.5, 0.0])
    assert made["in_bounds"].tolist() == [False, True]
    assert not made["at_rest"].any()


def test_a_ball_that_stays_beside_the_pitch_is_at_rest_whatever_the_margin():
    """2 s at one place 10 m beyond the touchline, judged the same with a margin of 5 m and of 15 m."""
    beside = pd.DataFrame([person(f, 525.0, 780.0, class_name="ball") for f in range(N)])
    beside["time_s"] = beside["frame"] * 0.4
    for margin_m in (5.0, 15.0):
        made = projections(beside, views(), even(np.full(N, 2.0)), Pitch(), margin_m)
        assert made["at_rest"].all()
        assert (made["in_bounds"] == (margin_m > 10)).all()
