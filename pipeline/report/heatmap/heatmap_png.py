"""Heatmaps as PNG: panels side by side, each with title, facts, direction, ruler and scale."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.files import whole_file
from pipeline.report.heatmap.panel import Panel
from pipeline.report.style.pitch_plot import BORDER_M, FAINT, INK

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_HEAD_IN, _FOOT_IN, _SIDE_IN = 1.3, 0.85, 0.3
_SCALE_SHARE = 0.42


@dataclass(frozen=True, slots=True)
class _Look:
    """Width of a panel, inches; points of title and facts; dots per inch."""

    wide_in: float
    title_pt: float
    facts_pt: float
    dpi: int


_ALONE, _SIDE_BY_SIDE = _Look(9.6, 19, 10, 150), _Look(6.4, 16, 9, 140)


def write_png(panels: list[Panel], path: Path, source: str) -> None:
    """Draw ``panels`` side by side; ``source`` names where the data come from.

    Raises
    ------
    RunError
        If the file cannot be written.
    """
    figure = picture(panels, source)
    with whole_file(path) as part, part.open("wb") as handle:
        figure.savefig(handle, format="png")


def picture(panels: list[Panel], source: str) -> Figure:
    """Draw ``panels`` side by side."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    look, pitch = _ALONE if len(panels) == 1 else _SIDE_BY_SIDE, panels[0].pitch
    tall = look.wide_in * (pitch.width_m + 2 * BORDER_M) / (pitch.length_m + 2 * BORDER_M)
    width = len(panels) * (look.wide_in + _SIDE_IN) + _SIDE_IN
    figure = Figure(figsize=(width, _HEAD_IN + tall + _FOOT_IN), dpi=look.dpi, facecolor="white")
    FigureCanvasAgg(figure)
    title_pt = min(_fitting(p.title, look) for p in panels)
    for i, panel in enumerate(panels):
        _add(figure, panel, _SIDE_IN + i * (look.wide_in + _SIDE_IN), look, title_pt)
    style: dict[str, Any] = {"size": 7.5, "color": FAINT, "ha": "right", "va": "bottom"}
    figure.text(1 - _SIDE_IN / width, 0.09 / figure.get_figheight(), source, **style)
    return figure


def _fitting(title: str, look: _Look) -> float:
    """Points at which a title fits over its panel: bold letters are about 0.66 of their size wide."""
    return min(look.title_pt, 0.94 * look.wide_in * 72 / (0.66 * max(len(title), 1)))


def _add(figure: Figure, panel: Panel, left_in: float, look: _Look, title_pt: float) -> None:
    """Put a panel into a figure at ``left_in`` inches."""
    from pipeline.report.heatmap import heatmap_axes

    width, height = figure.get_size_inches()
    tall = height - _HEAD_IN - _FOOT_IN
    border = look.wide_in * BORDER_M / (panel.pitch.length_m + 2 * BORDER_M)
    x = (left_in + border) / width
    figure.text(x, 1 - 0.3 / height, panel.title, size=title_pt, weight="bold", color=INK, va="top")
    style: dict[str, Any] = {"size": look.facts_pt, "color": FAINT, "va": "top", "linespacing": 1.45}
    figure.text(x, 1 - 0.68 / height, "\n".join(panel.facts), **style)
    box = (left_in / width, _FOOT_IN / height, look.wide_in / width, tall / height)
    heatmap_axes.draw(figure.add_axes(box), panel, look.wide_in)
    strip = (left_in / width, 0.25 / height, look.wide_in / width, (_FOOT_IN - 0.3) / height)
    heatmap_axes.direction(figure.add_axes(strip), panel)
    wide = _SCALE_SHARE * look.wide_in
    at = (left_in + look.wide_in - border - wide) / width
    heatmap_axes.scale(figure.add_axes((at, 0.52 / height, wide / width, 0.13 / height)), panel)
