import numpy as np
import pytest

from pipeline.appearance.feet import feet_px
from pipeline.core import masks
from pipeline.core.types import BALL, Instances


def instances(canvas, box=None, class_id=0):
    """One person whose mask is the drawing ``canvas``, 1 where the person is."""
    rows, columns = np.nonzero(canvas)
    tight = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    boxes = np.array([box or tight], np.float32)
    mask = masks.encode(canvas.astype(bool))
    return Instances(0, boxes, np.ones(1, np.float32), np.full(1, class_id, np.int8), (mask,))


def standing(left_foot=24, right_foot=34):
    """A person 80 px high with two legs; the soles are at row 90."""
    canvas = np.zeros((100, 60), np.uint8)
    canvas[10:55, 20:40] = 1
    canvas[55:90, left_foot - 3 : left_foot + 3] = 1
    canvas[55:90, right_foot - 3 : right_foot + 3] = 1
    return canvas


def test_nobody_has_no_feet():
    nobody = Instances(0, np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int8), ())
    assert feet_px(nobody).shape == (0, 2)


def test_someone_standing_stands_between_the_feet_a_little_behind_the_soles():
    assert feet_px(instances(standing()))[0] == pytest.approx((29.5, 88), abs=1)


def test_a_ball_stands_on_its_lowest_point():
    canvas = np.zeros((40, 40), np.uint8)
    canvas[20:26, 10:16] = 1
    assert feet_px(instances(canvas, class_id=BALL))[0].tolist() == [13, 26]


def test_a_runner_is_between_the_legs_not_on_the_front_foot():
    canvas = standing(20, 40)
    canvas[84:90, 17:23] = 0  # the rear foot is in the air
    assert feet_px(instances(canvas))[0][0] == pytest.approx(29.5, abs=2)


def test_a_shadow_at_the_feet_hardly_moves_the_point():
    canvas = standing()
    canvas[87:90, 34:59] = 1
    assert feet_px(instances(canvas))[0][0] == pytest.approx(29.5, abs=1.5)


def test_arms_and_head_do_not_move_the_point():
    canvas = standing()
    canvas[20:26, 0:20] = 1
    canvas[4:10, 10:20] = 1
    assert feet_px(instances(canvas))[0][0] == pytest.approx(29.5, abs=1)


def test_a_stray_pixel_below_the_soles_does_not_count():
    canvas = standing()
    canvas[96, 25] = 1
    assert feet_px(instances(canvas, box=(20, 10, 40, 91)))[0][1] == pytest.approx(88, abs=1)


def test_a_mask_that_lost_its_feet_uses_the_boxs_lower_edge():
    canvas = standing()
    canvas[70:] = 0
    assert feet_px(instances(canvas, box=(20, 10, 40, 90)))[0] == pytest.approx((29.5, 88), abs=1)


def test_the_point_lies_inside_the_box():
    x, y = feet_px(instances(standing(), box=(32, 10, 40, 60)))[0]
    assert 32 <= x <= 40
    assert y <= 60
