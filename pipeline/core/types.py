"""The data that crosses module boundaries. Frozen, slotted, struct of arrays, no I/O.

Image: px, origin top-left, x right, y down. Pitch: metres, origin at the centre spot,
x along the length, y up. A transform is called ``target_from_source``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

CLASS_NAMES: tuple[str, ...] = ("player", "goalkeeper", "referee", "ball")
"""What the segmentation model tells apart; ``class_id`` indexes this."""
PLAYER, GOALKEEPER, REFEREE, BALL = range(4)

LABEL_NAMES: tuple[str, ...] = (
    "background",
    "team_a",
    "team_b",
    "goalkeeper_a",
    "goalkeeper_b",
    "referee",
    "ball",
    "unclear",
)
"""Pixel values of a team-level semantic label map."""

SURFACE_NAMES: tuple[str, ...] = ("pitch", "line", "goal", "board", "outside")
"""What a picture shows besides people and ball. The pitch is all grass, a goal its posts and bar without the
net, outside everything beyond the boards: stands and their people, staff, walls, sky."""

Role = Literal["player", "goalkeeper", "referee", "ball", "other", "unclear"]
Team = Literal["A", "B"]
Mode = Literal["team", "player", "both"]
Kind = Literal["video", "tracking"]
ProgressCallback = Callable[[int, int], None]
"""Called with how many units are done, and of how many."""


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What a video file says about itself; ``n_frames_claimed`` is the header's word, not the truth.

    ``fps`` is an average and must never be used to compute a time. ``fingerprint`` is a hash
    of the content, equal for equal footage wherever the file lies.
    """

    path: Path
    width_px: int
    height_px: int
    fps: float
    n_frames_claimed: int | None
    duration_s: float | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded picture.

    ``index`` counts decoded frames of the file from 0 (also with ``every_s``: gaps stay visible),
    ``time_s`` is the container's presentation time relative to the first frame,
    ``image`` is ``(H, W, 3)`` uint8 BGR, upright (rotation applied).
    """

    index: int
    time_s: float
    image: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class CropMask:
    """A mask inside its box, as run lengths.

    ``runs`` is uint32, row by row, alternating background and foreground and starting with
    background (which may be 0); they add up to ``height * width``. The box lies inside the image.
    """

    top: int
    left: int
    height: int
    width: int
    runs: NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Ground:
    """One row for each mask: median colour of its surroundings, CIE L*a*b* ``(N, 3)`` float32.

    ``spread`` ``(N,)`` float32 is the distance from it that three tenths of the surroundings exceed: about 5
    on grass, also beside a line, 20 and more before boards and crowd. Both are NaN where nothing around a
    mask is free.
    """

    lab: NDArray[np.float32]
    spread: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Instances:
    """The people and balls of one frame; row order carries no meaning.

    ``boxes_px`` is ``(N, 4)`` float32 xyxy, ``score`` ``(N,)`` float32 in 0..1,
    ``class_id`` ``(N,)`` int8 indexing `CLASS_NAMES`, ``masks`` has N entries. ``ground`` is what the masks
    were sharpened against, NaN for balls; None where they were not.
    """

    frame: int
    boxes_px: NDArray[np.float32]
    score: NDArray[np.float32]
    class_id: NDArray[np.int8]
    masks: tuple[CropMask, ...]
    ground: Ground | None = None
