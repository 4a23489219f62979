import numpy as np
import pandas as pd
import pytest

from pipeline.calibration.keyframes import key_frames
from pipeline.calibration.shot import ShotViews
from pipeline.calibration.timeline import ShotFrames, every_frame, links
from pipeline.geometry import to_pitch
from pipeline.pitch import Pitch

# A camera 10 px to the metre looking straight down; it pans one metre (10 px) to the right each frame.
SIZE = (600, 400)
N = 11


def view(frame: int) -> np.ndarray:
    return np.array([[10.0, 0, 300 - 10 * frame], [0, -10.0, 200], [0, 0, 1]])


MOTION = np.broadcast_to(np.array([[1.0, 0, -10], [0, 1, 0], [0, 0, 1]]), (N, 3, 3))


def shot(keys, motion=MOTION) -> ShotFrames:
    return ShotFrames(np.arange(N), np.arange(N) / 10, np.array(motion), np.array(keys, np.intp), SIZE)


def solved(keys, error_m=0.1, touch=True) -> ShotViews:
    n = len(keys)
    errors = np.full(n, error_m)
    views = np.array([view(k) for k in keys]).reshape(n, 3, 3)
    return ShotViews(views, errors, errors, np.full(n, touch), np.full(n, 5), None)


def centre(camera_view) -> np.ndarray:
    return to_pitch(np.array([[300.0, 200.0]]), camera_view.pitch_from_image)[0]


def run(found, frames, max_gap_s=2.0, max_error_m=2.0):
    return every_frame(found, frames, max_gap_s, max_error_m, Pitch())


def test_motion_carries_the_view_between_key_frames():
    views = run(solved([0, 10]), shot([0, 10]))
    assert [v.source for v in views] == ["measured", *["tracked"] * 9, "measured"]
    assert np.array([centre(v) for v in views]) == pytest.approx(np.c_[np.arange(N), np.zeros(N)], abs=1e-6)


def test_the_error_grows_with_the_distance_to_key_frames():
    errors = [v.error_m for v in run(solved([0, 10]), shot([0, 10]))]
    assert errors[0] == pytest.approx(0.1)
    assert max(errors) == errors[5] > errors[1] > errors[0]


def test_without_motion_the_view_is_interpolated_and_says_so():
    views = run(solved([0, 10]), shot([0, 10], np.full((N, 3, 3), np.nan)))
    assert {v.source for v in views[1:-1]} == {"interpolated"}
    assert centre(views[5]) == pytest.approx((5, 0), abs=1e-6)
    assert views[5].error_m > 0.3


def test_drifted_motion_is_pulled_back_by_the_next_key_frame():
    slow = MOTION.copy()
    slow[:, 0, 2] = -9
    views = run(solved([0, 10]), shot([0, 10], slow))
    assert centre(views[9]) == pytest.approx((9, 0), abs=0.15)


@pytest.mark.parametrize(
    ("found", "gap"), [(None, 2.0), (solved([]), 2.0), (solved([0, 10], error_m=5.0), 2.0)], ids=str
)
def test_without_a_good_view_there_is_none(found, gap):
    keys = [] if found is None or not len(found.views) else [0, 10]
    views = run(found, shot(keys), gap)
    assert {v.source for v in views} == {"none"}
    assert {v.pitch_from_image is None for v in views} == {True}


def test_a_view_is_not_carried_further_than_the_longest_gap():
    views = run(solved([0]), shot([0]), max_gap_s=0.45)
    assert [v.source for v in views] == ["measured", *["tracked"] * 4, *["none"] * 6]


def test_a_key_frame_that_shows_no_lines_is_not_measured():
    assert run(solved([0, 10], touch=False), shot([0, 10]))[0].source == "tracked"


def test_links_join_the_motion_between_key_frames():
    assert links(shot([0, 4, 10]))[:, 0, 2] == pytest.approx([-40, -60])
    assert links(shot([3])).shape == (0, 3, 3)


def test_key_frames_come_in_time_and_pass_over_repeats():
    rows = pd.DataFrame({"frame": range(10), "time_s": np.arange(10) / 10, "duplicate": False})
    assert key_frames(rows, 0.3) == {0, 3, 6, 9}
    rows.loc[3, "duplicate"] = True
    assert key_frames(rows, 0.3) == {0, 4, 7, 9}
    assert key_frames(rows.iloc[3:4], 0.3) == {3}
