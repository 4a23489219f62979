"""Measure a semantic network on label maps."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.errors import DataSetError
from pipeline.models.data.canonical import VOID, DataSet, Sample, Split
from pipeline.models.data.canonical import fingerprint as data_fingerprint
from pipeline.models.data.semantic_classes import class_table, common_classes
from pipeline.models.evaluation import EvalSettings, plain
from pipeline.models.evaluation_maps import class_ious, confusion
from pipeline.models.semantic_net import SemanticNet
from pipeline.models.weights import resolve

TOLERANCE_PX = 3
"""How far apart borders of classes may be to count as the same, px of the picture."""
_N_WORST = 8
Map = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class SemanticReport:
    """What was measured, over all pixels of all pictures.

    ``counts`` ``(n, n)``: pixels by true (row) and found (column) class. ``borders`` ``(n, 4)``: see
    `border_counts`. ``iou`` and ``boundary_f`` ``(n,)`` are NaN for a class that neither side has.
    """

    weights: str
    weights_sha256: str
    data: str
    data_sha256: str
    n_pictures: int
    classes: tuple[str, ...]
    counts: NDArray[np.int64]
    borders: NDArray[np.int64]

    @property
    def iou(self) -> NDArray[np.float64]:
        """IoU of each class."""
        return class_ious(self.counts)

    @property
    def boundary_f(self) -> NDArray[np.float64]:
        """Boundary F of each class (Csurka et al. 2013), within `TOLERANCE_PX`."""
        n_found, n_right, n_true, n_hit = self.borders.astype(np.float64).T
        with np.errstate(invalid="ignore", divide="ignore"):
            precision, recall = n_right / n_found, n_hit / n_true
            f = 2 * precision * recall / (precision + recall)
        # NaN so far is also a class whose border was found nowhere right.
        return np.where(np.isnan(f) & (n_found + n_true > 0), 0.0, f)

    @property
    def mean_iou(self) -> float:
        """See `mean_of_labelled`."""
        return mean_of_labelled(self.counts)

    @property
    def pixel_accuracy(self) -> float:
        """Share of the labelled pixels with the right class; NaN without any."""
        n = self.counts.sum()
        return float(np.trace(self.counts) / n) if n else float("nan")

    def as_json(self) -> dict[str, Any]:
        """Everything as plain JSON values, NaN as null."""
        by_class = {"iou": self.iou, "boundary_f": self.boundary_f}
        out = asdict(self) | {k: dict(zip(self.classes, v, strict=True)) for k, v in by_class.items()}
        means = {"mean_iou": self.mean_iou, "pixel_accuracy": self.pixel_accuracy}
        return dict(plain(out | means | {"boundary_tolerance_px": TOLERANCE_PX}))


@dataclass(frozen=True, slots=True)
class Compared:
    """One picture: what was labelled and found, in the report's classes, and `confusion` of the two."""

    sample: Sample
    truth: Map
    found: Map
    counts: NDArray[np.int64]

    @property
    def mean_iou(self) -> float:
        """See `mean_of_labelled`."""
        return mean_of_labelled(self.counts)


def evaluate_semantic(
    weights: str,
    dataset: DataSet,
    *,
    split: Split = "val",
    settings: EvalSettings | None = None,
    page: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> SemanticReport:
    """Run a semantic network over the pictures of one split that have label maps, and compare.

    Labels and network are read as their common classes, see `common_classes`.

    Parameters
    ----------
    weights
        As `pipeline.models.weights.resolve` takes it.
    page
        Where to write an HTML page with the worst pictures; its numbers go beside it as JSON.

    Raises
    ------
    DataSetError
        If no picture of the split has a label map, or one is unreadable.
    WeightsError
        If the network cannot be loaded.
    """
    settings = settings or EvalSettings()
    samples = [s for s in dataset.split(split) if s.has_label_map]
    if not samples:
        raise DataSetError(
            f"{dataset.root}: no label maps in {split}; a semantic network is measured on label maps "
            "(imported as labelmap or voc, or rendered)"
        )
    resolved = resolve(weights, trust=settings.trust_weights)
    network = SemanticNet.open(resolved, settings.imgsz, settings.device)
    classes = common_classes([network.class_names, dataset.semantic_names])
    n = len(classes)
    counts, borders = np.zeros((n, n), np.int64), np.zeros((n, 4), np.int64)
    worst: list[Compared] = []
    for i, one in enumerate(_compared(network, dataset, samples, classes)):
        counts += one.counts
        borders += border_counts(one.truth, one.found, n)
        worst = sorted([*worst, one], key=_badness)[:_N_WORST]
        if progress is not None:
            progress(i + 1, len(samples))
    of_data = dataset.root.name, data_fingerprint(dataset), len(samples)
    report = SemanticReport(weights, resolved.sha256, *of_data, classes, counts, borders)
    if page is not None:
        from pipeline.models.evaluation_semantic_page import write_page

        write_page(page, report, dataset, worst)
        page.with_suffix(".json").write_text(json.dumps(report.as_json(), indent=1), encoding="utf-8")
    return report


def _compared(
    network: SemanticNet, dataset: DataSet, samples: Sequence[Sample], classes: Sequence[str]
) -> Iterator[Compared]:
    true_class = class_table(dataset.semantic_names, classes)
    found_class = class_table(network.class_names, classes)
    for sample in samples:
        truth = true_class[dataset.label_map(sample)]
        found = found_class[network.label_map(dataset.image(sample))]
        if truth.shape != found.shape:
            raise DataSetError(
                f"{dataset.image_path(sample)}: its label map has another size; import it again"
            )
        yield Compared(sample, truth, found, confusion(truth, found, len(classes)))


def _badness(one: Compared) -> float:
    return one.mean_iou if one.counts.any() else 1.0


def mean_of_labelled(counts: NDArray[np.int64]) -> float:
    """Mean IoU of the classes that the labels (rows of `confusion`) have; NaN without any."""
    there = counts.sum(axis=1) > 0
    return float(class_ious(counts)[there].mean()) if there.any() else float("nan")


def border_counts(
    truth: Map, found: Map, n_classes: int, tolerance_px: int = TOLERANCE_PX
) -> NDArray[np.int64]:
    """Compare the borders of the classes of two label maps.

    Returns
    -------
    Shape ``(n_classes, 4)``: pixels on a class's border as found; those of them within the tolerance of its
    true border; pixels on its true border; those of them within the tolerance of the found one. The picture's
    edge is no border, nor is that of void, and what is found there counts for nothing.
    """
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * tolerance_px + 1,) * 2)
    void = truth == VOID
    unknown = cv2.dilate(void.astype(np.uint8), disc).astype(bool)
    out = np.zeros((n_classes, 4), np.int64)
    for c in range(n_classes):
        true_rim, found_rim = _rim(truth == c, void), _rim(found == c, void) & ~unknown
        near_true, near_found = (cv2.dilate(r.astype(np.uint8), disc) > 0 for r in (true_rim, found_rim))
        true_rim = true_rim & ~unknown
        out[c] = [a.sum() for a in (found_rim, found_rim & near_true, true_rim, true_rim & near_found)]
    return out


def _rim(mask: NDArray[np.bool_], void: NDArray[np.bool_]) -> NDArray[np.bool_]:
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    inner = cv2.erode((mask | void).astype(np.uint8), cross) > 0
    return np.asarray(mask & ~inner & ~void, np.bool_)
