"""Step identify: instances, tracks, views and projections -> who plays for which team, and in which kit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.core.config import Config
from pipeline.core.types import Mode
from pipeline.workflow.step import Context, Step


def step(mode: Mode) -> Step:
    """Make the step; in mode ``team`` each instance is judged by itself and there are no identities."""
    tracked = mode != "team"
    return Step(
        name="identify",
        version=5,
        reads=("frames", "instances", *(("tracks",) if tracked else ()), "views", "projections"),
        writes=("labels", *(("identities",) if tracked else ()), "kits"),
        settings=_settings,
        do=_identify_tracks if tracked else _identify_instances,
    )


def _settings(config: Config) -> Mapping[str, Any]:
    return {"identify": config.identify.model_dump(), "pitch": config.pitch.facts()}


def _identify_tracks(context: Context) -> Mapping[str, Any]:
    return _identify(context, tracked=True)


def _identify_instances(context: Context) -> Mapping[str, Any]:
    return _identify(context, tracked=False)


def _identify(context: Context, *, tracked: bool) -> Mapping[str, Any]:
    from pipeline.appearance.team_kits import team_kits
    from pipeline.core.settings.pitch_settings import chosen_pitch
    from pipeline.identity.teams_and_roles import identify
    from pipeline.tables import storage

    frames, instances, views, projections = (
        storage.read(context.table(name), name) for name in ("frames", "instances", "views", "projections")
    )
    tracks = storage.read(context.table("tracks"), "tracks") if tracked else None
    pitch = chosen_pitch(context.config.pitch)
    settings = context.config.identify
    labels, identities = identify(frames, instances, tracks, views, projections, settings, pitch)
    storage.write(team_kits(frames, instances, labels), context.table("kits"), "kits")
    storage.write(labels, context.table("labels"), "labels")
    if identities is not None:
        storage.write(identities, context.table("identities"), "identities")
    if len(labels) and labels["team"].isna().all():
        context.warn("no two kits could be told apart: nobody has a team")
    return {str(role): int(count) for role, count in labels["role"].value_counts().items()}
