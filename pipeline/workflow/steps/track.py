"""Step track: frames and instances -> tracks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.core.config import Config
from pipeline.core.types import Mode
from pipeline.workflow.step import Context, Step


def step(mode: Mode) -> Step:
    """Make the step; mode ``team`` does without it."""
    return Step(
        name="track",
        version=2,
        reads=("frames", "instances"),
        writes=("tracks",),
        settings=_settings,
        do=_track,
    )


def _settings(config: Config) -> Mapping[str, Any]:
    return config.track.model_dump()


def _track(context: Context) -> Mapping[str, Any]:
    from pipeline.tables import storage
    from pipeline.tracking.tracker import track

    frames = storage.read(context.table("frames"), "frames")
    instances = storage.read(context.table("instances"), "instances")
    tracks = track(frames, instances, context.config.track)
    storage.write(tracks, context.table("tracks"), "tracks")
    if len(instances) and tracks.empty:
        context.warn("nobody was seen long enough to make a track; try --set track.min_length_s=0")
    return {"tracks": int(tracks["track_id"].nunique()), "linked": len(tracks), "instances": len(instances)}
