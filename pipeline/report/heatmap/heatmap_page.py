"""Heatmaps as a page of their own, or as figures for a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.core.files import whole_file
from pipeline.report.heatmap.panel import RULER_M, Panel, scale_texts
from pipeline.report.heatmap.panel_figures import panel_figure
from pipeline.report.style.html_assets import asset, json_data, plotly_code, templates
from pipeline.report.style.pitch_plot import BORDER_M, aspect


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
    from markupsafe import Markup

    pitch = panels[0].pitch
    whole = pitch.length_m + 2 * BORDER_M
    return (
        templates()
        .get_template("heatmap.html")
        .render(
            panels=[_texts(p) for p in panels],
            source=source,
            aspect=aspect(pitch),
            border=100 * BORDER_M / whole,
            ruler=100 * RULER_M / whole,
            css=Markup(asset("page.css")),
            plotly=Markup(plotly_code()),
            data=Markup(json_data({f"map_{i}": panel_figure(p) for i, p in enumerate(panels)})),
        )
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
