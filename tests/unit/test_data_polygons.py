"""Masks survive the way through outlines and run lengths."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.core import masks, rle
from pipeline.core.errors import DataSetError
from pipeline.datasets import polygons

SHAPES = {
    "a rectangle": ["......", ".####.", ".####.", "......"],
    "a hole": ["#####", "#...#", "#.#.#", "#...#", "#####"],
    "two parts": ["##..##", "##..##", "......"],
    "touching at a corner": ["##..", "##..", "..##", "..##"],
    "the whole image": ["###", "###"],
    "one pixel": ["...", ".#.", "..."],
    "a line of one px": ["......", "######", "......"],
    "at the border": ["#..", "##.", "###"],
}


def picture(rows: list[str]) -> np.ndarray:
    return np.array([[c == "#" for c in row] for row in rows])


def dense(mask, shape) -> np.ndarray:
    canvas = np.zeros(shape, np.uint8)
    masks.paste(canvas, mask, 1)
    return canvas.astype(bool)


@pytest.mark.parametrize("rows", SHAPES.values(), ids=SHAPES.keys())
def test_outlines_filled_again_are_the_same_pixels(rows):
    truth = picture(rows)
    back = polygons.fill(polygons.outlines(masks.crop(truth)), *truth.shape)
    assert (dense(back, truth.shape) == truth).all()


@settings(max_examples=60, deadline=None)
@given(arrays(bool, st.tuples(st.integers(1, 14), st.integers(1, 14))))
def test_any_mask_survives_outlines_and_run_lengths(truth):
    mask = masks.crop(truth)
    assert (dense(polygons.fill(polygons.outlines(mask), *truth.shape), truth.shape) == truth).all()
    assert (dense(rle.from_coco(rle.to_coco(mask, *truth.shape)), truth.shape) == truth).all()


@settings(max_examples=40, deadline=None)
@given(arrays(bool, st.tuples(st.integers(1, 30), st.integers(1, 30))))
def test_run_lengths_are_those_of_pycocotools(truth):
    from pycocotools import mask as coco

    theirs = coco.encode(np.asfortranarray(truth.astype(np.uint8)))
    ours = rle.to_coco(masks.crop(truth), *truth.shape)
    assert (coco.decode(ours) == truth).all()
    assert (dense(rle.from_coco(theirs), truth.shape) == truth).all()
    assert ours["counts"].encode() == theirs["counts"]


def test_one_outline_keeps_a_person_with_a_hole_and_a_loose_foot():
    truth = np.zeros((60, 40), bool)
    truth[5:40, 10:25] = True
    truth[15:25, 14:20] = False
    truth[45:52, 12:20] = True
    ring = polygons.one_outline(masks.crop(truth))
    assert (dense(polygons.fill([ring], 60, 40), truth.shape) == truth).all()
    by_cv2 = cv2.fillPoly(np.zeros(truth.shape, np.uint8), [ring.astype(np.int32)], 1).astype(bool)
    assert (by_cv2 & truth).sum() / (by_cv2 | truth).sum() > 0.97


def test_a_continuous_rectangle_covers_exactly_its_pixels():
    ring = np.array([[2.0, 1.0], [6.0, 1.0], [6.0, 3.0], [2.0, 3.0]])
    filled = polygons.fill([ring], 10, 10)
    assert (filled.left, filled.top, filled.width, filled.height) == (2, 1, 4, 2)
    assert masks.area(filled) == 8


def test_polygons_that_share_an_edge_share_no_pixel():
    left = np.array([[0, 0], [4.3, 0], [4.7, 9], [0, 9]])
    right = np.array([[4.3, 0], [9, 0], [9, 9], [4.7, 9]])
    a, b = polygons.fill([left], 9, 9), polygons.fill([right], 9, 9)
    assert masks.overlap_px(a, b) == 0
    assert masks.area(a) + masks.area(b) == 81


def test_what_lies_outside_the_image_is_cut_off():
    filled = polygons.fill([np.array([[-5, -5], [3, -5], [3, 3], [-5, 3]])], 10, 10)
    assert masks.area(filled) == 9
    assert masks.area(polygons.fill([np.array([[20, 20], [30, 20], [30, 30]])], 10, 10)) == 0


def test_nothing_has_no_outline():
    empty = masks.crop(np.zeros((5, 5), bool))
    assert polygons.outlines(empty) == []
    assert polygons.one_outline(empty).shape == (0, 2)
    assert masks.area(polygons.fill([], 5, 5)) == 0
    assert masks.area(polygons.union([])) == 0
    assert polygons.box_of(empty) == (0, 0, 0, 0)
    assert rle.from_coco(rle.to_coco(empty, 5, 5)).height == 0


def test_a_ball_fills_its_box_round():
    ball = polygons.ellipse((10, 20, 22, 32), 100, 100)
    assert polygons.box_of(ball) == (10, 20, 22, 32)
    assert masks.area(ball) == pytest.approx(np.pi * 36, rel=0.05)


def test_parts_are_put_together():
    a, b = masks.crop(picture(["##...."])), masks.crop(picture(["....##"]))
    assert masks.area(polygons.union([a, b])) == 4


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"size": [2, 2], "counts": [1, 2]}, "cover 3 px, but the image is 2 x 2 = 4 px"),
        ({"size": [2, 2]}, "not COCO's"),
        ({"size": [2, 2], "counts": "P"}, "ends within a number"),
    ],
)
def test_broken_run_lengths_are_told(broken, message):
    with pytest.raises(DataSetError, match=message):
        rle.from_coco(broken)
