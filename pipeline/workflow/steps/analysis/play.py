"""Step play: who is where, the ball and possession -> phases of play, team behaviour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.core.config import Config
from pipeline.core.types import Kind, Mode
from pipeline.workflow.step import Context, Step

_READS = ("frames", "positions", "labels", "possession", "formations", "shapes", "periods")
_TRACKED = ("identities", "people")
TEAM_TABLES = ("phases", "behaviour", "behaviour_parts", "line_steps", "turnovers")
TRACKED_TABLES = ("passes", "off_ball_runs")
"""Tables that are made of any run, and those that need tracks."""


def step(mode: Mode, kind: Kind = "video") -> Step:
    """Make the step."""
    tracked = mode != "team"
    linked = ("links",) if tracked and kind == "video" else ()
    reads = (*_READS, *(_TRACKED if tracked else ()), *linked)
    writes = (*TEAM_TABLES, *(TRACKED_TABLES if tracked else ()))
    return Step("play", 3, reads, writes, _settings, _do(reads))


def _settings(config: Config) -> Mapping[str, Any]:
    return {
        "measure": config.measure.model_dump(),
        "play": config.play.model_dump(),
        "pitch": config.pitch.facts(),
        "max_gap_s": config.project.max_gap_s,
    }


def _do(reads: tuple[str, ...]) -> Callable[[Context], Mapping[str, Any]]:
    def do(context: Context) -> Mapping[str, Any]:
        from pipeline.metrics.play_tables import play_tables
        from pipeline.metrics.summary import MatchTables
        from pipeline.tables import storage

        tables = {name: storage.read(context.table(name), name) for name in reads}
        formations, shapes = tables.pop("formations"), tables.pop("shapes")
        made = play_tables(MatchTables(**tables), formations, shapes, context.config)
        for name, table in made.items():
            storage.write(table, context.table(name), name)
        return {name: len(table) for name, table in made.items()}

    return do
