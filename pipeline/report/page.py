"""The page: one HTML file that needs nothing else, not even a network."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

from pipeline.files import whole_file
from pipeline.metrics.grid import metre_grid
from pipeline.report import formation_parts, movement_table, parts, shot_parts
from pipeline.report.charts import Charts, charts
from pipeline.report.notes import notes
from pipeline.report.pitch_plot import aspect
from pipeline.report.run_data import RunData
from pipeline.report.wording import number


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
        "facts": parts.facts(run),
        "teams": parts.teams(run),
        "notes": notes(run),
        "shape_title": "Shape at this moment" if moment else "Formations",
        "attack_known": bool(len(run.formations) and run.formations["attack"].notna().all()),
        "formations": formation_parts.formation_rows(run),
        "timelines": formation_parts.timelines(run),
        "roles": formation_parts.role_rows(run),
        "comparison": parts.comparison_rows(run),
        "likeness": parts.likeness_rows(made.comparison),
        "movement": movement,
        "movement_hidden": number(len(run.movement) - len(movement))
        if len(run.movement) > len(movement)
        else "",
        "bands": movement_table.BANDS,
        "shot_strip": shot_parts.strip(run),
        "shot_kinds": shot_parts.kind_rows(run),
        "shot_rows": shot_parts.shot_rows(run),
        "quality": parts.quality_rows(run),
        "settings": parts.setting_rows(run.config),
        "versions": parts.version_rows(run),
        "timing": parts.timing_rows(run),
    }


def json_data(figures: dict[str, Any], **more: Any) -> str:
    """Figures, and whatever else the page's script reads, as JSON that cannot end its script element."""
    from plotly.io import to_json

    made = {name: json.loads(to_json(figure, validate=False)) for name, figure in figures.items()}
    data = {"figures": made, "heat": {}, "players": []} | more
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def asset(name: str) -> str:
    """Read one of the files that pages are made of."""
    return (resources.files("pipeline.report") / "assets" / name).read_text(encoding="utf-8")
