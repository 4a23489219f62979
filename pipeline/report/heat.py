"""Where time was spent: seconds on a grid of the pitch, and seconds that the camera had it in view."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from pipeline.pitch import Pitch
from pipeline.report.footprint import footprint_m

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
_FINE = 4
_H = [f"h{i}{j}" for i in (1, 2, 3) for j in (1, 2, 3)]


def shape_of(pitch: Pitch) -> tuple[int, int]:
    """Cells of about 1 m of the grid: across and along."""
    return round(pitch.width_m), round(pitch.length_m)


def seconds_grid(x_m: Array, y_m: Array, seconds: Array, pitch: Pitch, sigma_m: float) -> Array:
    """Spread seconds over the pitch.

    Parameters
    ----------
    x_m, y_m, seconds
        Shape ``(N,)``: where, m from the centre spot, and for how long, s. Positions off the pitch count
        on its edge up to 2 m out, and not beyond.
    sigma_m
        Of the Gaussian that smooths, m; it is reflected at the lines, so that no seconds are lost.

    Returns
    -------
    Seconds in each cell, shape `shape_of`: row 0 at the lowest y, column 0 at the lowest x.
    """
    half = np.array([pitch.length_m / 2, pitch.width_m / 2])
    points = np.column_stack([x_m, y_m]).astype(np.float64).reshape(-1, 2)
    near = (np.abs(points) <= half + 2.0).all(axis=1)
    inside = np.clip(points[near], -half, half)
    rows, columns = shape_of(pitch)
    edges = [np.linspace(-half[1], half[1], rows + 1), np.linspace(-half[0], half[0], columns + 1)]
    grid, *_ = np.histogram2d(inside[:, 1], inside[:, 0], bins=edges, weights=np.asarray(seconds)[near])
    return np.asarray(gaussian_filter(grid, sigma_m, mode="reflect"), np.float64)


def view_grid(
    views: pd.DataFrame, seconds: pd.Series, height: int, width: int, pitch: Pitch, most: int = 2000
) -> Array:
    """Seconds that the camera had each cell in view, shape `shape_of`.

    Parameters
    ----------
    views
        Table ``views``.
    seconds
        How long each frame stood, s, by frame number.
    height, width
        Of the frames, px.
    most
        Frames to look at: more are thinned evenly, and each counts for those left out.
    """
    seen = views[views["source"] != "none"]
    rows, columns = shape_of(pitch)
    total = np.zeros((rows, columns))
    step = max(1, -(-len(seen) // most))
    for start in range(0, len(seen), step):
        group = seen.iloc[start : start + step]
        homography = group.iloc[0][_H].to_numpy(float).reshape(3, 3)
        outline = footprint_m(homography, height, width, pitch)
        if len(outline) >= 3:
            cells = (outline / (pitch.length_m, pitch.width_m) + 0.5) * (columns, rows)
            covered = np.zeros((rows, columns), np.uint8)
            points = np.rint((cells - 0.5) * (1 << _FINE)).astype(np.int32)
            cv2.fillPoly(covered, [points], 1, lineType=cv2.LINE_8, shift=_FINE)
            total += covered * float(seconds.reindex(group["frame"]).sum())
    return total


def packed(grid: Array) -> dict[str, Any]:
    """Pack a grid for the page: one byte a cell, base64, and what 255 stands for, s."""
    top = float(grid.max(initial=0.0))
    levels = np.rint(grid / top * 255).astype(np.uint8) if top > 0 else np.zeros(grid.shape, np.uint8)
    return {"top": top, "bytes": base64.b64encode(levels.tobytes()).decode("ascii")}


def cap(grids: list[Array]) -> float:
    """One end of the colour scale for grids shown together: the 99th percentile of what is not empty, s."""
    filled = [g[g > 0] for g in grids if (g > 0).any()]
    return float(np.percentile(np.concatenate(filled), 99)) if filled else 1.0
