"""COCO run lengths against pycocotools, the format's own reader."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pycocotools import mask as coco

from pipeline.core import masks, rle


def read_back(counts: str, height: int, width: int) -> np.ndarray:
    return coco.decode({"size": [height, width], "counts": counts.encode()}).astype(bool)


def placed(crop: np.ndarray, top: int, left: int, height: int, width: int) -> np.ndarray:
    frame = np.zeros((height, width), bool)
    frame[top : top + crop.shape[0], left : left + crop.shape[1]] = crop
    return frame


@given(
    arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9))),
    *[st.integers(0, 4)] * 4,
)
def test_any_crop_anywhere_reads_back_and_equals_the_reference_encoder(crop, top, left, below, right):
    height, width = top + crop.shape[0] + below, left + crop.shape[1] + right
    frame = placed(crop, top, left, height, width)
    counts = rle.from_dense(crop, top, left, height, width)
    assert (read_back(counts, height, width) == frame).all()
    assert counts == coco.encode(np.asfortranarray(frame.astype(np.uint8)))["counts"].decode()
    assert rle.from_mask(masks.encode(crop, top, left), height, width) == counts


def test_runs_of_a_large_frame_pack_as_the_reference_packs_them():
    frame = np.zeros((2160, 3840), bool)
    frame[100:2000, 3000:3700] = True
    frame[5, 7] = True
    assert (
        rle.from_dense(frame, 0, 0, *frame.shape)
        == coco.encode(np.asfortranarray(frame.astype(np.uint8)))["counts"].decode()
    )


@pytest.mark.parametrize("shape", [(3, 4), (0, 0)], ids=["no foreground", "no pixels"])
def test_an_empty_mask_is_one_run_of_background(shape):
    counts = rle.column_runs(np.zeros(shape, bool), 0, 0, 10, 20)
    assert counts.tolist() == [200]
    assert not read_back(rle.pack(counts, 10, 20), 10, 20).any()


def test_a_mask_filling_full_columns_is_one_run():
    assert rle.column_runs(np.ones((4, 2), bool), 0, 1, 4, 5).tolist() == [4, 8, 8]
