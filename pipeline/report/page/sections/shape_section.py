"""Formations of both teams, or their shape at this moment; compared; average positions."""

from __future__ import annotations

from typing import Any

from pipeline.report.page import formation_texts, page_texts
from pipeline.report.page.section import PageData, Section
from pipeline.report.style.html_assets import asset


def _title(data: PageData) -> str:
    table = data.run.formations
    moment = "shape_at_this_moment" in set(table["kind"]) or not len(table)
    return "Shape at this moment" if moment else "Formations"


def _facts(data: PageData) -> dict[str, Any]:
    run = data.run
    return {
        "ticks": formation_texts.timeline_ticks(run),
        "formations": formation_texts.formation_rows(run),
        "timelines": formation_texts.timelines(run),
        "roles": formation_texts.role_rows(run),
        "comparison": page_texts.comparison_rows(run),
        "likeness": page_texts.likeness_rows(data.charts.comparison),
    }


SHAPE = Section(
    "shape",
    _title,
    asset("sections/shape.html"),
    _facts,
    reads=("formations", "roles", "shapes", "team_movement"),
    link="Shape",
)
