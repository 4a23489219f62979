"""Measure a semantic network on label maps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import DataSetError
from pipeline.core.json_files import write_json
from pipeline.core.types import ProgressCallback
from pipeline.datasets.canonical import VOID, DataSet, Sample, Split
from pipeline.datasets.canonical import fingerprint as data_fingerprint
from pipeline.datasets.semantic_classes import class_table, common_classes
from pipeline.evaluation.label_map_iou import confusion
from pipeline.evaluation.segmentation_report import EvalSettings
from pipeline.evaluation.semantic_report import TOLERANCE_PX, Compared, Map, SemanticReport
from pipeline.networks.semantic_network import SemanticNet
from pipeline.networks.weights import resolve

_N_WORST = 8


def evaluate_semantic(
    weights: str,
    dataset: DataSet,
    *,
    split: Split = "val",
    settings: EvalSettings | None = None,
    page: Path | None = None,
    progress: ProgressCallback | None = None,
) -> SemanticReport:
    """Run a semantic network over the pictures of one split that have label maps, and compare.

    Labels and network are read as their common classes, see `common_classes`.

    Parameters
    ----------
    weights
        As `pipeline.networks.weights.resolve` takes it.
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
        from pipeline.evaluation.semantic_page import write_page

        write_page(page, report, dataset, worst)
        write_json(page.with_suffix(".json"), report.as_json())
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
