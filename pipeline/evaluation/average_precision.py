"""Average precision by pycocotools itself, of boxes and of masks."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.core import rle
from pipeline.core.errors import UserError
from pipeline.core.types import CLASS_NAMES, Instances
from pipeline.datasets import polygons
from pipeline.datasets.canonical import Label
from pipeline.evaluation.matching import EvaluatedPicture

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class AveragePrecision:
    """COCO's numbers for one kind of object; NaN where nothing is labelled.

    ``ap``: mean over IoU .50 to .95; ``ap50``, ``ap75``: at one IoU; ``ar100``: recall at 100 objects.
    """

    what: str
    kind: str
    ap: float
    ap50: float
    ap75: float
    ar100: float


def average_precisions(pictures: Sequence[EvaluatedPicture], sizes: Sequence[Size]) -> list[AveragePrecision]:
    """COCO box and mask AP of all classes together and of each.

    For masks, labels without one are ignored, with what was found on them. ``sizes`` are (height, width), px.

    Raises
    ------
    UserError
        If pycocotools is not installed.
    """
    try:
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval
    except ImportError as error:
        raise UserError("evaluation needs pycocotools: pip install pycocotools") from error
    out = []
    present = sorted({x.class_id for p in pictures for x in p.labels if x.class_id < len(CLASS_NAMES)})
    for kind in ("bbox", "segm"):
        truth, results = ground_truth(pictures, sizes, masks=kind == "segm"), detections(pictures, sizes)
        for what, ids in (("all", present), *((CLASS_NAMES[i], [i]) for i in present)):
            with contextlib.redirect_stdout(io.StringIO()):
                coco = COCO()
                coco.dataset = truth
                coco.createIndex()
                if not results:
                    out.append(AveragePrecision(what, kind, *([0.0 if ids else float("nan")] * 4)))
                    continue
                run = COCOeval(coco, coco.loadRes([dict(r) for r in results]), kind)
                run.params.catIds = [i + 1 for i in ids]
                run.evaluate()
                run.accumulate()
                run.summarize()
            out.append(AveragePrecision(what, kind, *(_known(run.stats[i]) for i in (0, 1, 2, 8))))
    return out


def ground_truth(
    pictures: Sequence[EvaluatedPicture], sizes: Sequence[Size], *, masks: bool
) -> dict[str, Any]:
    """The labels as pycocotools takes them; with ``masks``, those without one are marked to be ignored."""
    annotations: list[dict[str, Any]] = []
    for i, (picture, size) in enumerate(zip(pictures, sizes, strict=True), 1):
        for label in picture.labels:
            annotations.append({"id": len(annotations) + 1, "image_id": i, **_label(label, size, masks)})
    return {
        "info": {},
        "images": [{"id": i, "height": h, "width": w} for i, (h, w) in enumerate(sizes, 1)],
        "categories": [{"id": i, "name": n} for i, n in enumerate(CLASS_NAMES, 1)],
        "annotations": annotations,
    }


def detections(pictures: Sequence[EvaluatedPicture], sizes: Sequence[Size]) -> list[dict[str, Any]]:
    """What was found, as pycocotools takes it."""
    out: list[dict[str, Any]] = []
    for i, (picture, size) in enumerate(zip(pictures, sizes, strict=True), 1):
        out.extend({"image_id": i, **row} for row in _found(picture.found, size))
    return out


def _label(label: Label, size: Size, with_masks: bool) -> dict[str, Any]:
    x1, y1, x2, y2 = label.box_px
    # What is found on a label without a mask is excused when it lies inside this rectangle.
    rectangle = np.array([[x1, y1], [x2, y1], [x2, y2], [x1, y2]])
    mask = label.mask or polygons.fill([rectangle], *size)
    return {
        "category_id": label.class_id + 1,
        "bbox": [x1, y1, x2 - x1, y2 - y1],
        "area": (x2 - x1) * (y2 - y1),
        "iscrowd": int(label.crowd or (with_masks and label.mask is None)),
        "segmentation": rle.to_coco(mask, *size),
    }


def _found(found: Instances, size: Size) -> list[dict[str, Any]]:
    rows = []
    for box, score, class_id, mask in zip(
        found.boxes_px.tolist(), found.score.tolist(), found.class_id.tolist(), found.masks, strict=True
    ):
        x1, y1, x2, y2 = box
        rows.append(
            {
                "category_id": class_id + 1,
                "bbox": [x1, y1, x2 - x1, y2 - y1],
                "score": score,
                "segmentation": rle.to_coco(mask, *size),
            }
        )
    return rows


def _known(value: float) -> float:
    return float(value) if value >= 0 else float("nan")
