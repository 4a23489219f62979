"""The pitch as a plotly figure, to exact scale, and the look that all figures share."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipeline.core.pitch import Pitch

INK, FAINT, GRID = "#1d2a22", "#6b7a70", "#e4e9e5"
_GRASS, _LINES = "#f1f5f0", "#a9b8ad"
UNSEEN = "#d9dedb"
"""Of places that were hardly ever in view."""
BORDER_M = 3.0
GOAL_DEPTH_M = 2.0
"""How deep goals are drawn behind the line; the Laws leave that open."""
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"


def styled(figure: Any) -> Any:
    """Give a figure the page's look: no margins to speak of, thin grid, one typeface."""
    axis = {"gridcolor": GRID, "zeroline": False, "linecolor": GRID, "ticks": "", "automargin": True}
    figure.update_layout(
        template="none",
        autosize=True,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": FONT, "size": 12, "color": INK},
        hoverlabel={"font": {"family": FONT, "size": 12}, "bgcolor": "white", "bordercolor": "#c8d0ca"},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 12}},
        dragmode=False,
    )
    figure.update_xaxes(**axis)
    figure.update_yaxes(**axis)
    return figure


def pitch_figure(pitch: Pitch) -> Any:
    """Draw an empty pitch, ``plotly.graph_objects.Figure``.

    Axes are metres from the centre spot, x along the length, y up, one scale for both. Add traces
    in metres. Give its container the aspect of `aspect`.
    """
    import plotly.graph_objects as go

    figure = styled(go.Figure(lines_trace(pitch)))
    half_l, half_w = pitch.length_m / 2, pitch.width_m / 2
    hidden = {"visible": False, "fixedrange": True}
    figure.update_xaxes(**hidden, range=[-half_l - BORDER_M, half_l + BORDER_M], constrain="domain")
    figure.update_yaxes(
        **hidden, range=[-half_w - BORDER_M, half_w + BORDER_M], scaleanchor="x", constrain="domain"
    )
    grass = {"x0": -half_l, "x1": half_l, "y0": -half_w, "y1": half_w}
    figure.add_shape(type="rect", **grass, fillcolor=_GRASS, line_width=0, layer="below")
    figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0}, showlegend=False, hovermode="closest")
    return figure


def lines_trace(pitch: Pitch, colour: str = _LINES) -> Any:
    """The painted lines and spots as one trace."""
    import plotly.graph_objects as go

    gap = np.full((1, 2), np.nan)
    parts = [np.concatenate([line, gap]) for line in pitch.lines_m()]
    parts += [np.concatenate([_disc(spot), gap]) for spot in pitch.spots_m()]
    points = np.round(np.concatenate(parts), 2)
    return go.Scatter(
        x=points[:, 0],
        y=points[:, 1],
        mode="lines",
        line={"color": colour, "width": 1.3},
        hoverinfo="skip",
        showlegend=False,
    )


def aspect(pitch: Pitch) -> str:
    """Width to height of `pitch_figure`, as CSS ``aspect-ratio``."""
    return f"{pitch.length_m + 2 * BORDER_M:g} / {pitch.width_m + 2 * BORDER_M:g}"


def attack_arrow(figure: Any, pitch: Pitch, text: str = "attack") -> None:
    """Say with an arrow above the far touchline that play runs to the right."""
    y = pitch.width_m / 2 + 1.5
    figure.add_annotation(x=9, y=y, ax=-9, ay=y, axref="x", ayref="y", arrowhead=2, arrowwidth=1, text="")
    figure.update_annotations(arrowcolor=FAINT, showarrow=True)
    figure.add_annotation(
        x=-10, y=y, xanchor="right", text=text, showarrow=False, font={"size": 10, "color": FAINT}
    )


def _disc(centre: Any, radius_m: float = 0.25) -> Any:
    angles = np.linspace(0, 2 * np.pi, 9)
    return centre + radius_m * np.column_stack([np.cos(angles), np.sin(angles)])
