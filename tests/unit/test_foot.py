import numpy as np
import pytest

from pipeline import masks
from pipeline.models.foot import feet_px
from pipeline.types import Instances


def instances(canvas, box=None):
    """One person whose mask is the drawing ``canvas``, 1 where the person is."""
    rows, columns = np.nonzero(canvas)
    tight = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    boxes = np.array([box or tight], np.float32)
    mask = masks.encode(canvas.astype(bool))
    return Instances(0, boxes, np.ones(1, np.float32), np.zeros(1, np.int8), (mask,))


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


def test_someone_standing_stands_between_the_feet():
    assert feet_px(instances(standing()))[0] == pytest.approx((29, 90), abs=1)


def test_someone_leaning_stands_where_the_feet_are():
    canvas = np.zeros((100, 60), np.uint8)
    for row in range(10, 90):
        middle = 10 + (90 - row) // 2
        canvas[row, middle : middle + 8] = 1
    x, y = feet_px(instances(canvas))[0]
    assert y == pytest.approx(90, abs=1)
    assert x < 24


def test_a_stray_pixel_below_the_soles_does_not_count():
    canvas = standing()
    canvas[96, 25] = 1
    assert feet_px(instances(canvas, box=(20, 10, 40, 91)))[0][1] == pytest.approx(90, abs=1)


def test_a_mask_that_lost_its_feet_uses_the_boxs_lower_edge():
    canvas = standing()
    canvas[70:] = 0
    assert feet_px(instances(canvas, box=(20, 10, 40, 90)))[0] == pytest.approx((29, 90), abs=1)


def test_the_point_lies_inside_the_box():
    canvas = standing()
    x, y = feet_px(instances(canvas, box=(30, 10, 40, 88)))[0]
    assert 30 <= x <= 40
    assert y <= 88
