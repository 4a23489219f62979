"""What an evaluation counts, on scenes whose truth is obvious."""

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest

from pipeline.core.boxes import box_iou
from pipeline.core.masks import crop
from pipeline.core.types import CLASS_NAMES, Instances
from pipeline.datasets import canonical
from pipeline.datasets.canonical import DataSet, Label, Sample
from pipeline.evaluation import segmentation
from pipeline.evaluation.average_precision import average_precisions
from pipeline.evaluation.label_map_iou import class_ious, confusion, paint, people_and_ball
from pipeline.evaluation.matching import (
    EvaluatedPicture,
    boundary_iou,
    calibration,
    calibration_error,
    confident,
    mask_overlaps,
    match,
    panoptic_quality,
    qualities,
    role_confusion,
)
from pipeline.evaluation.segmentation import compare
from pipeline.evaluation.segmentation_page import worst_cases, write_page
from pipeline.evaluation.segmentation_report import EvalSettings

SIZE = (200, 300)
PLAYER, SMALL, REFEREE, BALL = (10, 10, 40, 100), (60, 10, 68, 28), (100, 10, 130, 100), (200, 150, 210, 160)


def block(box):
    mask = np.zeros(SIZE, bool)
    x1, y1, x2, y2 = box
    mask[y1:y2, x1:x2] = True
    return crop(mask)


def label(box, class_id=0, with_mask=True, **other) -> Label:
    mask = block(box) if with_mask else None
    return Label(class_id, tuple(float(v) for v in box), mask, "labelled" if with_mask else "none", **other)


def found(*rows) -> Instances:
    """Rows of (box, class, score)."""
    return Instances(
        0,
        np.array([r[0] for r in rows], np.float32).reshape(-1, 4),
        np.array([r[2] for r in rows], np.float32),
        np.array([r[1] for r in rows], np.int8),
        tuple(block(r[0]) for r in rows),
    )


LABELS = (label(PLAYER), label(SMALL), label(REFEREE, 2), label(BALL, 3))
PERFECT = EvaluatedPicture(
    "a", LABELS, found((PLAYER, 0, 0.9), (SMALL, 0, 0.8), (REFEREE, 2, 0.7), (BALL, 3, 0.6))
)
FLAWED = EvaluatedPicture(
    "b",
    LABELS,
    # The small player is missed, the referee taken for a player, and somebody found who is not there.
    found((PLAYER, 0, 0.9), (REFEREE, 0, 0.7), ((240, 10, 270, 100), 0, 0.5)),
)
EMPTY = EvaluatedPicture("c", (), found())


def people(pictures, band="all"):
    return next(q for q in qualities(pictures, (0, 1, 2), "people", 0.5) if q.band == band)


def test_recall_and_precision_count_people_whatever_their_role():
    assert (people([PERFECT]).recall, people([PERFECT]).precision) == (1, 1)
    assert people([FLAWED]).recall == pytest.approx(2 / 3)
    assert people([FLAWED]).precision == pytest.approx(2 / 3)


def test_bands_go_by_the_height_of_the_label():
    assert people([FLAWED], "< 20 px").recall == 0
    assert people([FLAWED], "< 30 px").n_labelled == 1
    assert people([FLAWED], "> 80 px").recall == 1


def test_nothing_labelled_or_found_is_unknown_not_zero():
    assert np.isnan(people([EMPTY]).recall)
    assert np.isnan(people([]).precision)
    assert np.isnan(panoptic_quality([EMPTY], 0))
    assert np.isnan(calibration_error(calibration([EMPTY])))


def test_roles_are_compared_among_those_found():
    assert role_confusion([PERFECT]).tolist() == [[2, 0, 0], [0, 0, 0], [0, 0, 1]]
    assert role_confusion([FLAWED]).tolist() == [[1, 0, 0], [0, 0, 0], [1, 0, 0]]


def test_a_label_is_given_away_once_and_to_the_surest():
    overlap = box_iou(np.array([PLAYER]), np.array([PLAYER, PLAYER]))
    assert match(overlap, np.array([0.3, 0.8]), 0.5).tolist() == [[0, 1]]
    assert match(np.zeros((0, 2)), np.array([0.5, 0.4]), 0.5).shape == (0, 2)


def test_crowd_regions_excuse_what_is_found_inside():
    crowd = EvaluatedPicture("d", (label((200, 0, 300, 120), crowd=True),), FLAWED.found)
    assert people([crowd]).n_found == 2


def test_masks_and_rims_are_compared_pair_by_pair():
    ious = [row[2:4] for row in mask_overlaps([PERFECT])]
    assert ious == [(1.0, 1.0)] * 4
    shifted = boundary_iou(block((10, 10, 40, 40)), block((12, 10, 42, 40)))
    assert 0.1 < shifted < 0.5


def test_panoptic_quality_is_overlap_times_f1():
    assert panoptic_quality([PERFECT], 0) == 1
    # One of two players found, one false and one (the referee) mistaken: 1 / (1 + 2 / 2 + 1 / 2).
    assert panoptic_quality([FLAWED], 0) == pytest.approx(0.4)
    without = EvaluatedPicture("e", (label(PLAYER, with_mask=False),), found((PLAYER, 0, 0.9)))
    assert np.isnan(panoptic_quality([without], 0))


def test_a_network_that_is_right_as_often_as_it_says_is_calibrated():
    bins = calibration([PERFECT, FLAWED])
    assert bins[:, 0].sum() == 6
    sure = EvaluatedPicture("f", (label(PLAYER),), found((PLAYER, 0, 0.999)))
    assert calibration_error(calibration([sure])) < 0.01


def test_unsure_balls_and_people_have_limits_of_their_own():
    kept = confident(PERFECT.found, 0.75, 0.5)
    assert kept.class_id.tolist() == [0, 0, 3]


def test_average_precision_is_that_of_pycocotools():
    rows = {(a.what, a.kind): a for a in average_precisions([PERFECT, FLAWED, EMPTY], [SIZE] * 3)}
    assert rows["referee", "bbox"].ap == pytest.approx(0.504950, abs=1e-5)  # half found: 51 of 101 recalls
    assert rows["player", "segm"].ap50 == pytest.approx(rows["player", "bbox"].ap50)
    perfect = average_precisions([PERFECT], [SIZE])
    assert all(a.ap == pytest.approx(1) for a in perfect)
    assert all(a.ap == 0 for a in average_precisions([replace(PERFECT, found=found())], [SIZE]))


def test_labels_without_masks_are_ignored_by_mask_precision():
    p = EvaluatedPicture(
        "g", (label(PLAYER), label(REFEREE, with_mask=False)), found((PLAYER, 0, 0.5), (REFEREE, 0, 0.9))
    )
    rows = {(a.what, a.kind): a for a in average_precisions([p], [SIZE])}
    assert rows["player", "segm"].ap == pytest.approx(1)


def test_label_maps_are_compared_by_class_without_the_void():
    truth = np.array([[0, 0, 1, 1, 255]], np.uint8)
    counts = confusion(truth, np.array([[0, 1, 1, 1, 1]], np.uint8), 3)
    ious = class_ious(counts)
    assert ious[:2].tolist() == [0.5, pytest.approx(2 / 3)]
    assert np.isnan(ious[2])
    painted = paint(PERFECT.found, *SIZE)
    assert (painted[50, 20], painted[155, 205], painted[0, 0]) == (1, 2, 0)
    assert people_and_ball(np.array([[0, 1, 2, 255]], np.uint8), ("pitch", "referee", "ball")).tolist() == [
        [0, 1, 2, 255]
    ]
    with pytest.raises(ValueError, match="differ in size"):
        confusion(truth, truth[:, :2], 3)


def data_set(root) -> DataSet:
    folder = root / "images" / "val"
    folder.mkdir(parents=True)
    samples = []
    for p in (PERFECT, FLAWED, EMPTY):
        cv2.imwrite(str(folder / f"{p.name}.png"), np.full((*SIZE, 3), 90, np.uint8))
        samples.append(Sample(f"{p.name}.png", SIZE[1], SIZE[0], "val", "m", p.labels))
    made = DataSet(root, CLASS_NAMES, (), tuple(samples))
    canonical.save(made)
    return made


def test_the_report_and_its_page_tell_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(segmentation, "weights_fingerprint", lambda _: "0" * 64)
    made = data_set(tmp_path / "ds")
    pictures = [PERFECT, FLAWED, EMPTY]
    report = compare("net.pt", made, made.samples, pictures, EvalSettings())
    assert report.quality("people").recall == pytest.approx(5 / 6)
    assert report.role_right == pytest.approx(4 / 5)
    assert json.loads(json.dumps(report.as_json()))["role_right"] == pytest.approx(4 / 5)
    write_page(tmp_path / "page.html", report, made, made.samples, pictures)
    text = (tmp_path / "page.html").read_text()
    assert "Roles: 0.800 right" in text
    assert "missed player, 18 px high" in text


def test_the_worst_come_first():
    cases = worst_cases([PERFECT, FLAWED])
    assert [c[3] for c in cases["False people"]] == ["player that nobody labelled, score 0.50"]
    assert [c[1] for c in cases["Wrong role"]] == [1]
    assert [c[0] for c in cases["Missed balls"]] == [10]


def test_an_empty_split_is_told(tmp_path):
    made = data_set(tmp_path / "ds")
    with pytest.raises(canonical.DataSetError, match="no pictures in train"):
        segmentation.evaluate("football-seg-n", made, split="train")
