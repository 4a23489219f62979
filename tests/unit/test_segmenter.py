import threading

import numpy as np
import pytest

from pipeline.core.config import SegmentSettings
from pipeline.core.errors import WeightsError
from pipeline.core.types import CLASS_NAMES
from pipeline.networks import segmenter
from pipeline.networks.backend_interface import NetworkInfo, check_classes, check_outputs
from pipeline.networks.yolo_decoder import Limits


class Found:
    """A network that finds one player, as far right as the picture is bright."""

    def __init__(self, batch=1):
        self.info = NetworkInfo(CLASS_NAMES, "none", "none")
        self.batch = batch
        self.batches = []

    def forward(self, batch):
        self.batches.append((len(batch), threading.current_thread().name))
        n, height, width, _ = batch.shape
        prediction = np.zeros((n, 4 + 4 + 1, 1), np.float32)
        prediction[:, :4, 0] = (0, 48, 20, 40)
        prediction[:, 0, 0] = batch[:, height // 2, width // 2, 0]
        prediction[:, 4, 0], prediction[:, 8, 0] = 0.9, 1
        return prediction, np.ones((n, 1, height // 4, width // 4), np.float32)


def picture(brightness, size=(96, 160)):
    return np.full((*size, 3), brightness, np.uint8)


def middles(results):
    return [round(float(found.boxes_px[0, [0, 2]].mean())) for _, found in results]


@pytest.mark.parametrize("batch", [1, 3])
def test_results_come_in_order_with_their_tags_and_frames(batch):
    network = segmenter.Segmenter(segmenter.yolo(Found(batch), 160, Limits()))
    results = list(network.stream((f"tag {i}", 10 + i, picture(20 + i)) for i in range(7)))
    assert [tag for tag, _ in results] == [f"tag {i}" for i in range(7)]
    assert [found.frame for _, found in results] == list(range(10, 17))
    assert middles(results) == [20 + i for i in range(7)]


def test_no_pictures_give_nothing():
    assert list(segmenter.Segmenter(segmenter.yolo(Found(), 160, Limits())).stream([])) == []


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_a_duplicate_repeats_what_was_found_without_asking_the_network(batch):
    backend = Found(batch)
    shown = [20, None, None, 30, None, 40, 50, None, None, None, None, None, 60]
    pictures = [(None, i, None if b is None else picture(b)) for i, b in enumerate(shown)]
    results = list(segmenter.Segmenter(segmenter.yolo(backend, 160, Limits())).stream(pictures))
    assert middles(results) == [20, 20, 20, 30, 30, 40, 50, 50, 50, 50, 50, 50, 60]
    assert [found.frame for _, found in results] == list(range(13))
    assert sum(n for n, _ in backend.batches) == 5


def test_a_duplicate_of_nothing_is_nothing():
    ((_, found),) = segmenter.Segmenter(segmenter.yolo(Found(), 160, Limits())).stream([(None, 3, None)])
    assert found.frame == 3
    assert found.masks == ()


def test_pictures_of_another_size_get_a_batch_of_their_own():
    backend = Found(4)
    pictures = [(None, i, picture(30, size)) for i, size in enumerate([(96, 160)] * 2 + [(160, 96)] * 2)]
    assert len(list(segmenter.Segmenter(segmenter.yolo(backend, 160, Limits())).stream(pictures))) == 4
    assert [n for n, _ in backend.batches] == [2, 2]


def test_only_a_few_pictures_are_read_ahead():
    read = []

    def pictures():
        for i in range(100):
            read.append(i)
            yield None, i, picture(30)

    stream = segmenter.Segmenter(segmenter.yolo(Found(), 160, Limits())).stream(pictures())
    for done, _ in enumerate(stream):
        assert len(read) <= done + 3


def test_the_network_works_on_a_thread_of_its_own():
    backend = Found()
    segmenter.segment_image(picture(30), segmenter.Segmenter(segmenter.yolo(backend, 160, Limits())))
    assert backend.batches[0][1] != threading.current_thread().name


def test_a_failure_of_the_network_reaches_the_caller():
    backend = Found()
    backend.forward = lambda batch: 1 / 0
    with pytest.raises(ZeroDivisionError):
        segmenter.segment_image(picture(30), segmenter.Segmenter(segmenter.yolo(backend, 160, Limits())))


def test_missing_weights_are_refused_by_name():
    with pytest.raises(WeightsError, match=r"nowhere\.onnx"):
        segmenter.load(SegmentSettings(weights="nowhere.onnx"))


@pytest.mark.parametrize(
    "shapes",
    [[(1, 84, 8400)], [(1, 300, 6)], [(1, 40, 100), (1, 80, 100), (1, 9, 9)]],
    ids=["detect", "nms", "3"],
)
def test_a_network_without_prototypes_is_refused(shapes, tmp_path):
    with pytest.raises(WeightsError, match="not a segmentation network"):
        check_outputs(shapes, tmp_path)


def test_a_network_with_nms_inside_is_refused(tmp_path):
    with pytest.raises(WeightsError, match="nms=True"):
        check_classes([(1, 300, 38), (1, 32, 160, 160)], 4, tmp_path)


def test_only_a_few_input_sizes_stay_compiled(monkeypatch):
    from types import SimpleNamespace

    from pipeline.networks.openvino_backend import OpenVinoBackend

    def compiled(self, shape):
        out = SimpleNamespace(data=np.zeros(shape, np.float32))
        return SimpleNamespace(infer=lambda *_, **__: None, get_output_tensor=lambda _: out)

    monkeypatch.setattr(OpenVinoBackend, "_compile", compiled)
    network = OpenVinoBackend(None, NetworkInfo(CLASS_NAMES, "openvino", "cpu"))
    for width in range(32, 32 * 20, 32):
        predictions, _ = network.forward(np.zeros((1, 32, width, 3), np.uint8))
        assert predictions.shape == (1, 32, width, 3)
    assert len(network._requests) <= 4
