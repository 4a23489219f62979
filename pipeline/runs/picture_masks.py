"""The masks of one frame as arrays, with who is who."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.core import masks
from pipeline.core.label_maps import paint
from pipeline.runs.frame_masks import UNTRACKED, FrameMasks


@dataclass(frozen=True, slots=True)
class PictureMasks:
    """The N instances of one frame.

    ``names`` says who each is (N texts: ``7 Sancho``, ``track 12``, ``ball``); the other attributes hold one
    entry for each instance, in the same order. ``people`` has them compressed, as they are stored.
    """

    people: FrameMasks
    names: tuple[str, ...]
    height_px: int
    width_px: int

    def __len__(self) -> int:
        return len(self.people.masks)

    @property
    def frame(self) -> int:
        """Number of the frame in its file, from 0."""
        return self.people.frame

    @property
    def time_s(self) -> float:
        """When the frame is shown, s from the first frame."""
        return self.people.time_s

    @property
    def track_id(self) -> NDArray[np.int64]:
        """The track of each, ``(N,)``; -1 where it has none."""
        return self.people.track_id

    @property
    def role(self) -> tuple[str, ...]:
        """The role of each, such as ``player`` or ``unclear``."""
        return self.people.role

    @property
    def team(self) -> tuple[str | None, ...]:
        """``A``, ``B`` or None of each."""
        return self.people.team

    @property
    def boxes_px(self) -> NDArray[np.float64]:
        """The box of each, xyxy ``(N, 4)``, px."""
        return self.people.boxes_px

    @property
    def score(self) -> NDArray[np.float64]:
        """The network's confidence in each, ``(N,)``, 0 to 1."""
        return self.people.score

    def arrays(self) -> NDArray[np.bool_]:
        """Give the masks as ``(N, height, width)`` boolean; 25 people at 1080p are 52 MB."""
        return masks.dense(self.people.masks, self.height_px, self.width_px)

    def label_map(self) -> NDArray[np.uint8]:
        """Give the team-level map ``(height, width)`` whose values index `LABEL_NAMES`."""
        people = self.people
        return paint(self.height_px, self.width_px, people.masks, people.value, people.feet_px[:, 1])


def tracks_or_none(people: FrameMasks) -> NDArray[np.int64] | None:
    """Tracks of the instances, ``(N,)``; None where nobody is tracked."""
    return people.track_id if (people.track_id != UNTRACKED).any() else None
