"""Labels that could be misread: the right ones, or one line, and nothing left."""

import json

import cv2
import numpy as np
import pytest

from pipeline.core.errors import DataSetError, OutsideError
from pipeline.datasets.importing import import_dataset

BOX, RING = [40, 20, 20, 50], [40, 20, 60, 20, 60, 70, 40, 70]
MASK = np.zeros((90, 160), np.uint8)
MASK[20:70, 40:60] = 255


def picture(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((90, 160, 3), (40, 140, 60), np.uint8))


def coco(src, mark=(), image=(), **content):
    picture(src / "a_1.png")
    made = {
        "images": [{"id": 1, "file_name": "a_1.png", "width": 160, "height": 90} | dict(image)],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": BOX} | dict(mark)],
        "categories": [{"id": 1, "name": "Spieler"}],
    }
    (src / "x.json").write_text(json.dumps(made | content))
    return "coco"


def yolo(src, line="0 0.3125 0.5 0.125 0.5556", **about):
    picture(src / "images" / "train" / "a_1.png")
    (src / "labels" / "train").mkdir(parents=True)
    (src / "labels" / "train" / "a_1.txt").write_text(line)
    (src / "data.yaml").write_text(json.dumps({"train": "images/train", "names": ["player"]} | about))
    return "yolo"


def labelme(src, **shape):
    picture(src / "a_1.png")
    made = {"label": "player", "points": [[40, 20], [60, 70]], "shape_type": "rectangle"} | shape
    (src / "a_1.json").write_text(json.dumps({"imagePath": "a_1.png", "shapes": [made]}))
    return "labelme"


def masks(src, mask):
    picture(src / "images" / "a_1.png")
    (src / "masks").mkdir()
    cv2.imwrite(str(src / "masks" / "a_1.png"), mask)
    return "masks"


TWICE = [{"id": 1, "file_name": "a_1.png", "width": 160, "height": 90}] * 2
MISREAD = {
    "COCO, shares": (lambda s: coco(s, {"bbox": [0.2, 0.2, 0.1, 0.5]}), "shares of the picture"),
    "COCO, an image twice": (lambda s: coco(s, images=TWICE), "image 1 is there twice"),
    "COCO, a category twice": (
        lambda s: coco(s, categories=[{"id": 1, "name": "player"}, {"id": 1, "name": "ball"}]),
        "category 1 is there twice",
    ),
    "COCO, of no image": (lambda s: coco(s, {"image_id": 9}), "no image has the id 9"),
    "COCO, runs below 0": (
        lambda s: coco(s, {"segmentation": {"size": [90, 160], "counts": [-5, 14405]}}),
        "a run length is negative: -5",
    ),
    "YOLO, pixels": (lambda s: yolo(s, "0 50 45 20 50"), "50 is no share"),
    "LabelMe, no number": (lambda s: labelme(s, points=[[float("nan"), 1], [2, 3]]), "not finite"),
    "LabelMe, a corner": (lambda s: labelme(s, points=[[40, 20]]), "two corners"),
    "masks, black on white": (lambda s: masks(s, 255 - MASK), "is it inverted"),
}


@pytest.mark.parametrize("name", MISREAD)
def test_labels_that_would_mean_something_else_are_one_line(tmp_path, name):
    make, said = MISREAD[name]
    fmt = make(tmp_path / "src")
    with pytest.raises(DataSetError, match=said):
        import_dataset(fmt, tmp_path / "src", tmp_path / "ds", classes={"Spieler": "player"})
    assert [p.name for p in tmp_path.iterdir()] == ["src"]


def test_a_size_that_is_not_said_is_the_picture_s_and_classes_are_mapped_in_any_case(tmp_path):
    fmt = coco(tmp_path / "src", {"segmentation": [RING]}, {"width": None, "height": None})
    made = import_dataset(fmt, tmp_path / "src", tmp_path / "ds", classes={"spieler": "player"})
    label = made.samples[0].labels[0]
    assert label.class_id == 0
    assert label.mask is not None
    assert (made.samples[0].width_px, made.samples[0].height_px) == (160, 90)


@pytest.mark.parametrize("path", ["..", "/", "/etc"])
def test_a_yolo_file_does_not_choose_folders_elsewhere(tmp_path, path):
    fmt = yolo(tmp_path / "src", path=path)
    with pytest.raises(OutsideError, match="leads out of"):
        import_dataset(fmt, tmp_path / "src", tmp_path / "ds")
    assert [p.name for p in tmp_path.iterdir()] == ["src"]


def test_a_yolo_file_may_name_its_own_folder(tmp_path):
    fmt = yolo(tmp_path / "src", path=str(tmp_path / "src"))
    assert len(import_dataset(fmt, tmp_path / "src", tmp_path / "ds").samples[0].labels) == 1
