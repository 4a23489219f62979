"""Which frames the pitch network looks at. No I/O."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_SLACK_S = 1e-3


def key_frames(
    time_s: NDArray[np.float64],
    shot: NDArray[np.int64],
    skip: NDArray[np.bool_],
    every_s: float,
) -> NDArray[np.intp]:
    """Choose rows of a table of frames: the first and last of each shot, and one every ``every_s`` between.

    Parameters
    ----------
    time_s, shot
        ``(N,)`` of the frames, in order.
    skip
        ``(N,)``: frames not worth a look (repeated pictures, no grass at all).
    """
    chosen: list[int] = []
    for number in np.unique(shot):
        rows = np.flatnonzero((shot == number) & ~skip)
        due = -np.inf
        for row in rows:
            if time_s[row] >= due - _SLACK_S or row == rows[-1]:
                chosen.append(int(row))
                due = time_s[row] + every_s
    return np.array(sorted(chosen), dtype=np.intp)
