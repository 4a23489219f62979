"""Masks of touching people against the regions of a label map, which does not tell them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pipeline.core import masks
from pipeline.core.types import BALL, CropMask
from pipeline.evaluation.matching import EvaluatedPicture


def region_ious(picture: EvaluatedPicture) -> list[float]:
    """IoU of each labelled region of people with everybody who is found mostly on it, taken together.

    In label maps people of one class who touch are one region: this is the mean mask IoU that does not count
    their being told apart as an error. Regions on which nobody is found are left out.
    """
    people = [m for m, c in zip(picture.found.masks, picture.found.class_id, strict=True) if c != BALL]
    out = []
    for label in picture.labels:
        if label.class_id == BALL or label.mask is None or not label.mask.height:
            continue
        region = label.mask
        on_it = [m for m in people if masks.overlap_px(region, m) > masks.area(m) / 2]
        if on_it:
            out.append(_union_iou(region, on_it))
    return out


def _union_iou(region: CropMask, found: Sequence[CropMask]) -> float:
    every = [region, *found]
    top, left = min(m.top for m in every), min(m.left for m in every)
    size = max(m.top + m.height for m in every) - top, max(m.left + m.width for m in every) - left
    true, union = np.zeros(size, np.uint8), np.zeros(size, np.uint8)
    masks.paste(true, replace(region, top=region.top - top, left=region.left - left), 1)
    for mask in found:
        masks.paste(union, replace(mask, top=mask.top - top, left=mask.left - left), 1)
    return float((true & union).sum() / (true | union).sum())
