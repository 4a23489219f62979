import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.networks import letterbox


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ((720, 1280), (736, 1280)),
        ((1280, 720), (1280, 736)),
        ((480, 848), (736, 1280)),
        ((500, 500), (1280, 1280)),
    ],
    ids=["wide", "tall", "small", "square"],
)
def test_the_input_keeps_the_aspect_of_the_picture(source, expected):
    assert letterbox.fit(source, 1280).input_hw == expected


def test_a_network_of_fixed_size_gets_that_size():
    box = letterbox.fit((720, 1280), 1280, fixed_hw=(640, 640))
    assert box.input_hw == (640, 640)
    assert box.content_hw == (360, 640)
    assert box.pad_xy == (0, 140)


def test_the_picture_lies_in_the_middle_of_grey():
    box = letterbox.fit((90, 160), 160)
    out = letterbox.apply(np.zeros((90, 160, 3), np.uint8), box)
    assert out.shape == (96, 160, 3)
    assert not out[3:93].any()
    assert (out[:3] == 114).all()
    assert (out[93:] == 114).all()


def test_no_boxes_stay_no_boxes():
    out = letterbox.fit((90, 160), 160).to_source(np.zeros((0, 4), np.float32))
    assert out.shape == (0, 4)


@given(st.integers(1, 3000), st.integers(1, 3000), st.sampled_from([160, 640, 1280]))
def test_the_corners_of_the_picture_come_back_and_outside_is_clipped(height, width, imgsz):
    box = letterbox.fit((height, width), imgsz)
    assert all(side % 32 == 0 for side in box.input_hw)
    left, top = box.pad_xy
    corners = np.array([[left, top, left + box.content_hw[1], top + box.content_hw[0]]], np.float32)
    wanted = [[0, 0, width, height]]
    assert np.allclose(box.to_source(corners), wanted, atol=1e-2)
    assert np.allclose(box.to_source(corners + np.float32([-99, -99, 99, 99])), wanted, atol=1e-2)
