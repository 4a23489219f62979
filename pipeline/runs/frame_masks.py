"""All masks of a run, one frame after the other, with who is who: what every export starts from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.core import masks
from pipeline.core.errors import RunError
from pipeline.core.label_maps import UNCLEAR, label_value
from pipeline.core.types import CropMask
from pipeline.runs.run_directory import read_json
from pipeline.tables import storage
from pipeline.tables.frame_stream import FrameReader, Rows

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


@dataclass(frozen=True, slots=True)
class MaskRun:
    """A run whose masks can be read: its folder, the frames' size in px, whether people are tracked."""

    root: Path
    height: int
    width: int
    tracked: bool

    def table(self, name: str) -> Path:
        """Where the table ``name`` is stored."""
        return self.root / "tables" / f"{name}.parquet"

    def frames(self) -> Iterator[FrameMasks]:
        """Read frame by frame, see `read_frames`."""
        return read_frames(self.root / "tables", self.tracked)


def read_frames(folder: Path, tracked: bool) -> Iterator[FrameMasks]:
    """Read the tables in ``folder`` frame by frame; frames without anybody come too, with no masks."""

    def reader(name: str, *columns: str) -> FrameReader:
        return FrameReader(folder / f"{name}.parquet", columns)

    frames = storage.read(folder / "frames.parquet", "frames", ["frame", "time_s"]).sort_values("frame")
    segments = reader("segments", "class_id", "instance", "top", "left", "height", "width", "runs")
    instances = reader("instances", "instance", "score", *_BOX, *_FOOT)
    labels = reader("labels", "instance", "role", "team")
    tracks = reader("tracks", "instance", "track_id") if tracked else None
    for frame, time_s in zip(frames["frame"].tolist(), frames["time_s"].tolist(), strict=True):
        masks_, people, names = (r.take(frame) for r in (segments, instances, labels))
        yield _join(frame, time_s, masks_, people, names, tracks.take(frame) if tracks else None)


def open_run(root: Path) -> MaskRun:
    """Open a run directory for export.

    Raises
    ------
    RunError
        If it is no run, or one that did not get as far as team labels.
    """
    record = read_json(root / "run.json")
    video, config = record.get("video", {}), record.get("config", {})
    if not {"height_px", "width_px"} <= video.keys() or "mode" not in config:
        raise RunError(f"{root}: no run here (run.json is missing or broken); make one with 'teamshape run'")
    run = MaskRun(root, int(video["height_px"]), int(video["width_px"]), config["mode"] != "team")
    needed = ["frames", "instances", "segments", "labels", *(["tracks"] if run.tracked else [])]
    if missing := [n for n in needed if not run.table(n).exists()]:
        raise RunError(f"{root}: not finished (no {', '.join(missing)}); continue with 'teamshape run' first")
    return run


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
    frame: int, time_s: float, segments: Rows, instances: Rows, labels: Rows, tracks: Rows | None
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
