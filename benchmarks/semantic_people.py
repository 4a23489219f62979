"""How well networks of either kind fill people, where only people are labelled.

Usage: python benchmarks/semantic_people.py ds/ sem/weights/last.pt football-seg-n

Inside the boxes of labelled people with a trusted mask, pixels found as people are compared with the masks;
what lies in the box of somebody without such a mask counts for nothing, nor does what is found elsewhere.
Pictures without labelled people are left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.core import masks
from pipeline.core.config import SegmentSettings
from pipeline.core.types import BALL
from pipeline.datasets import canonical
from pipeline.datasets.canonical import Label, Sample
from pipeline.datasets.semantic_classes import PEOPLE
from pipeline.evaluation.label_map_iou import paint
from pipeline.networks import segmenter
from pipeline.networks.semantic_network import SemanticNet
from pipeline.networks.weights import resolve, task_of

Picture = NDArray[np.uint8]
SMALL_PX = 60


def finder(weights: str, imgsz: int) -> Callable[[Picture], NDArray[np.bool_]]:
    """Give a function that finds the pixels of people in a picture."""
    resolved = resolve(weights, trust=True)
    if task_of(resolved) == "semantic":
        network = SemanticNet.open(resolved, imgsz)
        value = network.class_names.index(PEOPLE)
        return lambda image: network.label_map(image) == value
    settings = SegmentSettings(weights=weights, trust_weights=True, imgsz=imgsz)
    loaded = segmenter.load(settings)
    return lambda image: paint(segmenter.segment_image(image, loaded), *image.shape[:2]) == 1


def counts(sample: Sample, found: NDArray[np.bool_], people: Sequence[Label]) -> NDArray[np.int64]:
    """Count pixels of masks and found, of masks, and found, inside the boxes of ``people``."""
    truth, seen = np.zeros(found.shape, np.uint8), np.zeros(found.shape, bool)
    for label in people:
        seen[_box(label)] = True
    for label in sample.labels:
        if trusted(label) and label.mask is not None:
            masks.paste(truth, label.mask, 1)
        elif label.class_id != BALL:
            seen[_box(label)] = False
    true = truth[seen] > 0
    return np.array([(true & found[seen]).sum(), true.sum(), found[seen].sum()])


def trusted(label: Label) -> bool:
    """Whether a person's mask was drawn, or teachers agreed on it."""
    known = label.mask is not None and label.mask_source in ("labelled", "teacher")
    return known and label.class_id != BALL and not label.crowd


def _box(label: Label) -> tuple[slice, slice]:
    x1, y1, x2, y2 = (max(0, round(v)) for v in label.box_px)
    return slice(y1, y2), slice(x1, x2)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", nargs="+")
    parser.add_argument("--imgsz", type=int, default=1280)
    args = parser.parse_args()
    dataset = canonical.load(args.data)
    for weights in args.weights:
        find = finder(weights, args.imgsz)
        total = {"all": np.zeros(3, np.int64), f"under {SMALL_PX} px high": np.zeros(3, np.int64)}
        for sample in dataset.split("val"):
            found = find(dataset.image(sample))
            known = [x for x in sample.labels if trusted(x)]
            small = [x for x in known if x.box_px[3] - x.box_px[1] < SMALL_PX]
            for name, people in zip(total, (known, small), strict=True):
                total[name] += counts(sample, found, people)
        for name, (both, true, seen) in total.items():
            iou, recall = both / max(1, true + seen - both), both / max(1, true)
            print(
                f"{weights}: people {name}: IoU {iou:.3f}, recall of pixels {recall:.3f}, {true} px labelled"
            )


if __name__ == "__main__":
    main()
