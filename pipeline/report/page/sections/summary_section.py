"""The page's first section: headline numbers, both teams, what to read with the numbers, the overlay."""

from __future__ import annotations

from typing import Any

from pipeline.report.page.notes import notes
from pipeline.report.page.page_texts import facts
from pipeline.report.page.section import PageData, Section
from pipeline.report.style.html_assets import asset


def _facts(data: PageData) -> dict[str, Any]:
    return {"facts": facts(data.run), "notes": notes(data.run)}


SUMMARY = Section(
    "summary",
    "Summary",
    asset("sections/summary.html"),
    _facts,
    reads=("frames", "labels", "views", "positions"),
)
