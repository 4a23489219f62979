import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.pitch import MIRRORED_KEYPOINT, Pitch


@given(st.floats(90, 120), st.floats(45, 90))
def test_mirrored_keypoints_are_each_other_s_mirror_image(length, width):
    points = Pitch(length, width).keypoints_m()
    assert points[list(MIRRORED_KEYPOINT)] * [-1, 1] == pytest.approx(points)


@pytest.mark.parametrize(
    ("index", "metres"),
    [
        (0, (-52.5, 34)),
        (8, (-41.5, 0)),
        (12, (-36, -20.16)),
        (14, (0, 9.15)),
        (29, (52.5, -34)),
        (31, (9.15, 0)),
    ],
    ids=["corner", "penalty spot", "area corner", "circle top", "far corner", "circle right"],
)
def test_keypoints_lie_where_the_laws_put_them(index, metres):
    assert Pitch().keypoints_m()[index] == pytest.approx(metres)


def test_lines_stay_within_the_pitch_but_for_corner_arcs_and_are_symmetric():
    points = np.concatenate(Pitch().lines_m())
    assert Pitch().contains(points, margin_m=1e-9).all()
    for mirror in ([-1, 1], [1, -1]):
        distance = np.abs(points[:, None] - points[None] * mirror).sum(axis=2).min(axis=1)
        assert distance.max() < 0.5


def test_the_penalty_arc_ends_on_the_penalty_area_s_line():
    arcs = [line for line in Pitch().lines_m(0.05) if np.isclose(line[:, 0].max(), -52.5 + 20.15, atol=0.01)]
    assert len(arcs) == 1
    assert np.abs(arcs[0][[0, -1]]) == pytest.approx(np.array([[36, 7.31], [36, 7.31]]), abs=0.01)


def test_points_that_are_nowhere_are_not_on_the_pitch():
    assert not Pitch().contains(np.array([[np.nan, 0.0], [60.0, 0.0]])).any()
