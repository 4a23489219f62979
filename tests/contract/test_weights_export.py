"""`teamshape weights export`: the result loads, finds the same, and a poor one is not kept."""

import re

import cv2
import drawn_people
import numpy as np
import pytest
from typer.testing import CliRunner

from pipeline.cli import weights as cli_weights
from pipeline.cli.main import app
from pipeline.core.errors import ConfigError, DataSetError, UserError, WeightsError
from pipeline.datasets import canonical
from pipeline.datasets.importing import import_dataset
from pipeline.evaluation import export_parity, quantisation
from pipeline.evaluation.export_parity import Parity
from pipeline.evaluation.quantisation import Loss
from pipeline.networks import network_export
from pipeline.networks.network_export import float_layers
from pipeline.networks.weights import resolve


def typed(*words: object):
    return CliRunner().invoke(app, ["weights", "export", *(str(w) for w in words)])


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Drawn people with their boxes, as binary masks, in two matches."""
    root = tmp_path_factory.mktemp("src")
    for match in ("a", "b"):
        (root / "masks" / f"{match}_1").mkdir(parents=True)
        (root / "images").mkdir(exist_ok=True)
        picture = drawn_people.draw()
        cv2.imwrite(str(root / "images" / f"{match}_1.png"), picture if match == "a" else picture[:, ::-1])
        for i, ((x, y), h) in enumerate(zip(drawn_people.FEET, drawn_people.HEIGHTS, strict=True)):
            mask = np.zeros((360, 640), np.uint8)
            mask[y - h : y, x - h // 6 : x + h // 6] = 255
            cv2.imwrite(
                str(root / "masks" / f"{match}_1" / f"player_{i}.png"),
                mask if match == "a" else mask[:, ::-1],
            )
    out = tmp_path_factory.mktemp("data") / "ds"
    import_dataset("masks", root, out)
    return out


@pytest.mark.parametrize("form", ["openvino", "onnx"])
def test_float_forms_find_what_torch_finds(tmp_path, data, form):
    made = typed("football-seg-n", "--format", form, "-o", tmp_path, "--data", data, "--imgsz", "640")
    assert made.exit_code == 0, made.output
    assert "15 objects in both, 0 lost" in made.output
    (path,) = tmp_path.iterdir()
    again = resolve(str(path))
    assert again.kind == form
    other_size = export_parity.compare(resolve("football-seg-n"), again, [drawn_people.draw()], 448)
    assert other_size.within


def test_a_float_network_that_finds_something_else_is_not_kept(tmp_path, data, monkeypatch):
    monkeypatch.setattr(export_parity, "compare", lambda *a: Parity(10, 0, 3.0, 0.2, 0.7, 0.9))
    made = typed("football-seg-n", "--format", "openvino", "-o", tmp_path, "--data", data)
    assert made.exit_code == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("recall", "mask_ap", "passes"),
    [
        ((0.97, 0.962), (0.50, 0.481), True),
        ((0.97, 0.955), (0.50, 0.50), False),
        ((0.97, 0.97), (0.50, 0.47), False),
        ((float("nan"), float("nan")), (0.5, 0.5), False),
        ((0.90, 0.95), (0.40, 0.50), True),
    ],
)
def test_the_gate_is_one_point_of_recall_and_two_of_mask_ap(recall, mask_ap, passes):
    assert Loss(recall, mask_ap).passes is passes


@pytest.mark.parametrize(("keep", "left"), [(False, []), (True, ["football-seg-n-openvino-int8-failed"])])
def test_an_int8_network_that_fails_is_not_kept_under_its_name(tmp_path, data, monkeypatch, keep, left):
    original = network_export.export

    def written(weights, fmt, out, pictures, imgsz):
        made = original(weights, "openvino", out, pictures, imgsz)
        return made.rename(out / "football-seg-n-openvino-int8")

    monkeypatch.setattr(network_export, "export", written)
    monkeypatch.setattr(cli_weights, "_gate", lambda *a: False)
    monkeypatch.setattr(export_parity, "compare", lambda *a: Parity(10, 1, 3.0, 0.2, 0.7, 0.9))
    words = ["--keep"] if keep else []
    made = typed("football-seg-n", "--format", "openvino-int8", "-o", tmp_path, "--data", data, *words)
    assert made.exit_code == 1
    assert [p.name for p in tmp_path.iterdir()] == left


def test_loss_is_measured_on_the_val_split(data):
    loss = quantisation.accuracy_loss(resolve("football-seg-n"), "football-seg-n", canonical.load(data), 640)
    assert loss.recall[0] == loss.recall[1] > 0.9
    assert loss.passes


def test_sensitive_layers_stay_in_float_and_the_rest_does_not():
    patterns = float_layers(["__module.model.23.dfl.conv/aten::_convolution/Convolution"])

    def kept(name):
        return any(re.fullmatch(p, f"__module.model.{name}") for p in patterns)

    conv = "/aten::_convolution/Convolution"
    for name in ("23.cv2.0.2", "23.cv3.1.2", "23.cv4.2.2", "23.dfl.conv", "23.proto.cv3.conv", "23"):
        assert kept(name + conv), name
    for name in ("0.conv", "22.m.0.cv1.conv", "23.cv2.0.1.conv", "23.proto.cv1.conv"):
        assert not kept(name + conv), name
    with pytest.raises(WeightsError, match="DFL"):
        float_layers(["conv"])


def test_nothing_in_common_is_no_parity():
    assert not Parity(0, 0, *[float("nan")] * 4).within


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("football-seg-n", "--format", "gif"), SystemExit),
        (("football-seg-n", "--format", "openvino-int8"), ConfigError),
        (("football-seg-n", "--format", "onnx", "--data", "nowhere"), DataSetError),
        (("pitch-lines-n", "--format", "onnx"), WeightsError),
        (("nothing.pt", "--format", "onnx"), WeightsError),
    ],
)
def test_mistakes_are_one_line(tmp_path, words, error):
    result = typed(*words, "-o", tmp_path / "out")
    assert isinstance(result.exception, error), result.output
    assert error is not SystemExit or result.exit_code == 2  # a choice that --help lists
    assert "\n" not in str(result.exception)
    assert not (tmp_path / "out").exists()


def test_tensorrt_without_it_or_a_gpu_says_what_is_missing(tmp_path):
    result = typed("football-seg-n", "--format", "tensorrt", "-o", tmp_path)
    assert isinstance(result.exception, UserError)
    assert "tensorrt needs" in str(result.exception)
