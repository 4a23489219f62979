"""Step appearance: a few pictures of each track -> what it looks like, and its shirt number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.core.types import Mode
from pipeline.workflow.step import Context, Step

if TYPE_CHECKING:
    from pipeline.core.config import Config

NAME = "appearance"
THUMBNAILS = "thumbnails/tracks.json"
"""Lists the thumbnails, which lie beside it: ``thumbnails/TRACK_ID.jpg``."""


def step(mode: Mode) -> Step:
    """Look at people again in a bounded number of pictures; only where they are tracked."""
    reads = ("video", "frames", "instances", "segments", "tracks")
    writes = ("number_readings", "tracklet_appearance", THUMBNAILS)
    return Step(NAME, 1, reads, writes, _settings, _do, _inputs)


def _settings(config: Config) -> Mapping[str, Any]:
    return {
        "video": config.video.model_dump(),
        "appearance": config.appearance.model_dump(exclude={"weights"}),
    }


def _inputs(config: Config) -> Mapping[str, str]:
    from pipeline.networks import weights

    chosen = config.appearance.weights
    return {} if chosen is None else {"appearance.weights": weights.fingerprint(chosen)}


def _do(context: Context) -> Mapping[str, Any]:
    from pipeline import video
    from pipeline.networks.shirt_numbers import number_reader
    from pipeline.tables import storage
    from pipeline.workflow import tracklet_looks

    config, settings = context.config, context.config.appearance
    info = video.probe(context.source, config.video)
    tables = context.root / "tables"
    samples = tracklet_looks.choose(tables, settings, (info.width_px, info.height_px))
    frames = sorted(set(samples["frame"].tolist()))
    pictures = video.frames_at(context.source, frames, config.video)
    threads, chosen = config.segment.threads, settings.weights
    reader = None if chosen is None else number_reader.NumberReader(chosen, threads)
    seen = tracklet_looks.look(pictures, samples, tables, reader, lambda n: context.progress(n, len(frames)))
    readings = storage.empty("number_readings") if reader is None else tracklet_looks.readings_table(seen)
    tracklets = tracklet_looks.tracklets_table(seen, samples, settings.min_number_score)
    tracklet_looks.write_thumbnails(seen, context.root / THUMBNAILS)
    storage.write(readings, context.table("number_readings"), "number_readings")
    storage.write(tracklets, context.table("tracklet_appearance"), "tracklet_appearance")
    return {
        "tracks": len(tracklets),
        "pictures": len(frames),
        "samples": len(seen.frame),
        "legible": int(readings["number"].notna().sum()),
        "numbers": int(tracklets["number"].notna().sum()),
    }
