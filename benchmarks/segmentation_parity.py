"""Does the lean path find what ultralytics' own predict() finds? People, roles and masks, side by side.

    python benchmarks/segmentation_parity.py --shared ../shared

Uses the annotated frames of the validation matches in ``SHARED/datasets/players``.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core import masks
from pipeline.core.boxes import box_iou
from pipeline.core.config import SegmentSettings
from pipeline.core.types import BALL, Instances
from pipeline.networks import segmenter
from pipeline.networks.quiet import silence_libraries
from pipeline.networks.weights import resolve
from pipeline.networks.yolo_decoder import Limits

MATCHES = ("08fd33", "54745b")
SMALL_PX = 45


@dataclass(slots=True)
class Score:
    """Counts over frames, from which the shares follow."""

    truth: int = 0
    hits: int = 0
    found: int = 0
    roles: int = 0
    small_truth: int = 0
    small_hits: int = 0
    per_frame: list[int] = field(default_factory=list)

    def line(self) -> str:
        """Say it in one line."""
        return (
            f"recall {self.hits / self.truth:.3f}  precision {self.hits / self.found:.3f}  "
            f"role right {self.roles / self.hits:.3f}  "
            f"under {SMALL_PX} px {self.small_hits / max(1, self.small_truth):.3f}  "
            f"({self.truth} people in {len(self.per_frame)} frames)"
        )


def main() -> None:
    """Run the comparison and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--imgsz", type=int, default=1280)
    parser.add_argument("--frames", type=int, default=0, help="only so many frames; 0 is all")
    options = parser.parse_args()
    folder = options.shared / "datasets" / "players"
    truth = json.loads((folder / "val.json").read_text(encoding="utf-8"))
    pictures = [i for i in truth["images"] if i["match"] in MATCHES][: options.frames or None]

    settings = SegmentSettings(imgsz=options.imgsz, device="cpu")
    lean = segmenter.load(settings)
    exact = settings.model_copy(update={"precision": "float32", "sharpen_masks": False})
    in_float32 = segmenter.load(exact)
    theirs = ultralytics_predictor(settings)
    scores = {"lean, default settings": Score(), "ultralytics predict()": Score()}
    mask_ious: list[float] = []
    for picture in pictures:
        image = np.asarray(cv2.imread(str(folder / "images" / picture["file_name"])), dtype=np.uint8)
        people = [a for a in truth["annotations"] if a["image_id"] == picture["id"] and a["category_id"] < 4]
        reference = theirs(image)
        count(scores["lean, default settings"], segmenter.segment_image(image, lean), people)
        count(scores["ultralytics predict()"], reference, people)
        mask_ious += matched_mask_ious(segmenter.segment_image(image, in_float32), reference)
    for name, score in scores.items():
        print(f"{name:24s} {score.line()}")
    ious = np.array(mask_ious)
    print(
        f"masks, same box: mean IoU {ious.mean():.4f}, 5th percentile {np.quantile(ious, 0.05):.4f}"
        f" ({len(ious)} masks, float32)"
    )


def ultralytics_predictor(settings: SegmentSettings) -> Any:
    """Give a function image -> Instances that uses ultralytics as its manual shows."""
    silence_libraries()
    from ultralytics import YOLO

    model = YOLO(str(resolve(settings.weights).path))
    limits = Limits()

    def predict(image: NDArray[np.uint8]) -> Instances:
        (result,) = model.predict(
            image,
            imgsz=settings.imgsz,
            conf=limits.min_score,
            iou=0.7,
            retina_masks=True,
            verbose=False,
            device="cpu",
        )
        boxes = result.boxes
        dense = [] if result.masks is None else list(result.masks.data.numpy().astype(bool))
        return Instances(
            0,
            boxes.xyxy.numpy().astype(np.float32),
            boxes.conf.numpy(),
            boxes.cls.numpy().astype(np.int8),
            tuple(masks.encode(mask) for mask in dense),
        )

    return predict


def count(score: Score, found: Instances, people: list[dict[str, Any]]) -> None:
    """Match found people to annotated ones at box IoU 0.5, best score first, and count."""
    index = np.flatnonzero((found.class_id != BALL) & (found.score >= 0.25))
    index = index[np.argsort(-found.score[index])]
    corners = np.array([a["bbox"] for a in people], dtype=np.float64).reshape(-1, 4)
    corners[:, 2:] += corners[:, :2]
    small = np.array([a["bbox"][3] < SMALL_PX for a in people])
    overlap = box_iou(found.boxes_px[index].astype(np.float64), corners)
    taken = np.zeros(len(people), dtype=bool)
    for row, i in zip(overlap, index, strict=True):
        free = np.where(taken, 0, row)
        if len(free) and free.max() >= 0.5:
            best = int(free.argmax())
            taken[best] = True
            score.roles += int(people[best]["category_id"] - 1 == found.class_id[i])
    score.truth += len(people)
    score.hits += int(taken.sum())
    score.found += len(index)
    score.small_truth += int(small.sum())
    score.small_hits += int((taken & small).sum())
    score.per_frame.append(len(index))


def matched_mask_ious(found: Instances, reference: Instances) -> list[float]:
    """Mask IoU of each instance with the one of ``reference`` whose box is the same to a pixel.

    Pixels that the lean path gave to somebody else, since no two people have one in common, do not count.
    """
    if not len(found.masks) or not len(reference.masks):
        return []
    apart = np.abs(found.boxes_px[:, None] - reference.boxes_px[None]).max(axis=2)
    apart[found.class_id[:, None] != reference.class_id[None]] = np.inf
    pairs = [(i, int(row.argmin())) for i, row in enumerate(apart) if row.min() < 1]
    owner = np.zeros((reference.masks[0].height, reference.masks[0].width), np.uint8)
    for i in np.flatnonzero(found.class_id != BALL):
        masks.paste(owner, found.masks[i], int(i) + 1)
    ious = []
    for i, j in pairs:
        left = masks.decode(reference.masks[j]) & (
            (owner == 0) | (owner == i + 1) | (found.class_id[i] == BALL)
        )
        ious.append(masks.iou(found.masks[i], masks.encode(left)))
    return ious


if __name__ == "__main__":
    main()
