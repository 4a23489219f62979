"""Every format comes out as the same data set."""

import base64
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml

from pipeline.core import masks, rle
from pipeline.core.errors import DataSetError
from pipeline.datasets import canonical, polygons
from pipeline.datasets.importing import SplitRule, divide, import_dataset

SIZE = (60, 80)
TRUTH = np.zeros((2, *SIZE), bool)
TRUTH[0, 10:40, 5:20] = True
TRUTH[0, 20:25, 10:14] = False
TRUTH[1, 30:60, 20:33] = True  # touches the first and the image's border


def write_images(folder: Path, names=("m1_1.png", "m2_1.png")) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        cv2.imwrite(str(folder / name), np.full((*SIZE, 3), (40, 140, 60), np.uint8))


def coco(src: Path, as_rle: bool) -> None:
    write_images(src / "images")
    annotations = []
    for image_id in (1, 2):
        for i, truth in enumerate(TRUTH):
            mask = masks.crop(truth)
            x1, y1, x2, y2 = polygons.box_of(mask)
            seg = rle.to_coco(mask, *SIZE) if as_rle else [polygons.one_outline(mask).ravel().tolist()]
            annotations.append(
                {"id": len(annotations), "image_id": image_id, "category_id": i + 1, "iscrowd": 0}
                | {"bbox": [x1, y1, x2 - x1, y2 - y1], "segmentation": seg}
            )
    content = {
        "images": [{"id": i, "file_name": f"m{i}_1.png", "width": 80, "height": 60} for i in (1, 2)],
        "categories": [{"id": 1, "name": "person"}, {"id": 2, "name": "Referee"}],
        "annotations": annotations,
    }
    (src / "all.json").write_text(json.dumps(content))


def yolo(src: Path) -> None:
    for split, name in (("train", "m1_1.png"), ("valid", "m2_1.png")):
        write_images(src / split / "images", (name,))
        labels = src / split / "labels"
        labels.mkdir()
        lines = []
        for i, truth in enumerate(TRUTH):
            ring = polygons.one_outline(masks.crop(truth)) / [80, 60]
            lines.append(f"{i} " + " ".join(f"{v:.6f}" for v in ring.ravel()))
        (labels / name).with_suffix(".txt").write_text("\n".join(lines))
    content = {"train": "../train/images", "val": "../valid/images", "names": ["player", "referee"]}
    (src / "data.yaml").write_text(yaml.safe_dump(content))


def labelme(src: Path) -> None:
    write_images(src)
    for i in (1, 2):
        first = cv2.imencode(".png", TRUTH[0, 10:40, 5:20].astype(np.uint8) * 255)[1].tobytes()
        shapes = [
            {"label": "player", "shape_type": "mask", "points": [[5, 10], [19, 39]]}
            | {"mask": base64.b64encode(first).decode()},
            {"label": "referee", "points": [[20, 30], [33, 30], [33, 60], [20, 60]], "shape_type": "polygon"},
        ]
        content = {"imagePath": f"m{i}_1.png", "imageHeight": 60, "imageWidth": 80, "shapes": shapes}
        (src / f"m{i}_1.json").write_text(json.dumps(content))


def voc(src: Path) -> None:
    write_images(src / "JPEGImages")
    classes = np.where(TRUTH[0], 1, np.where(TRUTH[1], 2, 0)).astype(np.uint8)
    colours = np.array([[0, 0, 0], [200, 0, 0], [0, 200, 0]], np.uint8)  # RGB
    for kind in ("SegmentationClass", "SegmentationObject"):
        (src / kind).mkdir()
        for i in (1, 2):
            cv2.imwrite(str(src / kind / f"m{i}_1.png"), colours[classes][..., ::-1])
    (src / "labelmap.txt").write_text(
        "# label:color_rgb:parts:actions\nbackground:0,0,0::\nplayer:200,0,0::\nreferee:0,200,0::\n"
    )


def binary(src: Path) -> None:
    write_images(src / "images")
    for i in (1, 2):
        folder = src / "masks" / f"m{i}_1"
        folder.mkdir(parents=True)
        cv2.imwrite(str(folder / "player_1.png"), TRUTH[0].astype(np.uint8) * 255)
        cv2.imwrite(str(folder / "referee_1.png"), TRUTH[1].astype(np.uint8) * 255)


def label_map(src: Path) -> None:
    write_images(src / "images")
    (src / "labels").mkdir()
    values = np.where(TRUTH[0], 4, np.where(TRUTH[1], 9, 1)).astype(np.uint8)
    values[0, 0] = 0
    for i in (1, 2):
        cv2.imwrite(str(src / "labels" / f"m{i}_1.png"), values)
    names = {0: "_unlabelled", 1: "Ground", 4: "Team A (white)", 9: "Referee"}
    (src / "classes.json").write_text(json.dumps(names))


MAKERS = {
    "coco run lengths": ("coco", lambda s: coco(s, True)),
    "coco polygons": ("coco", lambda s: coco(s, False)),
    "yolo": ("yolo", yolo),
    "labelme": ("labelme", labelme),
    "voc": ("voc", voc),
    "masks": ("masks", binary),
    "labelmap": ("labelmap", label_map),
}


@pytest.mark.parametrize(("fmt", "make"), MAKERS.values(), ids=MAKERS.keys())
def test_every_format_gives_the_same_masks_and_classes(tmp_path, fmt, make):
    src, out = tmp_path / "src", tmp_path / "ds"
    src.mkdir()
    make(src)
    import_dataset(fmt, src, out, rule=SplitRule(val_groups=("m2",)))
    dataset = canonical.load(out)
    assert dataset.class_names == ("player", "goalkeeper", "referee", "ball")
    assert {(s.split, s.group) for s in dataset.samples} == {("train", "m1"), ("val", "m2")}
    for sample in dataset.samples:
        assert dataset.image(sample).shape == (*SIZE, 3)
        found = {label.class_id: label for label in sample.labels}
        assert sorted(found) == [0, 2]
        for class_id, truth in zip((0, 2), TRUTH, strict=True):
            assert masks.iou(found[class_id].mask, masks.crop(truth)) == 1.0
            assert found[class_id].box_px == pytest.approx(polygons.box_of(masks.crop(truth)))
        lines = (out / "labels" / sample.split / f"{sample.stem}.txt").read_text().splitlines()
        assert len(lines) == 2


def test_the_written_yolo_labels_import_to_the_same_data_set(tmp_path):
    coco(tmp_path / "src", True)
    first = import_dataset("coco", tmp_path / "src", tmp_path / "a", rule=SplitRule(val_groups=("m2",)))
    second = import_dataset("yolo", tmp_path / "a", tmp_path / "b")
    for one, other in zip(first.samples, second.samples, strict=True):
        assert one.split == other.split
        for a, b in zip(one.labels, other.labels, strict=True):
            assert (a.class_id, masks.iou(a.mask, b.mask)) == (b.class_id, 1.0)


def test_a_label_map_keeps_scenery_and_void_team_agnostic(tmp_path):
    label_map(tmp_path / "src")
    dataset = import_dataset("labelmap", tmp_path / "src", tmp_path / "ds")
    values = dataset.label_map(dataset.samples[0])
    names = dataset.semantic_names
    assert set(names) == {"pitch", "player", "referee"}
    assert values[0, 0] == canonical.VOID
    assert names[values[0, 1]] == "pitch"
    assert names[values[15, 6]] == "player"
    assert "masks_dir: semantic" in (tmp_path / "ds" / "semantic.yaml").read_text()


def test_boxes_without_masks_stay_boxes_but_a_ball_is_round(tmp_path):
    src = tmp_path / "src"
    write_images(src, ("m1_1.png",))
    shapes = [
        {"label": "player", "shape_type": "rectangle", "points": [[5, 10], [20, 40]]},
        {"label": "ball", "shape_type": "rectangle", "points": [[40, 40], [50, 50]]},
    ]
    (src / "m1_1.json").write_text(json.dumps({"imagePath": "m1_1.png", "shapes": shapes}))
    (sample,) = import_dataset("labelme", src, tmp_path / "ds").samples
    player, ball = sample.labels
    assert (player.mask, player.mask_source) == (None, "none")
    assert masks.area(ball.mask) == pytest.approx(np.pi * 25, rel=0.05)


def test_matches_are_never_divided(tmp_path):
    files = [(f"m{i % 5}_{i}.jpg", None) for i in range(50)]
    sides = {}
    for split, group in divide(files, SplitRule()):
        assert sides.setdefault(group, split) == split
    assert set(sides.values()) == {"train", "val"}
    assert divide([], SplitRule()) == []
    assert divide([("only_1.jpg", None)], SplitRule()) == [("train", "only")]


def test_an_unknown_class_is_told_and_can_be_mapped_or_dropped(tmp_path):
    labelme(tmp_path / "src")
    for file in (tmp_path / "src").glob("*.json"):
        file.write_text(file.read_text().replace("referee", "corner flag"))
    with pytest.raises(DataSetError, match="'corner flag': say what it is"):
        import_dataset("labelme", tmp_path / "src", tmp_path / "ds")
    mapped = import_dataset("labelme", tmp_path / "src", tmp_path / "a", classes={"corner flag": "flag"})
    assert mapped.class_names[4:] == ("flag",)
    dropped = import_dataset("labelme", tmp_path / "src", tmp_path / "b", classes={"corner flag": ""})
    assert all(len(s.labels) == 1 for s in dropped.samples)


@pytest.mark.parametrize(
    "change", [{"shapes": ["player"]}, {"imageHeight": "high"}, {"shapes": 3}, {"imageHeight": [1]}]
)
def test_a_labelme_file_with_other_things_in_it_is_named(tmp_path, change):
    labelme(tmp_path / "src")
    file = sorted((tmp_path / "src").rglob("*.json"))[0]
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(DataSetError, match=f"{file.name}: not as LabelMe writes it"):
        import_dataset("labelme", tmp_path / "src", tmp_path / "ds")
    assert not (tmp_path / "ds").exists()


@pytest.mark.parametrize("fmt", ["coco", "voc", "yolo", "labelme", "masks", "labelmap"])
def test_an_empty_folder_is_told_in_one_line(tmp_path, fmt):
    (tmp_path / "src").mkdir()
    with pytest.raises(DataSetError) as error:
        import_dataset(fmt, tmp_path / "src", tmp_path / "ds")
    assert "\n" not in str(error.value)
    assert not (tmp_path / "ds").exists()


def test_a_full_target_and_a_missing_source_are_told(tmp_path):
    (tmp_path / "ds").mkdir()
    (tmp_path / "ds" / "x").touch()
    with pytest.raises(DataSetError, match="not empty"):
        import_dataset("coco", tmp_path, tmp_path / "ds")
    with pytest.raises(DataSetError, match="nothing here"):
        import_dataset("coco", tmp_path / "gone", tmp_path / "new")
    with pytest.raises(DataSetError, match="no annotations"):
        canonical.load(tmp_path / "gone")
