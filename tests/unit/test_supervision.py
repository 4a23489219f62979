"""Instances as supervision's detections."""

import numpy as np
import pytest
import supervision as sv

from pipeline.core.masks import decode, encode
from pipeline.core.types import Instances
from pipeline.runs.supervision_detections import from_detections, to_detections


def instances(n: int) -> Instances:
    rng = np.random.default_rng(1)
    crops = []
    for i in range(n):
        crop = rng.random((6, 4)) > 0.4
        crop[0, 0] = crop[-1, -1] = True
        crops.append(encode(crop, 3 * i, 5 * i))
    return Instances(
        frame=9,
        boxes_px=np.array([(c.left, c.top, c.left + 4, c.top + 6) for c in crops], np.float32).reshape(-1, 4),
        score=np.linspace(0.3, 0.9, n, dtype=np.float32),
        class_id=(np.arange(n) % 4).astype(np.int8),
        masks=tuple(crops),
    )


@pytest.mark.parametrize("n", [0, 1, 5])
def test_instances_survive_the_way_there_and_back(n):
    before = instances(n)
    detections = to_detections(before, 40, 60)
    assert isinstance(detections, sv.Detections)
    after = from_detections(detections, frame=9)
    assert after.frame == 9
    for name in ("boxes_px", "score", "class_id"):
        assert np.array_equal(getattr(after, name), getattr(before, name))
    for one, other in zip(after.masks, before.masks, strict=True):
        assert (one.top, one.left) == (other.top, other.left)
        assert (decode(one) == decode(other)).all()


def test_annotators_and_track_ids_work_on_them():
    detections = to_detections(instances(3), 40, 60, track_id=np.array([4, 5, 6]))
    assert detections.tracker_id.tolist() == [4, 5, 6]
    assert detections["class_name"].tolist() == ["player", "goalkeeper", "referee"]
    image = sv.MaskAnnotator().annotate(np.zeros((40, 60, 3), np.uint8), detections)
    assert image.any()


def test_detections_without_masks_are_refused():
    plain = sv.Detections(np.zeros((1, 4)), confidence=np.ones(1), class_id=np.zeros(1, int))
    with pytest.raises(ValueError, match="without mask"):
        from_detections(plain, 0)


def test_classes_of_other_models_are_refused():
    dense = np.ones((1, 4, 4), bool)
    foreign = sv.Detections(np.zeros((1, 4)), mask=dense, confidence=np.ones(1), class_id=np.array([32]))
    with pytest.raises(ValueError, match="class_id must index"):
        from_detections(foreign, 0)
