"""The page: one HTML file that needs nothing else, not even a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.core.files import whole_file
from pipeline.metrics.heatmap.pitch_grid import metre_grid
from pipeline.report.page import formation_texts, movement_table, page_texts, shot_texts
from pipeline.report.page.charts import Charts, charts
from pipeline.report.page.notes import notes
from pipeline.report.run_data import RunData
from pipeline.report.style.html_assets import asset, json_data
from pipeline.report.style.pitch_plot import aspect
from pipeline.report.style.wording import number


def write_page(run: RunData, path: Path) -> int:
    """Write the page of ``run`` to ``path``, whole or not at all; gives its size in bytes.

    Raises
    ------
    RunError
        If the disk is full or the folder cannot be written.
    """
    text = page(run, "../overlay.mp4" if (run.root / "overlay.mp4").exists() else None).encode("utf-8")
    with whole_file(path) as part:
        part.write_bytes(text)
    return len(text)


def page(run: RunData, overlay: str | None) -> str:
    """Make the HTML of ``run``; ``overlay`` is the address of the overlay video, None without one."""
    import jinja2
    import plotly.offline
    from markupsafe import Markup

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    made = charts(run)
    return environment.from_string(asset("page.html")).render(
        **_texts(run, made),
        charts=made,
        overlay=overlay,
        aspect=aspect(run.pitch),
        css=Markup(asset("page.css")),
        js=Markup(asset("page.js")),
        plotly=Markup(plotly.offline.get_plotlyjs()),
        data=Markup(
            json_data(
                made.figures, heat=made.heat, players=made.players, columns=metre_grid(run.pitch).shape[1]
            )
        ),
    )


def _texts(run: RunData, made: Charts) -> dict[str, Any]:
    movement = movement_table.movement_rows(run)
    moment = "shape_at_this_moment" in set(run.formations["kind"]) or not len(run.formations)
    return {
        "name": run.name,
        "version": run.record.get("versions", {}).get("teamshape", ""),
        "kind": run.kind,
        "facts": page_texts.facts(run),
        "teams": page_texts.teams(run),
        "notes": notes(run),
        "shape_title": "Shape at this moment" if moment else "Formations",
        "attack_known": bool(len(run.formations) and run.formations["attack"].notna().all()),
        "formations": formation_texts.formation_rows(run),
        "timelines": formation_texts.timelines(run),
        "roles": formation_texts.role_rows(run),
        "comparison": page_texts.comparison_rows(run),
        "likeness": page_texts.likeness_rows(made.comparison),
        "movement": movement,
        "movement_hidden": number(len(run.movement) - len(movement))
        if len(run.movement) > len(movement)
        else "",
        "bands": movement_table.BANDS,
        "shot_strip": shot_texts.strip(run),
        "shot_kinds": shot_texts.kind_rows(run),
        "shot_rows": shot_texts.shot_rows(run),
        "quality": page_texts.quality_rows(run),
        "settings": page_texts.setting_rows(run.config),
        "versions": page_texts.version_rows(run),
        "timing": page_texts.timing_rows(run),
    }
