"""Heatmaps on the pitch."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.metrics.heatmap.pitch_grid import Grid
from pipeline.report.heatmap.heatmap_ground import outline
from pipeline.report.style.colours import Rgb, to_lab, to_rgb
from pipeline.report.style.pitch_plot import UNSEEN, attack_arrow, lines_trace, pitch_figure

Array = NDArray[np.float64]


def colour_scale(colour: Rgb) -> list[list[Any]]:
    """From nothing over the hue of ``colour`` to its dark shade, equally dark for any hue."""
    _, a, b = (float(v) for v in to_lab(colour))
    middle, dark = to_rgb((56.0, a, b)), to_rgb((20.0, 0.7 * a, 0.7 * b))
    stops = ((0.0, middle, 0.0), (0.25, middle, 0.32), (0.6, middle, 0.9), (1.0, dark, 1.0))
    return [[at, "rgba({},{},{},{})".format(*rgb, alpha)] for at, rgb, alpha in stops]


def heat_figure(
    grid: Grid,
    values: Array | None,
    pitch: Pitch,
    colour: Rgb,
    top: float = 1.0,
    attack: bool = False,
    unseen: NDArray[np.bool_] | None = None,
) -> Any:
    """Draw values ``(ny, nx)`` over the pitch; None leaves the cells to the page's script.

    Parameters
    ----------
    top
        What the darkest colour stands for.
    attack
        Add an arrow that says that play runs to the right.
    unseen
        Cells ``(ny, nx)`` to cover in grey: hardly ever in view.
    """
    import plotly.graph_objects as go

    figure = pitch_figure(pitch)
    x, y = grid.middles_m()
    heat = go.Heatmap(
        x=np.round(x, 2),
        y=np.round(y, 2),
        z=np.zeros((1, 1)) if values is None else np.round(values, 2).astype(np.float32),
        zmin=0,
        zmax=top,
        colorscale=colour_scale(colour),
        showscale=False,
        zsmooth="best",
        hovertemplate="x %{x:.0f} m, y %{y:.0f} m: %{z:.2f}<extra></extra>",
    )
    figure.data = ()
    figure.add_trace(heat)
    if unseen is not None and unseen.any():
        figure.add_trace(unseen_trace(grid, unseen))
    figure.add_trace(lines_trace(pitch, "#7d8c82"))
    if attack:
        attack_arrow(figure, pitch)
    return figure


def unseen_trace(grid: Grid, unseen: NDArray[np.bool_]) -> Any:
    """Cover in grey what was hardly ever in view, ``unseen`` ``(ny, nx)``."""
    import plotly.graph_objects as go

    x, y, field = outline(grid, unseen)
    clear = "rgba(0,0,0,0)"
    return go.Contour(
        x=np.round(x, 2),
        y=np.round(y, 2),
        z=np.round(field, 2).astype(np.float32),
        zmin=0,
        zmax=1,
        contours={"start": 0.5, "end": 0.5, "size": 1},
        colorscale=[[0, clear], [0.5, clear], [0.5, UNSEEN], [1, UNSEEN]],
        line_width=0,
        showscale=False,
        hoverinfo="skip",
    )
