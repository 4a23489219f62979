"""Step segment: footage -> frames, instances, segments."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.extensions import NETWORKS, fingerprints
from pipeline.core.types import Mode
from pipeline.workflow.step import Context, Step

if TYPE_CHECKING:
    from pipeline.core.config import Config, VideoSettings
    from pipeline.core.types import VideoInfo
    from pipeline.workflow.parts.part_task import PartTask

NAME = "segment"
TABLES = ("frames", "instances", "segments")


def step(mode: Mode) -> Step:
    """Find the people and the ball in every picture, with masks and kit colours; and the camera's motion."""
    return Step(NAME, 3, ("video",), TABLES, _settings, _do, _inputs)


def _settings(config: Config) -> Mapping[str, Any]:
    left_out = {"weights", "trust_weights", "device", "threads", "jobs"}
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
    from pipeline.core.errors import VideoError
    from pipeline.workflow.parts import part_task, part_workers, segment_parts

    task, total = planned(context)
    before, began = segment_parts.n_frames(task.folder), time.perf_counter()
    n_done = before

    def on_frames(more: int) -> None:
        nonlocal n_done
        n_done += more
        context.progress(n_done, max(total, n_done) if total else None)

    part_workers.do_parts(task, on_frames)
    for text in part_task.warnings(task.folder):
        context.warn(text)
    if not segment_parts.with_pictures(task.folder):
        raise VideoError(f"{context.source}: no frames in the chosen range; check --start, --end and --every")
    seconds = time.perf_counter() - began
    segment_parts.join_parts(task.folder, context.table)
    return {
        **_facts(context),
        "frames_per_s": round((n_done - before) / seconds, 2),
        **part_task.network_facts(task.folder),
    }


def planned(context: Context) -> tuple[PartTask, int | None]:
    """Cut the footage into parts, written down for workers; and how many pictures are expected."""
    from pipeline import video
    from pipeline.workflow.observers import chosen_observers
    from pipeline.workflow.parts import part_grid, part_task

    info, chosen = video.probe(context.source, context.config.video), context.config.video
    grid = part_grid.grid_of(info, chosen)
    observed = chosen_observers.marks(context.config, context.fingerprint)
    for name in observed:
        chosen_observers.folder(context.root, name, observed)
    task = part_task.PartTask(context.scratch(NAME), context.source, context.config, grid, observed)
    part_task.save(task)
    return task, _expected_frames(info, chosen)


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
