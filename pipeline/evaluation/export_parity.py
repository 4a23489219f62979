"""Does an exported network find what the original finds? Boxes, scores and masks, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.core import masks
from pipeline.core.boxes import box_iou
from pipeline.evaluation.matching import match
from pipeline.networks import backends
from pipeline.networks.segmenter import Segmenter, segment_image, yolo
from pipeline.networks.torch_backend import TorchBackend
from pipeline.networks.weights import Weights
from pipeline.networks.yolo_decoder import Limits

_MIN_SCORE = 0.3
"""Objects whose score is about the limit come and go: those with more than this plus `MAX_SCORE_GAP` must be
there."""
MAX_BOX_PX, MAX_SCORE_GAP, MIN_MASK_IOU = 0.5, 0.01, 0.98
"""What float forms must keep: corners of boxes within so many px, scores, overlap of each mask."""


@dataclass(frozen=True, slots=True)
class Parity:
    """Differences over all pairs: ``n_pairs`` objects found by both, ``n_lost`` only by the original.

    ``box_px`` and ``score`` are the largest differences, ``mask_iou`` the smallest and ``mean_mask_iou`` the
    mean overlap; NaN without pairs.
    """

    n_pairs: int
    n_lost: int
    box_px: float
    score: float
    mask_iou: float
    mean_mask_iou: float

    @property
    def within(self) -> bool:
        """Whether everything is within the tolerance of float forms (and there was something to compare)."""
        close = self.box_px <= MAX_BOX_PX and self.score <= MAX_SCORE_GAP and self.mask_iou >= MIN_MASK_IOU
        return self.n_pairs > 0 and self.n_lost == 0 and close


def compare(
    original: Weights, exported: Weights, pictures: Iterable[NDArray[np.uint8]], imgsz: int
) -> Parity:
    """Run both on pictures ``(H, W, 3)`` uint8 BGR on the CPU, in float32 as far as the form has it.

    The original runs in torch itself. Masks are compared as the networks give them, not sharpened.
    """
    limits = Limits(min_score=_MIN_SCORE, min_ball_score=_MIN_SCORE)
    theirs = Segmenter(yolo(TorchBackend.open(original, "cpu", exact=True), imgsz, limits, sharpen=False))
    ours = Segmenter(yolo(backends.load(exported, "cpu", exact=True), imgsz, limits, sharpen=False))
    rows: list[tuple[float, float, float]] = []
    n_lost = 0
    for image in pictures:
        a, b = segment_image(image, theirs), segment_image(image, ours)
        same = a.class_id[:, None] == b.class_id[None]
        pairs = match(box_iou(a.boxes_px, b.boxes_px) * same, b.score, 0.5)
        for i, k in pairs:
            gap = float(np.abs(a.boxes_px[i] - b.boxes_px[k]).max())
            rows.append((gap, abs(float(a.score[i] - b.score[k])), masks.iou(a.masks[i], b.masks[k])))
        surely = a.score > _MIN_SCORE + MAX_SCORE_GAP
        n_lost += int(surely.sum()) - int(surely[pairs[:, 0]].sum())
    if not rows:
        return Parity(0, n_lost, *([float("nan")] * 4))
    box, score, iou = np.array(rows).T
    return Parity(
        len(rows), n_lost, float(box.max()), float(score.max()), float(iou.min()), float(iou.mean())
    )
