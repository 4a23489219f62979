"""A run whose masks can be read: what every export of masks starts from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import RunError
from pipeline.runs.frame_masks import FrameMasks, read_frame, read_frames
from pipeline.runs.records import record_of
from pipeline.runs.stored_run import StoredRun


@dataclass(frozen=True, slots=True)
class MaskRun:
    """A run whose masks can be read: its tables, the frames' size in px, whether people are tracked."""

    run: StoredRun
    height: int
    width: int
    tracked: bool

    def frames(self) -> Iterator[FrameMasks]:
        """Read frame by frame, see `read_frames`."""
        return read_frames(self.run.root / "tables", self.tracked)

    def frame(self, number: int) -> FrameMasks:
        """Read one frame.

        Raises
        ------
        RunError
            If it was not processed.
        """
        frames = self.run.table("frames", ["frame", "time_s"])
        at = frames.loc[frames["frame"] == number, "time_s"]
        if not len(at):
            known = f"{frames['frame'].min()} to {frames['frame'].max()}" if len(frames) else "none"
            raise RunError(f"{self.run.root}: frame {number} was not processed; there are {known}")
        return read_frame(self.run.root / "tables", self.tracked, number, float(at.iloc[0]))


def open_masks(root: Path) -> MaskRun:
    """Open a run directory for its masks.

    Raises
    ------
    RunError
        If it is no run, was made from tracking data, or did not get as far as team labels.
    """
    made = masks_of(StoredRun.open(root, stage="begun"))
    record_of(root)
    return made


def masks_of(run: StoredRun) -> MaskRun:
    """Prepare to read the masks of ``run``; errors as `open_masks`."""
    video, root = run.record["video"], run.root
    if run.kind == "tracking":
        raise RunError(
            f"{root}: made from tracking data, which has no masks; 'teamshape export {root} --format csv' "
            "(or skillcorner, cdf, tracab) writes its positions"
        )
    needed = ["frames", "instances", "segments", "labels", *(["tracks"] if run.tracked else [])]
    missing = [n for n in needed if not run.has(n)]
    if missing or not {"height_px", "width_px"} <= video.keys():
        lacks = ", ".join(missing) or "size of the picture"
        raise RunError(f"{root}: not finished (no {lacks}); continue with 'teamshape run' first")
    return MaskRun(run, int(video["height_px"]), int(video["width_px"]), run.tracked)
