"""How much of the footage the numbers rest on, and how sure they are."""

from __future__ import annotations

from typing import Any

from pipeline.report.page import page_texts, shot_texts
from pipeline.report.page.section import PageData, Section
from pipeline.report.style.html_assets import asset


def _facts(data: PageData) -> dict[str, Any]:
    run = data.run
    return {
        "shot_strip": shot_texts.strip(run),
        "shot_kinds": shot_texts.kind_rows(run),
        "shot_rows": shot_texts.shot_rows(run),
        "quality": page_texts.quality_rows(run),
    }


QUALITY = Section(
    "quality",
    "Quality",
    asset("sections/quality.html"),
    _facts,
    reads=("frames", "labels", "views", "shots", "positions", "identities"),
)
