"""The bundled network, loaded as users load it, on a drawn picture."""

import shutil
import subprocess
import sys
from pathlib import Path

import drawn_people
import numpy as np
import pytest

from pipeline.appearance.feet import feet_px
from pipeline.appearance.kit_colours import kit_colours
from pipeline.core import masks
from pipeline.core.config import SegmentSettings
from pipeline.core.errors import WeightsError
from pipeline.core.types import Instances
from pipeline.networks import backends, convert, segmenter, weights
from pipeline.networks.quiet import silence_libraries
from pipeline.networks.torch_backend import TorchBackend
from pipeline.networks.yolo_decoder import Limits

EXACT = SegmentSettings(imgsz=640, device="cpu", precision="float32")


@pytest.fixture(scope="module")
def picture():
    return drawn_people.draw()


@pytest.fixture(scope="module")
def network():
    return segmenter.load(EXACT)


@pytest.fixture(scope="module")
def found(picture, network):
    return segmenter.segment_image(picture, network)


def nearest(found: Instances) -> list[int]:
    """For each drawn person, the instance that stands nearest."""
    return [int(np.hypot(*(feet_px(found) - foot).T).argmin()) for foot in drawn_people.FEET]


def test_every_drawn_person_is_found_once_and_stands_where_it_was_drawn(found):
    assert len(found.score) == len(drawn_people.FEET)
    assert sorted(nearest(found)) == list(range(len(drawn_people.FEET)))
    off = np.abs(feet_px(found)[nearest(found)] - drawn_people.FEET)
    assert off[:, 0].max() <= 1.5
    assert off[:, 1].max() <= 4.5  # one cell of the masks at this size is 4 px


def test_the_kit_colours_of_two_teams_lie_far_apart(picture, found):
    torso = kit_colours(picture, found).torso[nearest(found)]
    blue, red = torso[0::2], torso[1::2]
    apart = np.linalg.norm(blue.mean(axis=0) - red.mean(axis=0))
    within = max(np.linalg.norm(team - team.mean(axis=0), axis=1).max() for team in (blue, red))
    assert apart > 4 * within


@pytest.fixture(scope="module")
def theirs():
    silence_libraries()
    from ultralytics import YOLO

    return YOLO(str(weights.resolve("football-seg-n").path))


@pytest.mark.parametrize("size", [(360, 640), (360, 230), (331, 500)], ids=["wide", "tall", "odd"])
def test_masks_and_boxes_are_those_of_ultralytics_itself(picture, theirs, size):
    image = np.ascontiguousarray(picture[: size[0], : size[1]])
    plain = segmenter.load(EXACT.model_copy(update={"sharpen_masks": False}))
    ours = segmenter.segment_image(image, plain)
    (wanted,) = theirs.predict(image, imgsz=640, conf=0.25, retina_masks=True, verbose=False, device="cpu")
    boxes = wanted.boxes.xyxy.numpy()
    apart = np.abs(ours.boxes_px[:, None] - boxes[None]).max(axis=2)
    assert len(ours.masks) >= 5
    assert apart.min(axis=1).max() < 1.0
    ious = [
        masks.iou(mask, masks.encode(wanted.masks.data[int(row.argmin())].numpy().astype(bool)))
        for mask, row in zip(ours.masks, apart, strict=True)
    ]
    assert np.mean(ious) > 0.99
    assert min(ious) > 0.95


def test_torch_finds_what_openvino_finds(picture, found):
    backend = TorchBackend.open(weights.resolve("football-seg-n"), "cpu")
    again = segmenter.segment_image(picture, segmenter.Segmenter(segmenter.yolo(backend, 640, Limits())))
    assert np.allclose(again.boxes_px, found.boxes_px, atol=0.05)
    assert min(map(masks.iou, again.masks, found.masks)) > 0.99


def test_an_openvino_folder_works_as_weights(tmp_path, picture, found):
    graph = convert.openvino_graph(weights.resolve("football-seg-n"))
    shutil.copytree(graph.parent, tmp_path / "mine")
    mine = segmenter.load(EXACT.model_copy(update={"weights": str(tmp_path / "mine")}))
    again = segmenter.segment_image(picture, mine)
    assert np.array_equal(again.boxes_px, found.boxes_px)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Export the bundled network as a user would, with a fixed input of 640 x 384."""
    pytest.importorskip("onnx")
    silence_libraries()
    from ultralytics import YOLO

    path = tmp_path_factory.mktemp("mine") / "mine.pt"
    path.write_bytes(weights.resolve("football-seg-n").path.read_bytes())
    return YOLO(str(path)).export(format="onnx", imgsz=(384, 640), simplify=False)


def test_an_exported_onnx_file_works_as_weights(exported, picture, found):
    mine = segmenter.load(EXACT.model_copy(update={"weights": exported, "imgsz": 1280}))
    assert mine.info.fixed_hw == (384, 640)
    again = segmenter.segment_image(picture, mine)
    assert np.allclose(again.boxes_px, found.boxes_px, atol=0.05)


def test_an_openvino_folder_without_class_names_is_refused(tmp_path):
    graph = convert.openvino_graph(weights.resolve("football-seg-n"))
    shutil.copytree(graph.parent, tmp_path / "mine")
    (tmp_path / "mine" / "metadata.yaml").unlink()
    with pytest.raises(WeightsError, match="does not say what its classes are"):
        segmenter.load(EXACT.model_copy(update={"weights": str(tmp_path / "mine")}))


def test_a_network_that_is_not_for_segmentation_is_refused():
    with pytest.raises(WeightsError, match="not a segmentation network"):
        backends.load(weights.resolve("pitch-lines-n"), "cpu")


@pytest.mark.parametrize("name", ["broken.pt", "broken.onnx"])
def test_a_broken_file_is_refused_in_one_line(tmp_path, name):
    (tmp_path / name).write_bytes(b"not a network")
    settings = EXACT.model_copy(update={"weights": str(tmp_path / name), "trust_weights": True})
    with pytest.raises(WeightsError, match=name) as caught:
        segmenter.load(settings)
    assert "\n" not in str(caught.value)


def test_a_device_that_is_not_there_is_refused():
    with pytest.raises(WeightsError, match="not available here"):
        backends.load(weights.resolve("football-seg-n"), "mps" if sys.platform != "darwin" else "cuda")


def test_converting_prints_nothing_and_the_next_run_does_without_torch(tmp_path):
    code = (
        "import sys, numpy as np\n"
        "from pipeline.core.config import SegmentSettings\n"
        "from pipeline.networks import segmenter\n"
        "network = segmenter.load(SegmentSettings(device='cpu'))\n"
        "found = segmenter.segment_image(np.zeros((90, 160, 3), np.uint8), network)\n"
        "assert len(found.masks) == 0\n"
        "sys.exit(10 if 'torch' in sys.modules else 11)\n"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(2)
    ]
    assert [r.returncode for r in runs] == [10, 11], runs[0].stderr
    assert [r.stdout for r in runs] == ["", ""]
