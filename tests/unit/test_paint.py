"""Team-level label maps."""

import numpy as np
import pytest

from pipeline.core import label_maps, masks
from pipeline.core.types import LABEL_NAMES


def square(top: int, left: int, side: int = 4) -> masks.CropMask:
    return masks.encode(np.ones((side, side), bool), top, left)


@pytest.mark.parametrize(
    ("role", "team", "name"),
    [
        ("player", "A", "team_a"),
        ("player", "B", "team_b"),
        ("goalkeeper", "A", "goalkeeper_a"),
        ("goalkeeper", "B", "goalkeeper_b"),
        ("referee", None, "referee"),
        ("ball", None, "ball"),
        ("other", "A", "background"),
        ("player", None, "unclear"),
        ("goalkeeper", None, "unclear"),
        ("unclear", None, "unclear"),
    ],
)
def test_role_and_team_choose_the_label(role, team, name):
    assert LABEL_NAMES[label_maps.label_value(role, team)] == name


def test_the_nearer_of_two_overlapping_people_is_on_top():
    far, near = square(0, 0), square(2, 2)
    for order in ([far, near], [near, far]):
        foot = np.array([m.top + m.height for m in order], float)
        values = np.array([1 if m is far else 2 for m in order])
        labels = label_maps.paint(8, 8, order, values, foot)
        assert labels[3, 3] == 2
        assert labels[0, 0] == 1
        assert (labels == 2).sum() == 16


def test_the_ball_is_never_hidden():
    ball, player = square(1, 1, 2), square(0, 0, 8)
    labels = label_maps.paint(
        10, 10, [ball, player], np.array([label_maps.BALL_VALUE, 1]), np.array([3.0, 8.0])
    )
    assert (labels == label_maps.BALL_VALUE).sum() == 4


def test_background_people_leave_no_trace_and_hide_nobody():
    labels = label_maps.paint(8, 8, [square(0, 0), square(0, 0)], np.array([1, 0]), np.array([4.0, 5.0]))
    assert (labels == 1).sum() == 16


def test_nobody_paints_an_empty_map():
    labels = label_maps.paint(3, 5, [], np.zeros(0, np.uint8), np.zeros(0))
    assert labels.shape == (3, 5)
    assert labels.dtype == np.uint8
    assert not labels.any()
    assert (label_maps.paint_indices(3, 5, [], np.zeros(0, int)) == -1).all()


def test_every_label_has_a_colour_of_its_own():
    assert len(label_maps.PALETTE_RGB) == len(LABEL_NAMES) == len(set(label_maps.PALETTE_RGB))
    assert [row["name"] for row in label_maps.legend()] == list(LABEL_NAMES)
