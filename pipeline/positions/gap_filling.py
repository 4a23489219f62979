"""Short gaps of a track, filled between its own observed positions. Tables in, table out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

_ACCELERATION_MPS2 = 3.0
_BALL_ACCELERATION_MPS2 = 15.0
"""How much a person or the ball may swerve from the straight line, unseen."""
_MAX_SPEED_MPS, _MAX_BALL_SPEED_MPS = 12.0, 40.0
"""A gap that asks for more is two people, not one."""


def bridged(
    positions: pd.DataFrame, frames: pd.DataFrame, has_view: NDArray[np.bool_], max_gap_s: float
) -> pd.DataFrame:
    """Interpolate short gaps of each track, in metres, on the straight line between its neighbours.

    Parameters
    ----------
    positions
        Observed: columns ``frame, time_s, track_id, x_m, y_m, error_m, ball``.
    frames
        The table of that name; a gap is filled only within a shot.
    has_view
        ``(N,)`` for the rows of ``frames``: only frames with a camera view are filled.
    max_gap_s
        Longest time between two observed positions of a track to fill.

    Returns
    -------
    The new rows: ``frame, time_s, track_id, x_m, y_m, error_m``; the error grows towards the middle.
    """
    import pandas as pd

    known = positions.sort_values(["track_id", "frame"])
    row = np.searchsorted(frames["frame"].to_numpy(), known["frame"].to_numpy())
    time_s, shot = frames["time_s"].to_numpy(np.float64), frames["shot"].to_numpy()
    xy, error = known[["x_m", "y_m"]].to_numpy(np.float64), known["error_m"].to_numpy(np.float64)
    track, ball = known["track_id"].to_numpy(), known["ball"].to_numpy(bool)
    a, b = row[:-1], row[1:]
    length_s = time_s[b] - time_s[a]
    speed = np.linalg.norm(xy[1:] - xy[:-1], axis=1) / np.maximum(length_s, 1e-9)
    limit = np.where(ball[:-1], _MAX_BALL_SPEED_MPS, _MAX_SPEED_MPS)
    fits = (track[1:] == track[:-1]) & (shot[a] == shot[b]) & (length_s <= max_gap_s + 1e-9)
    gaps = np.flatnonzero(fits & (b > a + 1) & (speed <= limit))
    n = b[gaps] - a[gaps] - 1
    gap = np.repeat(gaps, n)
    inner = a[gap] + 1 + np.arange(len(gap)) - np.repeat(np.cumsum(n) - n, n)
    gap, inner = gap[has_view[inner]], inner[has_view[inner]]
    since, until = time_s[inner] - time_s[a[gap]], time_s[b[gap]] - time_s[inner]
    share = since / np.maximum(since + until, 1e-9)
    at = xy[gap] + share[:, None] * (xy[gap + 1] - xy[gap])
    swerve = np.where(ball[gap], _BALL_ACCELERATION_MPS2, _ACCELERATION_MPS2) * since * until / 2
    ends = (1 - share) * error[gap] + share * error[gap + 1]
    return pd.DataFrame(
        {
            "frame": frames["frame"].to_numpy()[inner],
            "time_s": time_s[inner],
            "track_id": track[gap],
            "x_m": at[:, 0],
            "y_m": at[:, 1],
            "error_m": np.hypot(ends, swerve),
        }
    )
