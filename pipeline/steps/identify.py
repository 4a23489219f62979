"""Step identify: who is who, by kit, place and votes -> labels, identities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.config import Config
from pipeline.run import Context, Step
from pipeline.types import Mode


def step(mode: Mode) -> Step:
    """Tell teams and roles apart; at team level without identities."""
    tracked, named = ((), ()) if mode == "team" else (("tracks",), ("identities",))
    reads = ("frames", "instances", *tracked, "views")
    return Step("identify", 1, reads, ("labels", *named), _settings, _identify)


def _settings(config: Config) -> Mapping[str, Any]:
    return {"identify": config.identify.model_dump(), "pitch": config.pitch.model_dump()}


def _identify(context: Context) -> Mapping[str, Any]:
    from pipeline import tables
    from pipeline.identity.identify import identify
    from pipeline.pitch import Pitch

    config = context.config
    frames, instances, views = (
        tables.read(context.table(name), name) for name in ("frames", "instances", "views")
    )
    tracks = None if config.mode == "team" else tables.read(context.table("tracks"), "tracks")
    pitch = Pitch(config.pitch.length_m, config.pitch.width_m)
    labels, identities = identify(frames, instances, tracks, views, config.identify, pitch)
    tables.write(labels, context.table("labels"), "labels")
    if identities is not None:
        tables.write(identities, context.table("identities"), "identities")
    teams = labels[labels["role"] == "player"]["team"]
    if len(teams) and not teams.notna().any():
        context.warn("the two teams could not be told apart by their kits")
    per_frame = labels[labels["role"] == "player"].groupby(["frame", "team"]).size().unstack(fill_value=0)
    return {f"median_team_{t}": float(per_frame[t].median()) for t in per_frame}
