"""What the tracker reads, as flat arrays in order of time, cut into frames and shots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.tables import storage
from pipeline.tables.schemas import MOTION_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_KIT = ("torso_l", "torso_a", "torso_b", "legs_l", "legs_a", "legs_b")
_L_WEIGHT = 0.7
"""Lightness changes with sun, shade and folds far more than hue does."""


@dataclass(frozen=True, slots=True)
class Detections:
    """Instances of a clip (or of one shot), one entry each, ordered by frame.

    ``centre`` ``(N, 2)`` and ``size`` ``(N, 2)`` (width, height) are of the box, px;
    ``kit`` ``(N, 6)`` is the kit colour, torso then legs, Lab with L scaled by 0.7, NaN where unknown;
    ``kit_px`` ``(N,)`` the pixels behind it; ``score`` ``(N,)``; ``row`` ``(N,)`` the place in the table.
    """

    row: Ints
    centre: Array
    size: Array
    score: Array
    kit: Array
    kit_px: Array

    def __len__(self) -> int:
        return len(self.row)

    def take(self, index: Ints | slice) -> Detections:
        """Pick entries."""
        return Detections(
            self.row[index],
            self.centre[index],
            self.size[index],
            self.score[index],
            self.kit[index],
            self.kit_px[index],
        )

    def boxes(self) -> Array:
        """Boxes as ``(N, 4)`` xyxy, px."""
        return np.hstack([self.centre - self.size / 2, self.centre + self.size / 2])


@dataclass(frozen=True, slots=True)
class Shot:
    """The frames between two cuts and what was found in them.

    ``time_s`` ``(F,)``; ``motion`` ``(F, 3, 3)`` image_from_previous, NaN where unknown, identity where
    ``duplicate`` ``(F,)``; frame ``i`` holds detections ``bounds[i]:bounds[i + 1]``.
    """

    time_s: Array
    motion: Array
    duplicate: NDArray[np.bool_]
    bounds: Ints
    found: Detections

    def __len__(self) -> int:
        return len(self.time_s)

    def frame_of(self) -> Ints:
        """The place of each detection's frame within the shot, shape ``(N,)``."""
        return np.repeat(np.arange(len(self)), np.diff(self.bounds))


def shots(frames: pd.DataFrame, instances: pd.DataFrame) -> Iterator[Shot]:
    """Cut tables ``frames`` and ``instances`` into shots, in order of time.

    Instances in frames that ``frames`` doesn't hold are left out.
    """
    frames = frames.sort_values("frame")
    numbers = frames["frame"].to_numpy(np.int64)
    motion = storage.matrices(frames, MOTION_COLUMNS)
    duplicate = frames["duplicate"].to_numpy(bool)
    motion = np.where(duplicate[:, None, None], np.eye(3), motion)
    time_s, shot = frames["time_s"].to_numpy(np.float64), frames["shot"].to_numpy()
    found = _detections(instances)
    number = instances["frame"].to_numpy(np.int64)[found.row]
    edges = np.flatnonzero(np.diff(shot)) + 1
    for first, last in zip([0, *edges], [*edges, len(shot)], strict=True):
        if first == last:
            continue
        begin = np.searchsorted(number, numbers[first:last], "left")
        end = np.searchsorted(number, numbers[first:last], "right")
        inside = np.concatenate([np.arange(a, b) for a, b in zip(begin, end, strict=True)])
        bounds = np.concatenate([[0], np.cumsum(end - begin)])
        yield Shot(
            time_s[first:last],
            motion[first:last],
            duplicate[first:last],
            bounds,
            found.take(inside.astype(int)),
        )


def _detections(instances: pd.DataFrame) -> Detections:
    order = np.argsort(instances["frame"].to_numpy(), kind="stable")
    table = instances.iloc[order]
    x1, y1, x2, y2 = (table[n].to_numpy(np.float64) for n in ("x1_px", "y1_px", "x2_px", "y2_px"))
    kit = table[list(_KIT)].to_numpy(np.float64) * np.array([_L_WEIGHT, 1, 1, _L_WEIGHT, 1, 1])
    return Detections(
        order.astype(np.int64),
        np.column_stack([(x1 + x2) / 2, (y1 + y2) / 2]),
        np.column_stack([np.maximum(x2 - x1, 1.0), np.maximum(y2 - y1, 1.0)]),
        table["score"].to_numpy(np.float64),
        kit,
        table["kit_px"].to_numpy(np.float64),
    )
