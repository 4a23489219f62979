"""Found against labelled: who belongs to whom, and what follows from it. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core import masks
from pipeline.core.boxes import box_iou, share_inside
from pipeline.core.masks import crop
from pipeline.core.types import BALL, CropMask, Instances
from pipeline.datasets.canonical import Label
from pipeline.datasets.checking import HEIGHT_BANDS_PX, band_name

Pairs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class EvaluatedPicture:
    """The labels of one picture and what a network found in it."""

    name: str
    labels: tuple[Label, ...]
    found: Instances


@dataclass(frozen=True, slots=True)
class Quality:
    """How well one kind of object is found, in one height band.

    The band is the label's for recall and the found box's for precision; both are NaN where there is nothing
    to count.
    """

    what: str
    band: str
    min_iou: float
    n_labelled: int
    n_hit: int
    n_found: int
    n_right: int

    @property
    def recall(self) -> float:
        """Share of the labelled that were found."""
        return self.n_hit / self.n_labelled if self.n_labelled else float("nan")

    @property
    def precision(self) -> float:
        """Share of the found that are labelled."""
        return self.n_right / self.n_found if self.n_found else float("nan")


def match(overlap: NDArray[np.float64], score: NDArray[np.floating], min_iou: float) -> Pairs:
    """Pair labels (rows) with found objects (columns), as COCO does: the surest first, each to its free best.

    Returns
    -------
    Shape ``(P, 2)``: row and column.
    """
    free = np.ones(len(overlap), bool)
    pairs = []
    for column in np.argsort(-np.asarray(score), kind="stable"):
        candidates = np.where(free, overlap[:, column], -1.0) if len(overlap) else np.zeros(0)
        if len(candidates) and candidates.max() >= min_iou:
            row = int(candidates.argmax())
            free[row] = False
            pairs.append((row, int(column)))
    return np.array(pairs, np.int64).reshape(-1, 2)


def subset(found: Instances, keep: NDArray[np.bool_]) -> Instances:
    """Only some of what was found."""
    kept = tuple(m for m, k in zip(found.masks, keep, strict=True) if k)
    return Instances(found.frame, found.boxes_px[keep], found.score[keep], found.class_id[keep], kept)


def confident(found: Instances, min_score: float, min_ball_score: float) -> Instances:
    """What passes the scores for people and for the ball."""
    limit = np.where(found.class_id == BALL, min_ball_score, min_score)
    return subset(found, found.score >= limit)


def qualities(
    pictures: Iterable[EvaluatedPicture], classes: Sequence[int], what: str, min_iou: float
) -> list[Quality]:
    """Recall and precision of some classes taken together, for all heights and for each band.

    Crowd regions (iscrowd) count for nothing, nor does what was found inside them.
    """
    labelled: list[NDArray[np.float64]] = []
    found: list[NDArray[np.float64]] = []
    for p in pictures:
        truth, boxes, score = _select(p, classes)
        pairs = match(box_iou(truth, boxes), score, min_iou)
        labelled.append(_heights(truth, pairs[:, 0]))
        found.append(_heights(boxes, pairs[:, 1]))
    all_labelled, all_found = (
        np.concatenate([np.zeros((0, 2)), *labelled]),
        np.concatenate([np.zeros((0, 2)), *found]),
    )
    bands = [("all", (0.0, np.inf)), *((band_name(low), (low, high)) for low, high in HEIGHT_BANDS_PX)]
    bands += [("< 30 px", (0.0, 30.0)), ("< 45 px", (0.0, 45.0))]
    return [_quality(what, name, band, min_iou, all_labelled, all_found) for name, band in bands]


def role_confusion(pictures: Iterable[EvaluatedPicture], min_iou: float = 0.5) -> NDArray[np.int64]:
    """Count people by labelled (row) and found (column) role among those found: shape ``(3, 3)``."""
    out = np.zeros((BALL, BALL), np.int64)
    for p in pictures:
        truth, found = _people(p)
        pairs = match(box_iou(_boxes(truth), found.boxes_px), found.score, min_iou)
        for row, column in pairs:
            out[truth[row].class_id, found.class_id[column]] += 1
    return out


def mask_overlaps(
    pictures: Iterable[EvaluatedPicture], min_iou: float = 0.5
) -> list[tuple[str, int, float, float, str]]:
    """Compare the masks of pairs that boxes make.

    Returns
    -------
    A row for each pair: picture, position of the label, mask IoU, boundary IoU, source of the label's mask.
    """
    out = []
    for p in pictures:
        for classes in (range(BALL), (BALL,)):
            rows = [k for k, x in enumerate(p.labels) if x.class_id in classes and not x.crowd]
            found = subset(p.found, np.isin(p.found.class_id, list(classes)))
            truth = [p.labels[k] for k in rows]
            for row, column in match(box_iou(_boxes(truth), found.boxes_px), found.score, min_iou):
                label, mask = truth[row], found.masks[column]
                if label.mask is not None:
                    ious = masks.iou(label.mask, mask), boundary_iou(label.mask, mask)
                    out.append((p.name, rows[row], *ious, label.mask_source))
    return out


def boundary_iou(a: CropMask, b: CropMask, width_px: int = 2) -> float:
    """Overlap of the masks' rims of ``width_px``, inside each mask (Cheng et al. 2021, fixed width)."""
    return masks.iou(_rim(a, width_px), _rim(b, width_px))


def panoptic_quality(pictures: Iterable[EvaluatedPicture], class_id: int) -> float:
    """Panoptic quality of one class (Kirillov et al. 2019): mask IoU > .5 makes a pair; NaN without objects.

    Labels without a mask are left out, with what was found on their boxes.
    """
    total, n_pairs, n_labelled, n_found = 0.0, 0, 0, 0
    for p in pictures:
        truth = [x for x in p.labels if x.class_id == class_id]
        known = [x.mask for x in truth if x.mask is not None and not x.crowd]
        unknown = [x for x in truth if x.mask is None or x.crowd]
        found = subset(p.found, p.found.class_id == class_id)
        overlap = np.array([[masks.iou(a, b) for b in found.masks] for a in known]).reshape(
            len(known), len(found.masks)
        )
        pairs = match(overlap, found.score, 0.5 + 1e-9)
        free = np.setdiff1d(np.arange(len(found.masks)), pairs[:, 1])
        excused = box_iou(_boxes(unknown), found.boxes_px[free]) >= 0.5
        total += float(overlap[pairs[:, 0], pairs[:, 1]].sum())
        n_pairs, n_labelled = n_pairs + len(pairs), n_labelled + len(known)
        n_found += len(found.masks) - int(excused.any(axis=0).sum() if len(unknown) else 0)
    denominator = 0.5 * (n_labelled + n_found)
    return total / denominator if denominator else float("nan")


def calibration(
    pictures: Iterable[EvaluatedPicture], min_iou: float = 0.5, n_bins: int = 10
) -> NDArray[np.float64]:
    """Compare people's scores with how often they are right.

    Returns
    -------
    Shape ``(n_bins, 3)``: number found, mean score, share right; NaN in empty bins.
    """
    score, right = [np.zeros(0)], [np.zeros(0)]
    for p in pictures:
        truth, found = _people(p)
        pairs = match(box_iou(_boxes(truth), found.boxes_px), found.score, min_iou)
        hit = np.zeros(len(found.score))
        hit[pairs[:, 1]] = 1
        score.append(found.score.astype(np.float64))
        right.append(hit)
    scores, rights = np.concatenate(score), np.concatenate(right)
    bins = np.minimum((scores * n_bins).astype(int), n_bins - 1)
    n = np.bincount(bins, minlength=n_bins).astype(float)
    with np.errstate(invalid="ignore"):
        means = [np.bincount(bins, values, minlength=n_bins) / n for values in (scores, rights)]
    return np.stack([n, *means], axis=1)


def calibration_error(bins: NDArray[np.float64]) -> float:
    """Expected calibration error: mean distance of score and share right, by number; NaN if empty."""
    n = bins[:, 0]
    return float(np.nansum(n * np.abs(bins[:, 1] - bins[:, 2])) / n.sum()) if n.sum() else float("nan")


def _select(
    p: EvaluatedPicture, classes: Sequence[int]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    truth = _boxes([x for x in p.labels if x.class_id in classes and not x.crowd])
    crowd = _boxes([x for x in p.labels if x.class_id in classes and x.crowd])
    found = subset(p.found, np.isin(p.found.class_id, list(classes)))
    keep = np.ones(len(found.score), bool)
    if len(crowd):
        keep = np.asarray(share_inside(found.boxes_px, crowd).max(axis=1) <= 0.5)
    return truth, found.boxes_px[keep].astype(np.float64), found.score[keep].astype(np.float64)


def _people(p: EvaluatedPicture) -> tuple[list[Label], Instances]:
    truth = [x for x in p.labels if x.class_id < BALL and not x.crowd]
    return truth, subset(p.found, p.found.class_id < BALL)


def _boxes(labels: Sequence[Label]) -> NDArray[np.float64]:
    return np.array([x.box_px for x in labels], np.float64).reshape(-1, 4)


def _heights(boxes: NDArray[np.float64], matched: Pairs) -> NDArray[np.float64]:
    """Shape ``(N, 2)``: height in px, and 1 where matched."""
    out = np.zeros((len(boxes), 2))
    out[:, 0] = boxes[:, 3] - boxes[:, 1]
    out[matched, 1] = 1
    return out


def _quality(
    what: str,
    name: str,
    band: tuple[float, float],
    min_iou: float,
    labelled: NDArray[np.float64],
    found: NDArray[np.float64],
) -> Quality:
    a = labelled[(labelled[:, 0] >= band[0]) & (labelled[:, 0] < band[1])]
    b = found[(found[:, 0] >= band[0]) & (found[:, 0] < band[1])]
    return Quality(what, name, min_iou, len(a), int(a[:, 1].sum()), len(b), int(b[:, 1].sum()))


def _rim(mask: CropMask, width_px: int) -> CropMask:
    if not mask.height or not mask.width:
        return mask
    dense = np.pad(masks.decode(mask).astype(np.uint8), 1)
    inner = cv2.erode(dense, np.ones((3, 3), np.uint8), iterations=width_px)
    return crop((dense > inner)[1:-1, 1:-1], mask.top, mask.left)
