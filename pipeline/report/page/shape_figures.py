"""How the teams stand: the shape of each, both laid over each other, average positions of tracks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.report.page.window_shape import Stand
from pipeline.report.style.colours import Colours, Rgb, ink_on, to_hex
from pipeline.report.style.pitch_plot import FAINT, attack_arrow, pitch_figure

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
_NEIGHBOURS = 0.5


def stand_figure(stood: Stand, pitch: Pitch, colour: Rgb) -> Any:
    """Draw a team's roles as discs, how far each roams as an ellipse, and its neighbours as lines.

    Open rings are the places of the nearest template.
    """
    import plotly.graph_objects as go

    figure = pitch_figure(pitch)
    where = stood.model.places_m + stood.middle_m
    figure.add_trace(_roaming(where, stood.model.covariances_m2, colour))
    figure.add_trace(_links(where, stood.model.neighbours, colour))
    if stood.template_m is not None:
        x, y = np.round((stood.template_m + stood.middle_m).T, 1)
        ring = {"size": 32, "color": "rgba(0,0,0,0)", "line": {"color": FAINT, "width": 1.1}}
        about = "place in the template<extra></extra>"
        figure.add_trace(go.Scatter(x=x, y=y, mode="markers", marker=ring, hovertemplate=about))
    figure.add_trace(_discs(where, _role_names(stood), colour, stood.model.weight, 26))
    if stood.attack_known:
        attack_arrow(figure, pitch)
    return figure


def both_figure(stands: list[Stand], pitch: Pitch, inks: list[Rgb]) -> Any:
    """Lay teams over each other about their own middles; all attack to the right where that is known."""
    figure = pitch_figure(pitch)
    for stood, colour in zip(stands, inks, strict=True):
        where = stood.model.places_m
        figure.add_trace(_links(where, stood.model.neighbours, colour, width=1.2))
        figure.add_trace(_discs(where, _role_names(stood), colour, stood.model.weight, 22))
    if all(s.attack_known for s in stands):
        attack_arrow(figure, pitch)
    return figure


def positions_figure(movement: pd.DataFrame, pitch: Pitch, colours: Colours) -> Any:
    """Draw where each tracked player was on average: both teams, as many as play seen longest large.

    ``movement`` has a column ``called`` with what stands on each disc.
    """
    import plotly.graph_objects as go

    figure = pitch_figure(pitch)
    for team in ("A", "B"):
        rows = movement[movement["team"] == team].sort_values("minutes_visible", ascending=False)
        colour = colours.team(team).page
        names = rows["called"].tolist()
        where = rows[["mean_x_m", "mean_y_m"]].to_numpy(float)
        most = pitch.players
        if len(rows) > most:
            x, y = np.round(where[most:].T, 1)
            small = {"size": 6, "color": to_hex(colour), "opacity": 0.35}
            about = "%{text}, seen briefly<extra></extra>"
            figure.add_trace(
                go.Scatter(x=x, y=y, mode="markers", marker=small, text=names[most:], hovertemplate=about)
            )
        if len(rows):
            share = rows["coverage"].to_numpy(float)[:most]
            figure.add_trace(_discs(where[:most], tuple(names[:most]), colour, share, 24))
    return figure


def _discs(where: Array, names: tuple[str, ...], colour: Rgb, weight: Array, size: int) -> Any:
    import plotly.graph_objects as go

    return go.Scatter(
        x=np.round(where[:, 0], 1),
        y=np.round(where[:, 1], 1),
        mode="markers+text",
        text=names,
        textfont={"size": 9 if max(map(len, names), default=0) > 2 else 10, "color": to_hex(ink_on(colour))},
        marker={
            "size": size,
            "color": to_hex(colour),
            "opacity": np.round(0.45 + 0.55 * np.clip(weight, 0, 1), 2),
            "line": {"color": "white", "width": 1.5},
        },
        customdata=np.round(100 * np.clip(weight, 0, 1)),
        hovertemplate="%{text}: x %{x:.1f} m, y %{y:.1f} m, seen %{customdata:.0f}%<extra></extra>",
    )


def _roaming(where: Array, covariances_m2: Array, colour: Rgb) -> Any:
    """One standard deviation about each place, as filled ellipses."""
    import plotly.graph_objects as go

    angles = np.linspace(0, 2 * np.pi, 25)
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    values, vectors = np.linalg.eigh(covariances_m2)
    axes = vectors * np.sqrt(np.maximum(values, 0.04))[:, None, :]
    rings = where[:, None] + np.einsum("rij,aj->rai", axes, circle)
    x, y = np.round(_with_gaps(rings).T, 1)
    fill = "rgba({},{},{},0.16)".format(*colour)
    return go.Scatter(
        x=x, y=y, mode="lines", line={"width": 0}, fill="toself", fillcolor=fill, hoverinfo="skip"
    )


def _links(where: Array, neighbours: Array, colour: Rgb, width: float = 1.6) -> Any:
    """Lines between roles that were neighbours most of the time."""
    import plotly.graph_objects as go

    shares = np.triu(np.nan_to_num(neighbours), 1)
    first, second = np.nonzero(shares >= _NEIGHBOURS)
    x, y = np.round(_with_gaps(np.stack([where[first], where[second]], axis=1)).T, 1)
    line = {"color": "rgba({},{},{},0.35)".format(*colour), "width": width}
    return go.Scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip")


def _with_gaps(lines: Array) -> Array:
    """Join lines ``(L, N, 2)`` to one ``(M, 2)`` with NaN between."""
    gap = np.full((len(lines), 1, 2), np.nan)
    return np.concatenate([lines, gap], axis=1).reshape(-1, 2)


def _role_names(stood: Stand) -> tuple[str, ...]:
    if stood.template_m is None:
        return ("",) * len(stood.model.roles)
    return stood.model.roles
