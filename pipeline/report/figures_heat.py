"""Heatmaps on the pitch."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.grid import Grid, zones
from pipeline.pitch import GOAL_WIDTH_M, Pitch
from pipeline.report.colours import Rgb, to_lab, to_rgb
from pipeline.report.heat_panels import UNSEEN, Panel, drawn, outline
from pipeline.report.pitch_plot import GOAL_DEPTH_M, INK, attack_arrow, lines_trace, pitch_figure

Array = NDArray[np.float64]


def colour_scale(colour: Rgb) -> list[list[Any]]:
    """From nothing over the hue of ``colour`` to its dark shade, equally dark for any hue."""
    _, a, b = (float(v) for v in to_lab(colour))
    middle, dark = to_rgb((56.0, a, b)), to_rgb((20.0, 0.7 * a, 0.7 * b))
    stops = ((0.0, middle, 0.0), (0.25, middle, 0.32), (0.6, middle, 0.9), (1.0, dark, 1.0))
    return [[at, "rgba({},{},{},{})".format(*rgb, alpha)] for at, rgb, alpha in stops]


def heat_figure(
    grid: Grid, values: Array | None, pitch: Pitch, colour: Rgb, top: float = 1.0, attack: bool = False
) -> Any:
    """Draw values ``(ny, nx)`` over the pitch; None leaves the cells to the page's script.

    Parameters
    ----------
    top
        What the darkest colour stands for.
    attack
        Add an arrow that says that play runs to the right.
    """
    import plotly.graph_objects as go

    figure = pitch_figure(pitch)
    heat = go.Heatmap(
        x=_middles(grid.x_edges_m),
        y=_middles(grid.y_edges_m),
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
    figure.add_trace(lines_trace(pitch, "#7d8c82"))
    if attack:
        attack_arrow(figure, pitch)
    return figure


def _middles(edges: Array) -> Array:
    return np.asarray(np.round((edges[1:] + edges[:-1]) / 2, 2))


def panel_figure(panel: Panel) -> Any:
    """Draw a panel of heatmaps, grid or zones, with values under the pointer."""
    import plotly.graph_objects as go

    figure = pitch_figure(panel.pitch)
    figure.data = ()
    scale = [[i / (len(panel.colours) - 1), c] for i, c in enumerate(panel.colours)]
    if panel.texts:
        _add_zones(figure, panel, scale)
    else:
        figure.add_trace(
            go.Heatmap(
                x=_middles(panel.grid.x_edges_m),
                y=_middles(panel.grid.y_edges_m),
                z=np.round(drawn(panel), 4).astype(np.float32),
                text=[[f"{v:.3g}" if np.isfinite(v) else "–" for v in row] for row in panel.values],
                zmin=panel.low,
                zmax=panel.high,
                colorscale=scale,
                showscale=False,
                zsmooth="best",
                hovertemplate=f"%{{text}} {panel.unit}<br>x %{{x:.0f}} m, y %{{y:.0f}} m<extra></extra>",
            )
        )
        figure.add_trace(_unseen(panel))
    figure.add_trace(lines_trace(panel.pitch, "#56645b"))
    _add_goals(figure, panel.pitch)
    return figure


def _unseen(panel: Panel) -> Any:
    import plotly.graph_objects as go

    x, y, field = outline(panel)
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


def _add_zones(figure: Any, panel: Panel, scale: list[list[Any]]) -> None:
    from plotly.colors import sample_colorscale

    import plotly.graph_objects as go

    for zone, value, (big, small) in zip(zones(panel.pitch), panel.values, panel.texts, strict=True):
        seen = bool(np.isfinite(value))
        at = float(np.clip((value - panel.low) / (panel.high - panel.low), 0, 1)) if seen else 0.0
        colour = sample_colorscale(scale, [at])[0] if seen else UNSEEN
        x, y = (zone.x_low_m, zone.x_high_m), (zone.y_low_m, zone.y_high_m)
        figure.add_trace(
            go.Scatter(
                x=[x[0], x[1], x[1], x[0], x[0]],
                y=[y[0], y[0], y[1], y[1], y[0]],
                mode="lines",
                fill="toself",
                fillcolor=colour,
                line={"color": "white", "width": 2},
                hoveron="fills",
                hoverinfo="text",
                text=f"{zone.name}: {' '.join(t for t in (big, small) if t)}",
            )
        )
        ink = "white" if seen and _dark(colour) else INK
        text = "<br>".join(
            t
            for t in (
                f"<b>{big}</b>" if big else "",
                f"<span style='font-size:.78em'>{small}</span>" if small else "",
            )
            if t
        )
        figure.add_annotation(
            x=sum(x) / 2,
            y=sum(y) / 2,
            text=text,
            showarrow=False,
            font={"size": 14, "color": ink},
            bgcolor=colour,
            borderpad=1,
        )


def _dark(colour: str) -> bool:
    red, green, blue = (float(v) for v in colour[4:-1].split(","))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140


def _add_goals(figure: Any, pitch: Pitch) -> None:
    import plotly.graph_objects as go

    y = GOAL_WIDTH_M / 2
    for end in (-1, 1):
        line = end * pitch.length_m / 2
        back = line + end * GOAL_DEPTH_M
        shape = {"x": [line, back, back, line], "y": [-y, -y, y, y]}
        figure.add_trace(
            go.Scatter(**shape, mode="lines", line={"color": "#56645b", "width": 1.3}, hoverinfo="skip")
        )
