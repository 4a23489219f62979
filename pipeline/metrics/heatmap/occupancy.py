"""Heatmaps: seconds on a grid, smoothed within the lines, and corrected for where the camera looked."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from pipeline.core.geometry import to_image
from pipeline.metrics.heatmap.pitch_grid import Grid
from pipeline.metrics.movement.time_seen import seconds_each
from pipeline.tables import storage
from pipeline.tables.cameras.view_lenses import view_lenses
from pipeline.tables.schemas import VIEW_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.metrics.direction.attack_direction import Attack

Array = NDArray[np.float64]

CAP_PERCENTILE = 99.0
MAX_VIEWS = 1500
"""Camera views sampled for a footprint; more change nothing that can be seen."""


def towards_right(places_m: Array, attack: Attack | None) -> Array:
    """Turn places so that the team attacks from left to right; as they are where that is unclear."""
    return -places_m if attack == "right_to_left" else places_m


def seconds_grid(places_m: Array, seconds: Array, grid: Grid) -> Array:
    """Add up seconds in the cells of ``grid``, ``(ny, nx)``; places beyond the lines count for the edge.

    The cells that meet where someone stood share his seconds, so a mirrored place has the mirrored map.

    Parameters
    ----------
    places_m, seconds
        Shapes ``(N, 2)`` and ``(N,)``; rows with NaN are left out.
    """
    known = np.isfinite(places_m).all(axis=1) & np.isfinite(seconds)
    ny, nx = grid.shape
    edges, total = (grid.x_edges_m, grid.y_edges_m), np.zeros(ny * nx)
    both: tuple[Literal["left", "right"], ...] = ("left", "right")
    for sides in product(both, repeat=2):
        column, row = (
            np.clip(np.searchsorted(cuts, places, side=side) - 1, 0, len(cuts) - 2)
            for cuts, places, side in zip(edges, places_m[known].T, sides, strict=True)
        )
        total += np.bincount(row * nx + column, weights=seconds[known] / 4, minlength=ny * nx)
    return total.reshape(ny, nx)


def smoothed(values: Array, grid: Grid, sigma_m: float) -> Array:
    """Blur with a Gaussian reflected at the lines: no seconds are lost beyond them."""
    height, width = grid.cell_m
    return np.asarray(gaussian_filter(values, (sigma_m / height, sigma_m / width), mode="reflect"))


def colour_cap(*values: Array) -> float:
    """Give the value at which colours should end: the 99th percentile of all cells above 0 of all panels.

    Compared panels share one cap. 0 where there is nothing.
    """
    positive = np.concatenate([v[np.isfinite(v) & (v > 0)] for v in values]) if values else np.zeros(0)
    return float(np.percentile(positive, CAP_PERCENTILE)) if len(positive) else 0.0


def seconds_in_view(
    views: pd.DataFrame, width_px: int, height_px: int, grid: Grid, seconds: Array | None = None
) -> Array:
    """Add up how long each cell's middle was in the picture, s, ``(ny, nx)``.

    Parameters
    ----------
    views
        Table ``views``, in order of time; frames without a view add nothing.
    width_px, height_px
        Size of the picture that the views belong to.
    seconds
        What each view stands for, 0 for those that do not count; by default `seconds_each`.
    """
    total = np.zeros(grid.shape)
    if seconds is None:
        seconds = seconds_each(views["time_s"].to_numpy(float))
    known = np.flatnonzero((views["source"] != "none").to_numpy() & (seconds > 0))
    if not len(known):
        return total
    every = max(1, -(-len(known) // MAX_VIEWS))
    homographies, lenses = storage.matrices(views, VIEW_COLUMNS), view_lenses(views)
    centres = grid.centres_m()
    for start in range(0, len(known), every):
        pixel = to_image(centres, homographies[known[start]], lenses[known[start]])
        x, y = pixel[:, 0], pixel[:, 1]
        inside = (x >= 0) & (x < width_px) & (y >= 0) & (y < height_px)
        total[inside.reshape(grid.shape)] += seconds[known[start : start + every]].sum()
    return total


def occupancy(seconds: Array, in_view_s: Array, *, min_view_s: float = 1.0) -> Array:
    """Divide the seconds spent in a cell by those it was in view; NaN where hardly ever in view.

    Blur both with the same `smoothed` first, or a player on the edge of the picture reads too high.
    """
    out = np.full(seconds.shape, np.nan)
    np.divide(seconds, in_view_s, out=out, where=in_view_s >= min_view_s)
    return out
