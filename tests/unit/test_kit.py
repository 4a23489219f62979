import cv2
import numpy as np
import pytest

from pipeline.appearance.kit_colours import kit_colours
from pipeline.core import masks
from pipeline.core.types import BALL, PLAYER, Instances

GRASS = (60, 140, 90)
RED, NAVY, WHITE, SKIN = (40, 40, 210), (90, 40, 30), (245, 245, 245), (120, 150, 200)


def lab(bgr):
    return cv2.cvtColor(np.array([[bgr]], np.float32) / 255, cv2.COLOR_BGR2LAB)[0, 0]


def field(width=200):
    return np.full((120, width, 3), GRASS, np.uint8)


def person(image, left, shirt, shorts, height=80, rim=0):
    """Draw a person of skin, shirt and shorts from row 20 on; the mask is ``rim`` px wider all around."""
    width, top = height // 4, 20
    parts = ((0, 0.18, SKIN), (0.18, 0.5, shirt), (0.5, 1, shorts))
    for start, end, colour in parts:
        image[top + round(start * height) : top + round(end * height), left : left + width] = colour
    inside = np.zeros(image.shape[:2], bool)
    inside[top - rim : top + height + rim, left - rim : left + width + rim] = True
    return masks.encode(inside)


def instances(*found, class_id=PLAYER):
    n = len(found)
    classes = np.full(n, class_id, np.int8)
    return Instances(0, np.zeros((n, 4), np.float32), np.ones(n, np.float32), classes, tuple(found))


def test_no_people_give_no_colours():
    kit = kit_colours(field(), instances())
    assert kit.torso.shape == (0, 3)
    assert kit.kit_px.shape == (0,)


def test_shirt_and_shorts_are_measured_apart():
    image = field()
    kit = kit_colours(image, instances(person(image, 50, RED, NAVY)))
    assert kit.torso[0] == pytest.approx(lab(RED), abs=2)
    assert kit.legs[0] == pytest.approx(lab(NAVY), abs=2)
    assert kit.torso_spread[0] < 3


@pytest.mark.parametrize("height", [20, 80])
def test_grass_inside_the_mask_does_not_colour_the_kit(height):
    image = field()
    kit = kit_colours(image, instances(person(image, 50, WHITE, NAVY, height, rim=2)))
    assert kit.torso[0] == pytest.approx(lab(WHITE), abs=3)


def test_bare_arms_do_not_colour_the_shirt():
    image = field()
    mask = person(image, 50, NAVY, WHITE)
    image[35:60, 50:54] = SKIN
    assert kit_colours(image, instances(mask)).torso[0] == pytest.approx(lab(NAVY), abs=2)


def test_a_shirt_of_the_colour_of_skin_is_still_a_shirt():
    image = field()
    kit = kit_colours(image, instances(person(image, 50, SKIN, WHITE)))
    assert kit.torso[0] == pytest.approx(lab(SKIN), abs=2)


def test_stripes_have_a_large_spread_and_the_colour_between():
    image = field()
    mask = person(image, 50, WHITE, NAVY)
    image[30:60, 50:70:4] = image[30:60, 51:70:4] = NAVY
    kit = kit_colours(image, instances(mask))
    assert kit.torso_spread[0] > 20
    assert kit.torso[0][0] == pytest.approx((lab(WHITE)[0] + lab(NAVY)[0]) / 2, abs=12)


def test_someone_in_front_does_not_lend_the_colours():
    image = field()
    behind = person(image, 50, WHITE, WHITE)
    front = person(image, 60, RED, RED)
    assert kit_colours(image, instances(behind, front)).torso[0] == pytest.approx(lab(WHITE), abs=3)


def test_a_kit_as_green_as_the_grass_still_gets_a_colour():
    image = field()
    kit = kit_colours(image, instances(person(image, 50, GRASS, GRASS)))
    assert np.isfinite(kit.torso[0]).all()


def test_too_few_pixels_and_balls_have_no_colour():
    image = field()
    tiny = masks.encode(np.ones((2, 2), bool), 30, 30)
    assert np.isnan(kit_colours(image, instances(tiny)).torso).all()
    ball = kit_colours(image, instances(person(image, 50, WHITE, WHITE), class_id=BALL))
    assert np.isnan(ball.torso).all()
    assert ball.kit_px[0] == 0


def test_a_mask_that_fills_the_picture_has_no_ground_to_compare_with():
    image = np.full((40, 20, 3), RED, np.uint8)
    kit = kit_colours(image, instances(masks.encode(np.ones((40, 20), bool))))
    assert kit.torso[0] == pytest.approx(lab(RED), abs=2)


def test_somebody_lying_has_no_shirt_above_and_no_shorts_below():
    image = field()
    standing, lying = person(image, 20, RED, NAVY), np.zeros(image.shape[:2], bool)
    image[90:110, 100:180] = RED
    lying[90:110, 100:180] = True
    kit = kit_colours(image, instances(standing, masks.encode(lying)))
    assert np.isfinite(kit.torso[0]).all()
    assert np.isnan(kit.torso[1]).all()
    assert np.isnan(kit.legs[1]).all()


def cut(image, rows, left=50, width=30):
    """Somebody of whom the picture shows ``rows``: shirt above, shorts below."""
    inside = np.zeros(image.shape[:2], bool)
    inside[rows, left : left + width] = True
    image[inside] = RED
    return masks.encode(inside)


def test_whom_the_edge_cuts_keeps_the_half_in_view():
    image = field()
    above, below, whole = (
        cut(image, slice(0, 40)),
        cut(image, slice(80, 120), 100),
        cut(image, slice(40, 75), 150),
    )
    kit = kit_colours(image, instances(above, below, whole))
    assert np.isnan(kit.torso[0]).all()
    assert np.isfinite(kit.legs[0]).all()
    assert np.isfinite(kit.torso[1]).all()
    assert np.isnan(kit.legs[1]).all()
    assert np.isfinite(kit.torso[2]).all()
    assert np.isfinite(kit.legs[2]).all()
