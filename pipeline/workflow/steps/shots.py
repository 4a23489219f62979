"""Step shots: video, frames, instances, views -> shots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pipeline.workflow.step import Context, Step

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.core.config import Config
    from pipeline.shots.thumbnails import Wanted

NAME = "shots"


def step() -> Step:
    """Say what each camera shot is, and which shots' people get positions."""
    return Step(NAME, 1, ("video", "frames", "instances", "views"), ("shots",), _settings, _do)


def _settings(config: Config) -> Mapping[str, Any]:
    return {"video": config.video.model_dump()}


def _do(context: Context) -> Mapping[str, Any]:
    from pipeline import video
    from pipeline.calibration.sequence.camera_places import camera_places
    from pipeline.shots import classification, overlay_graphics, shot_facts, thumbnails, transitions
    from pipeline.tables import storage

    frames, views = (storage.read(context.table(n), n) for n in ("frames", "views"))
    columns = ["frame", "class_name", "score", "y1_px", "y2_px"]
    instances = storage.read(context.table("instances"), "instances", columns)
    info = video.probe(context.source, context.config.video)
    places = camera_places(views, frames.set_index("frame")["shot"], (info.width_px, info.height_px))
    shots = shot_facts.facts(frames, instances, views, places, info.height_px)
    ordered = frames.sort_values("frame")
    frame, shot = ordered["frame"].to_numpy(int), ordered["shot"].to_numpy(int)
    time_s = ordered["time_s"].to_numpy(float)
    which = thumbnails.wanted(frame, time_s, shot)
    seen = thumbnails.glimpse(_pictures(context, which), which)
    main = shots.index[shots["camera"] == shot_facts.main_camera(shots)].tolist()
    found = transitions.changes(frame, time_s, shot, seen.tiny)
    made = classification.shots_table(shots, seen.change, found, overlay_graphics.gone(seen.edges, main))
    storage.write(made, context.table(NAME), NAME)
    return {"shots": len(made), **{str(k): int(n) for k, n in made["kind"].value_counts().items()}}


def _pictures(context: Context, which: Wanted) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Decode the pictures that are wanted; the others are passed over unconverted."""
    from pipeline import video

    chosen = which.around | which.within.keys()
    last = max(chosen, default=-1)
    for done, picture in enumerate(video.pictures(context.source, context.config.video)):
        if picture.index > last:
            return
        if picture.index in chosen and (image := picture.read()) is not None:
            context.progress(done + 1, None)
            yield picture.index, image
