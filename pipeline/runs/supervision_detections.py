"""Our instances as supervision's ``Detections``, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core import masks
from pipeline.core.types import CLASS_NAMES, Instances


def to_detections(
    instances: Instances, height: int, width: int, track_id: NDArray[np.integer] | None = None
) -> Any:
    """Make ``supervision.Detections`` of one frame.

    Its masks are dense, ``(N, height, width)`` boolean: 25 people at 1080p are 52 MB, so make
    them of one frame at a time. ``data["class_name"]`` holds names from `CLASS_NAMES`.

    Parameters
    ----------
    height, width
        Of the frame, px.
    track_id
        Shape ``(N,)``; becomes ``tracker_id``.
    """
    import supervision as sv

    return sv.Detections(
        xyxy=instances.boxes_px.astype(np.float32).reshape(-1, 4),
        mask=masks.dense(instances.masks, height, width),
        confidence=instances.score,
        class_id=instances.class_id.astype(int),
        tracker_id=None if track_id is None else np.asarray(track_id, dtype=int),
        data={"class_name": np.array([CLASS_NAMES[c] for c in instances.class_id], dtype=str)},
    )


def from_detections(detections: Any, frame: int) -> Instances:
    """Read ``supervision.Detections`` whose ``class_id`` indexes `CLASS_NAMES`.

    Raises
    ------
    ValueError
        If it has no masks, scores or classes, or a class that we do not know.
    """
    n = len(detections)
    lacking = [a for a in ("mask", "confidence", "class_id") if getattr(detections, a) is None]
    if n and lacking:
        raise ValueError(f"detections without {', '.join(lacking)}; take them from a segmentation model")
    if n and not np.isin(detections.class_id, range(len(CLASS_NAMES))).all():
        raise ValueError(f"class_id must index {CLASS_NAMES} (got {sorted(set(detections.class_id))})")
    return Instances(
        frame=frame,
        boxes_px=np.asarray(detections.xyxy, np.float32).reshape(-1, 4),
        score=np.asarray(detections.confidence if n else [], np.float32),
        class_id=np.asarray(detections.class_id if n else [], np.int8),
        masks=tuple(_tight(np.asarray(m, bool)) for m in (detections.mask if n else [])),
    )


def _tight(dense: NDArray[np.bool_]) -> Any:
    rows, columns = np.flatnonzero(dense.any(axis=1)), np.flatnonzero(dense.any(axis=0))
    if not len(rows):
        return masks.encode(dense[:0, :0])
    top, left = int(rows[0]), int(columns[0])
    return masks.encode(dense[top : rows[-1] + 1, left : columns[-1] + 1], top, left)
