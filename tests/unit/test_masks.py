import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from pipeline.core import masks
from pipeline.core.types import CropMask

dense = arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=12))


@given(dense)
def test_a_mask_comes_back_from_its_runs(mask):
    assert (masks.decode(masks.encode(mask)) == mask).all()


@given(dense, st.integers(0, 50), st.integers(0, 50))
def test_a_mask_comes_back_from_its_bytes(mask, top, left):
    coded = masks.encode(mask, top, left)
    back = masks.from_bytes(top, left, *mask.shape, masks.to_bytes(coded))
    assert (masks.decode(back) == mask).all()
    assert (back.top, back.left) == (top, left)


@given(dense)
def test_area_counts_the_foreground(mask):
    assert masks.area(masks.encode(mask)) == mask.sum()


@given(dense, dense, st.integers(0, 6), st.integers(0, 6))
def test_overlap_equals_that_of_full_pictures(first, second, top, left):
    a, b = masks.encode(first, 3, 3), masks.encode(second, top, left)
    canvas_a, canvas_b = np.zeros((30, 30), np.uint8), np.zeros((30, 30), np.uint8)
    masks.paste(canvas_a, a, 1)
    masks.paste(canvas_b, b, 1)
    shared = int((canvas_a & canvas_b).sum())
    union = int((canvas_a | canvas_b).sum())
    assert masks.overlap_px(a, b) == shared
    assert masks.iou(a, b) == (shared / union if union else 0)


def test_runs_that_do_not_fill_the_box_are_refused_with_both_sizes():
    broken = CropMask(0, 0, 2, 3, np.array([2, 3], np.uint32))
    with pytest.raises(ValueError, match="runs cover 5 px, but the box is 2 x 3 = 6 px"):
        masks.decode(broken)


def test_a_mask_without_pixels_is_empty():
    empty = masks.encode(np.zeros((0, 0), bool))
    assert masks.area(empty) == 0
    assert masks.decode(empty).shape == (0, 0)
    assert masks.iou(empty, empty) == 0
