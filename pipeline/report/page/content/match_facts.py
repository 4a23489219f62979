"""Which match this was, where the input or the user said so: score, date, competition, place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.report.page.person_names import team_called
from pipeline.runs.match_sheet import headline

if TYPE_CHECKING:
    from pipeline.report.run_data import RunData


def match_facts(run: RunData) -> str:
    """Write score, date, competition and venue in a line; empty where nobody says."""
    return headline(run.sheet, team_called(run, "A"), team_called(run, "B"))


def given_kits(run: RunData) -> dict[str, str]:
    """Give the kits' colours that are said, ``#rrggbb`` by team letter."""
    return dict(run.sheet.get("kits", {}))
