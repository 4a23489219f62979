"""Play: phases with and without the ball, how teams stood and pressed in them, passes, losses, runs."""

from __future__ import annotations

from typing import Any

from pipeline.report.page.content import play_facts
from pipeline.report.page.section import PageData, Section
from pipeline.report.style.html_assets import asset
from pipeline.report.style.texts import words


def _facts(data: PageData) -> dict[str, Any]:
    tables = [data.table(name) for name in ("passes", "turnovers", "off_ball_runs")]
    spells = data.run.possession
    return {
        "phases": play_facts.phase_rows(data.table("phases")),
        "behaviour": play_facts.behaviour_rows(data.table("behaviour_parts")),
        "counts": play_facts.count_rows(*tables),
        "possession_estimated": bool(len(spells)) and not (spells["source"] == "given").all(),
    }


PLAY = Section(
    "play",
    words("play.title"),
    asset("sections/play.html"),
    _facts,
    reads=("phases", "behaviour_parts", "passes", "turnovers", "off_ball_runs", "possession"),
    link=words("play.link"),
)
