"""A finished run as boxes of tracks in the picture: what exports in pixels start from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.core.errors import RunError
from pipeline.runs.pitch_tracks import usual_fps
from pipeline.runs.stored_run import StoredRun

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

    stored: StoredRun
    frames: pd.DataFrame
    boxes: pd.DataFrame
    width_px: int
    height_px: int
    fps: float

    @property
    def root(self) -> Path:
        """The run directory."""
        return self.stored.root


def boxes_of(run: StoredRun, format: str) -> RunBoxes:
    """Read the boxes of a finished run of footage for a ``format`` that needs ids and pixels.

    Raises
    ------
    RunError
        If the run came from tracking data, or has no tracks.
    """
    check_pictured(run, format)
    if not run.has("tracks"):
        raise RunError(
            f"{run.root}: has no tracks (mode team), and {format} needs an id for each person; "
            "run with --mode player"
        )
    tracks, who = run.by_person("tracks", ["frame", "instance", "track_id"])
    instances = run.table("instances", ["frame", "instance", "score", *BOX])
    boxes = tracks.merge(instances, "inner", ["frame", "instance"])
    boxes = boxes.merge(who[["track_id", "role", "team"]], "left", "track_id")
    frames = run.table("frames", ["frame", "time_s"]).sort_values("frame")
    video = run.record["video"]
    return RunBoxes(
        run,
        frames.reset_index(drop=True),
        boxes.sort_values(["frame", "track_id"], ignore_index=True),
        *(int(video["width_px"]), int(video["height_px"])),
        usual_fps(frames),
    )


def check_pictured(run: StoredRun, format: str) -> None:
    """Refuse a run without pictures.

    Raises
    ------
    RunError
        If it came from tracking data.
    """
    if run.kind == "tracking":
        raise RunError(
            f"{run.root}: made from tracking data, without pictures, and {format} holds boxes or masks; "
            "take --format skillcorner, cdf, tracab or csv"
        )
