"""From the image to the pitch: where people and ball stand, in metres. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.accuracy import MEDIAN_OF_RMS, metres_per_px
from pipeline.calibration.table import matrices
from pipeline.geometry import to_pitch
from pipeline.pitch import Pitch

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

_FOOT_PX, _FOOT_SHARE = 1.0, 0.03
"""How well a mask tells where the feet are: px, and as a share of the person's height."""
_BALL_M = 1.0
"""The ball is taken to lie on the grass, which it often does not: added to its error."""
_ACCELERATION_MPS2 = 2.0
"""How a player may leave the straight line between two sightings."""


def observed(instances: pd.DataFrame, views: pd.DataFrame, margin_m: float, pitch: Pitch) -> pd.DataFrame:
    """Project every instance's point on the ground, in frames with a view.

    Parameters
    ----------
    instances, views
        Tables as declared in `pipeline.schemas`.
    margin_m
        Who stands further off the pitch is left out.

    Returns
    -------
    Columns frame, time_s, instance, x_m, y_m, error_m: expected (median) error from the view's own and
    from how well the feet are seen, which grows with the distance to the camera.
    """
    seen = views[views["source"] != "none"]
    rows = np.searchsorted(seen["frame"].to_numpy(), instances["frame"].to_numpy())
    known = rows < len(seen)
    known[known] = seen["frame"].to_numpy()[rows[known]] == instances["frame"].to_numpy()[known]
    people, rows = instances[known], rows[known]
    feet = people[["foot_x_px", "foot_y_px"]].to_numpy(np.float64)
    view = matrices(seen)
    ground, jacobian = np.full((len(people), 2), np.nan), np.full((len(people), 2, 2), np.nan)
    for k in np.unique(rows):
        mine = rows == k
        ground[mine] = to_pitch(feet[mine], view[k])
        jacobian[mine] = metres_per_px(feet[mine], view[k])
    height = (people["y2_px"] - people["y1_px"]).to_numpy(np.float64)
    foot_px = np.hypot(_FOOT_PX, _FOOT_SHARE * height)
    spread = MEDIAN_OF_RMS * foot_px * np.sqrt((jacobian**2).sum(axis=(1, 2)))
    ball = np.where(people["class_name"] == "ball", _BALL_M, 0.0)
    error = np.sqrt(seen["error_m"].to_numpy(np.float64)[rows] ** 2 + spread**2 + ball**2)
    out = people[["frame", "time_s", "instance"]].assign(x_m=ground[:, 0], y_m=ground[:, 1], error_m=error)
    kept: pd.DataFrame = out[pitch.contains(ground, margin_m) & np.isfinite(error)]
    return kept.reset_index(drop=True)


def positions(
    found: pd.DataFrame,
    tracks: pd.DataFrame | None,
    frames: pd.DataFrame,
    views: pd.DataFrame,
    max_gap_s: float,
) -> pd.DataFrame:
    """Complete table ``positions``: attach tracks, and fill their short gaps.

    A gap is filled on the straight line between two sightings of one track, at most ``max_gap_s``
    apart, in one shot, in frames that have a view. Repeated pictures are no gap.

    Parameters
    ----------
    found
        From `observed`.
    tracks
        Table ``tracks``; None at team level, where nothing is filled.
    """
    import pandas as pd

    known = found.assign(source="observed")
    if tracks is None:
        return known.assign(track_id=pd.array([None] * len(known), dtype="Int32"))
    known = known.merge(tracks[["frame", "instance", "track_id"]], on=["frame", "instance"], how="left")
    filled = _filled(known.dropna(subset=["track_id"]), frames, views, max_gap_s)
    return pd.concat([known, filled], ignore_index=True) if len(filled) else known


def _filled(known: pd.DataFrame, frames: pd.DataFrame, views: pd.DataFrame, max_gap_s: float) -> pd.DataFrame:
    import pandas as pd

    row_of = pd.Series(np.arange(len(frames)), index=frames["frame"])
    shot, time_s = frames["shot"].to_numpy(), frames["time_s"].to_numpy()
    number = frames["frame"].to_numpy()
    has_view = set(views.loc[views["source"] != "none", "frame"].tolist())
    known = known.sort_values(["track_id", "frame"])
    rows = row_of.loc[known["frame"]].to_numpy()
    track = known["track_id"].to_numpy(np.int64)
    place = known[["x_m", "y_m", "error_m"]].to_numpy(np.float64)
    same = (track[1:] == track[:-1]) & (shot[rows[1:]] == shot[rows[:-1]])
    gap = same & (np.diff(rows) > 1) & (time_s[rows[1:]] - time_s[rows[:-1]] <= max_gap_s)
    out = []
    for k in np.flatnonzero(gap):
        between = np.arange(rows[k] + 1, rows[k + 1])
        between = between[[f in has_view for f in number[between]]]
        begin, end = time_s[rows[k]], time_s[rows[k + 1]]
        share = ((time_s[between] - begin) / (end - begin))[:, None]
        point = (1 - share) * place[k] + share * place[k + 1]
        bow = 0.5 * _ACCELERATION_MPS2 * (time_s[between] - begin) * (end - time_s[between])
        table = pd.DataFrame(point, columns=["x_m", "y_m", "error_m"])
        table["error_m"] = np.hypot(table["error_m"], bow)
        out.append(table.assign(frame=number[between], time_s=time_s[between], track_id=track[k]))
    if not out:
        return known.iloc[:0]
    filled = pd.concat(out, ignore_index=True)
    return filled.assign(instance=pd.array([None] * len(filled), dtype="Int32"), source="interpolated")
