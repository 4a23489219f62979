"""Semantic networks as a user types them."""

import json

import cv2
import numpy as np
import pytest
from PIL import Image
from semantic_nets import CLASSES, sure_of
from typer.testing import CliRunner

from pipeline.cli.main import app
from pipeline.core.errors import ConfigError, DataSetError, RunError, VideoError, WeightsError


def typed(*words: object):
    return CliRunner().invoke(app, [str(w) for w in words])


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    return sure_of("people", tmp_path_factory.mktemp("weights") / "sure.pt")


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    for name, size in (("a", (90, 160)), ("b", (120, 80))):
        cv2.imwrite(str(folder / f"{name}.png"), np.full((*size, 3), 90, np.uint8))
    (folder / "broken.jpg").write_bytes(b"no picture")
    return folder


def test_image_writes_label_map_overlay_and_legend(network, pictures, tmp_path):
    out = tmp_path / "out"
    words = ("image", pictures, "-o", out, "--weights", network, "--trust-weights", "--imgsz", "160")
    made = typed(*words)
    assert made.exit_code == 0, made.output
    assert "people 100.0%" in made.output
    shown = Image.open(out / "semantic" / "a.png")
    assert shown.mode == "L"
    assert np.array(shown).shape == (90, 160)
    assert (np.array(shown) == CLASSES.index("people")).all()
    assert cv2.imread(str(out / "overlay" / "b.jpg")).shape == (120, 80, 3)
    legend = json.loads((out / "legend.json").read_text())
    assert [c["name"] for c in legend["classes"]] == list(CLASSES)
    assert [p["name"] for p in legend["pictures"]] == ["a", "b"]
    (pictures / "b.png").unlink()
    assert typed(*words).exit_code == 0
    assert {p.name for p in (out / "semantic").iterdir()} == {"a.png"}
    assert isinstance(typed("image", pictures, "-o", out).exception, RunError), "other network, other folder"


def test_evaluate_tells_a_semantic_network_by_its_task(network, tmp_path):
    source = tmp_path / "source"
    for folder in ("images", "labels"):
        (source / folder).mkdir(parents=True)
    values = np.zeros((60, 80), np.uint8)
    values[10:50, 20:40] = 1
    for name in ("a_1", "b_1"):
        noise = np.random.default_rng(ord(name[0])).integers(0, 255, (60, 80, 3), dtype=np.uint8)
        cv2.imwrite(str(source / "images" / f"{name}.png"), noise)
        cv2.imwrite(str(source / "labels" / f"{name}.png"), values)
    (source / "classes.json").write_text('{"0": "grass", "1": "player"}')
    assert typed("data", "import", "labelmap", source, "-o", tmp_path / "ds", "--val", "b").exit_code == 0
    page = tmp_path / "page.html"
    trusted = ("--weights", network, "--trust-weights")
    made = typed("evaluate", "--data", tmp_path / "ds", *trusted, "--imgsz", "160", "-o", page)
    assert made.exit_code == 0, made.output
    assert "people    IoU 0.167" in made.output
    assert "pixel accuracy 0.167" in made.output
    assert page.is_file()


def test_mistakes_are_one_line(network, pictures, tmp_path):
    source = tmp_path / "source"
    (source / "images").mkdir(parents=True)
    (source / "masks").mkdir()
    cv2.imwrite(str(source / "images" / "a_1.png"), np.zeros((60, 80, 3), np.uint8))
    mask = np.zeros((60, 80), np.uint8)
    mask[10:50, 20:40] = 255
    cv2.imwrite(str(source / "masks" / "a_1.png"), mask)
    data = tmp_path / "ds"
    assert typed("data", "import", "masks", source, "-o", data).exit_code == 0
    semantic = ("--weights", network, "--trust-weights")
    out = ("-o", tmp_path / "out")
    cases = {
        ("image", pictures, *out, *semantic, "--format", "coco"): ConfigError,
        ("image", pictures, *out, "--weights", network): WeightsError,
        ("image", pictures / "broken.jpg", *out, *semantic): VideoError,
        ("evaluate", "--data", data, "--split", "train", *semantic): DataSetError,
        ("evaluate", "--data", data, "--device", "abacus"): SystemExit,
        ("train", "--task", "semantic", "--data", data, *out): DataSetError,
        ("train", "--data", data, *out, "--start", network, "--trust-weights"): WeightsError,
        ("weights", "export", network, "--trust-weights", "--format", "onnx", *out): WeightsError,
    }
    for words, error in cases.items():
        result = typed(*words)
        assert isinstance(result.exception, error), (words, result.exception)
        assert error is not SystemExit or result.exit_code == 2  # a choice that --help lists
        assert "\n" not in str(result.exception)
        assert not list((tmp_path / "out").glob("*"))
