"""Step calibrate: video, frames, instances -> views, view_errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.types import Mode
from pipeline.workflow.step import Context, Step

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from pipeline.calibration.evidence.pitch_evidence import Evidence
    from pipeline.calibration.sequence.video_views import Footage, VideoViews
    from pipeline.core.config import Config
    from pipeline.core.pitch import Pitch

NAME = "calibrate"
_SIZE_SDS = 3.0
"""A pitch whose size is this many standard deviations beside what the markings say is told of."""


def step(mode: Mode) -> Step:
    """Find where the camera looks in every frame."""
    return Step(NAME, 4, ("video", "frames", "instances"), ("views", "view_errors"), _settings, _do, _inputs)


def _settings(config: Config) -> Mapping[str, Any]:
    chosen = config.calibrate.model_dump(exclude={"weights", "points"})
    return {"video": config.video.model_dump(), "calibrate": chosen, "pitch": config.pitch.facts()}


def _inputs(config: Config) -> Mapping[str, str]:
    from pipeline.calibration.manual.marked_points import fingerprint
    from pipeline.networks import weights

    if config.calibrate.points is not None:
        return {"calibrate.points": fingerprint(Path(config.calibrate.points))}
    return {"calibrate.weights": weights.fingerprint(config.calibrate.weights)}


def _do(context: Context) -> Mapping[str, Any]:
    from pipeline.calibration.sequence.view_tables import errors_table, footage, views_table
    from pipeline.core.settings.pitch_settings import chosen_pitch
    from pipeline.tables import storage

    config = context.config
    pitch = chosen_pitch(config.pitch)
    frames = storage.read(context.table("frames"), "frames")
    seen = footage(frames)
    size: dict[str, Any] = {}
    if config.calibrate.points:
        found, size = _by_hand(context, seen, pitch)
    else:
        found, size = _by_network(context, frames, pitch)
    storage.write(errors_table(seen, found), context.table("view_errors"), "view_errors")
    storage.write(views_table(seen, found), context.table("views"), "views")
    counts = Counter(found.source.tolist())
    if len(frames) and counts["none"] == len(frames):
        context.warn("no pitch was found in the pictures: the run continues without positions")
    return {"frames": len(frames), **{name: counts[name] for name in _SOURCES}, **size}


_SOURCES = ("measured", "tracked", "interpolated", "none")


def _by_network(context: Context, frames: pd.DataFrame, pitch: Pitch) -> tuple[VideoViews, dict[str, Any]]:
    from pipeline.calibration.sequence.video_views import solve_video
    from pipeline.calibration.sequence.view_tables import footage, limits

    evidence = _evidence(context, frames)
    settings = context.config.calibrate
    found = solve_video(footage(frames), evidence, pitch, limits(settings), settings.find_lens)
    return found, _check_size(context, evidence, pitch)


def _check_size(context: Context, evidence: list[Evidence], pitch: Pitch) -> dict[str, Any]:
    """Compare the pitch's size with what the markings say; null where they do not tell."""
    from pipeline.calibration.sequence.pitch_size import measured_size
    from pipeline.core.grounds.presets import PRESETS

    kind = PRESETS[context.config.pitch.preset]
    size = measured_size(evidence, pitch, kind.lengths_m, kind.widths_m)
    settings, facts = [], {}
    for name, taken, seen, sd in (
        ("length_m", pitch.length_m, size.length_m, size.length_sd_m),
        ("width_m", pitch.width_m, size.width_m, size.width_sd_m),
    ):
        facts[f"pitch_{name}"] = None if seen is None or sd is None else [round(seen, 2), round(sd, 2)]
        if seen is not None and sd is not None and abs(seen - taken) > _SIZE_SDS * sd:
            settings.append((name, taken, seen, sd))
    if settings:
        about = ", ".join(f"{n} {seen:.1f} +- {sd:.1f} rather than {t:g}" for n, t, seen, sd in settings)
        again = " ".join(f"--set pitch.{n}={seen:.1f}" for n, _, seen, _ in settings)
        context.warn(f"the markings speak for a pitch of {about}; if that is so, run again with {again}")
    return facts


def _evidence(context: Context, frames: pd.DataFrame) -> list[Evidence]:
    from functools import partial

    from pipeline.networks.pitch_network import PitchNet
    from pipeline.tables import storage
    from pipeline.workflow.observers import chosen_observers
    from pipeline.workflow.observers.pitch_looks import Look, look

    settings = context.config.calibrate
    marks = chosen_observers.marks(context.config, context.fingerprints.get("segment", ""))
    time_s, rows = frames["time_s"].to_numpy(float), _key_rows(context, frames)
    columns = ["frame", "class_name", "x1_px", "y1_px", "x2_px", "y2_px"]
    instances = storage.read(context.table("instances"), "instances", columns)
    people = instances[instances["class_name"] != "ball"].sort_values("frame")
    whose, corners = people["frame"].to_numpy(int), people[columns[2:]].to_numpy(float)
    numbers = frames["frame"].to_numpy(int)[rows]
    first, last = whose.searchsorted(numbers), whose.searchsorted(numbers, side="right")
    looks = [
        Look(int(numbers[i]), float(time_s[row]), corners[first[i] : last[i]]) for i, row in enumerate(rows)
    ]
    return look(
        context.source,
        context.config.video,
        looks,
        partial(PitchNet, settings.weights, context.config.segment.threads),
        settings.min_keypoint_score,
        chosen_observers.folder(context.root, chosen_observers.PITCH, marks),
        lambda done: context.progress(done, len(looks)),
    )


def _key_rows(context: Context, frames: pd.DataFrame) -> NDArray[np.intp]:
    """Rows of the frames that the pitch network looks at, or has in the pass: chosen part by part."""
    import numpy as np

    from pipeline import video
    from pipeline.calibration.evidence.key_frames import key_frames
    from pipeline.workflow.observers.pitch_looks import least_grass
    from pipeline.workflow.parts.part_grid import grid_of

    config, time_s = context.config, frames["time_s"].to_numpy(float)
    shot, bare = frames["shot"].to_numpy(int), frames["grass"].to_numpy(np.float32) < least_grass(config)
    part = grid_of(video.probe(context.source, config.video), config.video).numbers(time_s)
    span = np.cumsum(np.append(False, (np.diff(shot) != 0) | (np.diff(part) != 0))[: len(shot)])
    skip = frames["duplicate"].to_numpy(bool) | bare
    return key_frames(time_s, span, skip, config.calibrate.every_s)


def _by_hand(context: Context, seen: Footage, pitch: Pitch) -> tuple[VideoViews, dict[str, Any]]:
    from pipeline import video
    from pipeline.calibration.manual.manual_views import solve_by_hand
    from pipeline.calibration.manual.marked_points import marked_views, read_points
    from pipeline.workflow.marked_pictures import marked_pictures

    path, settings = Path(str(context.config.calibrate.points)), context.config.video
    info = video.probe(context.source, settings)
    size, points = (info.width_px, info.height_px), read_points(path, pitch)
    marked_views(points, size, pitch, path.name)  # what is wrong with them is told before pictures are read
    people = _people(context, {p.frame for p in points if p.frame is not None})
    shown = marked_pictures(context.source, settings, points, people)
    marked = marked_views(points, size, pitch, path.name, shown)
    unseen = [view for view in marked if view.seen is None]
    if unseen:
        context.warn(
            "the painted lines do not bear out the marked points"
            + ("" if unseen[0].frame is None else f" of {len(unseen)} of {len(marked)} frames")
            + ": these alone tell the view; look at the drawn lines (teamshape calibrate) and add points"
        )
    return solve_by_hand(seen, marked, size, pitch, path.name), {"fitted_to_lines": len(marked) - len(unseen)}


def _people(context: Context, frames: set[int]) -> dict[int, NDArray[np.float64]]:
    """Boxes of people in some frames, ``(P, 4)`` xyxy."""
    from pipeline.tables import storage

    corners = ["x1_px", "y1_px", "x2_px", "y2_px"]
    instances = storage.read(context.table("instances"), "instances", ["frame", "class_name", *corners])
    people = instances[instances["frame"].isin(frames) & (instances["class_name"] != "ball")]
    return {int(str(n)): rows[corners].to_numpy(float) for n, rows in people.groupby("frame")}
