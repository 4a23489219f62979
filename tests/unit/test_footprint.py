"""What part of the pitch is in view."""

import fake_run
import numpy as np

from pipeline.core.geometry import orient
from pipeline.core.pitch import Pitch
from pipeline.report.overlay.camera_footprint import footprint_m

# A camera 20 px to the metre, looking straight down at a 105 m x 68 m pitch.
TOP_DOWN = np.array([[0.05, 0, -52.5], [0, -0.05, 34.0], [0, 0, 1]])


def area(polygon):
    x, y = polygon.T
    return abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2


def test_a_picture_of_the_whole_pitch_shows_all_of_it():
    assert abs(area(footprint_m(TOP_DOWN, 1360, 2100, Pitch())) - 105 * 68) < 1e-6


def test_a_picture_of_a_quarter_shows_a_quarter():
    seen = footprint_m(TOP_DOWN, 680, 1050, Pitch())
    assert abs(area(seen) - 105 * 68 / 4) < 1e-6
    assert seen.max(axis=0).tolist() == [0.0, 34.0]


def test_a_camera_with_the_horizon_in_the_picture_sees_only_what_is_in_front_of_it():
    camera = fake_run._camera(0.0)
    view = orient(np.linalg.inv(camera[:, [0, 1, 3]]), (320, 359))
    seen = footprint_m(view, 360, 640, Pitch())
    assert 0.3 * 105 * 68 < area(seen) < 105 * 68
    assert (np.abs(seen) <= (52.5 + 1e-9, 34 + 1e-9)).all()


def test_a_picture_beside_the_pitch_shows_nothing_of_it():
    away = np.array([[0.05, 0, 200.0], [0, -0.05, 34.0], [0, 0, 1]])
    assert footprint_m(away, 100, 100, Pitch()).shape == (0, 2)


def test_a_picture_of_the_sky_shows_nothing():
    sky = np.array([[0.05, 0, 0], [0, -0.05, 0], [0, 0, -1.0]])
    assert footprint_m(sky, 100, 100, Pitch()).shape == (0, 2)
