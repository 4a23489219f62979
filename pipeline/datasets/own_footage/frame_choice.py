"""Which frames of a run to correct by hand: those in which the network was probably wrong most often."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.core.boxes import box_iou
from pipeline.core.errors import DataSetError

Order = Literal["hard", "spread"]
ORDERS: tuple[Order, ...] = get_args(Order)
BOX = ["x1_px", "y1_px", "x2_px", "y2_px"]
DOUBTS = ["frame", "time_s", "shot", "found", "faint", "missed", "relabelled", "corrections"]
_HIDDEN_IOU = 0.3
"""A missed person whose box overlaps a found one by this much was probably hidden behind him."""


def missed_boxes(
    instances: pd.DataFrame, tracks: pd.DataFrame, frames: pd.DataFrame, longest_s: float
) -> pd.DataFrame:
    """Say where somebody must have been whom the network did not find.

    A track that is seen before and after a frame of the same shot, at most ``longest_s`` apart, but not in
    it, is put between the two by linear interpolation, unless somebody else's box lies there.

    Returns
    -------
    One row for each: ``frame, track_id, class_name`` and the box, px.
    """
    at = pd.Series(np.arange(len(frames)), index=frames["frame"].to_numpy())
    seen = tracks.merge(instances[["frame", "instance", "class_name", *BOX]], on=["frame", "instance"])
    seen = seen.sort_values(["track_id", "frame"], ignore_index=True)
    order = at.reindex(seen["frame"]).to_numpy()
    time_s, shot = (frames[c].to_numpy()[order] for c in ("time_s", "shot"))
    gap = np.diff(order)
    same = (np.diff(seen["track_id"]) == 0) & (np.diff(shot) == 0) & (np.diff(time_s) <= longest_s)
    before = np.flatnonzero(same & (gap > 1))
    lost = gap[before] - 1
    row = np.repeat(before, lost)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(lost) - lost, lost) + 1
    share = (nth / np.repeat(gap[before], lost))[:, None]
    boxes = seen[BOX].to_numpy(float)
    out = seen.iloc[row][["track_id", "class_name"]].reset_index(drop=True)
    out.insert(0, "frame", frames["frame"].to_numpy()[order[row] + nth])
    out[BOX] = (1 - share) * boxes[row] + share * boxes[row + 1]
    return out[~_hidden(out, instances)].reset_index(drop=True)


def frame_doubts(
    frames: pd.DataFrame, instances: pd.DataFrame, labels: pd.DataFrame, missed: pd.DataFrame
) -> pd.DataFrame:
    """Count for each frame what a person would probably have to correct in it.

    ``corrections`` is the expected number: the sum of 1 - score over what was found (``faint``), one for each
    person ``missed``, one for each whose role over the whole track is not the network's (``relabelled``).
    Frames that only repeat a picture are left out.

    Returns
    -------
    One row a frame, with the columns of `DOUBTS`.
    """
    told = instances.merge(labels[["frame", "instance", "role"]], on=["frame", "instance"], how="left")
    known = told["role"].notna() & ~told["role"].isin(["unclear", "other"])
    told["relabelled"] = known & (told["role"] != told["class_name"])
    told["faint"] = 1.0 - told["score"].clip(0, 1)
    by_frame = told.groupby("frame").agg(
        found=("score", "size"), faint=("faint", "sum"), relabelled=("relabelled", "sum")
    )
    out = frames.loc[~frames["duplicate"].to_numpy(bool), ["frame", "time_s", "shot"]].set_index("frame")
    out = out.join(by_frame).join(missed.groupby("frame").size().rename("missed")).fillna(0).reset_index()
    out["corrections"] = out["faint"] + out["missed"] + out["relabelled"]
    return out[DOUBTS].astype({"shot": int, "found": int, "missed": int, "relabelled": int})


def choose_frames(doubts: pd.DataFrame, count: int, order: Order, minimum_gap_s: float) -> pd.DataFrame:
    """Choose up to ``count`` frames, no two less than ``minimum_gap_s`` apart: their rows of ``doubts``.

    ``hard``: those with most expected corrections first. ``spread``: evenly over the footage, in its order.

    Raises
    ------
    DataSetError
        If ``order`` is none of `ORDERS`.
    """
    if order not in ORDERS:
        raise DataSetError(f"--order {order}: must be {' or '.join(ORDERS)}")
    time_s = doubts["time_s"].to_numpy(float)
    if order == "spread":
        sorted_times = np.sort(time_s)
        wanted = sorted_times[np.linspace(0, len(time_s) - 1, min(count, len(time_s))).round().astype(int)]
        ranked = pd.Index(time_s).get_indexer(wanted, method="nearest") if len(time_s) else np.empty(0, int)
    else:
        ranked = np.lexsort((time_s, -doubts["corrections"].to_numpy(float)))
    return doubts.iloc[_apart(ranked, time_s, count, minimum_gap_s)].reset_index(drop=True)


def _apart(ranked: NDArray[np.intp], time_s: NDArray[np.float64], count: int, gap_s: float) -> list[int]:
    taken: list[int] = []
    free = np.ones(len(time_s), bool)
    for i in ranked.tolist():
        if len(taken) == count:
            break
        if free[i]:
            taken.append(i)
            # Half a millisecond: times of frames are not exact multiples of anything.
            free &= np.abs(time_s - time_s[i]) >= gap_s - 5e-4
            free[i] = False
    return taken


def _hidden(missed: pd.DataFrame, instances: pd.DataFrame) -> NDArray[np.bool_]:
    found = instances.groupby("frame").indices
    boxes, others = missed[BOX].to_numpy(float), instances[BOX].to_numpy(float)
    out = np.zeros(len(missed), bool)
    for frame, rows in missed.groupby("frame").indices.items():
        if len(near := found.get(frame, ())):
            out[rows] = box_iou(boxes[rows], others[near]).max(axis=1) > _HIDDEN_IOU
    return out
