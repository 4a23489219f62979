"""From foot points in the picture to the ground, with their errors. Tables in, table out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.covariance import ground_rms_m, metres_per_px
from pipeline.calibration.sequence.view_tables import view_matrices
from pipeline.calibration.uncertainty.view_error import MEDIAN_OF_RMS
from pipeline.core.geometry import transform
from pipeline.positions.at_rest import not_in_play
from pipeline.tables.cameras.view_lenses import view_lenses

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_FOOT_PX, _FOOT_SHARE = 1.0, 0.03
"""How far off a foot point is: a pixel, and this share of the person's height in the picture."""
_BALL_SHARE = 0.25
"""The same for the ball, of its size."""
_BALL_HEIGHT_M = 0.5
"""The ball is taken to lie on the ground; being this high is usual and puts it too far from the camera."""
_WORST_M = 25.0
"""Positions less certain than this say nothing and are left out."""
_FAR_M = 20.0
"""Balls further than this off the pitch are not asked whether they are at rest."""


def projections(
    instances: pd.DataFrame, views: pd.DataFrame, spreads: Array, pitch: Pitch, margin_m: float
) -> pd.DataFrame:
    """Project every instance of frames with a view onto the ground, and say what is to count.

    Parameters
    ----------
    instances, views
        The tables of these names.
    spreads
        ``(N, 8, 8)`` for the rows of ``views``: see `pipeline.calibration.camera_model.covariance`.
    margin_m
        Instances further than this off the pitch are out of bounds.

    Returns
    -------
    Table ``projections``. ``error_m`` (the median to expect) joins the view's error at that place and that of
    the foot point: far players are less certain. What is beyond the horizon has no row.
    """
    chosen, ground, error = _ground(instances, views, spreads)
    certain = error < _WORST_M
    out = chosen[["frame", "time_s", "instance"]].reset_index(drop=True)
    out = out.assign(x_m=ground[:, 0], y_m=ground[:, 1], error_m=np.where(np.isfinite(error), error, np.nan))
    out["in_bounds"] = pitch.contains(ground, margin_m) & certain
    ball = (chosen["class_name"] == "ball").to_numpy(bool) & pitch.contains(ground, _FAR_M) & certain
    out["at_rest"] = not_in_play(out["time_s"].to_numpy(np.float64), ground, ball, pitch)
    on_ground = np.isfinite(ground).all(axis=1)
    return out.iloc[np.flatnonzero(on_ground)].reset_index(drop=True)


def counting(projections: pd.DataFrame, instances: pd.DataFrame) -> pd.DataFrame:
    """Those of table ``projections`` in bounds and not at rest.

    Returns
    -------
    Columns ``frame, time_s, instance, x_m, y_m, error_m, ball``.
    """
    kept = projections[projections["in_bounds"] & ~projections["at_rest"]]
    classes = instances[["frame", "instance", "class_name"]]
    out = kept.drop(columns=["in_bounds", "at_rest"]).merge(classes, "left", ["frame", "instance"])
    ball = (out["class_name"] == "ball").to_numpy(bool)
    return out.drop(columns="class_name").assign(ball=ball)


def _ground(
    instances: pd.DataFrame, views: pd.DataFrame, spreads: Array
) -> tuple[pd.DataFrame, Array, Array]:
    """Those seen in frames with a view, in order, where they are, m ``(N, 2)``, how far off, m ``(N,)``."""
    matrices, lenses = view_matrices(views)[0], view_lenses(views)
    seen = np.isfinite(matrices[:, 0, 0])
    chosen = instances[instances["frame"].isin(views["frame"][seen])].sort_values(["frame", "instance"])
    rows = np.searchsorted(views["frame"].to_numpy(), chosen["frame"].to_numpy())
    feet = chosen[["foot_x_px", "foot_y_px"]].to_numpy(np.float64)
    tall = (chosen["y2_px"] - chosen["y1_px"]).to_numpy(np.float64)
    ball = (chosen["class_name"] == "ball").to_numpy(bool)
    foot_px = _FOOT_PX + tall * np.where(ball, _BALL_SHARE, _FOOT_SHARE)
    ground, error = np.full((len(rows), 2), np.nan), np.full(len(rows), np.inf)
    for row in np.unique(rows):
        here = slice(*np.searchsorted(rows, [row, row + 1]))
        straight = lenses[row].straight(feet[here])
        ground[here] = transform(straight, matrices[row])
        by_px = metres_per_px(straight, matrices[row]) @ lenses[row].stretch(feet[here])
        square = (by_px**2).sum(axis=(1, 2))
        of_view = ground_rms_m(straight, matrices[row], spreads[row])
        error[here] = MEDIAN_OF_RMS * np.hypot(of_view, foot_px[here] * np.sqrt(square))
        error[here] = np.hypot(error[here], ball[here] * _air(straight, matrices[row]))
    return chosen, ground, error


def _air(points_px: Array, pitch_from_image: Array) -> Array:
    """How far off a ball at `_BALL_HEIGHT_M` lands: that height over the slope of the sight line, metres."""
    jacobian = np.nan_to_num(metres_per_px(points_px, pitch_from_image), nan=1e6)
    along, across = np.linalg.svd(jacobian, compute_uv=False).T
    # a circle of sight is stretched on the ground by 1 / sin(slope)
    stretch = np.minimum(along / np.maximum(across, 1e-9), 50.0)
    return np.asarray(_BALL_HEIGHT_M * np.sqrt(np.maximum(stretch**2 - 1, 0)))
