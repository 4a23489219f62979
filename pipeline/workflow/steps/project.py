"""Step project: frames, instances, views, shots (and tracks) -> projections, positions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.core.types import Mode
from pipeline.workflow.step import Context, Step

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.core.config import Config

NAME = "project"
_READS = ("frames", "instances", "views", "view_errors", "shots")


def step(mode: Mode) -> Step:
    """Put people and ball on the pitch in shots that count; with tracks, fill their short gaps."""
    reads = _READS if mode == "team" else (*_READS, "tracks")
    return Step(NAME, 7, reads, ("projections", "positions"), _settings, _do)


def _settings(config: Config) -> Mapping[str, Any]:
    return {"project": config.project.model_dump(), "pitch": config.pitch.facts()}


def _do(context: Context) -> Mapping[str, Any]:
    from pipeline.calibration.sequence.view_tables import view_spreads
    from pipeline.core.settings.pitch_settings import chosen_pitch
    from pipeline.positions.projection import counting, projections
    from pipeline.shots.usable_frames import feeding
    from pipeline.tables import storage

    config = context.config
    pitch = chosen_pitch(config.pitch)
    instances = storage.read(context.table("instances"), "instances")
    views = storage.read(context.table("views"), "views")
    spreads = view_spreads(storage.read(context.table("view_errors"), "view_errors"), views)
    seen = projections(instances, views, spreads, pitch, config.project.margin_m)
    storage.write(seen, context.table("projections"), "projections")
    found = counting(seen, instances)
    # A replay that had positions would count everything twice, in every measure behind this table.
    observed = feeding(found, storage.read(context.table("shots"), "shots"))
    out = _joined(context, observed, views)
    storage.write(out, context.table("positions"), "positions")
    n_filled = int((out["source"] == "interpolated").sum())
    return {
        "observed": len(out) - n_filled,
        "interpolated": n_filled,
        "left_out": len(found) - len(observed),
        "ball_at_rest": int((seen["in_bounds"] & seen["at_rest"]).sum()),
        "median_error_m": round(float(out["error_m"].median()), 3) if len(out) else None,
    }


def _joined(context: Context, observed: pd.DataFrame, views: pd.DataFrame) -> pd.DataFrame:
    """Add tracks and filled gaps, and lay the table out."""
    import pandas as pd

    from pipeline.positions.gap_filling import bridged
    from pipeline.tables import storage
    from pipeline.tables.schemas import SCHEMAS

    whole = observed.assign(source="observed")
    if context.config.mode == "team":
        whole["track_id"] = pd.array([pd.NA] * len(whole), dtype="Int32")
    else:
        tracks = storage.read(context.table("tracks"), "tracks", ["frame", "instance", "track_id"])
        whole = whole.merge(tracks, on=["frame", "instance"], how="left")
        frames = storage.read(context.table("frames"), "frames", ["frame", "time_s", "shot"])
        seen = views.loc[views["source"] != "none", "frame"]
        has_view = frames["frame"].isin(seen).to_numpy(bool)
        tracked = whole.dropna(subset=["track_id"])
        filled = bridged(tracked, frames, has_view, context.config.project.max_gap_s)
        if len(filled):
            filled["instance"] = pd.array([pd.NA] * len(filled), dtype="Int32")
            whole = pd.concat([whole.astype({"instance": "Int32"}), filled.assign(source="interpolated")])
    columns = [c.name for c in SCHEMAS["positions"].columns]
    return whole[columns].sort_values(["frame", "track_id", "instance"], ignore_index=True)
