"""What lies still and passes for the ball: painted spots, things and spare balls beside the pitch."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch

_NEAR_M = 1.2
_CELL_M = 3.0
_REST_S = 1.0
_BREAK_S = 0.6


def not_in_play(
    time_s: NDArray[np.float64], place: NDArray[np.float64], ball: NDArray[np.bool_], pitch: Pitch
) -> NDArray[np.bool_]:
    """Say which rows are balls that stay on a spot of the pitch, or at a place off it, for a second.

    On a spot the ball cannot be told from the paint; it is then not observed rather than guessed.

    Parameters
    ----------
    time_s, place, ball
        Of rows in order of time: ``(N,)`` s, ``(N, 2)`` m, and which of them are balls to judge, ``(N,)``.
    """
    out = np.zeros(len(ball), bool)
    for rows in [*_on_spots(place, ball, pitch), *_off_pitch(place, ball, pitch)]:
        for rest in np.split(rows, np.flatnonzero(np.diff(time_s[rows]) > _BREAK_S) + 1):
            out[rest] |= len(rest) > 0 and time_s[rest[-1]] - time_s[rest[0]] >= _REST_S
    return out


def _on_spots(
    place: NDArray[np.float64], ball: NDArray[np.bool_], pitch: Pitch
) -> Iterator[NDArray[np.int64]]:
    for spot in pitch.spots_m():
        yield np.flatnonzero(ball & (np.linalg.norm(place - spot, axis=1) <= _NEAR_M))


def _off_pitch(
    place: NDArray[np.float64], ball: NDArray[np.bool_], pitch: Pitch
) -> Iterator[NDArray[np.int64]]:
    """Rows of balls off the pitch, cell by cell; twice, so that no cell's edge cuts every place in two."""
    outside = np.flatnonzero(ball & ~pitch.contains(place))
    for shift in (0.0, 0.5):
        cells = np.floor(place[outside] / _CELL_M + shift).astype(np.int64)
        _, cell = np.unique(cells, axis=0, return_inverse=True)
        for number in range(cell.max(initial=-1) + 1):
            yield outside[cell == number]
