"""A panel of heatmaps on matplotlib axes: values, the pitch's exact lines, direction, ruler and scale."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from pipeline.core.pitch import Pitch
from pipeline.metrics.heatmap.pitch_grid import Zone, zones
from pipeline.report.heatmap.heatmap_ground import outline
from pipeline.report.heatmap.panel import RULER_M, Panel, drawn, scale_texts
from pipeline.report.style.pitch_plot import BORDER_M, FAINT, GOAL_DEPTH_M, INK, UNSEEN

_LINES, _EDGE = "#56645b", "#c3cac5"
_PT_PER_IN = 1.4
"""Size of the zones' figures, points for each inch that the pitch is wide."""
_SIDES: tuple[Literal["left", "center", "right"], ...] = ("left", "center", "right")


def draw(axes: Axes, panel: Panel, wide_in: float) -> None:
    """Draw the pitch with the panel's values; ``wide_in`` is the width of ``axes``, inches."""
    pitch = panel.pitch
    half_l, half_w = pitch.length_m / 2, pitch.width_m / 2
    axes.set_xlim(-half_l - BORDER_M, half_l + BORDER_M)
    axes.set_ylim(-half_w - BORDER_M, half_w + BORDER_M)
    axes.set_axis_off()
    if panel.texts:
        _zones(axes, panel, _PT_PER_IN * wide_in)
    else:
        _cells(axes, panel)
    markings(axes, pitch)


def direction(strip: Axes, panel: Panel) -> None:
    """Draw the arrow of attack, or say that it is unclear, over a ruler; the strip lies under the pitch."""
    start = -panel.pitch.length_m / 2
    strip.set_xlim(start - BORDER_M, -start + BORDER_M)
    strip.set_ylim(0, 1)
    strip.set_axis_off()
    beside = start + RULER_M + 1.2
    if panel.direction:
        strip.text(start, 0.72, panel.direction, size=8, color=FAINT, va="center")
    else:
        look = {"arrowstyle": "-|>", "color": INK, "lw": 1.4, "shrinkA": 0, "shrinkB": 0}
        strip.annotate("", (start + RULER_M, 0.72), (start, 0.72), arrowprops=look)
        strip.text(beside, 0.72, "attack", size=9, color=INK, va="center")
    strip.plot((start, start + RULER_M), (0.12, 0.12), color=FAINT, lw=1.2)
    for end in (start, start + RULER_M):
        strip.plot((end, end), (0.02, 0.22), color=FAINT, lw=1.2)
    strip.text(beside, 0.12, f"{RULER_M:.0f} m", size=8, color=FAINT, va="center")


def scale(bar: Axes, panel: Panel) -> None:
    """Draw what the colours stand for."""
    ramp = np.linspace(0, 1, 512)[None]
    bar.imshow(ramp, aspect="auto", cmap=_colours(panel), extent=(panel.low, panel.high, 0, 1))
    bar.set_yticks([])
    ends = (panel.low, (panel.low + panel.high) / 2, panel.high)
    bar.set_xticks(ends, scale_texts(panel), size=8.5, color=FAINT)
    for tick, side in zip(bar.get_xticklabels(), _SIDES, strict=True):
        tick.set_horizontalalignment(side)
    bar.tick_params(length=2.5, color=FAINT, pad=2)
    for spine in bar.spines.values():
        spine.set(edgecolor=_EDGE, linewidth=0.8)
    bar.set_title(panel.unit, size=9, color=INK, loc="left", pad=3)


def _colours(panel: Panel) -> Any:
    return LinearSegmentedColormap.from_list("heat", panel.colours, 512)


def _cells(axes: Axes, panel: Panel) -> None:
    x, y = panel.grid.x_edges_m, panel.grid.y_edges_m
    axes.imshow(
        drawn(panel),
        extent=(x[0], x[-1], y[0], y[-1]),
        origin="lower",
        cmap=_colours(panel),
        vmin=panel.low,
        vmax=panel.high,
        interpolation="bicubic",
    )
    if np.isnan(panel.values).any():
        unseen = outline(panel.grid, np.isnan(panel.values))
        axes.contourf(*unseen, levels=(0.5, 1.5), colors=[UNSEEN])
        hatched = axes.contourf(*unseen, levels=(0.5, 1.5), colors="none", hatches=["////"])
        hatched.set(edgecolor=_EDGE, linewidth=0)


def _zones(axes: Axes, panel: Panel, size: float) -> None:
    at, colours = Normalize(panel.low, panel.high, clip=True), _colours(panel)
    for zone, value, texts in zip(zones(panel.pitch), panel.values, panel.texts, strict=True):
        if np.isfinite(value):
            colour = colours(at(value))
            dark = float(np.dot(colour[:3], (0.299, 0.587, 0.114))) < 0.55
            _zone(axes, zone, colour, "white" if dark else INK, texts, size)
        else:
            _zone(axes, zone, UNSEEN, FAINT, texts, size)


def _zone(axes: Axes, zone: Zone, colour: Any, ink: str, texts: tuple[str, str], size: float) -> None:
    wide, high = zone.x_high_m - zone.x_low_m, zone.y_high_m - zone.y_low_m
    corner = (zone.x_low_m, zone.y_low_m)
    axes.add_patch(Rectangle(corner, wide, high, facecolor=colour, edgecolor="white", lw=1.6))
    big, small = texts
    x, y, lift = corner[0] + wide / 2, corner[1] + high / 2, 1.0 if big and small else 0.0
    # An edge of the zone's own colour keeps the pitch's lines from crossing figures.
    look: dict[str, Any] = {"path_effects": [withStroke(linewidth=3.0, foreground=colour)], "color": ink}
    look |= {"ha": "center", "va": "center", "zorder": 5}
    axes.text(x, y + lift, big, size=size, weight="bold", **look)
    axes.text(x, y - 2.2 * lift, small, size=0.66 * size, **look)


def markings(axes: Axes, pitch: Pitch) -> None:
    """Draw the lines, spots and goals of the pitch."""
    look: dict[str, Any] = {"color": _LINES, "lw": 1.15, "zorder": 4, "solid_capstyle": "round"}
    for line in pitch.lines_m(0.2):
        axes.plot(line[:, 0], line[:, 1], **look)
    spots = pitch.spots_m()
    axes.scatter(spots[:, 0], spots[:, 1], s=9, color=_LINES, zorder=4, linewidths=0)
    for end in (-1, 1):
        line_x, y = end * pitch.length_m / 2, pitch.marks.goal_m[0] / 2
        back = line_x + end * GOAL_DEPTH_M
        axes.plot((line_x, back, back, line_x), (-y, -y, y, y), **look)
