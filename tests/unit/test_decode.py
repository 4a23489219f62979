import numpy as np
import pytest

from pipeline.core import masks
from pipeline.core.types import BALL, GOALKEEPER, PLAYER, REFEREE
from pipeline.networks import letterbox, yolo_decoder
from pipeline.networks.yolo_decoder import Detections, Limits

OURS = np.arange(4, dtype=np.int8)


def prediction(*rows):
    """Network output ``(4 + 4 + 2, anchors)``; a row is centre x, y, width, height and the class scores."""
    return np.array([[*row, 1.0, 0.0] for row in rows], np.float32).reshape(-1, 10).T


def test_an_empty_output_gives_no_detections():
    found = yolo_decoder.select(prediction(), OURS, Limits())
    assert found.boxes.shape == (0, 4)
    assert found.coefficients.shape == (0, 2)


def test_the_best_class_names_a_person_and_centres_become_corners():
    found = yolo_decoder.select(prediction((50, 40, 20, 60, 0.1, 0.2, 0.8, 0)), OURS, Limits())
    assert found.boxes.tolist() == [[40, 10, 60, 70]]
    assert found.class_id.tolist() == [REFEREE]
    assert found.score == pytest.approx([0.8])


def test_nobody_is_player_and_referee_at_once():
    rows = [(50, 40, 20, 60, 0.7, 0, 0, 0), (51, 40, 20, 60, 0, 0, 0.6, 0)]
    assert yolo_decoder.select(prediction(*rows), OURS, Limits()).class_id.tolist() == [PLAYER]


def test_a_ball_inside_a_players_box_stays():
    rows = [(50, 40, 20, 60, 0.7, 0, 0, 0), (50, 40, 20, 60, 0, 0, 0, 0.3)]
    assert yolo_decoder.select(prediction(*rows), OURS, Limits()).class_id.tolist() == [PLAYER, BALL]


def test_the_weak_lower_half_of_a_person_is_no_person():
    rows = [(50, 40, 20, 60, 0.8, 0, 0, 0), (50, 55, 20, 28, 0.4, 0, 0, 0)]
    assert len(yolo_decoder.select(prediction(*rows), OURS, Limits()).score) == 1


def test_a_confident_person_in_front_of_another_stays():
    rows = [(50, 40, 20, 60, 0.8, 0, 0, 0), (50, 55, 20, 28, 0.7, 0, 0, 0)]
    assert len(yolo_decoder.select(prediction(*rows), OURS, Limits()).score) == 2


def test_people_and_balls_have_limits_of_their_own():
    rows = [(50, 40, 20, 60, 0.2, 0, 0, 0), (150, 40, 5, 5, 0, 0, 0, 0.2), (250, 40, 5, 5, 0, 0, 0, 0.1)]
    assert yolo_decoder.select(prediction(*rows), OURS, Limits(0.25, 0.15)).class_id.tolist() == [BALL]


def test_no_more_than_the_best_are_kept():
    rows = [(50 + 30 * i, 40, 20, 60, 0.5 + i / 100, 0, 0, 0) for i in range(10)]
    found = yolo_decoder.select(prediction(*rows), OURS, Limits(max_instances=3))
    assert found.score == pytest.approx([0.59, 0.58, 0.57])


def test_foreign_classes_are_folded_into_ours():
    class_of = np.array([-1, PLAYER, GOALKEEPER, BALL], dtype=np.int8)
    rows = [(50, 40, 20, 60, 0.9, 0.5, 0, 0), (150, 40, 20, 60, 0.9, 0, 0, 0)]
    found = yolo_decoder.select(prediction(*rows), class_of, Limits())
    assert found.class_id.tolist() == [PLAYER]
    assert found.score == pytest.approx([0.5])


def detection(box):
    return Detections(
        np.array([box], np.float32),
        np.ones(1, np.float32),
        np.zeros(1, np.int8),
        np.array([[1, 0]], np.float32),
    )


def instances(found, protos, box, image=None, frame=0):
    return yolo_decoder.instances(frame, found, yolo_decoder.soft_masks(found, protos, box), box, image)


def half_plane(column):
    """Prototypes ``(2, 24, 40)`` of a 96 x 160 input, positive left of a column of the prototypes."""
    protos = np.zeros((2, 24, 40), np.float32)
    protos[0] = column - (np.arange(40) + 0.5)
    return protos


def test_a_mask_is_cut_by_its_box_and_placed_to_the_pixel():
    box = letterbox.fit((96, 160), 160)
    found = instances(detection((20, 10, 60, 50)), half_plane(10), box, frame=7)
    mask = found.masks[0]
    assert found.frame == 7
    assert (mask.left, mask.top, mask.width, mask.height) == (20, 10, 40, 40)
    assert np.array_equal(masks.decode(mask), np.tile(np.arange(20, 60) < 40, (40, 1)))


def test_a_mask_in_a_larger_picture_is_as_sharp_as_its_pixels():
    box = letterbox.fit((288, 480), 160)
    found = instances(detection((20, 10, 60, 50)), half_plane(10), box)
    assert found.boxes_px.tolist() == [[60, 30, 180, 150]]
    assert np.array_equal(masks.decode(found.masks[0]), np.tile(np.arange(60, 180) < 120, (120, 1)))


def test_instances_with_empty_masks_are_dropped_with_their_boxes():
    found = instances(detection((60, 10, 90, 50)), half_plane(10), letterbox.fit((96, 160), 160))
    assert found.masks == ()
    assert found.boxes_px.shape == (0, 4)


def test_a_box_outside_the_picture_is_dropped():
    found = instances(detection((-30, 10, -5, 50)), half_plane(10), letterbox.fit((96, 160), 160))
    assert found.masks == ()


def test_no_detections_are_no_instances():
    none = Detections(
        *(np.zeros(s, np.float32) for s in ((0, 4), 0)), np.zeros(0, np.int8), np.zeros((0, 2), np.float32)
    )
    assert instances(none, half_plane(10), letterbox.fit((96, 160), 160)).masks == ()


def test_colours_sharpen_the_masks_of_people_but_not_of_balls():
    image = np.full((96, 160, 3), (60, 140, 90), np.uint8)
    image[10:50, 20:38] = 255  # the network says 40
    found = detection((20, 10, 60, 50))
    box = letterbox.fit((96, 160), 160)
    assert masks.area(instances(found, half_plane(10), box, image).masks[0]) == 18 * 40
    ball = Detections(found.boxes, found.score, np.array([BALL], np.int8), found.coefficients)
    assert masks.area(instances(ball, half_plane(10), box, image).masks[0]) == 20 * 40


@pytest.mark.parametrize(("kept_columns", "people"), [(0, 1), (4, 1), (16, 2)])
def test_a_second_box_whose_pixels_others_hold_goes(kept_columns, people):
    # Two boxes over one figure; the worse one keeps only what it has to the left of the better.
    found = Detections(
        np.array([(20, 10, 60, 50), (20 - kept_columns, 10, 60, 50)], np.float32),
        np.array([0.9, 0.3], np.float32),
        np.zeros(2, np.int8),
        np.array([[1, 0], [1, 0]], np.float32),
    )
    assert len(instances(found, half_plane(10), letterbox.fit((96, 160), 160)).masks) == people
