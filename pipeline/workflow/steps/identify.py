"""Step identify: instances, tracks and views -> who plays for whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.core.config import Config
from pipeline.core.types import Mode
from pipeline.runs.run_directory import Context, Step

_MARGIN_M = 20.0


def step(mode: Mode) -> Step:
    """Make the step; in mode ``team`` each instance is judged by itself and there are no identities."""
    tracked = mode != "team"
    return Step(
        name="identify",
        version=4,
        reads=("frames", "instances", *(("tracks",) if tracked else ()), "views", "view_errors"),
        writes=("labels", *(("identities",) if tracked else ())),
        settings=_settings,
        do=_identify_tracks if tracked else _identify_instances,
    )


def _settings(config: Config) -> Mapping[str, Any]:
    return {"identify": config.identify.model_dump(), "pitch": config.pitch.model_dump()}


def _identify_tracks(context: Context) -> Mapping[str, Any]:
    return _identify(context, tracked=True)


def _identify_instances(context: Context) -> Mapping[str, Any]:
    return _identify(context, tracked=False)


def _identify(context: Context, *, tracked: bool) -> Mapping[str, Any]:
    from pipeline.calibration.sequence.view_tables import view_spreads
    from pipeline.core.pitch import Pitch
    from pipeline.identity.teams_and_roles import identify
    from pipeline.positions.at_rest import not_in_play
    from pipeline.positions.projection import observed_positions
    from pipeline.tables import storage

    frames, instances, views = (
        storage.read(context.table(name), name) for name in ("frames", "instances", "views")
    )
    tracks = storage.read(context.table("tracks"), "tracks") if tracked else None
    pitch = Pitch(**context.config.pitch.model_dump())
    spreads = view_spreads(storage.read(context.table("view_errors"), "view_errors"), views)
    balls = instances[instances["class_name"] == "ball"]
    placed = observed_positions(balls, views, spreads, pitch, _MARGIN_M)
    resting = placed.loc[not_in_play(placed, pitch), ["frame", "instance"]]
    settings = context.config.identify
    labels, identities = identify(frames, instances, tracks, views, settings, pitch, resting)
    storage.write(labels, context.table("labels"), "labels")
    if identities is not None:
        storage.write(identities, context.table("identities"), "identities")
    if len(labels) and labels["team"].isna().all():
        context.warn("no two kits could be told apart: nobody has a team")
    return {str(role): int(count) for role, count in labels["role"].value_counts().items()}
