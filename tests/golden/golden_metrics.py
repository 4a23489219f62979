"""Compare the tables of a run with the truth of a rendered match.

Every function takes tables (``pipeline/tables/schemas.py``) and `pipeline.synthetic.truth.Truth`. People
who are hardly visible (`MIN_VISIBLE`) or do not
play (coaches) are *ignored*: missing or finding them counts not.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from pipeline.core import masks
from pipeline.core.geometry import to_pitch
from pipeline.synthetic.truth import Truth, mask_of
from pipeline.tables import storage

Array = NDArray[np.float64]

MIN_VISIBLE = 0.35
"""Less of a figure than this cannot be asked for."""
_MATCH_IOU = 0.5
_BALL = "ball"


@dataclass(frozen=True, slots=True)
class Detection:
    """How well people were found: shares of 0..1, over all frames of the run."""

    recall: float
    precision: float
    mask_iou: float
    n_truth: int


@dataclass(frozen=True, slots=True)
class Tracking:
    """HOTA and its parts in percent (mean over thresholds), and tracks that follow more than one person."""

    hota: float
    det_a: float
    ass_a: float
    mixed_tracks: int


@dataclass(frozen=True, slots=True)
class Labelling:
    """Shares of matched people: right team (players; nobody's team is wrong), right role."""

    team_accuracy: float
    role_accuracy: float


@dataclass(frozen=True, slots=True)
class Placing:
    """Distance of observed positions to the truth in metres, and the share of frames with a camera view."""

    median_m: float
    p95_m: float
    n_positions: int
    view_share: float
    view_error_m: float


@dataclass(frozen=True, slots=True)
class Golden:
    """Everything at once."""

    detection: Detection
    tracking: Tracking | None
    labelling: Labelling | None
    placing: Placing | None

    def flat(self) -> dict[str, float]:
        """All numbers by name, for printing."""
        out: dict[str, float] = {}
        for part in (self.detection, self.tracking, self.labelling, self.placing):
            out.update(asdict(part) if part is not None else {})
        return out


def measure(run: Path, truth: Truth) -> Golden:
    """Compare a run directory with the truth; parts whose tables the run does not have are None."""

    def table(name: str) -> pd.DataFrame | None:
        path = run / "tables" / f"{name}.parquet"
        return storage.read(path, name) if path.exists() else None

    instances, segments = table("instances"), table("segments")
    frames, tracks, labels = table("frames"), table("tracks"), table("labels")
    positions, views = table("positions"), table("views")
    if instances is None or segments is None or frames is None:
        raise FileNotFoundError(f"{run} has no tables of instances, segments and frames")
    truth = during(truth, frames.frame.to_numpy())
    pairs = match(instances, truth)
    return Golden(
        detection(instances, segments, truth, pairs),
        None if tracks is None else tracking(instances, tracks, truth, pairs),
        None if labels is None else labelling(labels, truth, pairs),
        None if positions is None or views is None else placing(positions, views, truth, pairs),
    )


def during(truth: Truth, frames: NDArray[np.integer[Any]]) -> Truth:
    """The truth of some frames only."""
    kept = [t[t.frame.isin(frames)] for t in (truth.instances, truth.views, truth.motion)]
    return Truth(kept[0], kept[1], kept[2], truth.people, truth.formations)


def match(instances: pd.DataFrame, truth: Truth) -> pd.DataFrame:
    """Pair found people with true ones, frame by frame, one to one, by boxes of IoU .5 or more.

    Returns
    -------
    Columns ``frame, instance, person_id, iou, ignored``: ``ignored`` pairs do not count. Clearly visible
    players are paired before ignored ones.
    """
    people = _people(truth)
    rows = []
    found = dict(tuple(instances[instances.class_name != _BALL].groupby("frame")))
    for frame, there in people.groupby("frame"):
        here = found.get(frame)
        if here is None:
            continue
        iou = box_iou(_true_boxes(there), here[["x1_px", "y1_px", "x2_px", "y2_px"]].to_numpy(float))
        ignored = there.ignored.to_numpy()
        value = np.where(iou >= _MATCH_IOU, iou + 1.0 * ~ignored[:, None], 0.0)
        for i, j in zip(*linear_sum_assignment(-value), strict=True):
            if value[i, j] > 0:
                one = (frame, here.instance.iloc[j], there.person_id.iloc[i], iou[i, j], bool(ignored[i]))
                rows.append(one)
    names = ["frame", "instance", "person_id", "iou", "ignored"]
    return pd.DataFrame(rows, columns=names).astype(
        {"frame": "int32", "instance": "int32", "person_id": "int32", "iou": float, "ignored": bool}
    )


def detection(
    instances: pd.DataFrame, segments: pd.DataFrame, truth: Truth, pairs: pd.DataFrame
) -> Detection:
    """Recall, precision and mean mask IoU of matched people."""
    wanted = int((~_people(truth).ignored).sum())
    counted = pairs[~pairs.ignored]
    n_found = int((instances.class_name != _BALL).sum()) - int(pairs.ignored.sum())
    true_masks = {(r.frame, r.person_id): mask_of(r) for r in truth.instances.itertuples()}
    own = segments[segments.instance.notna()]
    found_masks = {(r.frame, int(r.instance)): mask_of(r) for r in own.itertuples()}
    ious = [
        masks.iou(true_masks[r.frame, r.person_id], found_masks[r.frame, r.instance])
        for r in counted.itertuples()
        if (r.frame, r.instance) in found_masks
    ]
    return Detection(
        _share(len(counted), wanted), _share(len(counted), n_found), float(np.mean(ious or [0.0])), wanted
    )


def tracking(instances: pd.DataFrame, tracks: pd.DataFrame, truth: Truth, pairs: pd.DataFrame) -> Tracking:
    """HOTA on boxes (trackeval); detections that match ignored people are left out."""
    from trackeval.metrics import HOTA

    linked = tracks.merge(instances, on=["frame", "instance"], suffixes=("", "_found"))
    linked = linked[linked.class_name != _BALL]
    ignored = pairs.loc[pairs.ignored, ["frame", "instance"]].assign(drop=True)
    linked = linked.merge(ignored, on=["frame", "instance"], how="left")
    linked = linked[linked["drop"].isna()]
    people = _people(truth)
    people = people[~people.ignored]
    found, there = dict(tuple(linked.groupby("frame"))), dict(tuple(people.groupby("frame")))
    true_ids = {p: i for i, p in enumerate(sorted(people.person_id.unique()))}
    found_ids = {t: i for i, t in enumerate(sorted(linked.track_id.unique()))}
    data: dict[str, Any] = {"gt_ids": [], "tracker_ids": [], "similarity_scores": []}
    for frame in sorted(set(found) | set(there)):
        a, b = there.get(frame, people.iloc[:0]), found.get(frame, linked.iloc[:0])
        data["gt_ids"].append(a.person_id.map(true_ids).to_numpy(int))
        data["tracker_ids"].append(b.track_id.map(found_ids).to_numpy(int))
        boxes = b[["x1_px", "y1_px", "x2_px", "y2_px"]].to_numpy(float)
        data["similarity_scores"].append(box_iou(_true_boxes(a), boxes))
    data.update(num_gt_ids=len(true_ids), num_tracker_ids=len(found_ids))
    data.update(num_gt_dets=len(people), num_tracker_dets=len(linked))
    result = HOTA().eval_sequence(data)
    counted = pairs[~pairs.ignored].merge(tracks, on=["frame", "instance"])
    owners = counted.groupby(["track_id", "person_id"]).size()
    mixed = int((owners[owners >= 5].groupby("track_id").size() > 1).sum())
    hota, det_a, ass_a = (100 * float(np.mean(result[k])) for k in ("HOTA", "DetA", "AssA"))
    return Tracking(hota, det_a, ass_a, mixed)


def labelling(labels: pd.DataFrame, truth: Truth, pairs: pd.DataFrame) -> Labelling:
    """Team accuracy over matched players (A and B may be swapped as a whole) and role accuracy.

    Assistants count as right when called referee or other.
    """
    people = truth.people.set_index("person_id")
    counted = pairs[~pairs.ignored].merge(labels, on=["frame", "instance"], how="left")
    true = people.loc[counted.person_id]
    players = (true.role == "player").to_numpy()
    same = (counted.team.to_numpy() == true.team.to_numpy())[players]
    other = pd.Series(counted.team).map({"A": "B", "B": "A"})
    swapped = (other.to_numpy() == true.team.to_numpy())[players]
    right = (counted.role.to_numpy() == true.role.to_numpy()) | (
        (true.duty == "assistant").to_numpy() & (counted.role == "other").to_numpy()
    )
    team = max(_share(int(same.sum()), len(same)), _share(int(swapped.sum()), len(swapped)))
    return Labelling(team, _share(int(right.sum()), len(right)))


def placing(positions: pd.DataFrame, views: pd.DataFrame, truth: Truth, pairs: pd.DataFrame) -> Placing:
    """Position error of observed, matched people, and error and share of the camera views.

    A pitch looks the same turned by half a turn: the better of both is taken.
    """
    observed = positions[(positions.source == "observed") & positions.instance.notna()]
    observed = observed.astype({"instance": "int32"})[["frame", "instance", "x_m", "y_m"]]
    joined = pairs[~pairs.ignored].merge(observed, on=["frame", "instance"])
    places = truth.instances[["frame", "person_id", "x_m", "y_m"]]
    joined = joined.merge(places, on=["frame", "person_id"], suffixes=("", "_true"))
    found, true = joined[["x_m", "y_m"]].to_numpy(float), joined[["x_m_true", "y_m_true"]].to_numpy(float)
    error = _better([np.hypot(*(sign * found - true).T) for sign in (1.0, -1.0)])
    has_view = views.source != "none"
    return Placing(
        float(np.median(error)) if len(error) else float("nan"),
        float(np.percentile(error, 95)) if len(error) else float("nan"),
        len(error),
        _share(int(has_view.sum()), len(views)),
        view_error_m(views[has_view], truth),
    )


def view_error_m(views: pd.DataFrame, truth: Truth) -> float:
    """Median distance in metres between found and true view, over the feet of everyone in each picture."""
    feet = truth.instances[truth.instances.role != _BALL]
    errors = []
    for row in views.itertuples():
        there = feet[feet.frame == row.frame]
        view = np.array([getattr(row, f"h{i}{j}") for i in (1, 2, 3) for j in (1, 2, 3)]).reshape(3, 3)
        found = to_pitch(there[["foot_x_px", "foot_y_px"]].to_numpy(float), view)
        true = there[["x_m", "y_m"]].to_numpy(float)
        errors.append(_better([np.hypot(*(sign * found - true).T) for sign in (1.0, -1.0)]))
    every = np.concatenate(errors) if errors else np.zeros(0)
    every = every[np.isfinite(every)]
    return float(np.median(every)) if len(every) else float("nan")


def box_iou(first: Array, second: Array) -> Array:
    """IoU of boxes ``(N, 4)`` and ``(M, 4)`` xyxy, ``(N, M)``."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=2)
    areas = [np.clip(b[:, 2:] - b[:, :2], 0, None).prod(axis=1) for b in (first, second)]
    return np.asarray(shared / np.maximum(areas[0][:, None] + areas[1][None] - shared, 1e-9))


def _people(truth: Truth) -> pd.DataFrame:
    """True people with a column ``ignored``."""
    people = truth.instances[truth.instances.role != _BALL]
    hardly = (people.visible_share < MIN_VISIBLE) | (people.width < 3) | (people.height < 10)
    return people.assign(ignored=hardly | (people.role == "other"))


def _true_boxes(people: pd.DataFrame) -> Array:
    left, top = people.left.to_numpy(float), people.top.to_numpy(float)
    return np.stack([left, top, left + people.width, top + people.height], axis=1).reshape(-1, 4)


def _better(errors: list[Array]) -> Array:
    return min(errors, key=lambda e: float(np.nanmedian(e)) if len(e) else 0.0)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
