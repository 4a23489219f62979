import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core import geometry

# A camera 20 px to the metre, looking straight down at a 105 m x 68 m pitch.
TOP_DOWN = np.array([[0.05, 0, -52.5], [0, -0.05, 34.0], [0, 0, 1]])
# A pinhole at 20 m height looking along +y, 30 degrees down; image 1280 x 720, focal length 1000 px.
DOWN = np.deg2rad(30)
CAMERA = np.array([[1000, 0, 640], [0, 1000, 360], [0, 0, 1]]) @ np.array(
    [[1, 0, 0], [0, -np.sin(DOWN), 20 * np.cos(DOWN)], [0, np.cos(DOWN), 20 * np.sin(DOWN)]]
)
OBLIQUE = geometry.orient(np.linalg.inv(CAMERA), (640, 719))


@pytest.mark.parametrize(
    ("pixel", "metres"),
    [((1050, 680), (0, 0)), ((0, 0), (-52.5, 34)), ((2100, 1360), (52.5, -34))],
    ids=["centre spot", "far left corner", "near right corner"],
)
def test_landmarks_land_where_the_laws_put_them(pixel, metres):
    assert geometry.to_pitch(np.array([pixel], float), TOP_DOWN)[0] == pytest.approx(metres)


def test_no_points_give_no_points():
    assert geometry.to_pitch(np.zeros((0, 2)), TOP_DOWN).shape == (0, 2)


def test_the_sky_has_no_place_on_the_pitch():
    sky, grass = geometry.to_pitch(np.array([[640.0, -400.0], [640.0, 700.0]]), OBLIQUE)
    assert np.isnan(sky).all()
    assert np.isfinite(grass).all()


@given(st.floats(-50, 50), st.floats(1, 200))
def test_what_is_seen_comes_back(x, y):
    pixel = geometry.to_image(np.array([[x, y]]), OBLIQUE)
    assert geometry.to_pitch(pixel, OBLIQUE)[0] == pytest.approx((x, y), abs=1e-6)


def test_what_lies_behind_the_camera_is_not_drawn():
    assert np.isnan(geometry.to_image(np.array([[0.0, -60.0]]), OBLIQUE)).all()
