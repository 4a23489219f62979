"""How the teams stand: average positions, the shape of each team, both laid over each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.pairs import Places, relative_places
from pipeline.metrics.shape import team_frames
from pipeline.metrics.templates import TEMPLATES
from pipeline.pitch import Pitch
from pipeline.report.colours import Colours, Rgb, ink_on, to_hex
from pipeline.report.pitch_plot import FAINT, attack_arrow, pitch_figure

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
_MOST = 11


@dataclass(frozen=True, slots=True)
class Stand:
    """How one team stood, attack to the right: its players' average places and the nearest template's.

    ``places_m`` ``(R, 2)`` and ``template_m`` ``(10, 2)`` on the pitch; ``template_m`` is None where
    nothing fits; ``weight`` ``(R,)`` is the share of frames that saw each.
    """

    team: str
    places_m: Array
    weight: Array
    names: tuple[str, ...]
    template_m: Array | None


def stand(people: pd.DataFrame, row: pd.Series) -> Stand | None:
    """Work out how the team of a row of ``formations`` stood; None if too few were seen together."""
    inside = people["time_s"].between(row["start_s"], row["end_s"] + 1e-6)
    team = team_frames(people[inside], row["team"])
    found = relative_places(team)
    if len(found.places_m) < 3:
        return None
    turn = -1.0 if row["attack"] == "right_to_left" else 1.0
    with np.errstate(invalid="ignore"):
        middle = np.nanmean(team.places_m.reshape(-1, 2), axis=0)
    places = turn * (found.places_m + middle)
    known = next((t for t in TEMPLATES if t.name == row["formation"]), None)
    template = None if known is None else _laid_over(known.places_m, places)
    return Stand(row["team"], places, found.weight, _names(found), template)


def stand_figure(stood: Stand, pitch: Pitch, colour: Rgb, attack: bool) -> Any:
    """Draw a team's average places as discs and the template's as open rings."""
    import plotly.graph_objects as go

    figure = pitch_figure(pitch)
    if stood.template_m is not None:
        ring = {"size": 30, "color": "rgba(0,0,0,0)", "line": {"color": FAINT, "width": 1.2}}
        x, y = np.round(stood.template_m.T, 1)
        figure.add_trace(
            go.Scatter(
                x=x, y=y, mode="markers", marker=ring, hovertemplate="place in the template<extra></extra>"
            )
        )
    figure.add_trace(_discs(stood.places_m, stood.names, colour, stood.weight))
    if attack:
        attack_arrow(figure, pitch)
    return figure


def positions_figure(movement: pd.DataFrame, pitch: Pitch, colours: Colours) -> Any:
    """Draw where each tracked player was on average: both teams, the eleven seen longest large."""
    import plotly.graph_objects as go

    figure = pitch_figure(pitch)
    for team in ("A", "B"):
        rows = movement[movement["team"] == team].sort_values("minutes_visible", ascending=False)
        colour = colours.team(team).page
        rest = rows.iloc[_MOST:]
        if len(rest):
            small = {"size": 6, "color": to_hex(colour), "opacity": 0.35}
            text = [f"{t}" for t in rest["track_id"]]
            figure.add_trace(
                go.Scatter(
                    x=rest["mean_x_m"].round(1).to_numpy(),
                    y=rest["mean_y_m"].round(1).to_numpy(),
                    mode="markers",
                    marker=small,
                    text=text,
                    hovertemplate="track %{text}, seen briefly<extra></extra>",
                )
            )
        rows = rows.iloc[:_MOST]
        if len(rows):
            where = rows[["mean_x_m", "mean_y_m"]].to_numpy(float)
            names = tuple(str(t) for t in rows["track_id"])
            figure.add_trace(_discs(where, names, colour, rows["coverage"].to_numpy(float)))
    return figure


def both_figure(stands: list[Stand], pitch: Pitch, colours: Colours) -> Any:
    """Lay two teams over each other about their own middles, both attacking to the right."""
    import plotly.graph_objects as go

    figure = pitch_figure(pitch)
    for stood in stands:
        centred = stood.places_m - stood.places_m.mean(axis=0)
        colour = colours.team(stood.team).page
        hull = _outline(centred)
        figure.add_trace(
            go.Scatter(
                x=np.round(hull[:, 0], 1),
                y=np.round(hull[:, 1], 1),
                mode="lines",
                fill="toself",
                line={"color": to_hex(colour), "width": 1},
                fillcolor="rgba({},{},{},0.10)".format(*colour),
                hoverinfo="skip",
            )
        )
        figure.add_trace(_discs(centred, stood.names, colour, stood.weight, size=18))
    attack_arrow(figure, pitch)
    return figure


def role_distance_m(one: Stand, other: Stand) -> float | None:
    """RMS distance between players who stand alike, teams centred, m; None for unequal numbers under 7."""
    from scipy.optimize import linear_sum_assignment

    if min(len(one.places_m), len(other.places_m)) < 7:
        return None
    a, b = (s.places_m - s.places_m.mean(axis=0) for s in (one, other))
    squared = ((a[:, None] - b[None]) ** 2).sum(axis=2)
    rows, columns = linear_sum_assignment(squared)
    return float(np.sqrt(squared[rows, columns].mean()))


def _discs(where: Array, names: tuple[str, ...], colour: Rgb, weight: Array, size: int = 24) -> Any:
    import plotly.graph_objects as go

    return go.Scatter(
        x=np.round(where[:, 0], 1),
        y=np.round(where[:, 1], 1),
        mode="markers+text",
        text=names,
        textfont={"size": 10, "color": to_hex(ink_on(colour))},
        marker={
            "size": size,
            "color": to_hex(colour),
            "opacity": np.round(0.45 + 0.55 * np.clip(weight, 0, 1), 2),
            "line": {"color": "white", "width": 1.5},
        },
        customdata=np.round(100 * np.clip(weight, 0, 1)),
        hovertemplate="%{text}: x %{x:.1f} m, y %{y:.1f} m, seen %{customdata:.0f}%<extra></extra>",
    )


def _names(found: Places) -> tuple[str, ...]:
    return tuple(str(t[0]) if t else "" for t in found.tracks)


def _laid_over(template_m: Array, places_m: Array) -> Array:
    """Move and stretch a template onto the places that it was fitted to."""
    from scipy.optimize import linear_sum_assignment

    moved = template_m + places_m.mean(axis=0)
    for _ in range(3):
        squared = ((places_m[:, None] - moved[None]) ** 2).sum(axis=2)
        rows, slots = linear_sum_assignment(squared)
        source, target = template_m[slots], places_m[rows]
        spread = source.std(axis=0)
        scale = np.clip(target.std(axis=0) / np.where(spread > 1, spread, 1), 0.5, 1.6)
        moved = (template_m - source.mean(axis=0)) * scale + target.mean(axis=0)
    return np.asarray(moved)


def _outline(points: Array) -> Array:
    from scipy.spatial import ConvexHull, QhullError

    try:
        ring = ConvexHull(points).vertices
    except QhullError:
        ring = np.arange(len(points))
    return np.asarray(points[np.append(ring, ring[0])])
