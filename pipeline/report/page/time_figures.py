"""What changes over the footage (team shape, people, camera view), and how tracks and errors spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.report.drawing.markup import element, text
from pipeline.report.drawing.plot_frame import WIDTH, Panel, Tick, axes, panels, plot_svg, thirds, x_axis
from pipeline.report.drawing.series import Line, draw_bars, draw_line, draw_shares
from pipeline.report.style.texts import words

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

Array = NDArray[np.float64]
SOURCES = ("measured", "tracked", "interpolated", "none")
SOURCE_COLOURS = {"measured": "#1f4e79", "tracked": "#6ba3d6", "interpolated": "#e8b84a", "none": "#b9c0bb"}
"""From dark to light, and blue against yellow: told apart with any colour vision."""
MEASURES = ("length_m", "width_m", "hull_m2")
_LEAST = 0.1
"""A mean over a stretch needs a value for this share of its seconds."""
_TALL, _LOW = 96.0, 150.0


def shape_figure(
    series: Mapping[str, Sequence[Line]], ticks: Sequence[Tick], span_s: tuple[float, float], label: str
) -> Markup:
    """Draw measures over time, one panel each by its title, all sides on one scale."""
    from markupsafe import Markup

    tops = [max((_top(line.y) for line in lines), default=1.0) for lines in series.values()]
    drawn, made = panels(span_s, tops, _TALL), Markup("")
    for panel, (title, lines) in zip(drawn, series.items(), strict=True):
        made += axes(panel, title, thirds(panel.y_high)) + _breaks(panel, ticks)
        made += Markup("").join(draw_line(panel, line) for line in lines)
    return plot_svg(drawn[-1], label, made, x_axis(drawn[-1], ticks), over_time=True)


def team_series(
    shapes: pd.DataFrame, names: Mapping[str, str], titles: Mapping[str, str]
) -> dict[str, list[Line]]:
    """Make lines of table ``shapes`` for `shape_figure`: by title, one a team; long footage as means."""
    step_s = coarser_s(shapes["time_s"].to_numpy(float))
    out: dict[str, list[Line]] = {title: [] for title in titles.values()}
    for team, name in names.items():
        rows = shapes[shapes["team"] == team].sort_values("time_s")
        if step_s > 1:
            at = (np.floor(rows["time_s"] / step_s) + 0.5) * step_s
            parts = rows.assign(time_s=at, team=team).groupby(["time_s", "team"], as_index=False)
            rows = parts.mean()[parts.size()["size"] >= _LEAST * step_s]
        rows = with_breaks(rows, 1.5 * step_s)
        for measure, title in titles.items():
            x, y = (rows[n].to_numpy(float) for n in ("time_s", measure))
            out[title].append(Line(name, x, y, f"var(--team-{team.lower()})", dashed=team == "B"))
    return out


def coarser_s(time_s: Array, most: int = 150) -> float:
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


def people_figure(
    time_s: Array, counts: Mapping[str, Array], ticks: Sequence[Tick], label: str, most: int = 120
) -> Markup:
    """Draw people in view over time by team; long footage as means of equal stretches."""
    from markupsafe import Markup

    step = max(1, -(-len(time_s) // most))
    starts = np.arange(0, len(time_s), step)
    inks = dict(zip(counts, ("var(--team-a)", "var(--team-b)", "var(--soft)"), strict=False))
    lines = [
        Line(
            n,
            time_s[starts],
            np.array([float(np.mean(v[i : i + step])) for i in starts]),
            inks[n],
            n == list(counts)[1],
        )
        for n, v in counts.items()
    ]
    panel = panels(_span(time_s), [max((_top(line.y) for line in lines), default=1.0)], _LOW)[0]
    drawn = Markup("").join(draw_line(panel, line) for line in lines)
    title = words("figures.people")
    return plot_svg(
        panel, label, axes(panel, title, thirds(panel.y_high)), drawn, x_axis(panel, ticks), over_time=True
    )


def view_figure(
    time_s: Array,
    source: NDArray[np.object_],
    end_s: float,
    cuts_s: Array,
    ticks: Sequence[Tick],
    label: str,
    bins: int = 160,
) -> Markup:
    """Draw where the camera view comes from over time, as shares of short stretches; cuts as lines."""
    from markupsafe import Markup

    starts = np.arange(0, len(time_s), max(1, -(-len(time_s) // bins)))
    edges = np.append(time_s[starts], end_s) if len(starts) else np.zeros(1)
    total = np.diff(np.append(starts, len(time_s)))
    shares = np.zeros((len(SOURCES), len(starts)))
    for i, name in enumerate(SOURCES if len(starts) else ()):
        shares[i] = 100 * np.add.reduceat((source == name).astype(float), starts) / total
    panel = Panel(*_span(edges), 0.0, 100.0, 8.0, 70.0)
    bars = draw_shares(panel, edges, shares, [SOURCE_COLOURS[s] for s in SOURCES])
    lines = [_upright(panel, float(cut)) for cut in cuts_s]
    percents: list[Tick] = [(0.0, "0%"), (100.0, "100%")]
    return plot_svg(
        panel,
        label,
        axes(panel, "", percents),
        bars,
        Markup("").join(lines),
        x_axis(panel, ticks),
        over_time=True,
    )


def histogram_figure(values: Array, unit: str, label: str, bins: int = 30) -> Markup:
    """Draw how values spread, with their median marked."""
    from markupsafe import Markup

    top = max(float(np.percentile(values, 99.5)) if len(values) else 1.0, 1e-6)
    counts, edges = np.histogram(np.minimum(values, top), bins=bins, range=(0, top))
    panel = panels((0.0, top), [float(counts.max(initial=0))], _LOW)[0]
    middles = (edges[1:] + edges[:-1]) / 2
    says = [f"{m:.2f} {unit}: {c}" for m, c in zip(middles, counts, strict=True)]
    drawn = draw_bars(panel, edges, counts.astype(float), "var(--accent)", says)
    if len(values):
        median = float(np.median(values))
        drawn += _upright(panel, median)
        at = float(panel.x(np.array(median)))
        side = (at + 5, "start") if at < WIDTH / 2 else (at - 5, "end")
        said = words("figures.median", value=f"{median:.2g}", unit=unit)
        drawn += text(said, side[0], panel.top + 10, text_anchor=side[1])
    ticks = [(v, f"{v:.2g}") for v in np.linspace(0, top, 5)]
    return plot_svg(
        panel, label, axes(panel, "", thirds(panel.y_high)), drawn, x_axis(panel, ticks, unit), Markup("")
    )


def _breaks(panel: Panel, ticks: Sequence[Tick]) -> Markup:
    """Draw a faint line at each tick of the time axis."""
    from markupsafe import Markup

    foot = panel.top + panel.height
    at = [float(panel.x(np.array(t))) for t, _ in ticks]
    return Markup("").join(element("path", d=f"M{x:.1f} {panel.top:g}V{foot:g}", class_="grid") for x in at)


def _upright(panel: Panel, x: float) -> Markup:
    at = float(panel.x(np.array(x)))
    return element("path", d=f"M{at:.1f} {panel.top:g}v{panel.height:g}", class_="cut")


def _top(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(known.max(initial=0.0))


def _span(time_s: Array) -> tuple[float, float]:
    return (float(time_s[0]), float(max(time_s[-1], time_s[0] + 0.1))) if len(time_s) else (0.0, 1.0)
