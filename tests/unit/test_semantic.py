"""Semantic networks: classes of several data sets as one, crops of label maps, training, measuring."""

import json

import cv2
import numpy as np
import pytest
from semantic_nets import CLASSES, sure_of

from pipeline.core import masks
from pipeline.core.errors import DataSetError, RunError, WeightsError
from pipeline.core.masks import crop
from pipeline.core.types import CLASS_NAMES
from pipeline.datasets import canonical
from pipeline.datasets.canonical import VOID, DataSet, Label, Sample
from pipeline.datasets.checking import check_dataset
from pipeline.datasets.semantic_classes import class_table, common_classes, palette, tint
from pipeline.evaluation.segmentation_report import EvalSettings
from pipeline.evaluation.semantic import border_counts, evaluate_semantic
from pipeline.evaluation.semantic_report import SemanticReport
from pipeline.networks import letterbox
from pipeline.networks.convert import load_torch
from pipeline.networks.semantic_network import SemanticNet, strongest
from pipeline.networks.weights import Weights, resolve, task_of
from pipeline.training.segmentation.crops import CropSettings, cut_map
from pipeline.training.segmentation.semantic_crops import make_semantic_crops
from pipeline.training.segmentation.settings import TrainSettings
from pipeline.training.segmentation.training import train

SIZE = (90, 120)
NAMES = ("pitch", "player", "crowd")
RENDERED = ("pitch", "line", "board", "outside", "player", "referee", "ball")
TRUSTED = EvalSettings(imgsz=160, device="cpu", trust_weights=True)


def person(x: int) -> Label:
    mask = np.zeros(SIZE, bool)
    mask[20:70, x : x + 20] = True
    return Label(0, (float(x), 20.0, x + 20.0, 70.0), crop(mask), "labelled")


def label_map() -> np.ndarray:
    """Grass below, crowd in the upper third, a player 20 px wide and 50 high."""
    values = np.zeros(SIZE, np.uint8)
    values[:30] = NAMES.index("crowd")
    values[20:70, 20:40] = NAMES.index("player")
    return values


def data_set(root, values=None, names=NAMES, labels=None) -> DataSet:
    """One picture in each split; without ``values`` there are no label maps."""
    labels = (person(20),) if labels is None else labels
    samples = []
    for split in ("train", "val"):
        picture = np.full((*SIZE, 3), (40, 140, 60), np.uint8)
        for label in labels:
            masks.paste(picture[..., 2], label.mask, 220)
        path = root / "images" / split / f"{split}_1.png"
        path.parent.mkdir(parents=True)
        cv2.imwrite(str(path), picture)
        if values is not None:
            canonical.write_label_map(root / "semantic" / split / f"{split}_1.png", values)
        samples.append(Sample(path.name, SIZE[1], SIZE[0], split, split, labels, values is not None))
    made = DataSet(root, CLASS_NAMES, names if values is not None else (), tuple(samples))
    canonical.save(made)
    return made


def test_what_one_data_set_does_not_tell_apart_counts_as_the_whole():
    assert common_classes([RENDERED]) == ("pitch", "line", "people", "ball", "board", "outside")
    assert common_classes([RENDERED, NAMES]) == ("pitch", "people", "ball", "outside")
    assert common_classes([RENDERED, ("people", "ball")]) == common_classes([RENDERED])
    assert common_classes([("pitch", "corner flag")]) == ("pitch", "corner flag")
    assert common_classes([]) == ()


def test_values_without_a_class_are_void():
    table = class_table(RENDERED, ("pitch", "people", "outside"))
    assert table[: len(RENDERED)].tolist() == [0, 0, 2, 2, 1, 1, VOID]
    assert (table[len(RENDERED) :] == VOID).all()


def test_crops_of_label_maps_keep_classes_and_lie_as_the_picture_does():
    values = label_map() * 100
    for corner, scale in (((0.0, 0.0), 0.5), ((10.3, 5.8), 1.0), ((20.0, 20.0), 2.0), ((-30.0, 60.0), 0.7)):
        part = cut_map(values, np.array(corner), scale, 64)
        assert set(np.unique(part)) <= {0, 100, 200, VOID}
        at = (np.array([30.0, 45.0]) - corner) * scale
        if (at < 63).all() and (at > 0).all():
            assert part[int(at[1]), int(at[0])] == 100
    beyond = cut_map(values, np.array([-30.0, 60.0]), 0.7, 64)
    assert (beyond[:, :18] == VOID).all()
    assert (beyond[25:] == VOID).all()


def test_a_data_set_without_label_maps_teaches_its_masks_and_nothing_else(tmp_path):
    full = data_set(tmp_path / "full", label_map())
    guess = Label(0, (80.0, 20.0, 100.0, 70.0), person(80).mask, "doubtful", 0.2)
    part = data_set(tmp_path / "part", labels=(person(50), guess))
    made = make_semantic_crops([full, part], tmp_path / "out")
    assert made.semantic_names == ("pitch", "people", "ball", "outside")
    whole, only_masks = (made.label_map(s) for s in made.split("train"))
    assert (whole == made.semantic_names.index("people")).sum() == 50 * 20
    assert set(np.unique(only_masks)) == {made.semantic_names.index("people"), VOID}
    assert (only_masks == 1).sum() == 50 * 20
    cut = make_semantic_crops([full, part], tmp_path / "cut", CropSettings(size_px=64, per_frame=2))
    assert len(cut.split("train")) == 2 * 2 * 2
    assert all(cut.label_map(s).shape == cut.image(s).shape[:2] == (64, 64) for s in cut.samples)


def test_pasted_balls_are_in_the_label_map_too(tmp_path):
    ball = np.zeros(SIZE, bool)
    ball[60:68, 60:68] = True
    values = label_map()
    values[ball] = 3
    labels = (person(20), Label(3, (60.0, 60.0, 68.0, 68.0), crop(ball), "labelled"))
    full = data_set(tmp_path / "full", values, (*NAMES, "ball"), labels)

    def ball_px(n, name):
        made = make_semantic_crops([full], tmp_path / name, CropSettings(96, (1.0,), 8, paste_balls=n))
        value = made.semantic_names.index("ball")
        return sum(int((made.label_map(s) == value).sum()) for s in made.split("train"))

    assert ball_px(3, "pasted") > ball_px(0, "plain") > 0


def test_without_any_label_map_there_is_nothing_to_train_on(tmp_path):
    full, part = data_set(tmp_path / "full", label_map()), data_set(tmp_path / "part")
    bare = data_set(tmp_path / "bare", labels=())
    for sets, message in (([part], "no label map in train"), ([full, bare], "nothing to learn from")):
        with pytest.raises(DataSetError, match=message):
            make_semantic_crops(sets, tmp_path / "out")
        assert not (tmp_path / "out").exists()
    canonical.write_label_map(full.root / "semantic" / "train" / "train_1.png", label_map()[:50])
    with pytest.raises(DataSetError, match="another size"):
        make_semantic_crops([full], tmp_path / "out")


def test_label_maps_that_cannot_be_used_are_found(tmp_path):
    made = data_set(tmp_path / "ds", label_map())
    path = made.root / "semantic" / "train" / "train_1.png"

    def findings():
        report = check_dataset(made)
        return [(f.kind, f in report.serious) for f in report.findings if "map" in f.kind]

    assert findings() == []
    cases = {
        "unusable label map": (label_map()[:50], label_map() + 7),
        "label map says nothing": (np.full(SIZE, VOID, np.uint8),),
    }
    for kind, maps in cases.items():
        for values in maps:
            canonical.write_label_map(path, values)
            assert findings() == [(kind, kind == "unusable label map")]
    path.unlink()
    assert findings() == [("unusable label map", True)]


def test_the_loss_ignores_void():
    import torch
    from ultralytics.nn.tasks import SemanticSegmentationModel

    from pipeline.training.segmentation.semantic_trainer import SparseLoss

    model = SemanticSegmentationModel("yolo26n-sem.yaml", nc=3, verbose=False)
    model.args = {}
    loss = SparseLoss(model)
    logits = torch.zeros(1, 3, 4, 4)
    logits[:, 1, :, :2] = 20.0
    labels = torch.full((1, 32, 32), VOID, dtype=torch.int32)
    labels[:, :, :12] = 1
    with torch.autocast("cpu", dtype=torch.bfloat16):
        right, items = loss(logits, {"semantic_mask": labels})
    assert right.dtype == torch.float32
    assert float(items["ce_loss"]) < 1e-3
    labels[:, :, :12] = 2
    assert float(loss(logits, {"semantic_mask": labels})[1]["ce_loss"]) > 10


@pytest.mark.slow
def test_a_killed_semantic_training_goes_on_and_its_network_can_be_measured(tmp_path):
    values = np.zeros(SIZE, np.uint8)
    values[:30], values[20:70, 20:40] = RENDERED.index("outside"), RENDERED.index("player")
    sets = [data_set(tmp_path / "a", values, RENDERED), data_set(tmp_path / "b")]
    small = {"imgsz": 64, "batch": 2, "crop_px": 64, "crops_per_frame": 1, "threads": 1, "workers": 0}
    tiny = TrainSettings("semantic", epochs=2, device="cpu", **small)

    def kill(done, _):
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(sets, tmp_path / "run", tiny, progress=kill)
    result = train(sets, tmp_path / "run", tiny, resume=True)
    assert result.n_epochs == 2
    assert "mIoU" in result.curves.read_text()
    assert task_of(resolve(str(result.last), trust=True)) == "semantic"
    begun = first_layer(resolve("football-seg-n"))
    assert np.abs(first_layer(resolve(str(result.last), trust=True)) - begun).max() < 0.05, "started from it"
    report = evaluate_semantic(str(result.last), sets[0], settings=TRUSTED, page=tmp_path / "page.html")
    assert report.classes == ("pitch", "line", "people", "ball", "board", "outside")
    assert report.counts.sum() == SIZE[0] * SIZE[1]
    with pytest.raises(WeightsError, match="cannot start from it"):
        train([sets[1]], tmp_path / "other", TrainSettings(start=str(result.last), trust_weights=True))
    assert not (tmp_path / "other").exists()
    with pytest.raises(RunError, match="finished"):
        train(sets, tmp_path / "run", tiny, resume=True)


def first_layer(weights: Weights) -> np.ndarray:
    from pipeline.networks.convert import read_checkpoint

    return next(read_checkpoint(weights.path).parameters()).detach().numpy()


def test_borders_are_compared_within_a_tolerance():
    truth = np.zeros((40, 60), np.uint8)
    truth[:, 30:] = 1
    assert border_counts(truth, truth, 2).tolist() == [[40, 40, 40, 40]] * 2
    near = np.zeros_like(truth)
    near[:, 32:] = 1
    assert border_counts(truth, near, 2).tolist() == [[40, 40, 40, 40]] * 2
    shifted = np.zeros_like(truth)
    shifted[:, 36:] = 1
    assert border_counts(truth, shifted, 2).tolist() == [[40, 0, 40, 0]] * 2
    assert border_counts(truth, np.zeros_like(truth), 2).tolist() == [[0, 0, 40, 0]] * 2
    assert border_counts(np.full_like(truth, VOID), shifted, 2).tolist() == [[0, 0, 0, 0]] * 2
    half = truth.copy()
    half[:20] = VOID
    n_found, n_right, n_true, n_hit = border_counts(half, truth, 2)[1]
    assert n_found == n_right == n_true == n_hit == 40 - 20 - 3


def test_numbers_of_a_hand_made_case():
    counts = np.array([[60, 20, 0], [0, 20, 0], [0, 0, 0]])
    borders = np.array([[10, 5, 10, 5], [10, 0, 10, 0], [0, 0, 0, 0]])
    report = SemanticReport("w", "0", "d", "0", 1, ("pitch", "people", "ball"), counts, borders)
    assert report.iou[:2].tolist() == [0.75, 0.5]
    assert np.isnan(report.iou[2])
    assert report.mean_iou == 0.625
    assert report.pixel_accuracy == 0.8
    assert report.boundary_f[:2].tolist() == [0.5, 0.0]
    assert np.isnan(report.boundary_f[2])
    assert report.as_json()["iou"] == {"pitch": 0.75, "people": 0.5, "ball": None}
    empty = SemanticReport("w", "0", "d", "0", 0, ("pitch",), np.zeros((1, 1), int), np.zeros((1, 4), int))
    assert np.isnan([empty.mean_iou, empty.pixel_accuracy]).all()
    json.dumps(empty.as_json(), allow_nan=False)


def test_a_network_is_measured_in_the_classes_that_it_shares_with_the_data(tmp_path):
    values = label_map()
    values[80:] = VOID
    made = data_set(tmp_path / "ds", values)
    weights = sure_of("pitch", tmp_path / "w.pt")
    page = tmp_path / "page.html"
    report = evaluate_semantic(str(weights), made, settings=TRUSTED, page=page)
    assert report.classes == ("pitch", "people", "ball", "outside")
    n_all, n_people = 80 * 120, 50 * 20
    n_outside = 30 * 120 - 10 * 20
    n_pitch = n_all - n_people - n_outside
    assert report.counts[:, 0].tolist() == [n_pitch, n_people, 0, n_outside]
    assert report.pixel_accuracy == n_pitch / n_all
    assert report.mean_iou == pytest.approx(n_pitch / n_all / 3), "the ball is nowhere labelled"
    assert "What is taken for what" in page.read_text()
    assert json.loads(page.with_suffix(".json").read_text())["n_pictures"] == 1


def test_what_cannot_be_measured_is_told(tmp_path):
    weights = str(sure_of("pitch", tmp_path / "w.pt"))
    with pytest.raises(DataSetError, match="no label maps in val"):
        evaluate_semantic(weights, data_set(tmp_path / "ds"), settings=TRUSTED)
    with pytest.raises(DataSetError, match="no label maps in val"):
        evaluate_semantic(weights, DataSet(tmp_path, CLASS_NAMES, (), ()), settings=TRUSTED)
    with pytest.raises(WeightsError, match="not a semantic network"):
        SemanticNet.open(resolve("football-seg-n"))
    broken = tmp_path / "broken.pt"
    broken.write_bytes(b"no network")
    assert task_of(resolve(str(broken), trust=True)) == "instance"
    with pytest.raises(WeightsError, match="tells no people apart"):
        load_torch(tmp_path / "w.pt")


def test_logits_become_classes_where_the_picture_shows_them():
    box = letterbox.fit((100, 300), 160)
    logits = np.zeros((2, box.input_hw[0] // 8, box.input_hw[1] // 8), np.float32)
    logits[0], logits[1, :, 10:] = 1.0, 2.0
    shown = strongest(logits, box)
    assert shown.shape == (100, 300)
    assert not shown[:, :140].any()
    assert shown[:, 160:].all()


def test_any_size_of_picture_gives_a_label_map(tmp_path):
    network = SemanticNet.open(resolve(str(sure_of("people", tmp_path / "w.pt")), trust=True), 160, "cpu")
    assert network.class_names == CLASSES
    for size in ((90, 120), (33, 401), (1, 1)):
        shown = network.label_map(np.zeros((*size, 3), np.uint8))
        assert shown.shape == size
        assert (shown == CLASSES.index("people")).all()


def test_colours_are_told_apart_and_void_is_dark():
    classes = ("pitch", "people", "corner flag", "tree")
    assert len(set(palette(classes))) == 4
    assert palette(()) == []
    shown = tint(np.zeros((1, 2, 3), np.uint8), np.array([[1, VOID]], np.uint8), classes, 1.0)
    assert shown[0].tolist() == [[0, 94, 213], [0, 0, 0]]
