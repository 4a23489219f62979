import cv2
import numpy as np

from pipeline.calibration.manual.marked_points import MarkedPoint
from pipeline.core.config import VideoSettings
from pipeline.workflow.marked_pictures import marked_pictures, without_people


def pictures(folder, n=9):
    """Grey pictures; somebody black walks through them from left to right."""
    for i in range(n):
        image = np.full((60, 90, 3), 120, np.uint8)
        image[20:50, 10 * i : 10 * i + 9] = 0
        cv2.imwrite(str(folder / f"{i:03d}.png"), image)
    return folder


def test_of_a_standing_camera_people_who_walk_are_not_in_the_picture(tmp_path):
    assert (without_people(pictures(tmp_path), VideoSettings()) == 120).all()


def test_anchor_frames_come_as_they_are_with_the_people_in_them(tmp_path):
    points = [MarkedPoint((1.0, 1.0), (0.0, 0.0), frame) for frame in (2, 5)]
    boxes = np.array([[20.0, 20.0, 29.0, 50.0]])
    found = marked_pictures(pictures(tmp_path), VideoSettings(), points, {2: boxes})
    assert sorted(found) == [2, 5]
    assert found[2].image[30, 24].tolist() == [0, 0, 0]
    assert found[2].boxes_px is boxes
    assert len(found[5].boxes_px) == 0


def test_no_points_need_no_pictures(tmp_path):
    assert marked_pictures(tmp_path, VideoSettings(), []) == {}
