"""Commands that make a run from footage, look into footage, and print settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from pipeline.cli.arguments.options import (
    BundledConfig,
    Classes,
    ConfigFile,
    Device,
    MatchSheetFile,
    Mode,
    RunDir,
    RunOut,
    Set,
    Source,
    Trust,
    known_classes,
)


def run(
    source: Source,
    out: RunOut = None,
    config: ConfigFile = None,
    set_: Set = None,
    mode: Annotated[
        Mode | None, typer.Option(help="team: no tracking; player or both: with it.", show_default="both")
    ] = None,
    start: Annotated[float | None, typer.Option(help="Skip footage before this time, s.")] = None,
    end: Annotated[float | None, typer.Option(help="Stop at this time, s.")] = None,
    every: Annotated[float | None, typer.Option(help="Process one frame in this many seconds.")] = None,
    weights: Annotated[
        str | None, typer.Option(help="Bundled name, or a .pt, .onnx or OpenVINO folder.")
    ] = None,
    trust_weights: Trust = False,
    classes: Classes = None,
    device: Annotated[Device | None, typer.Option(help="What the network runs on.")] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, max=256, help="Processes that find people.", show_default="by cores")
    ] = None,
    points: Annotated[Path | None, typer.Option(help="YAML with landmarks, for a fixed camera.")] = None,
    kick_off: Annotated[str | None, typer.Option(help="When the first half begins, s or mm:ss.")] = None,
    half_time: Annotated[str | None, typer.Option(help="When the first half ends, s or mm:ss.")] = None,
    second_half: Annotated[str | None, typer.Option(help="When the second half begins, s or mm:ss.")] = None,
    roster: Annotated[
        Path | None, typer.Option(help="Players: YAML, CSV, or a provider's line-up (.json, .xml).")
    ] = None,
    corrections: Annotated[Path | None, typer.Option(help="YAML that says who is who.")] = None,
    match_sheet: MatchSheetFile = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a run of other footage in -o.")] = False,
) -> None:
    """Process footage: masks, tracks, camera views, positions, tables, a page and a video.

    Stopped at any moment, the same command continues; a changed setting reruns what depends on it.
    """
    from pipeline.core import config as settings
    from pipeline.workflow.said_in_run import refuse_two_answers

    given: dict[str, Any] = {
        "mode": mode,
        "video.start_s": start,
        "video.end_s": end,
        "video.every_s": every,
        "segment.weights": weights,
        "segment.trust_weights": trust_weights or None,
        "segment.classes": known_classes(classes) or None,
        "segment.device": device,
        "segment.jobs": jobs,
        "calibrate.points": str(points.absolute()) if points else None,
        "periods.kick_off_s": _moment("--kick-off", kick_off),
        "periods.half_time_s": _moment("--half-time", half_time),
        "periods.second_half_s": _moment("--second-half", second_half),
        "link.roster": str(roster.absolute()) if roster else None,
        "link.corrections": str(corrections.absolute()) if corrections else None,
        "match_sheet": str(match_sheet.absolute()) if match_sheet else None,
    }
    overrides = {k: v for k, v in given.items() if v is not None} | settings.parse_set(set_ or [])
    chosen = settings.load(settings.find(config) if config else None, overrides)
    root = out or Path("runs") / (source.stem.strip("*") or "images")
    refuse_two_answers(chosen, root, overrides)
    _process(source, root, chosen, force)


def _moment(option: str, given: str | None) -> float | None:
    from pipeline.core.errors import ConfigError
    from pipeline.core.text.said import seconds_of

    if given is None:
        return None
    try:
        return seconds_of(float(given) if given.replace(".", "", 1).isdigit() else given)
    except ValueError as error:
        raise ConfigError(f"{option}: {error}") from None


def demo(
    out: Annotated[Path, typer.Option("--out", "-o", help="Run directory.")] = Path("runs/demo"),
    set_: Set = None,
) -> None:
    """Process the bundled clip: a rendered match of ten seconds."""
    from importlib import resources

    from pipeline.core import config as settings

    clip = Path(str(resources.files("pipeline") / "demo" / "demo.mp4"))
    _process(clip, out, settings.load(None, settings.parse_set(set_ or [])), force=True)


def probe(source: Source) -> None:
    """Say what is in the footage: size, real frame count, frame times, cuts."""
    from pipeline.cli.console import progress
    from pipeline.workflow.probe import inspect

    progress.show_video(inspect(source))


def report(
    run_dir: RunDir,
    video: Annotated[
        Literal["embed", "link", "none"] | None,
        typer.Option(
            help="The overlay on the page: embed (made small, up to two minutes, to send), link, or none."
        ),
    ] = None,
) -> None:
    """Build the page of a run again."""
    from pipeline.cli.console import progress
    from pipeline.workflow import plan

    changed = {} if video is None else {"report.video": video}
    with progress.Watcher() as watcher:
        plan.repeat(run_dir, "report", watcher, changed)
    typer.echo(f"report: {run_dir / 'report' / 'index.html'}")


def config(
    name: Annotated[BundledConfig, typer.Argument(help="Which one.")] = "match",
) -> None:
    """Print a bundled configuration; 'match' lists every setting with its default."""
    from pipeline.core import config as settings

    typer.echo(settings.find(name).read_text(encoding="utf-8"), nl=False)


def _process(source: Path, out: Path, config: Any, force: bool) -> None:
    from pipeline.cli.console import progress
    from pipeline.workflow import plan

    with progress.Watcher() as watcher:
        plan.execute(source, out, config, watcher, progress.versions(), force)
    progress.show_run(out)
