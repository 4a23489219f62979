"""Step track: frames and instances -> tracks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.config import Config
from pipeline.run import Context, Step
from pipeline.types import Mode


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
    from pipeline import tables
    from pipeline.tracking.track import track

    frames = tables.read(context.table("frames"), "frames")
    instances = tables.read(context.table("instances"), "instances")
    tracks = track(frames, instances, context.config.track)
    tables.write(tracks, context.table("tracks"), "tracks")
    if len(instances) and tracks.empty:
        context.warn("nobody was seen long enough to make a track; try --set track.min_length_s=0")
    return {"tracks": int(tracks["track_id"].nunique()), "linked": len(tracks), "instances": len(instances)}
