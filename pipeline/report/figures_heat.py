"""Heatmaps on the pitch."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.pitch import Pitch
from pipeline.report.colours import Rgb, lighter
from pipeline.report.pitch_plot import attack_arrow, lines_trace, pitch_figure

Array = NDArray[np.float64]


def colour_scale(colour: Rgb) -> list[list[Any]]:
    """From nothing over ``colour`` to its dark shade."""
    stops = ((0.0, colour, 0.0), (0.12, lighter(colour, 0.6), 0.45), (0.6, colour, 0.9))
    dark = (round(colour[0] * 0.45), round(colour[1] * 0.45), round(colour[2] * 0.45))
    return [[at, "rgba({},{},{},{})".format(*rgb, alpha)] for at, rgb, alpha in (*stops, (1.0, dark, 1.0))]


def heat_figure(
    grid: Array | None, pitch: Pitch, colour: Rgb, top_s: float, attack: bool, unit: str = "s"
) -> Any:
    """Draw a grid of `heat.shape_of` on the pitch; None leaves the cells to the page's script.

    Parameters
    ----------
    top_s
        What the darkest colour stands for.
    attack
        Add an arrow that says that play runs to the right.
    """
    import plotly.graph_objects as go

    rows, columns = (round(pitch.width_m), round(pitch.length_m))
    x, y = _middles(pitch.length_m, columns), _middles(pitch.width_m, rows)
    figure = pitch_figure(pitch)
    heat = go.Heatmap(
        x=x,
        y=y,
        z=np.zeros((1, 1)) if grid is None else np.round(grid, 4).astype(np.float32),
        zmin=0,
        zmax=top_s,
        colorscale=colour_scale(colour),
        showscale=False,
        zsmooth="best",
        hovertemplate="x %{x:.0f} m, y %{y:.0f} m: %{z:.2f} " + unit + "<extra></extra>",
    )
    figure.data = ()
    figure.add_trace(heat)
    figure.add_trace(lines_trace(pitch, "#7d8c82"))
    if attack:
        attack_arrow(figure, pitch)
    return figure


def _middles(length_m: float, cells: int) -> Array:
    edges = np.linspace(-length_m / 2, length_m / 2, cells + 1)
    return np.asarray(np.round((edges[1:] + edges[:-1]) / 2, 2))
