"""Which pictures of each track to look at: few, spread over its life, large, upright, uncovered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.core.boxes import share_inside

if TYPE_CHECKING:
    import pandas as pd

BOX = ["x1_px", "y1_px", "x2_px", "y2_px"]
_UPRIGHT = (1.5, 4.5)
"""Height over width of the box of somebody who stands or runs; others count for less."""
_BENT, _CUT = 0.6, 0.3
_EDGE_PX = 2.0
_BODY = (0.15, 0.55)
"""The upper body, as a share of the box from above."""

Array = NDArray[np.float64]


def choose_samples(
    seen: pd.DataFrame, every_s: float, per_track: int, size_px: tuple[int, int]
) -> pd.DataFrame:
    """Choose rows to look at.

    Parameters
    ----------
    seen
        One row for each frame in which a track was seen: ``frame``, ``time_s``, ``instance``, ``track_id``,
        ``score`` and the box ``x1_px y1_px x2_px y2_px``.
    every_s
        Look once in this many seconds at most; all tracks share the same frames, so that few are read.
    per_track
        Most rows of one track.
    size_px
        Width and height of the frames.

    Returns
    -------
    The chosen rows with a column ``quality`` (0..1), in the order of frames. Each track has one at least.
    """
    import pandas as pd

    if seen.empty:
        return seen.assign(quality=pd.Series(dtype="float64"))
    seen = seen.sort_values(["frame", "instance"], ignore_index=True)
    due = _on_grid(seen, every_s) | ~seen["track_id"].isin(seen.loc[_on_grid(seen, every_s), "track_id"])
    rows = seen[due].assign(quality=_quality(seen, size_px)[due.to_numpy()])
    by_track = rows.groupby("track_id")["frame"]
    rank, count = by_track.cumcount(), by_track.transform("size")
    part = np.where(count > per_track, rank * per_track // count.clip(lower=1), rank)
    best = rows.groupby(["track_id", part])["quality"].idxmax()
    chosen = rows.loc[best].sort_values(["frame", "instance"])
    return chosen.groupby("track_id", group_keys=False).head(per_track).reset_index(drop=True)


def covered_share(boxes_px: Array) -> Array:
    """How much of each upper body people in front hide, ``(N,)``: in front is whose box ends lower.

    ``boxes_px`` is ``(N, 4)`` xyxy, of the people of one frame.
    """
    top, bottom = boxes_px[:, 1], boxes_px[:, 3]
    bodies = boxes_px.copy()
    bodies[:, 1], bodies[:, 3] = top + _BODY[0] * (bottom - top), top + _BODY[1] * (bottom - top)
    hidden = share_inside(bodies, boxes_px) * (bottom[None] > bottom[:, None])
    return np.asarray(hidden.max(axis=1, initial=0.0))


def _on_grid(seen: pd.DataFrame, every_s: float) -> pd.Series:
    """The rows of the first frame in each interval of ``every_s``."""
    times = seen.drop_duplicates("frame")[["frame", "time_s"]]
    interval = np.floor(times["time_s"] / every_s + 1e-6)
    chosen = times.loc[~interval.duplicated(), "frame"]
    return seen["frame"].isin(chosen)


def _quality(seen: pd.DataFrame, size_px: tuple[int, int]) -> Array:
    boxes = seen[BOX].to_numpy(np.float64)
    high, wide = boxes[:, 3] - boxes[:, 1], np.maximum(boxes[:, 2] - boxes[:, 0], 1e-9)
    tallest = high / seen["track_id"].map(
        (seen["y2_px"] - seen["y1_px"]).groupby(seen["track_id"]).max()
    ).to_numpy(np.float64).clip(1e-9)
    ratio = high / wide
    upright = np.where((ratio >= _UPRIGHT[0]) & (ratio <= _UPRIGHT[1]), 1.0, _BENT)
    inside = (boxes[:, :2] > _EDGE_PX).all(axis=1) & (boxes[:, 2:] < np.array(size_px) - _EDGE_PX).all(axis=1)
    covered = np.zeros(len(seen))
    for at in seen.groupby("frame").indices.values():
        covered[at] = covered_share(boxes[at])
    return np.asarray(
        tallest * upright * np.where(inside, 1.0, _CUT) * (1 - covered) * seen["score"].to_numpy(np.float64)
    )
