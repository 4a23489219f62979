"""Painted spots that the network takes for the ball."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.pitch import Pitch

if TYPE_CHECKING:
    import pandas as pd

_NEAR_M = 0.7
_REST_S = 2.0
_BREAK_S = 1.0


def on_spots(observed: pd.DataFrame, pitch: Pitch) -> NDArray[np.bool_]:
    """Say which rows are balls that lie on the centre spot or a penalty spot for two seconds or longer.

    There the ball cannot be told from the paint; it is then not observed rather than guessed.

    Parameters
    ----------
    observed
        As `positions.observed_positions` gives it, ordered by frame.
    """
    ball, time_s = observed["ball"].to_numpy(bool), observed["time_s"].to_numpy(np.float64)
    place = observed[["x_m", "y_m"]].to_numpy(np.float64)
    out = np.zeros(len(observed), bool)
    for spot in pitch.spots_m():
        near = np.flatnonzero(ball & (np.linalg.norm(place - spot, axis=1) <= _NEAR_M))
        if len(near):
            for rest in np.split(near, np.flatnonzero(np.diff(time_s[near]) > _BREAK_S) + 1):
                out[rest] = time_s[rest[-1]] - time_s[rest[0]] >= _REST_S
    return out
