"""What is wrong with a data set is found; what is right is left alone."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.core.errors import DataSetError
from pipeline.core.masks import crop
from pipeline.core.types import CLASS_NAMES
from pipeline.datasets import canonical
from pipeline.datasets.canonical import DataSet, Label, Sample
from pipeline.datasets.check_page import write_page
from pipeline.datasets.checking import band_name, check_dataset, picture_hash
from pipeline.datasets.drawing import draw

SIZE = (120, 160)


def block(x1: int, y1: int, x2: int, y2: int):
    mask = np.zeros(SIZE, bool)
    mask[y1:y2, x1:x2] = True
    return crop(mask)


def person(x1: int, y1: int, x2: int, y2: int, class_id: int = 0, **other) -> Label:
    values = {"mask": block(x1, y1, x2, y2), "mask_source": "labelled"} | other
    return Label(class_id, (float(x1), float(y1), float(x2), float(y2)), **values)


def dataset(root: Path, train: list[Label], val: list[Label], same_picture: bool = False, groups=("a", "b")):
    samples = []
    for i, (split, labels, group) in enumerate((("train", train, groups[0]), ("val", val, groups[1]))):
        picture = np.random.default_rng(0 if same_picture else i).integers(0, 255, (*SIZE, 3), dtype=np.uint8)
        folder = root / "images" / split
        folder.mkdir(parents=True)
        cv2.imwrite(str(folder / f"{group}_1.png"), picture)
        samples.append(Sample(f"{group}_1.png", SIZE[1], SIZE[0], split, group, tuple(labels)))
    made = DataSet(root, CLASS_NAMES, (), tuple(samples))
    canonical.save(made)
    return made


def kinds(report) -> set[str]:
    return {f.kind for f in report.findings} - {"class is rare"}


def test_a_sound_data_set_has_nothing_to_mend(tmp_path):
    made = dataset(tmp_path, [person(10, 10, 30, 60)], [person(50, 10, 70, 60)])
    report = check_dataset(made)
    assert kinds(report) == set()
    assert report.serious == ()
    assert report.counts == {("train", "player", "40-80 px"): 1, ("val", "player", "40-80 px"): 1}


FAULTS = {
    "empty mask": person(10, 10, 10, 60, mask=None, mask_source="none"),
    "box without mask": person(10, 10, 30, 60, mask=None, mask_source="none"),
    "box outside the picture": person(10, 10, 30, 60, mask=None, mask_source="none", crowd=False),
    "box and mask disagree": person(10, 10, 30, 60, mask=block(10, 10, 14, 20)),
    "doubtful mask": person(10, 10, 30, 60, mask_source="doubtful", mask_score=0.2),
    "two people in one mask": person(10, 10, 150, 60),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_each_fault_is_found(tmp_path, kind):
    fault = FAULTS[kind]
    if kind == "box outside the picture":
        fault = Label(0, (140.0, 10.0, 190.0, 60.0), None, "none")
    report = check_dataset(dataset(tmp_path, [fault], [person(50, 10, 70, 60)]))
    assert kind in kinds(report)


def test_crumbs_duplicates_and_overlaps_are_found(tmp_path):
    crumbs = np.zeros(SIZE, bool)
    crumbs[10:60:10, 10:30] = True
    labels = [
        person(10, 10, 30, 51, mask=crop(crumbs)),
        person(100, 10, 120, 60),
        person(100, 10, 120, 60),
        person(60, 10, 90, 60),
        person(70, 10, 95, 60, class_id=2),
    ]
    report = check_dataset(dataset(tmp_path, labels, []))
    assert {"mask in many pieces", "labelled twice", "overlapping masks"} <= kinds(report)


def test_a_match_or_a_picture_on_both_sides_is_a_leak(tmp_path):
    made = dataset(tmp_path, [person(10, 10, 30, 60)], [person(50, 10, 70, 60)], True, ("a", "a"))
    report = check_dataset(made)
    assert {"match in both splits", "same picture in both splits"} <= {f.kind for f in report.serious}


def test_an_unreadable_picture_is_told_and_not_fatal(tmp_path):
    made = dataset(tmp_path, [person(10, 10, 30, 60)], [])
    (tmp_path / "images/train/a_1.png").write_bytes(b"not a picture")
    report = check_dataset(made)
    assert "unreadable picture" in kinds(report)
    write_page(made, report, tmp_path / "check.html")
    with pytest.raises(DataSetError, match=r"a_1.png"):
        made.image(made.samples[0])


def test_the_page_shows_findings_and_samples(tmp_path):
    made = dataset(tmp_path, [FAULTS["doubtful mask"], FAULTS["box without mask"]], [person(50, 10, 70, 60)])
    write_page(made, check_dataset(made), tmp_path / "check.html")
    text = (tmp_path / "check.html").read_text()
    assert "doubtful mask: 1" in text
    assert text.count("<img") >= 4
    assert "http" not in text


def test_an_empty_data_set_is_only_short_of_pictures(tmp_path):
    made = DataSet(tmp_path, CLASS_NAMES, (), ())
    canonical.save(made)
    assert kinds(check_dataset(canonical.load(tmp_path))) == {"no validation"}


def test_compression_hardly_changes_a_picture_hash():
    # Smooth, as footage is: noise enlarged.
    noise = np.random.default_rng(1).integers(0, 255, (9, 16, 3), dtype=np.uint8)
    picture = cv2.resize(noise, (640, 360), interpolation=cv2.INTER_CUBIC)
    packed = cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], 1)
    apart = np.unpackbits(picture_hash(picture) ^ picture_hash(packed)).sum()
    other = np.unpackbits(picture_hash(picture) ^ picture_hash(np.roll(picture, 80, axis=1))).sum()
    assert apart <= 8 < other


def test_bands_have_names_people_read():
    assert [band_name(h) for h in (5, 20, 79.9, 300)] == ["< 20 px", "20-40 px", "40-80 px", "> 80 px"]


def test_a_box_that_lies_absurdly_far_out_can_be_shown():
    picture = np.zeros((40, 60, 3), np.uint8)
    for box in ((10.0, 1e12, 30.0, 2e12), (-1e30, -1e30, 20.0, 20.0)):
        shown = draw(picture, [Label(0, box, None, "none")])
        assert shown.shape == picture.shape
    assert shown[20, 10].any()
