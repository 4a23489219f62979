"""Heatmaps of a run: seconds spent on each cell of the pitch, and the share of the time it was in view."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics import heatmap
from pipeline.metrics.grid import Grid, metre_grid

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.run_data import RunData

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ground:
    """The grid of a run's heatmaps, and how long the camera had each cell in view, s ``(ny, nx)``."""

    grid: Grid
    in_view_s: Array
    sigma_m: float

    def seconds(self, people: pd.DataFrame) -> Array:
        """Seconds that ``people`` (rows of `metrics.people.people`) spent in each cell, smoothed."""
        places = people[["x_m", "y_m"]].to_numpy(float)
        raw = heatmap.seconds_grid(places, heatmap.seconds_behind(people), self.grid)
        return heatmap.smoothed(raw, self.grid, self.sigma_m)

    def occupancy(self, seconds: Array) -> Array:
        """Divide `seconds` by how long each cell was in view; 0 where that is too short to say."""
        in_view = heatmap.smoothed(self.in_view_s, self.grid, self.sigma_m)
        least = min(1.0, 0.1 * float(in_view.max(initial=0.0)))
        return np.nan_to_num(heatmap.occupancy(seconds, in_view, min_view_s=max(least, 1e-6)))


def ground(run: RunData) -> Ground:
    """Prepare the heatmaps of a run."""
    grid = metre_grid(run.pitch)
    video = run.record.get("video", {})
    in_view = heatmap.seconds_in_view(
        run.views, int(video.get("width_px", 0)), int(video.get("height_px", 0)), grid
    )
    return Ground(grid, in_view, run.config.report.heatmap_sigma_m)


def packed(values: Array, top: float | None = None) -> dict[str, Any]:
    """Pack values ``(ny, nx)`` for the page: a byte a cell, base64, and what 255 stands for.

    Values above ``top`` (by default the largest) are cut.
    """
    end = float(values.max(initial=0.0)) if top is None else top
    levels = np.zeros(values.shape, np.uint8)
    if end > 0:
        levels = np.rint(np.clip(values / end, 0, 1) * 255).astype(np.uint8)
    return {"top": end, "bytes": base64.b64encode(levels.tobytes()).decode("ascii")}
