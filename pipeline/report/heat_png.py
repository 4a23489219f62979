"""Heatmaps as PNG, by matplotlib, on a pitch of exact geometry."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.files import whole_file
from pipeline.metrics.grid import zones
from pipeline.pitch import GOAL_WIDTH_M, Pitch
from pipeline.report.heat_panels import UNSEEN, Panel, drawn, outline, scale_texts
from pipeline.report.pitch_plot import BORDER_M, FAINT, GOAL_DEPTH_M, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LINES = "#56645b"
_PANEL_IN, _DPI = 9.6, 150
_PAIR_IN, _PAIR_DPI = 6.4, 140
_HEAD_IN, _FOOT_IN, _SIDE_IN = 1.3, 0.85, 0.3
_RULER_M = 10.0


def write_png(panels: list[Panel], path: Path, source: str) -> None:
    """Draw ``panels`` side by side; ``source`` names where the data come from.

    Raises
    ------
    RunError
        If the file cannot be written.
    """
    figure, dpi = picture(panels, source)
    with whole_file(path) as part, part.open("wb") as handle:
        figure.savefig(handle, format="png", dpi=dpi)


def picture(panels: list[Panel], source: str) -> tuple[Figure, int]:
    """Draw ``panels`` side by side; gives the figure and its dots per inch."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    wide, dpi = (_PANEL_IN, _DPI) if len(panels) == 1 else (_PAIR_IN, _PAIR_DPI)
    pitch = panels[0].pitch
    tall = wide * (pitch.width_m + 2 * BORDER_M) / (pitch.length_m + 2 * BORDER_M)
    width = len(panels) * (wide + _SIDE_IN) + _SIDE_IN
    height = _HEAD_IN + tall + _FOOT_IN
    figure = Figure(figsize=(width, height), facecolor="white")
    FigureCanvasAgg(figure)
    title_size = min(_title_size(p.title, wide) for p in panels)
    for i, panel in enumerate(panels):
        left = (_SIDE_IN + i * (wide + _SIDE_IN)) / width
        axes = figure.add_axes((left, _FOOT_IN / height, wide / width, tall / height))
        _draw(axes, panel)
        line = left + BORDER_M / (pitch.length_m + 2 * BORDER_M) * wide / width
        figure.text(line, 1 - 0.3 / height, panel.title, size=title_size, weight="bold", color=INK, va="top")
        facts = "\n".join(panel.facts)
        figure.text(
            line,
            1 - 0.68 / height,
            facts,
            size=10 if i == 0 == len(panels) - 1 else 9,
            color=FAINT,
            va="top",
            linespacing=1.45,
        )
        _foot(figure, panel, left, (width, height, wide))
    figure.text(1 - _SIDE_IN / width, 0.09 / height, source, size=7.5, color=FAINT, ha="right", va="bottom")
    return figure, dpi


def _draw(axes: Axes, panel: Panel) -> None:
    pitch = panel.pitch
    half_l, half_w = pitch.length_m / 2, pitch.width_m / 2
    axes.set_xlim(-half_l - BORDER_M, half_l + BORDER_M)
    axes.set_ylim(-half_w - BORDER_M, half_w + BORDER_M)
    axes.set_axis_off()
    (_zones if panel.texts else _cells)(axes, panel)
    _markings(axes, pitch)


def _cells(axes: Axes, panel: Panel) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    grid, seen = panel.grid, np.isfinite(panel.values)
    extent = (grid.x_edges_m[0], grid.x_edges_m[-1], grid.y_edges_m[0], grid.y_edges_m[-1])
    axes.imshow(
        drawn(panel),
        extent=extent,
        origin="lower",
        cmap=LinearSegmentedColormap.from_list("heat", panel.colours, 512),
        vmin=panel.low,
        vmax=panel.high,
        interpolation="bicubic",
    )
    if not seen.all():
        x, y, unseen = outline(panel)
        axes.contourf(x, y, unseen, levels=(0.5, 1.5), colors=[UNSEEN])
        hatched = axes.contourf(x, y, unseen, levels=(0.5, 1.5), colors="none", hatches=["////"])
        hatched.set_edgecolor("#c3cac5")
        hatched.set_linewidth(0)


def _zones(axes: Axes, panel: Panel) -> None:
    from matplotlib.colors import LinearSegmentedColormap, Normalize
    from matplotlib.patches import Rectangle

    cmap = LinearSegmentedColormap.from_list("heat", panel.colours, 512)
    scale = Normalize(panel.low, panel.high, clip=True)
    size = 6.2 * axes.get_position().width * axes.figure.get_size_inches()[0] / 4.4
    for zone, value, (big, small) in zip(zones(panel.pitch), panel.values, panel.texts, strict=True):
        seen = bool(np.isfinite(value))
        colour = cmap(scale(value)) if seen else UNSEEN
        wide, high = zone.x_high_m - zone.x_low_m, zone.y_high_m - zone.y_low_m
        axes.add_patch(
            Rectangle((zone.x_low_m, zone.y_low_m), wide, high, facecolor=colour, edgecolor="white", lw=1.6)
        )
        ink = "white" if seen and _dark(colour) else INK if seen else FAINT
        x, y = zone.x_low_m + wide / 2, zone.y_low_m + high / 2
        lift = 1.0 if big and small else 0.0
        outline = _halo(colour)
        axes.text(
            x,
            y + lift,
            big,
            size=size,
            weight="bold",
            color=ink,
            ha="center",
            va="center",
            zorder=5,
            path_effects=outline,
        )
        axes.text(
            x,
            y - 2.2 * lift,
            small,
            size=0.66 * size,
            color=ink,
            ha="center",
            va="center",
            zorder=5,
            path_effects=outline,
        )


def _halo(colour: Any) -> list[Any]:
    """An edge of the zone's own colour, so that the pitch's lines do not cross figures."""
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=3.0, foreground=colour)]


def _dark(colour: Any) -> bool:
    return float(np.dot(colour[:3], (0.299, 0.587, 0.114))) < 0.55


def _markings(axes: Axes, pitch: Pitch) -> None:
    for line in pitch.lines_m(0.2):
        axes.plot(line[:, 0], line[:, 1], color=_LINES, lw=1.15, solid_capstyle="round", zorder=4)
    spots = pitch.spots_m()
    axes.scatter(spots[:, 0], spots[:, 1], s=9, color=_LINES, zorder=4, linewidths=0)
    for end in (-1, 1):
        x, y = end * pitch.length_m / 2, GOAL_WIDTH_M / 2
        back = x + end * GOAL_DEPTH_M
        axes.plot((x, back, back, x), (-y, -y, y, y), color=_LINES, lw=1.15, zorder=4)


def _title_size(title: str, wide_in: float) -> float:
    """Points at which a title fits over a panel."""
    return min(19.0 if wide_in >= _PANEL_IN else 16.0, 0.94 * wide_in * 72 / (0.66 * max(len(title), 1)))


def _foot(figure: Figure, panel: Panel, left: float, inches: tuple[float, float, float]) -> None:
    """Direction of attack, a ruler, and the colours' scale."""
    width, height, wide = inches
    strip = figure.add_axes((left, 0.25 / height, wide / width, (_FOOT_IN - 0.3) / height))
    strip.set_xlim(-panel.pitch.length_m / 2 - BORDER_M, panel.pitch.length_m / 2 + BORDER_M)
    strip.set_ylim(0, 1)
    strip.set_axis_off()
    start = -panel.pitch.length_m / 2
    if panel.direction:
        strip.text(start, 0.72, panel.direction, size=8, color=FAINT, va="center")
    else:
        strip.annotate(
            "",
            (start + _RULER_M, 0.72),
            (start, 0.72),
            arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.4, "shrinkA": 0, "shrinkB": 0},
        )
        strip.text(start + _RULER_M + 1.2, 0.72, "attack", size=9, color=INK, va="center")
    strip.plot((start, start + _RULER_M), (0.12, 0.12), color=FAINT, lw=1.2)
    for end in (start, start + _RULER_M):
        strip.plot((end, end), (0.02, 0.22), color=FAINT, lw=1.2)
    strip.text(start + _RULER_M + 1.2, 0.12, f"{_RULER_M:.0f} m", size=8, color=FAINT, va="center")
    _scale(figure, panel, left, inches)


def _scale(figure: Figure, panel: Panel, left: float, inches: tuple[float, float, float]) -> None:
    width, height, wide = inches
    share = 0.42
    right_m = BORDER_M / (panel.pitch.length_m + 2 * BORDER_M) * wide
    x = left + (wide * (1 - share) - right_m) / width
    bar = figure.add_axes((x, 0.52 / height, wide * share / width, 0.13 / height))
    from matplotlib.colors import LinearSegmentedColormap

    cmap = LinearSegmentedColormap.from_list("heat", panel.colours, 512)
    bar.imshow(np.linspace(0, 1, 512)[None], aspect="auto", cmap=cmap, extent=(panel.low, panel.high, 0, 1))
    bar.set_yticks([])
    ends = (panel.low, (panel.low + panel.high) / 2, panel.high)
    bar.set_xticks(ends, scale_texts(panel), size=8.5, color=FAINT)
    for tick, side in zip(bar.get_xticklabels(), ("left", "center", "right"), strict=True):
        tick.set_horizontalalignment(side)
    bar.tick_params(length=2.5, color=FAINT, pad=2)
    for spine in bar.spines.values():
        spine.set(edgecolor="#c3cac5", linewidth=0.8)
    bar.set_title(panel.unit, size=9, color=INK, loc="left", pad=3)
