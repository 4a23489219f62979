"""Points worth following, spread over the picture, and where they went."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Points = NDArray[np.float64]

_CELLS = 220
_WINDOW = (13, 13)
_LEVELS, _LEVELS_NEAR = 3, 2
"""Times that the pictures are halved, without and with a guess where points are."""
_CRITERIA = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 12, 0.02)
_MIN_CORNER = 2e-5
_MIN_TRACKABLE = 5e-4
_EDGE_PX = 4


def corners(grey: Grey, hidden: NDArray[np.bool_] | None = None) -> Points:
    """Find the best corner in each of about 220 equal cells: ``(N, 2)`` px.

    Equal cells give the faint grass a vote beside the crowd and the boards.

    Parameters
    ----------
    hidden
        ``(h, w)``: where no point may lie.
    """
    return best_of_cells(cv2.cornerMinEigenVal(grey, 3), _CELLS, _MIN_CORNER, hidden)


def best_of_cells(
    strength: NDArray[np.float32], n_cells: int, lowest: float, hidden: NDArray[np.bool_] | None
) -> Points:
    """Find the strongest pixel in each of about ``n_cells`` square cells, if it is above ``lowest``.

    ``strength`` ``(h, w)`` is changed: it becomes 0 where ``hidden`` and at the picture's edge.
    """
    height, width = strength.shape
    cell = max(4, round((height * width / n_cells) ** 0.5))
    rows, columns = height // cell, width // cell
    if rows < 1 or columns < 1:
        return np.empty((0, 2))
    if hidden is not None:
        strength[hidden] = 0
    strength[:_EDGE_PX] = strength[-_EDGE_PX:] = 0
    strength[:, :_EDGE_PX] = strength[:, -_EDGE_PX:] = 0
    blocks = strength[: rows * cell, : columns * cell].reshape(rows, cell, columns, cell)
    tiles = blocks.transpose(0, 2, 1, 3).reshape(rows * columns, cell * cell)
    best = tiles.argmax(1)
    good = tiles[np.arange(len(tiles)), best] > lowest
    row, column = np.divmod(np.arange(len(tiles)), columns)
    found = np.stack([column * cell + best % cell, row * cell + best // cell], 1)
    points: Points = found[good].astype(np.float64)
    return points


def follow(
    previous: Grey, current: Grey, points: Points, guess: Points | None = None
) -> tuple[Points, NDArray[np.bool_]]:
    """Follow points from one picture into another by optical flow (pyramidal Lucas-Kanade).

    Returns
    -------
    Where they are, ``(N, 2)`` px, and which were found, ``(N,)``.
    """
    if not len(points):
        return points.copy(), np.zeros(0, bool)
    start = points.astype(np.float32)
    ends = None if guess is None else guess.astype(np.float32)
    flags = 0 if ends is None else cv2.OPTFLOW_USE_INITIAL_FLOW
    ends, status, _ = cv2.calcOpticalFlowPyrLK(
        previous,
        current,
        start,
        ends,
        winSize=_WINDOW,
        maxLevel=_LEVELS if guess is None else _LEVELS_NEAR,
        criteria=_CRITERIA,
        flags=flags,
        minEigThreshold=_MIN_TRACKABLE,
    )
    height, width = current.shape
    inside = ((ends >= 0) & (ends < [width, height])).all(1)
    return ends.astype(np.float64), (status.ravel() > 0) & inside
