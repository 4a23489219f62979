"""Label maps against label maps: IoU by class. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.core import masks
from pipeline.core.types import BALL, CLASS_NAMES, Instances
from pipeline.datasets.canonical import VOID


def confusion(truth: NDArray[np.uint8], found: NDArray[np.uint8], n_classes: int) -> NDArray[np.int64]:
    """Count pixels by true (row) and found (column) class: shape ``(n_classes, n_classes)``.

    Pixels whose truth is void or beyond the classes count for nothing.
    """
    if truth.shape != found.shape:
        raise ValueError(f"label maps differ in size: {truth.shape} and {found.shape}")
    known = truth < n_classes
    pairs = truth[known].astype(np.int64) * n_classes + np.minimum(found[known], n_classes - 1)
    return np.bincount(pairs, minlength=n_classes**2).reshape(n_classes, n_classes)


def class_ious(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """IoU of each class from `confusion`, NaN for a class that neither side has."""
    both = np.diag(counts).astype(np.float64)
    union = counts.sum(axis=0) + counts.sum(axis=1) - both
    out = np.full(len(both), np.nan)
    np.divide(both, union, out=out, where=union > 0)
    return out


def paint(found: Instances, height_px: int, width_px: int) -> NDArray[np.uint8]:
    """Paint instances as a team-agnostic label map: 0 nothing, 1 people, 2 ball; the surest on top."""
    canvas = np.zeros((height_px, width_px), np.uint8)
    for i in np.argsort(found.score, kind="stable"):
        masks.paste(canvas, found.masks[int(i)], 2 if found.class_id[i] == BALL else 1)
    return canvas


def people_and_ball(values: NDArray[np.uint8], names: Sequence[str]) -> NDArray[np.uint8]:
    """Reduce a data set's label map to what `paint` paints; scenery becomes 0, void stays void."""
    table = np.full(256, VOID, np.uint8)
    for value, name in enumerate(names):
        table[value] = 2 if name == CLASS_NAMES[BALL] else 1 if name in CLASS_NAMES else 0
    return np.asarray(table[values], np.uint8)


def total_confusion(
    pairs: Iterable[tuple[NDArray[np.uint8], NDArray[np.uint8]]], n: int
) -> NDArray[np.int64]:
    """Add up `confusion` over pictures ``(truth, found)``."""
    out = np.zeros((n, n), np.int64)
    for truth, found in pairs:
        out += confusion(truth, found, n)
    return out
