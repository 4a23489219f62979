"""The masks of a frame with who is who, and reading them one frame after the other or one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.core import masks
from pipeline.core.label_maps import UNCLEAR, label_value
from pipeline.core.types import CropMask
from pipeline.tables import storage
from pipeline.tables.frame_stream import FrameReader, Rows, rows_of_frame

UNTRACKED = -1
"""``track_id`` of an instance that belongs to no track."""
_BOX = ("x1_px", "y1_px", "x2_px", "y2_px")
_FOOT = ("foot_x_px", "foot_y_px")


@dataclass(frozen=True, slots=True)
class FrameMasks:
    """The N masks of one frame.

    ``instance``, ``class_id``, ``track_id`` (`UNTRACKED` where none), ``value`` (of the label map),
    ``score``: shape ``(N,)``; ``feet_px``: ``(N, 2)``; ``boxes_px``: ``(N, 4)`` xyxy; ``role`` and
    ``team``: N texts, team None where it has none.
    """

    frame: int
    time_s: float
    masks: tuple[CropMask, ...]
    instance: NDArray[np.int64]
    class_id: NDArray[np.int64]
    track_id: NDArray[np.int64]
    value: NDArray[np.uint8]
    score: NDArray[np.float64]
    feet_px: NDArray[np.float64]
    boxes_px: NDArray[np.float64]
    role: tuple[str, ...]
    team: tuple[str | None, ...]


def read_frames(folder: Path, tracked: bool) -> Iterator[FrameMasks]:
    """Read the tables in ``folder`` frame by frame; frames without anybody come too, with no masks."""
    frames = storage.read(folder / "frames.parquet", "frames", ["frame", "time_s"]).sort_values("frame")
    readers = [FrameReader(folder / f"{n}.parquet", c) for n, c in _columns(tracked).items()]
    for frame, time_s in zip(frames["frame"].tolist(), frames["time_s"].tolist(), strict=True):
        yield _join(frame, time_s, *(r.take(frame) for r in readers))


def read_frame(folder: Path, tracked: bool, frame: int, time_s: float) -> FrameMasks:
    """Read one frame of the tables in ``folder``, without what lies before it."""
    columns = _columns(tracked).items()
    return _join(frame, time_s, *(rows_of_frame(folder / f"{n}.parquet", c, frame) for n, c in columns))


def _columns(tracked: bool) -> dict[str, tuple[str, ...]]:
    """What to read of which table, in the order in which `_join` takes them."""
    tracks = {"tracks": ("instance", "track_id")} if tracked else {}
    return {
        "segments": ("class_id", "instance", "top", "left", "height", "width", "runs"),
        "instances": ("instance", "score", *_BOX, *_FOOT),
        "labels": ("instance", "role", "team"),
    } | tracks


def crop_masks(segments: Rows) -> tuple[CropMask, ...]:
    """Read the masks of some rows of ``segments``."""
    names = ("top", "left", "height", "width")
    box = zip(*(segments[n].tolist() for n in names), segments["runs"], strict=True)
    return tuple(masks.from_bytes(*b) for b in box)


def match(instance: NDArray[np.int64], rows: Rows) -> NDArray[np.int64]:
    """For each instance, the row of ``rows`` with the same ``instance``, -1 where there is none."""
    at = {int(n): i for i, n in enumerate(rows["instance"].tolist())}
    return np.array([at.get(int(n), -1) for n in instance], dtype=np.int64)


def _join(
    frame: int, time_s: float, segments: Rows, instances: Rows, labels: Rows, tracks: Rows | None = None
) -> FrameMasks:
    number = segments["instance"].astype(np.float64)
    things = ~np.isnan(number)
    segments = {name: column[things] for name, column in segments.items()}
    instance = number[things].astype(np.int64)
    found, labelled = match(instance, instances), match(instance, labels)
    role = tuple(str(labels["role"][i]) if i >= 0 else "unclear" for i in labelled)
    team = tuple(_text(labels["team"][i]) if i >= 0 else None for i in labelled)
    return FrameMasks(
        frame=frame,
        time_s=time_s,
        masks=crop_masks(segments),
        instance=instance,
        class_id=segments["class_id"].astype(np.int64),
        track_id=_pick(tracks["track_id"], match(instance, tracks), UNTRACKED).astype(np.int64)
        if tracks
        else np.full(len(instance), UNTRACKED, np.int64),
        value=np.array(
            [label_value(r, t) if i >= 0 else UNCLEAR for r, t, i in zip(role, team, labelled, strict=True)],
            dtype=np.uint8,
        ),
        score=_pick(instances["score"], found, np.nan),
        feet_px=np.column_stack([_pick(instances[c], found, np.nan) for c in _FOOT]),
        boxes_px=np.column_stack([_pick(instances[c], found, np.nan) for c in _BOX]),
        role=role,
        team=team,
    )


def _pick(column: NDArray[np.floating], rows: NDArray[np.int64], missing: float) -> NDArray[np.float64]:
    out = np.full(len(rows), missing, np.float64)
    out[rows >= 0] = column[rows[rows >= 0]]
    return out


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
