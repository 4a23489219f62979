"""Step shots: video, frames, instances, views -> shots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.workflow.step import Context, Step

if TYPE_CHECKING:
    from pipeline.core.config import Config

NAME = "shots"


def step() -> Step:
    """Say what each camera shot is, and which shots' people get positions."""
    return Step(NAME, 2, ("video", "frames", "instances", "views"), ("shots",), _settings, _do)


def _settings(config: Config) -> Mapping[str, Any]:
    return {"video": config.video.model_dump()}


def _do(context: Context) -> Mapping[str, Any]:
    from pipeline import video
    from pipeline.calibration.sequence.camera_places import camera_places
    from pipeline.shots import classification, overlay_graphics, shot_facts, thumbnails, transitions
    from pipeline.tables import storage
    from pipeline.workflow.observers import chosen_observers
    from pipeline.workflow.observers.small_pictures import pictures
    from pipeline.workflow.parts.part_grid import grid_of

    frames, views = (storage.read(context.table(n), n) for n in ("frames", "views"))
    columns = ["frame", "class_name", "score", "y1_px", "y2_px"]
    instances = storage.read(context.table("instances"), "instances", columns)
    info = video.probe(context.source, context.config.video)
    places = camera_places(views, frames.set_index("frame")["shot"], (info.width_px, info.height_px))
    shots = shot_facts.facts(frames, instances, views, places, info.height_px)
    ordered = frames.sort_values("frame")
    frame, shot = ordered["frame"].to_numpy(int), ordered["shot"].to_numpy(int)
    time_s = ordered["time_s"].to_numpy(float)
    part = grid_of(info, context.config.video).numbers(time_s)
    which = thumbnails.wanted(frame, time_s, shot, part)
    marks = chosen_observers.marks(context.config, context.fingerprints.get("segment", ""))
    folder = chosen_observers.folder(context.root, chosen_observers.SMALL, marks)
    shown = pictures(context.source, context.config.video, folder, which, lambda n: context.progress(n, None))
    seen = thumbnails.glimpse(shown, which)
    main = shots.index[shots["camera"] == shot_facts.main_camera(shots)].tolist()
    found = transitions.changes(frame, time_s, shot, seen.tiny)
    made = classification.shots_table(shots, seen.change, found, overlay_graphics.gone(seen.edges, main))
    storage.write(made, context.table(NAME), NAME)
    return {"shots": len(made), **{str(k): int(n) for k, n in made["kind"].value_counts().items()}}
