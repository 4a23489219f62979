"""Step calibrate: footage, frames, instances -> views."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.config import Config
from pipeline.run import Context, Step
from pipeline.types import Mode

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.calibration.evidence import Evidence
    from pipeline.calibration.still import Place
    from pipeline.pitch import Pitch
    from pipeline.types import CameraView


def step(mode: Mode) -> Step:
    """Find where the camera looks in every frame."""
    return Step("calibrate", 1, ("video", "frames", "instances"), ("views",), _settings, _calibrate, _inputs)


def _settings(config: Config) -> Mapping[str, Any]:
    return {
        "calibrate": config.calibrate.model_dump(exclude={"weights", "points"}),
        "pitch": config.pitch.model_dump(),
    }


def _inputs(config: Config) -> Mapping[str, str]:
    from pipeline.models import weights

    inputs = {"calibrate.weights": weights.fingerprint(config.calibrate.weights)}
    if config.calibrate.points is not None:
        from pipeline.calibration.points import fingerprint

        inputs["calibrate.points"] = fingerprint(Path(config.calibrate.points))
    return inputs


def _calibrate(context: Context) -> Mapping[str, Any]:
    from pipeline import tables
    from pipeline.calibration.points import fixed_views
    from pipeline.calibration.table import views_table
    from pipeline.pitch import Pitch

    config = context.config
    frames = tables.read(context.table("frames"), "frames")
    pitch = Pitch(config.pitch.length_m, config.pitch.width_m)
    points: dict[int, int] = {}
    if config.calibrate.points is not None:
        views = fixed_views(Path(config.calibrate.points), frames["frame"].to_numpy(), pitch)
    else:
        views = list(_shots(context, frames, pitch, points))
    table = views_table(views, frames, points)
    tables.write(table, context.table("views"), "views")
    counts = table["source"].value_counts()
    if not (table["source"] != "none").any():
        context.warn("no camera view found: positions and movement in metres are left out")
    return {str(k): int(n) for k, n in counts.items()}


def _shots(
    context: Context, frames: pd.DataFrame, pitch: Pitch, points: dict[int, int]
) -> Iterator[CameraView]:
    """Solve shot by shot; fills ``points`` (frame -> landmarks that agree)."""
    from pipeline.calibration.keyframes import as_shot
    from pipeline.calibration.shot import solve_shot
    from pipeline.calibration.timeline import every_frame, links

    settings = context.config.calibrate
    places: list[Place] = []
    for rows, evidence in _evidence(context, frames):
        shot = as_shot(rows, evidence)
        solved = solve_shot(evidence, links(shot), pitch, tuple(places)) if evidence else None
        if solved is not None:
            points.update(zip(shot.frame[shot.keys].tolist(), solved.n_points.tolist(), strict=True))
            if solved.place is not None and solved.place not in places:
                places.append(solved.place)
        yield from every_frame(solved, shot, settings.max_gap_s, settings.max_error_m, pitch)


def _evidence(context: Context, frames: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, list[Evidence]]]:
    """Read the key frames of each shot from the footage."""
    from pipeline import tables, video
    from pipeline.calibration.evidence import collect
    from pipeline.calibration.keyframes import key_frames
    from pipeline.models.pitch_net import PitchNet

    settings = context.config.calibrate
    network = PitchNet(settings.weights, context.config.segment.threads)
    boxes = tables.read(
        context.table("instances"), "instances", ["frame", "class_name", "x1_px", "y1_px", "x2_px", "y2_px"]
    )
    people = boxes[boxes["class_name"] != "ball"].set_index("frame")[["x1_px", "y1_px", "x2_px", "y2_px"]]
    pictures = video.frames(context.source, context.config.video)
    for _, rows in frames.groupby("shot", sort=True):
        keys = key_frames(rows, settings.every_s)
        found: list[Evidence] = []
        for number in rows["frame"]:
            picture = next(pictures)
            while picture.index < number:
                picture = next(pictures)
            if number in keys:
                here = people.loc[people.index.intersection([number])].to_numpy()
                reading = network.read(picture.image)
                found.append(
                    collect(number, picture.time_s, picture.image, reading, here, settings.min_keypoint_score)
                )
            context.progress(int(number) + 1, int(frames["frame"].iloc[-1]) + 1)
        yield rows, found
    pictures.close()
