"""HOTA, IDF1, switches and game-state HOTA by trackeval, from true and found people frame by frame."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.boxes import box_iou
from pipeline.core.errors import UserError
from pipeline.evaluation.tracking.true_tracks import BOX

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
_TOLERANCE_M = 5.0
"""Distance at which a position is worth 5% (SoccerNet game-state reconstruction, Somers et al. 2024)."""


@dataclass(frozen=True, slots=True)
class TrackingScores:
    """In percent but ``switches`` and ``fragments`` (counts); means over localisation thresholds for HOTA.

    Luiten et al. 2021 (HOTA, DetA, AssA), Ristani et al. 2016 (IDF1), Bernardin and Stiefelhagen 2008 (MOTA).
    """

    hota: float
    det_a: float
    ass_a: float
    idf1: float
    mota: float
    switches: int
    n_true: int
    n_found: int


def boxes_similarity(true: pd.DataFrame, found: pd.DataFrame) -> Array:
    """IoU of the boxes of one frame, ``(n true, n found)``."""
    return box_iou(true[list(BOX)].to_numpy(np.float64), found[list(BOX)].to_numpy(np.float64))


def place_similarity(true: pd.DataFrame, found: pd.DataFrame) -> Array:
    """How near people are on the pitch: ``exp(ln(0.05) d^2 / 5^2)`` for ``d`` metres; 0 without a place."""
    apart = true[["x_m", "y_m"]].to_numpy(np.float64)[:, None] - found[["x_m", "y_m"]].to_numpy(np.float64)
    near = np.exp(np.log(0.05) * (apart**2).sum(axis=2) / _TOLERANCE_M**2)
    return np.where(np.isfinite(near), near, 0.0)


def game_state_similarity(true: pd.DataFrame, found: pd.DataFrame) -> Array:
    """How alike game states are: near on the pitch, and of the same role, team and number; else 0.

    Near as in `place_similarity` and SoccerNet's GS-HOTA; a person without a position is like nobody.
    """
    near = place_similarity(true, found)
    same = np.ones(near.shape, bool)
    for name in ("role", "team", "number"):
        one, other = (t[name].astype(object).where(t[name].notna(), None).to_numpy() for t in (true, found))
        same &= np.equal.outer(one, other).astype(bool)
    return np.where(same, near, 0.0)


def tracking_scores(true: pd.DataFrame, found: pd.DataFrame, similarity: Any) -> TrackingScores:
    """Score found identities.

    Parameters
    ----------
    true, found
        ``frame``, ``person_id`` or ``identity`` (integers), and what ``similarity`` reads.
    similarity
        Takes the true and the found rows of a frame, gives ``(n true, n found)`` in 0 to 1.

    Raises
    ------
    UserError
        If nothing is labelled, or trackeval is not installed.
    """
    if true.empty:
        raise UserError("the truth has nobody in the frames of this run; does it belong to this footage?")
    metrics = _trackeval()
    data = _sequence(true, found, similarity)
    with contextlib.redirect_stdout(io.StringIO()):
        hota = metrics.HOTA().eval_sequence(data)
        clear = metrics.CLEAR().eval_sequence(data)
        identity = metrics.Identity().eval_sequence(data)
    det_a, ass_a = (100 * float(np.mean(hota[k])) for k in ("DetA", "AssA"))
    return TrackingScores(
        100 * float(np.mean(hota["HOTA"])),
        det_a,
        ass_a,
        100 * float(identity["IDF1"]),
        100 * float(clear["MOTA"]),
        int(clear["IDSW"]),
        len(true),
        len(found),
    )


def _sequence(true: pd.DataFrame, found: pd.DataFrame, similarity: Any) -> dict[str, Any]:
    """Lay a sequence out as trackeval wants it."""
    true_ids, true_id = np.unique(true["person_id"].to_numpy(), return_inverse=True)
    found_ids, found_id = np.unique(found["identity"].to_numpy(), return_inverse=True)
    in_true, in_found = true.groupby("frame").indices, found.groupby("frame").indices
    frames = np.union1d(true["frame"].to_numpy(), found["frame"].to_numpy()).tolist()
    none = np.zeros(0, np.int64)
    rows = [(in_true.get(f, none), in_found.get(f, none)) for f in frames]
    return {
        "num_timesteps": len(frames),
        "num_gt_ids": len(true_ids),
        "num_tracker_ids": len(found_ids),
        "num_gt_dets": len(true),
        "num_tracker_dets": len(found),
        "gt_ids": [true_id[a] for a, _ in rows],
        "tracker_ids": [found_id[b] for _, b in rows],
        "similarity_scores": [similarity(true.iloc[a], found.iloc[b]) for a, b in rows],
    }


def _trackeval() -> Any:
    try:
        from trackeval import metrics
    except ImportError:
        raise UserError("evaluate-tracking needs trackeval: 'pip install trackeval'") from None
    return metrics
