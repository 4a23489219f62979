"""Step measure: positions, labels and tracks -> movement, possession, team shape and formations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.core.config import Config
from pipeline.core.extensions import METRIC_COLUMNS, fingerprints
from pipeline.core.types import Kind, Mode
from pipeline.workflow.step import Context, Step

_LINKED = ("people", "links", "placed_by_hand")
_TRACKED = ("movement", "movement_parts")
_TEAMS = ("team_movement", "team_movement_parts", "shapes", "formations", "roles")
_KNOWN = ("periods", "people", "possession")
"""Tables that tracking data bring with them."""


def step(mode: Mode, kind: Kind = "video") -> Step:
    """Make the step; in mode ``team`` there are no tracks, so no movement of players."""
    tracked = mode != "team"
    known = _KNOWN if kind == "tracking" else ("periods", *(_LINKED if tracked else ()))
    return Step(
        name="measure",
        version=4,
        reads=("frames", "positions", "labels", *(("identities",) if tracked else ()), *known),
        writes=(*(_TRACKED if tracked else ()), *_TEAMS, *(() if "possession" in known else ("possession",))),
        settings=_settings,
        do=_do(tracked, known),
    )


def _settings(config: Config) -> Mapping[str, Any]:
    settings = {
        "measure": config.measure.model_dump(),
        "pitch": config.pitch.facts(),
        "max_gap_s": config.project.max_gap_s,
    }
    return settings | ({"columns": added} if (added := fingerprints(METRIC_COLUMNS)) else {})


def _do(tracked: bool, known: tuple[str, ...]) -> Callable[[Context], Mapping[str, Any]]:
    names = ("frames", "positions", "labels", *(("identities",) if tracked else ()), *known)

    def do(context: Context) -> Mapping[str, Any]:
        return _measure(context, names)

    return do


def _measure(context: Context, names: tuple[str, ...]) -> Mapping[str, Any]:
    from pipeline.metrics.summary import MatchTables, measure
    from pipeline.tables import storage

    match = MatchTables(**{name: storage.read(context.table(name), name) for name in names})
    made = measure(match, context.config)
    for name, table in made.items():
        storage.write(table, context.table(name), name)
    if made["shapes"].empty:
        context.warn("no player with a team has a position on the pitch: no movement, shapes or formations")
    teams = made["team_movement"]
    for row in teams[teams["players_seen"] > context.config.pitch.players - 1].itertuples():
        context.warn(
            f"team {row.team}: {row.players_seen:.1f} outfield players a frame; its goalkeeper or someone "
            "else is counted as one, so its length, width and formation are off"
        )
    return {name: len(table) for name, table in made.items()}
