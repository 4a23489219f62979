import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.appearance import flat_masks
from pipeline.core import masks
from pipeline.core.types import CropMask

SIZES = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 6)), max_size=5)


def test_two_boxes_lie_one_after_the_other():
    where = flat_masks.boxes([(1, 2, 2, 3), (0, 9, 1, 2)])
    assert where.whose().tolist() == [0] * 6 + [1] * 2
    assert where.pixels(100).tolist() == [102, 103, 104, 202, 203, 204, 9, 10]
    first, whose, number = where.row_starts()
    assert (first.tolist(), whose.tolist(), number.tolist()) == ([0, 3, 6], [0, 0, 1], [0, 1, 0])


@settings(deadline=None)
@given(SIZES, st.randoms(use_true_random=False))
def test_all_at_once_gives_the_same_as_one_by_one(sizes, random):
    dense = [np.array([random.random() < 0.5 for _ in range(h * w)], bool).reshape(h, w) for h, w in sizes]
    flat = np.concatenate([d.ravel() for d in dense]) if dense else np.zeros(0, bool)
    together = flat_masks.encode(flat, flat_masks.boxes([(i, 2 * i, *d.shape) for i, d in enumerate(dense)]))
    for i, (mask, crop) in enumerate(zip(together, dense, strict=True)):
        alone = masks.encode(crop, i, 2 * i)
        assert (mask.top, mask.left, mask.runs.tolist()) == (i, 2 * i, alone.runs.tolist())
    assert np.array_equal(flat_masks.decode(together), flat)


def test_a_box_without_width_has_no_rows():
    where = flat_masks.boxes([(0, 0, 4, 0), (5, 5, 1, 1)])
    assert where.whose().tolist() == [1]
    assert where.pixels(10).tolist() == [55]


def test_runs_that_do_not_cover_the_box_are_refused():
    with pytest.raises(ValueError, match="mask 0"):
        flat_masks.decode([CropMask(0, 0, 2, 2, np.array([3], np.uint32))])
