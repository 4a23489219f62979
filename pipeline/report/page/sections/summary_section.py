"""The page's first section: headline numbers, both teams, what to read with the numbers, the overlay."""

from __future__ import annotations

from typing import Any

from pipeline.report.page.content.conclusion import conclusion
from pipeline.report.page.content.match_facts import match_facts
from pipeline.report.page.notes import notes
from pipeline.report.page.page_texts import facts
from pipeline.report.page.section import PageData, Section
from pipeline.report.style.html_assets import asset
from pipeline.report.style.texts import words


def _facts(data: PageData) -> dict[str, Any]:
    run = data.run
    return {
        "conclusion": conclusion(run),
        "match": match_facts(run),
        "facts": facts(run),
        "notes": notes(run),
    }


SUMMARY = Section(
    "summary",
    words("summary.title"),
    asset("sections/summary.html"),
    _facts,
    reads=("frames", "labels", "views", "positions", "formations", "possession", "periods"),
)
