"""Step draw: footage and everything known about it -> overlay.mp4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.core.types import Mode
from pipeline.workflow.step import Context, Step

if TYPE_CHECKING:
    from pipeline.core.config import Config

_READS = ("video", "frames", "instances", "segments", "labels", "kits", "views", "positions")


def step(mode: Mode) -> Step:
    """Draw masks in team colours, who is who, roles and a minimap on the footage."""
    tracks = ("tracks", "people", "links") if mode != "team" else ()
    return Step("draw", 4, (*_READS, *tracks), ("overlay.mp4",), _settings, _do, _inputs)


def _settings(config: Config) -> Mapping[str, Any]:
    return {
        "video": config.video.model_dump(),
        "pitch": config.pitch.facts(),
        "height_px": config.report.overlay_height_px,
    }


def _inputs(config: Config) -> Mapping[str, str]:
    from pipeline.runs.match_file import match_inputs

    return match_inputs(config, "draw", ("kits",))


def _do(context: Context) -> Mapping[str, Any]:
    from pipeline import video
    from pipeline.core.settings.pitch_settings import chosen_pitch
    from pipeline.report.overlay.overlay import write_overlay
    from pipeline.report.style.team_colours import match_colours

    config, folder = context.config, context.root / "tables"
    colours = match_colours(context.root)
    n_frames = write_overlay(
        context.root / "overlay.mp4",
        video.frames(context.source, config.video),
        folder,
        tracked=config.mode != "team",
        colours=colours,
        pitch=chosen_pitch(config.pitch),
        pixel_aspect=video.pixel_aspect(context.source),
        limit_px=config.report.overlay_height_px,
        on_frame=context.progress,
    )
    return {"frames": n_frames, "colours_from_kits": colours.from_kits}
