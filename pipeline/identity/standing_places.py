"""Where people stand: on the pitch where a camera view exists, and within the crowd of a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_FAR_OUT_M = 15.0
_ON_LINE_M, _OWN_HALF_M, _MIN_PEOPLE = 0.5, 10.0, 6


def places_m(instances: pd.DataFrame, projections: pd.DataFrame) -> Array:
    """Look up where every instance stands, shape ``(N, 2)`` metres; NaN without a row in ``projections``."""
    keys = ["frame", "instance"]
    found = instances[keys].merge(projections[[*keys, "x_m", "y_m"]], on=keys, how="left")
    return np.asarray(found[["x_m", "y_m"]].to_numpy(np.float64))


def as_usual(pitch: Pitch) -> Array:
    """By what to multiply x and y on ``pitch`` to get the same place of a pitch of 105 x 68 m, ``(2,)``."""
    return np.array([105.0 / pitch.length_m, 68.0 / pitch.width_m])


def beyond_lines(points_m: Array, pitch: Pitch) -> Array:
    """How far outside the lines points ``(N, 2)`` are, m; negative inside; NaN stays NaN; at most 15."""
    over = np.abs(points_m) - np.array([pitch.length_m / 2, pitch.width_m / 2])
    outside = np.hypot(*np.clip(over, 0, None).T)
    away = np.where((over > 0).any(axis=1), outside, over.max(axis=1))
    return np.asarray(np.minimum(away, _FAR_OUT_M))


def deepest(points_m: Array, beyond_m: Array, frame: NDArray[np.int64]) -> Array:
    """Say who is the last towards a goal, as a goalkeeper is: 1 or 0, ``(N,)``; NaN without a view.

    Counted among the people on the pitch, in frames with at least six of them, and only for places
    more than 10 m into a half.
    """
    out = np.where(np.isnan(beyond_m), np.nan, 0.0)
    rows = np.flatnonzero(beyond_m < _ON_LINE_M)
    if not len(rows):
        return out
    _, at, count = np.unique(frame[rows], return_inverse=True, return_counts=True)
    x = points_m[rows, 0]
    low, high = np.full(len(count), np.inf), np.full(len(count), -np.inf)
    np.minimum.at(low, at, x)
    np.maximum.at(high, at, x)
    last = ((x == low[at]) & (x < -_OWN_HALF_M)) | ((x == high[at]) & (x > _OWN_HALF_M))
    out[rows] = last & (count[at] >= _MIN_PEOPLE)
    return out


def eccentricity(instances: pd.DataFrame) -> Array:
    """How far from the middle of the people of its picture each one is, ``(N,)``; 1 is usual.

    Goalkeepers stand apart from the others and referees among them, whatever the camera. NaN where
    fewer than five people are seen.
    """
    import pandas as pd

    table = pd.DataFrame(
        {
            "frame": instances["frame"].to_numpy(),
            "x": instances["foot_x_px"].to_numpy(np.float64),
            "y": instances["foot_y_px"].to_numpy(np.float64),
        }
    )
    by_frame = table.groupby("frame")
    x, y = table["x"] - by_frame["x"].transform("mean"), table["y"] - by_frame["y"].transform("mean")
    products = pd.DataFrame({"frame": table["frame"], "xx": x * x, "yy": y * y, "xy": x * y})
    mean = products.groupby("frame")[["xx", "yy", "xy"]].transform("mean")
    xx, yy, xy = mean["xx"] + 1.0, mean["yy"] + 1.0, mean["xy"]
    distance2 = (yy * x * x + xx * y * y - 2 * xy * x * y) / (xx * yy - xy * xy)
    out = np.sqrt(np.maximum(distance2.to_numpy(), 0) / 2)
    out[(by_frame["x"].transform("size") < 5).to_numpy()] = np.nan
    return np.asarray(out)
