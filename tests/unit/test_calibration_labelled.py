import json

import cv2
import numpy as np
import pytest

from pipeline.core.errors import DataSetError
from pipeline.datasets.pitch_labels import magnified, read_labelled

NAME = "m1_3_png.rf.0a1b2c"


def label(x=0.25, marked=(0, 5)):
    points = np.zeros((32, 3))
    for k in marked:
        points[k] = x, 0.5, 2
    return "0 0.5 0.5 1 1 " + " ".join(map(str, points.ravel()))


def data_set(root, pattern="images/val", text=None):
    pictures = root / "set" / pattern
    labels = root / "set" / pattern.replace("images", "labels")
    pictures.mkdir(parents=True)
    labels.mkdir(parents=True)
    cv2.imwrite(str(pictures / f"{NAME}.jpg"), np.full((36, 64, 3), 90, np.uint8))
    (labels / f"{NAME}.txt").write_text(label() if text is None else text)
    return root


@pytest.mark.parametrize("pattern", ["images/val", "val/images"])
def test_both_usual_layouts_are_read(tmp_path, pattern):
    (picture,) = read_labelled(data_set(tmp_path, pattern), "val")
    assert picture.n_keypoints == 2
    assert picture.keypoints[5].tolist() == [0.25, 0.5]
    assert picture.image().shape == (36, 64, 3)
    assert len(picture.feet) == 0


def test_people_of_a_coco_file_are_found_by_the_picture_s_bare_name(tmp_path):
    boxes = tmp_path / "boxes.json"
    image = {"id": 1, "file_name": "m1_3_png.jpg", "width": 200, "height": 100}
    kinds = [{"id": 1, "name": "player"}, {"id": 2, "name": "ball"}]
    found = [{"image_id": 1, "category_id": c, "bbox": [20, 10, 20, 40]} for c in (1, 2)]
    boxes.write_text(json.dumps({"images": [image], "categories": kinds, "annotations": found}))
    (picture,) = read_labelled(data_set(tmp_path), "val", boxes)
    assert picture.feet.tolist() == [[0.15, 0.5]]


def test_a_square_picture_is_widened_again(tmp_path):
    (picture,) = read_labelled(data_set(tmp_path), "val")
    cv2.imwrite(str(picture.path), np.zeros((64, 64, 3), np.uint8))
    assert picture.image().shape == (720, 1280, 3)


@pytest.mark.parametrize(
    ("text", "words"), [("0 0.5 0.5", "3 numbers"), ("0 a b", "expected numbers"), ("", "0 numbers")]
)
def test_a_broken_label_is_named(tmp_path, text, words):
    with pytest.raises(DataSetError, match=words) as caught:
        read_labelled(data_set(tmp_path, text=text), "val")
    assert NAME in str(caught.value)


def test_a_split_that_is_not_there_is_named_with_those_that_are(tmp_path):
    with pytest.raises(DataSetError, match=r"test.*there are val"):
        read_labelled(data_set(tmp_path), "test")
    with pytest.raises(DataSetError, match="no labels"):
        read_labelled(tmp_path / "absent", "val")


def test_a_label_without_its_picture_is_named(tmp_path):
    root = data_set(tmp_path)
    next(root.rglob("*.jpg")).unlink()
    with pytest.raises(DataSetError, match="no picture"):
        read_labelled(root, "val")


@pytest.mark.parametrize("text", ["{", "[]", '{"images": []}'])
def test_boxes_that_are_none_are_named(tmp_path, text):
    (tmp_path / "boxes.json").write_text(text)
    with pytest.raises(DataSetError, match=r"boxes\.json"):
        read_labelled(data_set(tmp_path), "val", tmp_path / "boxes.json")


def test_magnifying_moves_points_with_the_picture():
    image = np.zeros((90, 160, 3), np.uint8)
    image[50, 100] = 255
    larger, points = magnified(image, np.array([[100.0, 50.0], [2.0, 2.0]]), 2.0)
    y, x = np.unravel_index(larger[..., 0].argmax(), larger.shape[:2])
    assert (x, y) == pytest.approx(points[0], abs=1)
    assert (points[1] < 0).all()
