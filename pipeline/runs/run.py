"""`Run`: what the product knows of a match, for scripts and notebooks."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from pipeline import video
from pipeline.core.errors import RunError
from pipeline.core.types import Frame, Instances
from pipeline.runs.frame_masks import UNTRACKED, FrameMasks
from pipeline.runs.frame_positions import FramePositions, frame_positions
from pipeline.runs.kloppy_dataset import kloppy_dataset
from pipeline.runs.mask_run import MaskRun, masks_of
from pipeline.runs.picture_masks import PictureMasks, tracks_or_none
from pipeline.runs.pitch_tracks import tracks_of
from pipeline.runs.stored_run import PLAYERS, StoredRun
from pipeline.runs.supervision_detections import to_detections


class Run(StoredRun):
    """A finished run, of footage or of tracking data: ``Run.open("runs/derby")``.

    Tables, masks and names are read when they are asked for. Everything that a user can mend raises a
    `pipeline.core.errors.UserError` with one line.
    """

    def frames(self, *, roles: Collection[str] = PLAYERS, with_team: bool = True) -> Iterator[FramePositions]:
        """Go through the frames in order, with the positions in each; arguments as `people`.

        Frames in which nobody has a position come too, with none; those that only repeat a picture do not.
        """
        frames = self.table("frames", ["frame", "time_s", "duplicate"])
        frames = frames[~frames["duplicate"].to_numpy(bool)]
        return frame_positions(frames, self.people(roles=roles, with_team=with_team))

    def pictures(self) -> Iterator[Frame]:
        """Decode the footage again, as far as it was processed: frames with ``index``, ``time_s``, ``image``.

        Raises
        ------
        RunError
            If the run has no pictures.
        VideoError
            If the footage is no longer where it was.
        """
        if self.kind == "tracking":
            raise RunError(f"{self.root}: made from tracking data, so it has no pictures")
        return video.frames(Path(self.record["source"]), self.config.video)

    def masks(self, frame: int) -> PictureMasks:
        """Read the masks of one frame, with who is who.

        Raises
        ------
        RunError
            If the frame was not processed, or the run has no pictures.
        """
        source = self._masks
        people = source.frame(frame)
        return PictureMasks(people, self._names(people), source.height, source.width)

    def detections(self, frame: int) -> Any:
        """Give one frame as ``supervision.Detections``, ready to be drawn.

        ``tracker_id`` holds tracks (None where nobody is tracked); ``data`` holds ``class_name``, ``name``,
        ``role`` and ``team`` (empty where unclear). Masks are dense.

        Raises
        ------
        RunError
            As `masks`.
        """
        import numpy as np

        found = self.masks(frame)
        people = found.people
        instances = Instances(
            frame=people.frame,
            boxes_px=people.boxes_px.astype(np.float32),
            score=people.score.astype(np.float32),
            class_id=people.class_id.astype(np.int8),
            masks=people.masks,
        )
        made = to_detections(instances, found.height_px, found.width_px, tracks_or_none(people))
        about = {"name": found.names, "role": found.role, "team": [t or "" for t in found.team]}
        made.data.update({key: np.array(values, dtype=str) for key, values in about.items()})
        return made

    def to_kloppy(self) -> Any:
        """Give the run as ``kloppy.domain.TrackingDataset``: metres from the centre spot, team A at home.

        Raises
        ------
        RunError
            If the run was never on the pitch, has no tracks (mode team), or knows no teams.
        """
        return kloppy_dataset(tracks_of(self, "kloppy", of_export=False))

    @property
    def _masks(self) -> MaskRun:
        return self.once("masks", lambda: masks_of(self))

    def _names(self, people: FrameMasks) -> tuple[str, ...]:
        tracks = zip(people.track_id.tolist(), people.role, strict=True)
        return tuple(r if t == UNTRACKED or r == "ball" else self.name_of(t) for t, r in tracks)
