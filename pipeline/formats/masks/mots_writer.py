"""MOTS text: ``frame id class_id height width rle``; masks never overlap.

Format: vision.rwth-aachen.de/page/mots.
"""

from __future__ import annotations

import numpy as np

from pipeline.core import rle
from pipeline.core.label_maps import paint_indices, paint_order
from pipeline.core.types import BALL
from pipeline.runs.frame_masks import UNTRACKED, FrameMasks

PERSON_CLASS, BALL_CLASS = 2, 3
"""2 is MOTS's pedestrian, which evaluators know; 3 is ours."""


def id_factor(largest_track_id: int) -> int:
    """The number that the class is multiplied by in ids: MOTS's 1000, or more so that ids stay apart."""
    factor = 1000
    while factor <= largest_track_id:
        factor *= 10
    return factor


def lines(frame: FrameMasks, height: int, width: int, factor: int) -> list[str]:
    """Write a frame: one line a tracked mask of which something is visible.

    Frames count from 1; the id is ``class * factor + track``. Where masks overlap, the nearer person
    keeps the pixels, and the ball keeps its own. Instances without a track are left out.
    """
    order = paint_order(frame.value, frame.feet_px[:, 1])
    order = order[frame.track_id[order] != UNTRACKED]
    visible = paint_indices(height, width, frame.masks, order)
    out = []
    for i in sorted(order.tolist()):
        mask = frame.masks[i]
        crop = visible[mask.top : mask.top + mask.height, mask.left : mask.left + mask.width] == i
        if not crop.any():
            continue
        kind = BALL_CLASS if frame.class_id[i] == BALL else PERSON_CLASS
        counts = rle.from_dense(np.asarray(crop), mask.top, mask.left, height, width)
        number = kind * factor + int(frame.track_id[i])
        out.append(f"{frame.frame + 1} {number} {kind} {height} {width} {counts}")
    return out
