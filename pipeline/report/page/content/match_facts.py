"""Which match this was, where the input said so: score, date, competition, place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.report.page.person_names import team_called
from pipeline.runs.match_sheet import headline, match_sheet

if TYPE_CHECKING:
    from pipeline.report.run_data import RunData


def match_facts(run: RunData) -> str:
    """Write score, date, competition and venue in a line; empty where the input says nothing."""
    return headline(match_sheet(run.record), team_called(run, "A"), team_called(run, "B"))


def given_kits(run: RunData) -> dict[str, str]:
    """Give the kits' colours that the input names, ``#rrggbb`` by team letter."""
    return dict(match_sheet(run.record).get("kits", {}))
