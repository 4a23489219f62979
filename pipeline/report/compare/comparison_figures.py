"""Figures of a comparison: how each side stood, pairs laid over each other, shape over time on one scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.report.compare.comparison import Pair
from pipeline.report.compare.shape_plots import both_figure, stand_figure, time_axis
from pipeline.report.page.time_figures import with_breaks
from pipeline.report.page.window_shape import Stand, stood
from pipeline.report.style.colours import to_hex
from pipeline.report.style.pitch_plot import styled

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.compare.sides import NamedSide

OVER_TIME = {
    "length_m": "Length, m",
    "width_m": "Width, m",
    "stretch_m": "To the centre, m",
    "hull_m2": "Hull, m²",
    "defence_height_m": "Line height, m",
    "defence_midfield_m": "Gap back–mid, m",
    "midfield_attack_m": "Gap mid–front, m",
}
_POINTS = 90
_STEPS_S = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0)


def stand_of(one: NamedSide) -> Stand:
    """Give what the shape figures draw of a side."""
    return stood(one.side.team, one.side.model, one.side.middle_m, one.attack_known)


def side_figure(one: NamedSide) -> Any:
    """Draw a side's roles where it stood on the pitch."""
    return stand_figure(stand_of(one), one.run.pitch, one.ink)


def pair_figure(sides: list[NamedSide], pair: Pair) -> Any:
    """Lay two sides over each other about their middles."""
    both = [sides[pair.i], sides[pair.j]]
    return both_figure([stand_of(s) for s in both], both[0].run.pitch, [s.ink for s in both])


def over_time_figure(sides: list[NamedSide]) -> Any:
    """Draw team shape over time, one measure above the other, all sides on one scale.

    Time runs from the first moment of each side. Long footage is averaged over equal stretches.
    """
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    longest = max(float(np.ptp(s.side.shapes["time_s"])) for s in sides)
    step = next((s for s in _STEPS_S if longest / s <= _POINTS), _STEPS_S[-1])
    figure = styled(make_subplots(rows=len(OVER_TIME), cols=1, shared_xaxes=True, vertical_spacing=0.025))
    for n, one in enumerate(sides):
        rows = averaged(one.side.shapes, step)
        for i, (name, about) in enumerate(OVER_TIME.items(), start=1):
            known = with_breaks(rows[rows[name].notna()], 1.5 * step)
            figure.add_trace(
                go.Scatter(
                    x=known["time_s"].to_numpy(),
                    y=known[name].round(1).to_numpy(),
                    name=one.label,
                    legendgroup=str(n),
                    showlegend=i == 1,
                    mode="lines+markers",
                    marker={"size": 4},
                    line={"color": to_hex(one.ink), "width": 1.6},
                    hovertemplate="%{y:.1f}<extra>" + one.label.replace("<", "&lt;") + "</extra>",
                ),
                row=i,
                col=1,
            )
            figure.update_yaxes(title_text=about, title_font_size=11, row=i, col=1)
    time_axis(figure, np.array([0.0, longest]))
    figure.update_layout(hovermode="x unified", margin={"t": 34})
    return figure


def averaged(shapes: pd.DataFrame, step_s: float) -> pd.DataFrame:
    """Average `metrics.side.Side.shapes` over stretches of ``step_s``; time from its first moment."""
    start = float(shapes["time_s"].min())
    at = (np.floor((shapes["time_s"] - start) / step_s) + 0.5) * step_s
    return shapes.assign(time_s=at).groupby("time_s", as_index=False)[list(OVER_TIME)].mean()
