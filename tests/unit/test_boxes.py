import numpy as np
import pytest

from pipeline.core import boxes

SQUARE = (0, 0, 10, 10)
RIGHT_HALF = (5, 0, 10, 10)
APART = (20, 20, 30, 30)
LINE = (0, 0, 10, 0)


def test_iou_is_shared_over_united_area():
    assert boxes.box_iou([SQUARE], [SQUARE, RIGHT_HALF, APART]).tolist() == [[1.0, 0.5, 0.0]]


def test_share_inside_asks_how_much_of_the_first_lies_in_the_second():
    assert boxes.share_inside([RIGHT_HALF], [SQUARE]).tolist() == [[1.0]]
    assert boxes.share_inside([SQUARE], [RIGHT_HALF]).tolist() == [[0.5]]


def test_boxes_without_area_overlap_nothing():
    assert boxes.box_iou([LINE], [LINE]).tolist() == [[0.0]]


@pytest.mark.parametrize("measure", [boxes.box_iou, boxes.shared_area, boxes.share_inside])
def test_no_boxes_give_an_empty_matrix(measure):
    assert measure(np.zeros((0, 4)), [SQUARE, APART]).shape == (0, 2)
    assert measure([SQUARE], []).shape == (1, 0)
