"""Balls of other frames in crops: labelled where they lie, in the light of the place, never guessed."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from pipeline.core import masks
from pipeline.core.masks import crop
from pipeline.core.types import BALL, CLASS_NAMES, GOALKEEPER, PLAYER
from pipeline.datasets import canonical, polygons
from pipeline.datasets.canonical import DataSet, Label, Sample
from pipeline.training.segmentation.ball_pasting import ball_cutouts, paste_balls
from pipeline.training.segmentation.crops import CropSettings, crops_of, make_crops

SIZE = (200, 240)
GRASS = (40, 140, 60)
BOX = (150.0, 120.0, 160.0, 130.0)
ROUND = Label(BALL, BOX, polygons.ellipse(BOX, *SIZE), "labelled")


def person(left, top, class_id=PLAYER):
    mask = np.zeros(SIZE, bool)
    mask[top : top + 80, left : left + 30] = True
    return Label(class_id, (left, top, left + 30.0, top + 80.0), crop(mask), "labelled")


PERSON = person(60, 60)


def lawn(brightness=1.0):
    return np.full((*SIZE, 3), np.array(GRASS) * brightness, np.uint8)


def data_set(root, ball=ROUND) -> DataSet:
    (root / "images" / "train").mkdir(parents=True)
    image = lawn()
    if ball.mask is not None:
        masks.paste(image[..., 0], ball.mask, 240)
        masks.paste(image[..., 1], ball.mask, 240)
        masks.paste(image[..., 2], ball.mask, 240)
    cv2.imwrite(str(root / "images" / "train" / "a_1.png"), image)
    sample = Sample("a_1.png", SIZE[1], SIZE[0], "train", "a", (PERSON, ball))
    made = DataSet(root, CLASS_NAMES, (), (sample,))
    canonical.save(made)
    return made


def test_a_pasted_ball_is_white_where_its_label_says_and_nowhere_else(tmp_path):
    cutouts = ball_cutouts([data_set(tmp_path / "ds")])
    assert len(cutouts) == 1
    before = lawn()
    picture, labels = paste_balls(before, [PERSON], cutouts, 3, np.random.default_rng(0))
    pasted = labels[1:]
    assert labels[0] is PERSON
    assert len(pasted) == 3
    changed = crop(np.abs(picture.astype(int) - before).max(axis=2) > 90)
    laid = np.zeros(SIZE, np.uint8)
    for ball in pasted:
        assert ball.class_id == BALL
        assert 0.08 * 80 < max(ball.box_px[2] - ball.box_px[0], ball.box_px[3] - ball.box_px[1]) < 0.25 * 80
        masks.paste(laid, ball.mask, 1)
    assert masks.iou(changed, crop(laid > 0)) > 0.75
    assert (before == lawn()).all()  # the frame itself stays as it was


def test_a_pasted_ball_takes_on_the_light_of_its_place(tmp_path):
    cutouts = ball_cutouts([data_set(tmp_path / "ds")])
    rng = np.random.default_rng(1)
    picture, labels = paste_balls(lawn(0.7), [PERSON], cutouts, 1, rng)
    x1, y1, x2, y2 = (int(v) for v in labels[-1].box_px)
    assert picture[(y1 + y2) // 2, (x1 + x2) // 2].mean() == pytest.approx(0.7 * 240, rel=0.1)


def test_no_people_no_cutouts_or_no_fitting_size_change_nothing(tmp_path):
    cutouts = ball_cutouts([data_set(tmp_path / "ds")])
    rng = np.random.default_rng(0)
    image = lawn()
    for labels, some in (([], cutouts), ([ROUND], cutouts), ([PERSON], ())):
        picture, after = paste_balls(image, labels, some, 2, rng)
        assert picture is image
        assert after == tuple(labels)
    huge = [replace(cutouts[0], size_px=500.0)]
    assert paste_balls(image, [PERSON], huge, 2, rng)[1] == (PERSON,)


def test_balls_without_a_mask_or_at_the_edge_are_not_cut_out(tmp_path):
    bare = replace(ROUND, mask=None, mask_source="none")
    at_edge = Label(BALL, (0.0, 50.0, 10.0, 60.0), polygons.ellipse((0, 50, 10, 60), *SIZE), "labelled")
    assert ball_cutouts([data_set(tmp_path / "bare", bare)]) == ()
    assert ball_cutouts([data_set(tmp_path / "edge", at_edge)]) == ()


def test_crops_of_a_data_set_get_more_balls_when_asked(tmp_path):
    data = data_set(tmp_path / "ds")
    settings = CropSettings(size_px=128, scales=(1.0,), per_frame=8, ball_weight=1)
    plain = make_crops([data], tmp_path / "plain", settings)
    more = make_crops([data], tmp_path / "more", replace(settings, paste_balls=3))
    n_plain, n_more = (sum(x.class_id == BALL for s in d.samples for x in s.labels) for d in (plain, more))
    assert n_plain <= 8 < n_more


def test_crops_are_drawn_to_the_rare_roles(tmp_path):
    keeper = person(10, 60, GOALKEEPER)
    others = [person(190, 100), person(195, 90), person(185, 95)]

    def share(weight):
        settings = CropSettings(size_px=64, scales=(1.0,), per_frame=60, rare_weight=weight, min_visible=0.05)
        found = crops_of(lawn(), [keeper, *others], settings, np.random.default_rng(0))
        return np.mean([any(x.class_id == GOALKEEPER for x in labels) for _, labels in found])

    assert share(1.0) < 0.4 < 0.8 < share(30.0)
