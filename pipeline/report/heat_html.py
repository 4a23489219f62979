"""Heatmaps as a page of their own, or as figures for a notebook."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.files import whole_file
from pipeline.report.figures_panel import panel_figure
from pipeline.report.heat_panels import Panel, scale_texts
from pipeline.report.pitch_plot import BORDER_M, aspect

if TYPE_CHECKING:
    from jinja2 import Template


def write_html(panels: list[Panel], path: Path, source: str) -> None:
    """Write ``panels`` as one page that needs nothing else; ``source`` names where the data come from.

    Raises
    ------
    RunError
        If the file cannot be written.
    """
    text = html(panels, source)
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8")


def html(panels: list[Panel], source: str) -> str:
    """Make the page."""
    import plotly.offline
    from markupsafe import Markup
    from plotly.io import to_json

    figures = [json.loads(to_json(panel_figure(p), validate=False)) for p in panels]
    pitch = panels[0].pitch
    whole = pitch.length_m + 2 * BORDER_M
    return _template().render(
        panels=[_texts(p) for p in panels],
        source=source,
        aspect=aspect(pitch),
        border=100 * BORDER_M / whole,
        ruler=100 * 10 / whole,
        css=Markup(_asset("page.css")),
        plotly=Markup(plotly.offline.get_plotlyjs()),
        data=Markup(json.dumps(figures, separators=(",", ":")).replace("<", "\\u003c")),
    )


def _texts(panel: Panel) -> dict[str, Any]:
    return {
        "title": panel.title,
        "facts": panel.facts,
        "direction": panel.direction,
        "unit": panel.unit,
        "colours": ", ".join(panel.colours),
        "scale": scale_texts(panel),
    }


def _template() -> Template:
    import jinja2

    return jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(
        _asset("heatmap.html")
    )


def _asset(name: str) -> str:
    return (resources.files("pipeline.report") / "assets" / name).read_text(encoding="utf-8")
