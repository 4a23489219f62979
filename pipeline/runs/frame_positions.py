"""Where everybody is, one frame after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class FramePositions:
    """The N positions of one frame.

    ``track_id``: ``(N,)``, -1 without a track; ``role``, ``team``: N texts, team None where unclear;
    ``xy_m``: ``(N, 2)``, m from the centre spot; ``error_m``: expected error, ``(N,)``; ``observed``:
    ``(N,)``, False where interpolated.
    """

    frame: int
    time_s: float
    track_id: NDArray[np.int64]
    role: tuple[str, ...]
    team: tuple[str | None, ...]
    xy_m: NDArray[np.float64]
    error_m: NDArray[np.float64]
    observed: NDArray[np.bool_]


def frame_positions(frames: pd.DataFrame, people: pd.DataFrame) -> Iterator[FramePositions]:
    """Go through ``frames`` in order, with those of ``people`` (who is where) in each; perhaps nobody."""
    people = people.sort_values(["frame", "track_id"], kind="stable", ignore_index=True)
    frames = frames.sort_values("frame")
    numbers = frames["frame"].to_numpy()
    starts, ends = (np.searchsorted(people["frame"].to_numpy(), numbers, side=s) for s in ("left", "right"))
    track = people["track_id"].to_numpy(np.int64, na_value=-1)
    role = people["role"].tolist()
    team = [t if isinstance(t, str) else None for t in people["team"]]
    xy_m, error_m = people[["x_m", "y_m"]].to_numpy(np.float64), people["error_m"].to_numpy(np.float64)
    observed = people["observed"].to_numpy(bool)
    moments = zip(numbers.tolist(), frames["time_s"].tolist(), starts, ends, strict=True)
    for frame, time_s, start, end in moments:
        rows = slice(start, end)
        who = (track[rows], tuple(role[rows]), tuple(team[rows]))
        yield FramePositions(frame, time_s, *who, xy_m[rows], error_m[rows], observed[rows])
