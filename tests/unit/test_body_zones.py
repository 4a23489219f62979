"""Colours by zone, crops of the upper body, and thumbnails, on people painted by hand."""

import numpy as np
import pytest

from pipeline.appearance.body_zones import ZONES, zone_colours, zone_statistics
from pipeline.appearance.mask_cutout import thumbnail
from pipeline.appearance.surroundings import to_lab
from pipeline.appearance.upper_body import INPUT_PX, cut_square, torso_square
from pipeline.core import masks

GRASS = (60, 140, 60)
HEAD, SHIRT, SHORTS, SOCKS = (60, 90, 160), (30, 30, 200), (240, 240, 240), (200, 40, 40)


def pitch():
    return np.full((300, 400, 3), GRASS, np.uint8)


def person(image, left=100, top=50, height=100, width=30):
    """Paint somebody of four colours into ``image``; his mask."""
    for start, end, colour in ((0, 0.16, HEAD), (0.16, 0.5, SHIRT), (0.5, 0.7, SHORTS), (0.7, 1, SOCKS)):
        image[top + round(start * height) : top + round(end * height), left : left + width] = colour
    return masks.encode(np.ones((height, width), bool), top, left)


def lab(bgr):
    return to_lab(np.array([[bgr]], np.uint8))[0, 0]


def test_each_zone_has_its_colour():
    image = pitch()
    found = zone_colours(image, [person(image)], [0])
    for zone, colour in zip(ZONES, (HEAD, SHIRT, SHORTS, SOCKS), strict=True):
        at = list(ZONES).index(zone)
        assert found.lab[0, at] == pytest.approx(lab(colour), abs=1), zone
        assert found.n_px[0, at] > 100


def test_what_two_people_claim_colours_neither():
    image = pitch()
    behind = person(image)
    image[50:150, 115:145] = (0, 255, 255)
    before = masks.encode(np.ones((100, 30), bool), 50, 115)
    found = zone_colours(image, [behind, before], [0])
    assert found.lab[0, 1] == pytest.approx(lab(SHIRT), abs=1)


def test_an_empty_mask_has_no_colours():
    image = pitch()
    nothing = masks.encode(np.zeros((10, 10), bool), 5, 5)
    found = zone_colours(image, [person(image), nothing], [1])
    assert np.isnan(found.lab).all()
    assert not found.n_px.any()


def test_who_is_hidden_by_another_mask_has_no_colours():
    image = pitch()
    twice = [person(image), person(image)]
    assert np.isnan(zone_colours(image, twice, [0]).lab).all()


def test_nobody_wanted_gives_no_rows():
    image = pitch()
    assert zone_colours(image, [person(image)], []).lab.shape == (0, 4, 3)


def test_statistics_leave_out_what_was_not_seen():
    zones = np.full((3, 4, 3), np.nan)
    zones[0, 1], zones[2, 1] = (50, 10, 0), (60, 10, 4)
    zones[1, 2] = (90, 0, 0)
    out = zone_statistics(zones)
    assert (out["shirt_l"], out["shirt_a"], out["shirt_b"], out["shirt_n"]) == (55, 10, 2, 2)
    assert out["shirt_l_spread"] == pytest.approx(7.071, abs=0.001)
    assert (out["shorts_l"], out["shorts_n"]) == (90, 1)
    assert np.isnan(out["shorts_l_spread"])
    assert np.isnan(out["head_l"])
    assert out["head_n"] == 0


def test_the_upper_body_is_a_square_below_the_head():
    x, y, side = torso_square(np.array([100.0, 50, 130, 150]))
    assert (x, y, side) == pytest.approx((115, 86, 44))


def test_an_arm_stretched_out_does_not_move_the_upper_body_far():
    inside = np.zeros((100, 60), bool)
    inside[:, :30] = True
    inside[20:25, 30:] = True
    x, _, _ = torso_square(np.array([100.0, 50, 160, 150]), masks.encode(inside, 50, 100))
    assert x == pytest.approx(115, abs=6)
    without, _, _ = torso_square(np.array([100.0, 50, 160, 150]))
    assert without == 130


def test_a_cut_square_shows_what_was_there_at_any_size():
    image = pitch()
    image[100:120, 200:220] = 255
    for size in (20, 40, 160):
        cut = cut_square(image, 210.0, 110.0, size, INPUT_PX)
        assert cut.shape == (INPUT_PX, INPUT_PX, 3)
        assert (cut[INPUT_PX // 2, INPUT_PX // 2] > 240).all()
        inside = (cut.min(axis=2) > 200).mean()
        assert inside == pytest.approx(min(1.0, (20 / size) ** 2), abs=0.08)


@pytest.mark.parametrize("centre", [(0.0, 0.0), (399.0, 299.0), (-50.0, 1000.0)])
def test_a_square_may_stick_out_of_the_picture(centre):
    assert (cut_square(pitch(), *centre, 44.0) == GRASS).all()


def test_a_thumbnail_shows_the_person_and_not_the_pitch():
    image = pitch()
    small = thumbnail(image, person(image))
    assert small.shape[0] == 96
    assert small[96 // 3, small.shape[1] // 2] == pytest.approx(SHIRT, abs=3)
    assert small[0, 0] == pytest.approx((128, 128, 128), abs=3)


def test_an_empty_mask_makes_a_grey_thumbnail():
    small = thumbnail(pitch(), masks.encode(np.zeros((4, 4), bool), 0, 0))
    assert (small == 128).all()
