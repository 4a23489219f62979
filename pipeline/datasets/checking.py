"""Look for what is wrong with a data set before a network learns it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core import masks
from pipeline.core.boxes import box_iou
from pipeline.core.errors import DataSetError
from pipeline.core.types import BALL
from pipeline.datasets import polygons
from pipeline.datasets.canonical import SPLITS, VOID, DataSet, Label, Sample

Kind = Literal[
    "unreadable picture",
    "wrong size",
    "empty mask",
    "box without mask",
    "box outside the picture",
    "box and mask disagree",
    "mask in many pieces",
    "two people in one mask",
    "labelled twice",
    "overlapping masks",
    "doubtful mask",
    "match in both splits",
    "same picture in both splits",
    "no validation",
    "class is rare",
    "no label map",
    "unusable label map",
    "label map says nothing",
]
SERIOUS: frozenset[Kind] = frozenset(
    (
        "unreadable picture",
        "wrong size",
        "empty mask",
        "box outside the picture",
        "match in both splits",
        "same picture in both splits",
        "labelled twice",
        "unusable label map",
    )
)
"""What must be mended; the rest is worth a look."""

HEIGHT_BANDS_PX = ((0, 20), (20, 40), (40, 80), (80, 100_000))
"""Heights of objects for which everything is counted apart: < 20, 20-40, 40-80, > 80 px."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. ``label`` is the position in the sample's labels, None for the whole picture."""

    kind: Kind
    split: str
    file: str
    label: int | None
    message: str


@dataclass(frozen=True, slots=True)
class DataReport:
    """What a data set holds and what is wrong with it.

    ``counts``: objects by (split, class name, band), band as in `band_name`; ``mask_sources``: by (split,
    source).
    """

    n_pictures: dict[str, int]
    groups: dict[str, tuple[str, ...]]
    counts: dict[tuple[str, str, str], int]
    mask_sources: dict[tuple[str, str], int]
    findings: tuple[Finding, ...]

    @property
    def serious(self) -> tuple[Finding, ...]:
        """The findings that must be mended."""
        return tuple(f for f in self.findings if f.kind in SERIOUS)


def band_name(height_px: float) -> str:
    """The height band of an object, such as ``20-40 px``."""
    low, high = next(b for b in HEIGHT_BANDS_PX if b[0] <= height_px < b[1])
    return f"< {high} px" if low == 0 else f"{low}-{high} px" if high < 10_000 else f"> {low} px"


def check_dataset(dataset: DataSet, *, look_at_pictures: bool = True) -> DataReport:
    """Check every label, and that no match and no picture is in both splits.

    Parameters
    ----------
    look_at_pictures
        Decode each picture and label map, to find unreadable ones and near-duplicates between the splits.
    """
    findings: list[Finding] = []
    for sample in dataset.samples:
        findings.extend(_check_labels(sample, dataset.class_names))
        if dataset.semantic_names and not sample.has_label_map:
            findings.append(Finding("no label map", sample.split, sample.file, None, "has no label map"))
        if sample.has_label_map and look_at_pictures:
            findings.extend(_check_map(dataset, sample))
    findings.extend(_check_groups(dataset))
    if look_at_pictures:
        findings.extend(_check_pictures(dataset))
    counts: Counter[tuple[str, str, str]] = Counter(
        (s.split, dataset.class_names[x.class_id], band_name(x.box_px[3] - x.box_px[1]))
        for s in dataset.samples
        for x in s.labels
        if x.box_px[3] >= x.box_px[1]
    )
    findings.extend(_check_balance(dataset))
    return DataReport(
        {split: len(dataset.split(split)) for split in SPLITS},
        {split: tuple(sorted({s.group for s in dataset.split(split)})) for split in SPLITS},
        dict(counts),
        dict(Counter((s.split, x.mask_source) for s in dataset.samples for x in s.labels)),
        tuple(findings),
    )


def _check_labels(sample: Sample, names: Sequence[str]) -> Iterator[Finding]:
    for k, label in enumerate(sample.labels):
        for kind, message in _faults(label, sample):
            yield Finding(kind, sample.split, sample.file, k, f"{names[label.class_id]}: {message}")
    overlaps = box_iou([x.box_px for x in sample.labels], [x.box_px for x in sample.labels])
    for (i, a), (k, b) in combinations(enumerate(sample.labels), 2):
        overlap = overlaps[i, k]
        if overlap > 0.9 and a.class_id == b.class_id:
            text = f"{names[a.class_id]}: the same box as label {i}"
            yield Finding("labelled twice", sample.split, sample.file, k, text)
        elif (
            overlap > 0.05
            and a.mask is not None
            and b.mask is not None
            and BALL not in (a.class_id, b.class_id)
        ):
            shared = masks.overlap_px(a.mask, b.mask) / max(1, min(masks.area(a.mask), masks.area(b.mask)))
            if shared > 0.3:
                text = f"shares {shared:.0%} of its pixels with label {i}"
                yield Finding("overlapping masks", sample.split, sample.file, k, text)


def _faults(label: Label, sample: Sample) -> Iterator[tuple[Kind, str]]:
    x1, y1, x2, y2 = label.box_px
    if x2 <= x1 or y2 <= y1:
        yield "empty mask", f"the box {x1:g}, {y1:g}, {x2:g}, {y2:g} has no area"
        return
    if x1 < -2 or y1 < -2 or x2 > sample.width_px + 2 or y2 > sample.height_px + 2:
        size = f"{sample.width_px} x {sample.height_px} px picture"
        yield "box outside the picture", f"{x1:g}, {y1:g}, {x2:g}, {y2:g} in a {size}"
    if label.mask is None:
        yield "box without mask", "run teamshape data pseudo, or draw it"
        return
    area = masks.area(label.mask)
    if area < 4:
        yield "empty mask", f"{area} px"
        return
    overlap = float(box_iou(polygons.box_of(label.mask), label.box_px)[0, 0])
    if overlap < 0.6:
        yield "box and mask disagree", f"their overlap is {overlap:.2f}"
    if label.mask_source == "doubtful":
        yield "doubtful mask", f"score {label.mask_score or 0:.2f}"
    pieces = _pieces(label)
    if pieces > 4:
        yield "mask in many pieces", f"{pieces} pieces"
    if label.class_id != BALL and (x2 - x1) > 1.6 * (y2 - y1) and y2 - y1 > 40:
        yield "two people in one mask", f"{(x2 - x1) / (y2 - y1):.1f} times as wide as high"


def _pieces(label: Label) -> int:
    if label.mask is None:
        return 0
    return int(cv2.connectedComponents(masks.decode(label.mask).astype(np.uint8), connectivity=8)[0]) - 1


def _check_map(dataset: DataSet, sample: Sample) -> Iterator[Finding]:
    try:
        values = dataset.label_map(sample)
    except DataSetError as error:
        yield Finding("unusable label map", sample.split, sample.file, None, str(error))
        return
    if values.shape != (sample.height_px, sample.width_px):
        size = f"{sample.width_px} x {sample.height_px} px"
        text = f"{values.shape[1]} x {values.shape[0]} px, but the picture is {size}"
        yield Finding("unusable label map", sample.split, sample.file, None, text)
    known = np.unique(values[values != VOID])
    if nameless := known[known >= len(dataset.semantic_names)].tolist():
        text = f"values {', '.join(map(str, nameless[:8]))} have no name in semantic.yaml"
        yield Finding("unusable label map", sample.split, sample.file, None, text)
    if not len(known):
        text = f"all of it is {VOID}, which counts for nothing"
        yield Finding("label map says nothing", sample.split, sample.file, None, text)


def _check_groups(dataset: DataSet) -> Iterator[Finding]:
    train, val = ({s.group for s in dataset.split(split)} for split in SPLITS)
    for group in sorted(train & val):
        yield Finding("match in both splits", "both", "", None, f"{group}: its frames are in train and val")
    if not dataset.split("val"):
        yield Finding("no validation", "val", "", None, "no pictures to validate on; import with val groups")


def _check_balance(dataset: DataSet) -> Iterator[Finding]:
    for split in SPLITS:
        count = Counter(x.class_id for s in dataset.split(split) for x in s.labels)
        for class_id, name in enumerate(dataset.class_names):
            if dataset.split(split) and count[class_id] < 20:
                text = f"{name}: {count[class_id]} in {split}: too few to learn from or to measure on"
                yield Finding("class is rare", split, "", None, text)


def _check_pictures(dataset: DataSet) -> Iterator[Finding]:
    hashes: dict[str, tuple[list[Sample], list[NDArray[np.uint8]]]] = {s: ([], []) for s in SPLITS}
    for sample in dataset.samples:
        try:
            image = dataset.image(sample)
        except DataSetError as error:
            yield Finding("unreadable picture", sample.split, sample.file, None, str(error))
            continue
        if image.shape[:2] != (sample.height_px, sample.width_px):
            labelled = f"{sample.width_px} x {sample.height_px}"
            text = f"{image.shape[1]} x {image.shape[0]} px, but labelled at {labelled}"
            yield Finding("wrong size", sample.split, sample.file, None, text)
        hashes[sample.split][0].append(sample)
        hashes[sample.split][1].append(picture_hash(image))
    train, val = hashes["train"], hashes["val"]
    if train[1] and val[1]:
        yield from _same(train[0], np.stack(train[1]), val[0], np.stack(val[1]))


def picture_hash(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture in 32 bytes: signs of the horizontal steps between 17 x 16 mean brightnesses.

    Copies differ by a few bits of 256 whatever their compression, other moments of a match by more than 20.
    """
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (17, 16), interpolation=cv2.INTER_AREA).astype(np.int16)
    return np.packbits(np.diff(small, axis=1) > 0)


def _same(
    train: list[Sample], train_hash: NDArray[np.uint8], val: list[Sample], val_hash: NDArray[np.uint8]
) -> Iterable[Finding]:
    for sample, row in zip(val, val_hash, strict=True):
        apart = np.unpackbits(train_hash ^ row, axis=1).sum(axis=1)
        if apart.min() <= 8:
            text = f"the same picture as train/{train[int(apart.argmin())].file}"
            yield Finding("same picture in both splits", "val", sample.file, None, text)
