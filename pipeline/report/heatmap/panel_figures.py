"""Panels of heatmaps as plotly figures: on a page, or in a notebook."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.core.pitch import Pitch
from pipeline.metrics.heatmap.pitch_grid import Zone, zones
from pipeline.report.heatmap.heatmap_figures import unseen_trace
from pipeline.report.heatmap.panel import Panel, drawn
from pipeline.report.style.pitch_plot import GOAL_DEPTH_M, INK, UNSEEN, lines_trace, pitch_figure

_LINES = "#56645b"


def panel_figure(panel: Panel) -> Any:
    """Draw a panel of heatmaps, grid or zones, with values under the pointer."""
    import plotly.graph_objects as go

    figure = pitch_figure(panel.pitch)
    figure.data = ()
    scale = [[i / (len(panel.colours) - 1), c] for i, c in enumerate(panel.colours)]
    if panel.texts:
        _add_zones(figure, panel, scale)
    else:
        x, y = panel.grid.middles_m()
        figure.add_trace(
            go.Heatmap(
                x=np.round(x, 2),
                y=np.round(y, 2),
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
        figure.add_trace(unseen_trace(panel.grid, np.isnan(panel.values)))
    figure.add_trace(lines_trace(panel.pitch, _LINES))
    _add_goals(figure, panel.pitch)
    return figure


def _add_zones(figure: Any, panel: Panel, scale: list[list[Any]]) -> None:
    from plotly.colors import sample_colorscale

    for zone, value, texts in zip(zones(panel.pitch), panel.values, panel.texts, strict=True):
        seen = bool(np.isfinite(value))
        at = float(np.clip((value - panel.low) / (panel.high - panel.low), 0, 1)) if seen else 0.0
        colour = sample_colorscale(scale, [at])[0] if seen else UNSEEN
        _add_zone(figure, zone, colour, "white" if seen and _dark(colour) else INK, texts)


def _add_zone(figure: Any, zone: Zone, colour: str, ink: str, texts: tuple[str, str]) -> None:
    import plotly.graph_objects as go

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
            text=f"{zone.name}: {' '.join(t for t in texts if t)}",
        )
    )
    big, small = texts
    parts = [f"<b>{big}</b>"] * bool(big) + [f"<span style='font-size:.78em'>{small}</span>"] * bool(small)
    figure.add_annotation(
        x=sum(x) / 2,
        y=sum(y) / 2,
        text="<br>".join(parts),
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

    y = pitch.marks.goal_m[0] / 2
    for end in (-1, 1):
        line = end * pitch.length_m / 2
        back = line + end * GOAL_DEPTH_M
        shape = {"x": [line, back, back, line], "y": [-y, -y, y, y]}
        figure.add_trace(
            go.Scatter(**shape, mode="lines", line={"color": "#56645b", "width": 1.3}, hoverinfo="skip")
        )
