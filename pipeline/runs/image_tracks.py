"""A finished run as boxes of tracks in the picture: what exports in pixels start from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.errors import RunError
from pipeline.runs.pitch_tracks import finished_record, optional_table, usual_fps
from pipeline.tables import storage
from pipeline.tables.persons import by_person

if TYPE_CHECKING:
    import pandas as pd

BOX = ("x1_px", "y1_px", "x2_px", "y2_px")


@dataclass(frozen=True, slots=True)
class RunBoxes:
    """A run's boxes with who is who.

    ``frames``: the table, in order. ``boxes``: a row for each frame in which a track was seen: ``frame,
    instance, track_id, score``, `BOX` (px, xyxy), ``role, team``. ``width_px``, ``height_px`` of the picture;
    ``fps``: usual rate of the frames that were processed, per s.
    """

    root: Path
    record: dict[str, Any]
    frames: pd.DataFrame
    boxes: pd.DataFrame
    width_px: int
    height_px: int
    fps: float


def open_boxes(root: Path, format: str) -> RunBoxes:
    """Read the boxes of a finished run of footage for a ``format`` that needs ids and pixels.

    Raises
    ------
    RunError
        If the run is not finished, came from tracking data, or has no tracks.
    """
    record = pictured_record(root, format)
    folder = root / "tables"
    if not (folder / "tracks.parquet").exists():
        raise RunError(
            f"{root}: has no tracks (mode team), and {format} needs an id for each person; "
            "run with --mode player"
        )
    tracks = storage.read(folder / "tracks.parquet", "tracks", ["frame", "instance", "track_id"])
    instances = storage.read(folder / "instances.parquet", "instances", ["frame", "instance", "score", *BOX])
    who = storage.read(folder / "identities.parquet", "identities")
    tracks, who = by_person(tracks, who, optional_table(root, "links"))
    who = who[["track_id", "role", "team"]]
    boxes = tracks.merge(instances, "inner", ["frame", "instance"]).merge(who, "left", "track_id")
    frames = storage.read(folder / "frames.parquet", "frames", ["frame", "time_s"]).sort_values("frame")
    video = record["video"]
    return RunBoxes(
        root,
        record,
        frames.reset_index(drop=True),
        boxes.sort_values(["frame", "track_id"], ignore_index=True),
        *(int(video["width_px"]), int(video["height_px"])),
        usual_fps(frames),
    )


def pictured_record(root: Path, format: str) -> dict[str, Any]:
    """Read ``run.json`` of a finished run of footage.

    Raises
    ------
    RunError
        If the run is not finished, or came from tracking data.
    """
    record = finished_record(root)
    if record.get("kind") == "tracking":
        raise RunError(
            f"{root}: made from tracking data, without pictures, and {format} holds boxes or masks; "
            "take --format skillcorner, cdf, tracab or csv"
        )
    return record
