"""What changes over the footage (team shape, people, camera view), and how tracks and errors spread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.report.style.colours import Colours, to_hex
from pipeline.report.style.pitch_plot import FAINT, GRID, INK, styled
from pipeline.report.style.wording import clock

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
SOURCES = ("measured", "tracked", "interpolated", "none")
SOURCE_COLOURS = {"measured": "#2f7d4f", "tracked": "#8dbf73", "interpolated": "#e6b450", "none": "#d9dedb"}
_ALL = "#2f8f5b"
_MEASURES = (("length_m", "Length, m"), ("width_m", "Width, m"), ("hull_m2", "Area, m²"))


def shape_figure(shapes: pd.DataFrame, colours: Colours) -> Any:
    """Length, width and area of both teams over time, one above the other; long footage as means."""
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    figure = styled(make_subplots(rows=3, cols=1, shared_xaxes=True, vertical_spacing=0.06))
    step_s = coarser_s(shapes["time_s"].to_numpy(float))
    for team, dash in (("A", "solid"), ("B", "dot")):
        rows = shapes[shapes["team"] == team].sort_values("time_s")
        if step_s > 1:
            at = (np.floor(rows["time_s"] / step_s) + 0.5) * step_s
            rows = rows.assign(time_s=at, team=team).groupby(["time_s", "team"], as_index=False).mean()
        rows = with_breaks(rows, 1.5 * step_s)
        for i, (name, about) in enumerate(_MEASURES, start=1):
            line = {"color": to_hex(colours.team(team).page), "width": 2, "dash": dash}
            figure.add_trace(
                go.Scatter(
                    x=rows["time_s"].round(1).to_numpy(),
                    y=rows[name].round(1).to_numpy(),
                    name=f"Team {team}",
                    legendgroup=team,
                    showlegend=i == 1,
                    mode="lines+markers" if len(rows) < 30 else "lines",
                    line=line,
                    marker={"size": 5},
                    customdata=rows["players_seen"].round(0).to_numpy(),
                    hovertemplate="%{y:.0f}, %{customdata:.0f} players seen<extra>Team " + team + "</extra>",
                ),
                row=i,
                col=1,
            )
            figure.update_yaxes(title_text=about, title_font_size=11, row=i, col=1, rangemode="tozero")
    time_axis(figure, shapes["time_s"].to_numpy(float))
    figure.update_layout(hovermode="x unified", margin={"t": 30})
    return figure


def coarser_s(time_s: Array, most: int = 600) -> float:
    """Seconds to average over so that a line has at most about ``most`` points: 1, 5, 10, 30 or 60."""
    long = float(np.ptp(time_s)) if len(time_s) else 0.0
    return next((float(s) for s in (1, 5, 10, 30) if long / s <= most), 60.0)


def with_breaks(rows: pd.DataFrame, longest_s: float = 1.5) -> pd.DataFrame:
    """Put an empty row into each gap of ``time_s`` over ``longest_s``, so that lines break there."""
    import pandas as pd

    times = rows["time_s"].to_numpy(float)
    after = times[:-1][np.diff(times) > longest_s]
    gaps = pd.DataFrame({"time_s": after + longest_s / 2})
    return pd.concat([rows, gaps], ignore_index=True).sort_values("time_s", ignore_index=True)


def people_figure(time_s: Array, counts: dict[str, Array], colours: Colours, most: int = 1200) -> Any:
    """People in view over time by team; long footage as medians of equal stretches."""
    import plotly.graph_objects as go

    figure = styled(go.Figure())
    step = max(1, -(-len(time_s) // most))
    inks = {"Team A": to_hex(colours.a.page), "Team B": to_hex(colours.b.page)}
    for name, values in counts.items():
        starts = range(0, len(time_s), step)
        figure.add_trace(
            go.Scatter(
                x=np.round([time_s[i] for i in starts], 2),
                y=[float(np.median(values[i : i + step])) for i in starts],
                name=name,
                mode="lines",
                line={"color": inks.get(name, _ALL), "width": 1.5, "shape": "hv"},
                hovertemplate="%{y:.0f}<extra>" + name + "</extra>",
            )
        )
    time_axis(figure, time_s)
    figure.update_yaxes(rangemode="tozero", title_text="people", title_font_size=11)
    figure.update_layout(hovermode="x unified", margin={"t": 30})
    return figure


def view_figure(
    time_s: Array, source: NDArray[np.object_], end_s: float, cuts_s: Array, bins: int = 160
) -> Any:
    """Where the camera view comes from over time, as shares of short stretches; cuts as lines."""
    import plotly.graph_objects as go

    figure = styled(go.Figure())
    starts = np.arange(0, len(time_s), max(1, -(-len(time_s) // bins)))
    edges = np.append(time_s[starts], end_s) if len(starts) else np.zeros(1)
    total = np.diff(np.append(starts, len(time_s)))
    for name in SOURCES:
        if not (source == name).any():
            continue
        counts = np.add.reduceat((source == name).astype(float), starts)
        figure.add_trace(
            go.Bar(
                x=np.round((edges[1:] + edges[:-1]) / 2, 3),
                y=np.round(100 * counts / total, 1),
                width=np.diff(edges),
                name=name,
                marker={"color": SOURCE_COLOURS[name], "line": {"width": 0}},
                hovertemplate="%{y:.0f}%<extra>" + name + "</extra>",
            )
        )
    for cut in cuts_s:
        figure.add_vline(x=float(cut), line_color=INK, line_width=1, line_dash="dot")
    time_axis(figure, np.append(time_s, end_s))
    figure.update_yaxes(range=[0, 100], tickvals=[0, 50, 100], ticktext=["0%", "50%", "100%"])
    figure.update_layout(barmode="stack", bargap=0, hovermode="x unified", margin={"t": 30}, showlegend=True)
    return figure


def histogram_figure(values: Array, unit: str, colour: str = "#3c6e57", bins: int = 30) -> Any:
    """How values spread, with their median marked."""
    import plotly.graph_objects as go

    top = float(np.percentile(values, 99.5)) if len(values) else 1.0
    counts, edges = np.histogram(np.minimum(values, top), bins=bins, range=(0, max(top, 1e-6)))
    figure = styled(go.Figure())
    figure.add_trace(
        go.Bar(
            x=np.round((edges[1:] + edges[:-1]) / 2, 3),
            y=counts,
            width=np.diff(edges) * 0.92,
            marker={"color": colour},
            hovertemplate="about %{x:.2f} " + unit + ": %{y}<extra></extra>",
        )
    )
    if len(values):
        median = float(np.median(values))
        figure.add_vline(x=median, line_color=INK, line_width=1.2, line_dash="dot")
        figure.add_annotation(
            x=median, y=1, yref="paper", yanchor="bottom", text=f"median {median:.2g} {unit}", showarrow=False
        )
    figure.update_xaxes(title_text=unit, title_font_size=11)
    figure.update_layout(margin={"t": 26}, showlegend=False, bargap=0)
    return figure


def time_axis(figure: Any, time_s: Array) -> None:
    """Label the time axis of ``figure``, which shows ``time_s``, as minutes and seconds."""
    end = float(time_s.max()) if len(time_s) else 1.0
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
    step = next((s for s in steps if end / s <= 9), 3600)
    ticks = np.arange(0, end + 1e-6, step)
    figure.update_xaxes(
        tickvals=ticks, ticktext=[clock(t) for t in ticks], range=[0, max(end, 0.1)], gridcolor=GRID
    )
    figure.update_xaxes(showline=True, linecolor=FAINT, tickfont={"size": 11})
