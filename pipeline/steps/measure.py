"""Step measure: positions, labels and tracks -> movement, team shape and formations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.config import Config
from pipeline.run import Context, Step
from pipeline.types import Kind, Mode

OUTFIELD_PLAYERS = 10
_MATCH = ("periods", "possession")


def step(mode: Mode, kind: Kind = "video") -> Step:
    """Make the step; in mode ``team`` there are no tracks, so no table ``movement``."""
    tracked = mode != "team"
    return Step(
        name="measure",
        version=2,
        reads=(
            *("frames", "positions", "labels"),
            *(("identities",) if tracked else ()),
            *(_MATCH if kind == "tracking" else ()),
        ),
        writes=(*(("movement",) if tracked else ()), "team_movement", "shapes", "formations", "roles"),
        settings=_settings,
        do=_measure_tracked if tracked else _measure_teams,
    )


def _settings(config: Config) -> Mapping[str, Any]:
    return {
        "measure": config.measure.model_dump(),
        "pitch": config.pitch.model_dump(),
        "max_gap_s": config.project.max_gap_s,
    }


def _measure_tracked(context: Context) -> Mapping[str, Any]:
    return _measure(context, tracked=True)


def _measure_teams(context: Context) -> Mapping[str, Any]:
    return _measure(context, tracked=False)


def _measure(context: Context, *, tracked: bool) -> Mapping[str, Any]:
    from pipeline import tables
    from pipeline.metrics.summary import measure

    frames, positions, labels = (
        tables.read(context.table(name), name) for name in ("frames", "positions", "labels")
    )
    identities = tables.read(context.table("identities"), "identities") if tracked else None
    periods, possession = (
        tables.read(context.table(name), name) if context.table(name).exists() else None for name in _MATCH
    )
    made = measure(
        *(frames, positions, labels, identities, context.config), periods=periods, possession=possession
    )
    for name, table in made.items():
        tables.write(table, context.table(name), name)
    if made["shapes"].empty:
        context.warn("no player with a team has a position on the pitch: no movement, shapes or formations")
    teams = made["team_movement"]
    for row in teams[teams["players_seen"] > OUTFIELD_PLAYERS].itertuples():
        context.warn(
            f"team {row.team}: {row.players_seen:.1f} outfield players a frame; its goalkeeper or someone "
            "else is counted as one, so its length, width and formation are off"
        )
    return {name: len(table) for name, table in made.items()}
