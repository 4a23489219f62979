"""What an evaluation of a semantic network measured."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.json_files import plain
from pipeline.datasets.canonical import Sample
from pipeline.evaluation.label_map_iou import class_ious

TOLERANCE_PX = 3
"""How far apart borders of classes may be to count as the same, px of the picture."""
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


def mean_of_labelled(counts: NDArray[np.int64]) -> float:
    """Mean IoU of the classes that the labels (rows of `confusion`) have; NaN without any."""
    there = counts.sum(axis=1) > 0
    return float(class_ious(counts)[there].mean()) if there.any() else float("nan")
