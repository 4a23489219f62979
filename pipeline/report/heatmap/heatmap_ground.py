"""The ground that heatmaps are drawn on: the grid, and how long each of its cells was in view."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.direction.left_to_right import Sides
from pipeline.metrics.heatmap import occupancy as heatmap
from pipeline.metrics.heatmap.pitch_grid import Grid, metre_grid
from pipeline.metrics.movement.time_seen import seconds_each
from pipeline.shots.usable_frames import feeding

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.core.pitch import Pitch
    from pipeline.report.run_data import RunData

Array = NDArray[np.float64]
_MIN_VIEW_S = 1.0
_MIN_VIEW_SHARE = 0.1
_ROUNDED_M = 1.2


@dataclass(frozen=True, slots=True)
class Ground:
    """What heatmaps of a run share.

    ``views`` is the table, in order of time, of a picture ``width_px`` by ``height_px``; ``sides`` say which
    way teams attack.
    """

    grid: Grid
    sigma_m: float
    views: pd.DataFrame
    width_px: int
    height_px: int
    sides: Sides

    def seconds(self, people: pd.DataFrame) -> Array:
        """Seconds that ``people`` spent in each cell, smoothed.

        Rows of `who_is_where.people` with ``seconds``, what each stands for (`time_seen.seconds_behind`).
        """
        places = people[["x_m", "y_m"]].to_numpy(float)
        return self.smoothed(heatmap.seconds_grid(places, people["seconds"].to_numpy(float), self.grid))

    def smoothed(self, values: Array) -> Array:
        """Blur values over the grid."""
        return heatmap.smoothed(values, self.grid, self.sigma_m)

    def in_view_s(self, team: str | None, counts: NDArray[np.bool_] | None = None) -> Array:
        """How long each cell was in view, s ``(ny, nx)``, turned as ``team`` attacks (None: as it lies).

        ``counts`` ``(len(views),)`` picks the views that count; by default all.
        """
        times = self.views["time_s"].to_numpy(float)
        seconds = seconds_each(times) * (1.0 if counts is None else counts)
        turn = self.sides.signs(times, np.full(len(times), team, dtype=object)) < 0
        there, back = (
            heatmap.seconds_in_view(self.views, self.width_px, self.height_px, self.grid, seconds * own)
            for own in (~turn, turn)
        )
        return there + back[::-1, ::-1]

    def occupancy(self, seconds: Array, in_view_s: Array) -> Array:
        """Divide smoothed seconds by how long each cell was in view; NaN where that is too short to say."""
        return shares(seconds, self.smoothed(in_view_s))


def shares(seconds: Array, in_view_s: Array) -> Array:
    """Divide seconds by seconds in view; NaN under a second of those, in clips under a tenth of the most."""
    least = min(_MIN_VIEW_S, _MIN_VIEW_SHARE * float(in_view_s.max(initial=0.0)))
    return heatmap.occupancy(seconds, in_view_s, min_view_s=max(least, 1e-6))


def outline(grid: Grid, unseen: NDArray[np.bool_]) -> tuple[Array, Array, Array]:
    """Give x, y and a smooth field over them, above 0.5 where ``unseen`` ``(ny, nx)``: to draw its edge."""
    x, y = grid.middles_m()
    for middles, edges in ((x, grid.x_edges_m), (y, grid.y_edges_m)):
        middles[[0, -1]] = edges[[0, -1]]
    return x, y, heatmap.smoothed(unseen.astype(float), grid, _ROUNDED_M)


def ground(run: RunData, sides: Sides) -> Ground:
    """Prepare the heatmaps of a run of footage."""
    views = feeding(run.views, run.shots)
    return on(run.pitch, run.config.report.heatmap_sigma_m, views, run.record, sides)


def on(pitch: Pitch, sigma_m: float, views: pd.DataFrame, record: dict[str, Any], sides: Sides) -> Ground:
    """Prepare heatmaps; ``record`` is ``run.json``, which knows the size of the picture."""
    video = record.get("video", {})
    width, height = (int(video.get(name) or 0) for name in ("width_px", "height_px"))
    return Ground(metre_grid(pitch), sigma_m, views.sort_values("time_s"), width, height, sides)


def packed(values: Array, top: float | None = None) -> dict[str, Any]:
    """Pack values ``(ny, nx)`` for the page: a byte a cell, base64, and what 255 stands for.

    Values above ``top`` (by default the largest) are cut.
    """
    end = float(values.max(initial=0.0)) if top is None else top
    levels = np.zeros(values.shape, np.uint8)
    if end > 0:
        levels = np.rint(np.clip(values / end, 0, 1) * 255).astype(np.uint8)
    return {"top": end, "bytes": base64.b64encode(levels.tobytes()).decode("ascii")}
