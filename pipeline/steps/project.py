"""Step project: instances, views, tracks -> positions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.config import Config
from pipeline.run import Context, Step
from pipeline.types import Mode


def step(mode: Mode) -> Step:
    """Place people and ball on the pitch."""
    tracked = () if mode == "team" else ("tracks",)
    reads = ("frames", "instances", *tracked, "views")
    return Step("project", 1, reads, ("positions",), _settings, _project)


def _settings(config: Config) -> Mapping[str, Any]:
    return {"project": config.project.model_dump(), "pitch": config.pitch.model_dump()}


def _project(context: Context) -> Mapping[str, Any]:
    from pipeline import tables
    from pipeline.calibration.positions import observed, positions
    from pipeline.pitch import Pitch

    config = context.config
    frames, instances, views = (
        tables.read(context.table(name), name) for name in ("frames", "instances", "views")
    )
    tracks = None if config.mode == "team" else tables.read(context.table("tracks"), "tracks")
    pitch = Pitch(config.pitch.length_m, config.pitch.width_m)
    found = observed(instances, views, config.project.margin_m, pitch)
    table = positions(found, tracks, frames, views, config.project.max_gap_s)
    tables.write(table, context.table("positions"), "positions")
    return {
        "observed": int((table["source"] == "observed").sum()),
        "interpolated": int((table["source"] == "interpolated").sum()),
        "median_error_m": round(float(table["error_m"].median()), 3) if len(table) else None,
    }
