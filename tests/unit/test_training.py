"""Training learns from crops, keeps guesses out of the mask loss, and goes on after a kill."""

import json

import cv2
import numpy as np
import pytest

from pipeline.core import masks
from pipeline.core.errors import DataSetError, RunError
from pipeline.core.masks import crop
from pipeline.core.types import CLASS_NAMES
from pipeline.datasets import canonical, polygons
from pipeline.datasets.canonical import DataSet, Label, Sample
from pipeline.networks.weights import resolve, task_of
from pipeline.training.curves import curve, write_curves
from pipeline.training.segmentation import settings, training
from pipeline.training.segmentation.crops import CropSettings, crops_of, cut_label, make_crops
from pipeline.training.segmentation.settings import TrainSettings
from pipeline.training.segmentation.training import train
from pipeline.training.training_record import read_curves

SIZE = (90, 120)
TINY = TrainSettings(
    epochs=2, imgsz=64, batch=2, crop_px=64, crops_per_frame=1, device="cpu", threads=1, workers=0, freeze=20
)


def block(x1, y1, x2, y2):
    mask = np.zeros(SIZE, bool)
    mask[y1:y2, x1:x2] = True
    return crop(mask)


PERSON = Label(0, (20.0, 20.0, 40.0, 70.0), block(20, 20, 40, 70), "labelled")
GUESS = Label(0, (60.0, 20.0, 80.0, 70.0), block(60, 20, 80, 70), "doubtful", 0.2)
BALL = Label(3, (90.0, 60.0, 100.0, 70.0), polygons.ellipse((90, 60, 100, 70), *SIZE), "labelled")


def data_set(root, labels=(PERSON, GUESS, BALL), label_maps=False) -> DataSet:
    samples = []
    for split in ("train", "val"):
        folder = root / "images" / split
        folder.mkdir(parents=True)
        image = np.full((*SIZE, 3), (40, 140, 60), np.uint8)
        for label in labels:
            masks.paste(image[..., 2], label.mask, 220)
        cv2.imwrite(str(folder / f"{split}_1.png"), image)
        samples.append(Sample(f"{split}_1.png", SIZE[1], SIZE[0], split, split, tuple(labels), label_maps))
    made = DataSet(root, CLASS_NAMES, (), tuple(samples))
    canonical.save(made)
    return made


def test_crops_keep_masks_and_boxes_together():
    rng = np.random.default_rng(0)
    settings = CropSettings(size_px=64, scales=(0.5, 1.0, 2.0), per_frame=5)
    image = np.zeros((*SIZE, 3), np.uint8)
    masks.paste(image[..., 2], PERSON.mask, 255)
    n = 0
    for picture, labels in crops_of(image, [PERSON], settings, rng):
        assert picture.shape == (64, 64, 3)
        for label in labels:
            n += 1
            assert label.mask.top + label.mask.height <= 64
            assert label.mask.left + label.mask.width <= 64
            red = crop(picture[..., 2] > 127)
            assert masks.iou(red, label.mask) > 0.9
    assert n >= 10


def test_a_label_mostly_outside_the_crop_is_left_out():
    settings = CropSettings(size_px=64)
    assert cut_label(PERSON, np.array([37.0, 0.0]), 1.0, settings) is None
    half = cut_label(PERSON, np.array([30.0, 0.0]), 1.0, settings)
    assert half.box_px == (0.0, 20.0, 10.0, 64.0)
    assert masks.area(half.mask) == 10 * 44


def test_an_unlabelled_frame_still_gives_crops(tmp_path):
    crops = make_crops([data_set(tmp_path / "ds", ())], tmp_path / "out", CropSettings(size_px=64))
    assert len(crops.split("train")) == 4
    assert crops.image(crops.split("val")[0]).shape == (*SIZE, 3)
    with pytest.raises(DataSetError, match="not empty"):
        make_crops([crops], tmp_path / "out")


def test_crops_of_several_data_sets_lie_together_even_when_their_files_share_names(tmp_path):
    both = [data_set(tmp_path / "one"), data_set(tmp_path / "two", ())]
    crops = make_crops(both, tmp_path / "out", CropSettings(size_px=64, scales=(1.0,), per_frame=1))
    assert len(crops.split("train")) == len(crops.split("val")) == 2
    assert len({s.file for s in crops.samples}) == 4
    assert sorted(bool(s.labels) for s in crops.split("val")) == [False, True]
    with pytest.raises(DataSetError, match="needs crops"):
        train(both, tmp_path / "run", TrainSettings(crop_px=None))


def test_half_precision_ends_with_its_block_and_losses_are_float32():
    import torch
    from ultralytics.engine import trainer

    from pipeline.training.cpu_bfloat16 import half_precision, has_bfloat16, in_float32

    before = trainer.autocast
    with half_precision(), trainer.autocast(False, device="cpu"):
        product = torch.ones(2, 2) @ torch.ones(2, 2)
    assert product.dtype == (torch.bfloat16 if has_bfloat16() else torch.float32)
    assert trainer.autocast is before
    packed = in_float32({"a": [product, (product,)], "b": None})
    assert packed["a"][0].dtype == packed["a"][1][0].dtype == torch.float32
    assert packed["b"] is None


def test_guesses_teach_no_masks():
    import torch

    from pipeline.training.segmentation.ultralytics_trainer import _table, untrusted

    sample = Sample("a.png", 120, 90, "train", "a", (PERSON, GUESS, BALL))
    boxes = np.array([[70 / 120, 45 / 90, 20 / 120, 50 / 90], [30 / 120, 45 / 90, 20 / 120, 50 / 90]])
    item = {"cls": np.array([[0.0], [0.0]]), "bboxes": boxes}
    assert untrusted(item, sample).tolist() == [1, 0]
    assert untrusted({"cls": np.zeros((0, 1)), "bboxes": np.zeros((0, 4))}, sample).tolist() == []
    table = _table(torch.tensor([True, False, True]), torch.tensor([0.0, 0.0, 2.0]), 3)
    assert table.tolist() == [[True, False], [False, False], [True, False]]


@pytest.mark.slow
def test_a_killed_training_goes_on_and_leaves_its_record(tmp_path, monkeypatch):
    made, out = data_set(tmp_path / "ds"), tmp_path / "run"

    def kill(done, _):
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train([made], out, TINY, progress=kill)
    with pytest.raises(RunError, match="another lr"):
        train([made], out, settings.TrainSettings(**{**vars_of(TINY), "lr": 1.0}), resume=True)
    first = (out / "weights" / "checkpoint_1.pt").read_bytes()
    (out / "weights" / "last.pt").write_bytes(first[:999])  # killed while it was written
    with (out / "results.csv").open("a") as handle:
        handle.write("2,1,1\n")  # killed before the second epoch's weights were written
    steps = []
    monkeypatch.setattr(training, "finish", lambda _: kill(1, 2))
    with pytest.raises(KeyboardInterrupt):  # killed after the last epoch
        train([made], out, TINY, progress=lambda i, n: steps.append((i, n)))
    assert steps[0] == steps[-1] == (2, 2)
    monkeypatch.undo()
    (out / "weights" / "last.pt").write_bytes(b"")
    result = train([made], out, TINY, progress=lambda i, n: pytest.fail("trained again"))
    assert [r["epoch"] for r in read_curves(out / "results.csv")] == [1, 2]
    assert not list(out.rglob("checkpoint*"))
    assert task_of(resolve(str(result.last), trust=True)) == "instance"
    assert result.best.is_file()
    assert result.n_epochs == 2
    record = json.loads((out / "train.json").read_text())
    assert record["data_sha256"] == [canonical.fingerprint(made)]
    assert record["settings"]["imgsz"] == 64
    assert "<polyline" in result.curves.read_text()
    for resume in (True, False):
        with pytest.raises(RunError, match="finished"):
            train([made], out, TINY, resume=resume)


def test_a_training_killed_before_its_first_epoch_begins_again(tmp_path, monkeypatch):
    made, out = data_set(tmp_path / "ds"), tmp_path / "run"
    begun = []

    def killed(data, out, settings, *, start, resume, progress):
        assert data.is_file()
        begun.append((start, resume))
        (out / "weights").mkdir(exist_ok=True)
        (out / "weights" / "last.pt").write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.training.segmentation.ultralytics_trainer.fit", killed)
    for resume in (False, False, True):
        with pytest.raises(KeyboardInterrupt):
            train([made], out, TINY, resume=resume)
    assert begun == [(begun[0][0], False)] * 3


def test_a_folder_with_other_things_in_it_is_not_trained_in(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "thesis.doc").touch()
    with pytest.raises(RunError, match="not empty"):
        train([data_set(tmp_path / "ds")], tmp_path / "run", TINY)


def vars_of(settings: TrainSettings) -> dict:
    return {k: getattr(settings, k) for k in settings.__dataclass_fields__}


def test_what_cannot_be_trained_is_told_before_anything_heavy(tmp_path):
    made = data_set(tmp_path / "ds")
    with pytest.raises(DataSetError, match="no label map in train"):
        train([made], tmp_path / "run", TrainSettings(task="semantic"))
    with pytest.raises(DataSetError, match="no pictures in train"):
        train([DataSet(tmp_path, CLASS_NAMES, (), ())], tmp_path / "run")
    with pytest.raises(DataSetError, match="nothing is labelled"):
        train([data_set(tmp_path / "bare", ())], tmp_path / "run")
    with pytest.raises(RunError, match="nothing to resume"):
        train([made], tmp_path / "run", resume=True)


def test_curves_of_no_epochs_are_a_page_too(tmp_path):
    assert read_curves(tmp_path / "none.csv") == []
    write_curves([], tmp_path / "curves.html", "x")
    assert "no epochs" in (tmp_path / "curves.html").read_text()
    assert curve("flat", [1.0, 1.0, float("nan")]).points.count(",") == 2
    assert curve("unknown", [float("nan")]) is None
