"""Which pictures of a track are looked at, and how tall people are beside each other."""

import numpy as np
import pandas as pd
import pytest

from pipeline.appearance.sampling import choose_samples, covered_share
from pipeline.appearance.stature import relative_heights

SIZE = (1280, 720)


def seen(track_id, frames, box=(100, 100, 130, 180), score=0.9):
    """A track at 25 frames a second; ``box`` may be one for each frame."""
    boxes = np.broadcast_to(np.array(box, float), (len(frames), 4))
    return pd.DataFrame(
        {
            "frame": frames,
            "time_s": np.array(frames) / 25,
            "instance": track_id,
            "track_id": track_id,
            "score": score,
            **{c: boxes[:, i] for i, c in enumerate(("x1_px", "y1_px", "x2_px", "y2_px"))},
        }
    )


def test_a_long_track_is_looked_at_a_bounded_number_of_times_all_over_its_life():
    chosen = choose_samples(seen(1, range(2500)), 0.2, 10, SIZE)
    assert len(chosen) == 10
    assert np.diff(chosen["frame"]).min() >= 5
    assert chosen["frame"].min() < 250
    assert chosen["frame"].max() >= 2250


def test_all_tracks_share_the_same_pictures():
    chosen = choose_samples(pd.concat([seen(1, range(0, 200)), seen(2, range(3, 200))]), 0.2, 500, SIZE)
    assert set(chosen["frame"]) <= set(range(0, 200, 5))


def test_a_track_between_two_of_these_pictures_is_still_looked_at():
    chosen = choose_samples(pd.concat([seen(1, range(0, 50)), seen(2, [6, 7, 8])]), 0.4, 24, SIZE)
    assert set(chosen["track_id"]) == {1, 2}


def test_within_a_stretch_the_tallest_upright_picture_is_taken():
    boxes = np.tile([100.0, 100, 130, 180], (10, 1))
    boxes[6] = (100, 60, 140, 180)
    boxes[8] = (100, 140, 220, 180)
    chosen = choose_samples(seen(1, range(10), boxes), 0.04, 1, SIZE)
    assert chosen["frame"].tolist() == [6]


def test_pictures_in_which_somebody_stands_in_front_are_avoided():
    front = seen(2, [4, 5], (95, 120, 135, 200))
    chosen = choose_samples(pd.concat([seen(1, [4, 5, 6]), front]), 0.04, 1, SIZE)
    assert chosen.loc[chosen["track_id"] == 1, "frame"].tolist() == [6]


def test_people_cut_by_the_edge_of_the_picture_are_avoided():
    boxes = [(0, 100, 30, 180), (100, 100, 130, 180)]
    assert choose_samples(seen(1, [1, 2], boxes), 0.04, 1, SIZE)["frame"].tolist() == [2]


def test_without_tracks_nothing_is_chosen():
    assert choose_samples(seen(1, []), 0.2, 24, SIZE).empty


def test_who_stands_lower_in_the_picture_covers_the_other_and_not_the_reverse():
    behind, before = (100, 100, 140, 200), (100, 110, 140, 210)
    assert covered_share(np.array([behind, before], float)) == pytest.approx([1.0, 0.0])
    assert covered_share(np.array([behind, (300, 110, 340, 210)], float)) == pytest.approx([0.0, 0.0])


def people(heights, feet):
    top = np.array(feet, float) - heights
    return np.column_stack([np.zeros(len(top)), top, np.full(len(top), 20.0), feet])


def test_everybody_as_tall_as_the_camera_lets_expect_is_one():
    feet = np.array([200.0, 300, 400, 500, 600, 700])
    assert relative_heights(people(20 + feet / 10, feet)) == pytest.approx(1.0, abs=1e-6)


def test_a_tall_man_stands_out_wherever_he_is():
    feet = np.array([200.0, 300, 400, 500, 600, 700, 250])
    heights = 20 + feet / 10
    heights[2] *= 1.1
    assert relative_heights(people(heights, feet))[2] == pytest.approx(1.09, abs=0.02)


def test_with_few_people_nobody_has_a_relative_height():
    assert np.isnan(relative_heights(people(np.array([50.0, 60, 70, 80]), [200, 300, 400, 500]))).all()
    assert relative_heights(np.zeros((0, 4))).shape == (0,)
