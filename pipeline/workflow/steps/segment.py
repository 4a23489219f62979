"""Step segment: footage -> frames, instances, segments."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.extensions import NETWORKS, fingerprints
from pipeline.core.types import Mode
from pipeline.workflow.step import Context, Step

if TYPE_CHECKING:
    from pipeline.core.config import Config, VideoSettings
    from pipeline.core.types import Frame, VideoInfo
    from pipeline.networks.tiling.tile_layout import Tile

NAME = "segment"
TABLES = ("frames", "instances", "segments")


def step(mode: Mode) -> Step:
    """Find the people and the ball in every picture, with masks and kit colours; and the camera's motion."""
    return Step(NAME, 2, ("video",), TABLES, _settings, _do, _inputs)


def _settings(config: Config) -> Mapping[str, Any]:
    left_out = {"weights", "trust_weights", "device", "threads"}
    if not config.segment.classes:  # as before there was this setting: old runs stay finished
        left_out.add("classes")
    segment = config.segment.model_dump(exclude=left_out)
    settings = {"video": config.video.model_dump(), "segment": segment}
    return settings | ({"family": family} if (family := _family(config.segment.weights)) else {})


def _family(weights: str) -> str | None:
    """The fingerprint of another package's family of networks, if these weights are of one."""
    if not (added := fingerprints(NETWORKS)):
        return None
    from pipeline.networks.families.network_family import family_of
    from pipeline.networks.weights import bundled_names

    family = None if weights in bundled_names() else family_of(Path(weights))
    return None if family is None else added[family.name]


def _inputs(config: Config) -> Mapping[str, str]:
    from pipeline.networks import weights

    return {"segment.weights": weights.fingerprint(config.segment.weights)}


def _do(context: Context) -> Mapping[str, Any]:
    from pipeline import video
    from pipeline.core.errors import VideoError
    from pipeline.networks import segmenter
    from pipeline.tables import storage
    from pipeline.workflow.steps import segment_parts

    network = segmenter.load(context.config.segment)
    if (fixed := network.info.fixed_hw) and max(fixed) != context.config.segment.imgsz:
        context.warn(
            f"the network takes pictures of {fixed[1]} x {fixed[0]} px only; segment.imgsz is ignored"
        )
    folder = context.scratch(NAME)
    n_before, began, n_frames = None, time.perf_counter(), 0
    total = _expected_frames(video.probe(context.source, context.config.video), context.config.video)

    def on_frames(n_done: int) -> None:
        nonlocal n_before, n_frames
        n_before = n_done - 1 if n_before is None else n_before
        n_frames = n_done
        context.progress(n_done, max(total, n_done) if total else None)

    def decode(settings: VideoSettings) -> Iterator[Frame]:
        return video.frames(context.source, settings, warn=context.warn)

    first = next(decode(context.config.video), None)
    tiles: tuple[Tile, ...] = ()
    if first is not None:
        network, tiles = network.for_footage(first.image, context.config.segment.tiles)
    n_parts = segment_parts.write_parts(decode, context.config.video, network, folder, on_frames)
    if n_parts == 0:
        raise VideoError(f"{context.source}: no frames in the chosen range; check --start, --end and --every")
    seconds = time.perf_counter() - began
    for name in TABLES:
        storage.concat([segment_parts.paths(folder, i)[name] for i in range(n_parts)], context.table(name))
    return {
        **_facts(context),
        "frames_per_s": round((n_frames - (n_before or 0)) / seconds, 2),
        **_tile_facts(tiles),
        "backend": network.info.backend,
        "device": network.info.device,
    }


def _tile_facts(tiles: tuple[Tile, ...]) -> dict[str, Any]:
    scales = sorted({round(tile.scale, 2) for tile in tiles}, reverse=True)
    return {"tiles": len(tiles), "tile_scales": scales} if tiles else {}


def _facts(context: Context) -> dict[str, Any]:
    from pipeline.tables import storage

    frames = storage.read(context.table("frames"), "frames", ["frame"])["frame"]
    found = storage.read(context.table("instances"), "instances", ["frame", "class_name"])
    people = found[found["class_name"] != "ball"].groupby("frame").size().reindex(frames, fill_value=0)
    return {"frames": len(frames), "median_people": float(people.median())}


def _expected_frames(info: VideoInfo, settings: VideoSettings) -> int | None:
    """Guess how many frames there will be, from what the header claims: good enough for a progress bar."""
    if info.duration_s is None or info.n_frames_claimed is None:
        return info.n_frames_claimed
    end_s = min(info.duration_s, settings.end_s or info.duration_s)
    share = max(0.0, end_s - settings.start_s) / max(info.duration_s, 1e-9)
    n_frames = share * info.n_frames_claimed
    if settings.every_s is not None:
        n_frames = min(n_frames, (end_s - settings.start_s) / settings.every_s)
    return max(1, round(n_frames))
