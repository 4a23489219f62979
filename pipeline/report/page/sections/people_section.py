"""Who is who: people of each team, what belongs to nobody, the audit and the doubts of step link."""

from __future__ import annotations

from typing import Any

from pipeline.report.page import people_texts
from pipeline.report.page.section import PageData, Section
from pipeline.report.style.html_assets import asset
from pipeline.tables import storage


def _facts(data: PageData) -> dict[str, Any]:
    run = data.run
    links = data.table("links") if run.tracked and run.kind == "video" else storage.empty("links")
    return {
        "followed": run.tracked,
        "linked": bool(len(links)),
        "people_teams": people_texts.team_rows(run, links) if run.tracked else [],
        "audit": people_texts.audit_rows(run.steps.get("link", {}).get("facts", {})),
        "doubts": people_texts.doubt_rows(run, links),
    }


PEOPLE = Section("who", "Who is who", asset("sections/people.html"), _facts, reads=("people", "links"))
