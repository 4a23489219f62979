"""How much of the footage the numbers rest on, and how sure they are."""

from __future__ import annotations

from typing import Any

from pipeline.report.drawing.heat_picture import css_gradient
from pipeline.report.page import page_texts, shot_texts
from pipeline.report.page.content.quality_charts import COVERAGE
from pipeline.report.page.notes import notes
from pipeline.report.page.section import PageData, Section
from pipeline.report.page.time_figures import SOURCE_COLOURS
from pipeline.report.style.html_assets import asset
from pipeline.report.style.texts import words


def _facts(data: PageData) -> dict[str, Any]:
    run = data.run
    return {
        "notes": notes(run),
        "sources": [{"name": name, "colour": colour} for name, colour in SOURCE_COLOURS.items()],
        "coverage_bar": css_gradient(COVERAGE),
        "shot_strip": shot_texts.strip(run),
        "shot_kinds": shot_texts.kind_rows(run),
        "shot_rows": shot_texts.shot_rows(run),
        "quality": page_texts.quality_rows(run),
    }


QUALITY = Section(
    "quality",
    words("quality.title"),
    asset("sections/quality.html"),
    _facts,
    reads=("frames", "labels", "views", "shots", "positions", "identities"),
)
