"""The command line: arguments in, one line an error, exit code 2 for the user's mistakes."""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.cli import analyze, data, formations, heatmap, image, movement, pitch_pictures, season
from pipeline.cli import calibration as cli_calibration
from pipeline.cli import export as cli_export
from pipeline.cli import weights as cli_weights
from pipeline.core.errors import UserError

app = typer.Typer(
    name="teamshape",
    help="Match footage in; team masks, player masks, tracks, formations and movement tables out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}

Source = Annotated[Path, typer.Argument(help="A video file, a folder of images, or a quoted glob.")]
RunDir = Annotated[Path, typer.Argument(help="A run directory made by 'teamshape run'.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change one setting, such as segment.imgsz=960."),
]
ConfigFile = Annotated[
    str | None,
    typer.Option("--config", "-c", help="YAML file, or a bundled name: match, fast, tactical, team_only."),
]


@app.command()
def run(
    source: Source,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Run directory [default: runs/NAME].")
    ] = None,
    config: ConfigFile = None,
    set_: Set = None,
    mode: Annotated[str | None, typer.Option(help="team (no tracking), player or both.")] = None,
    start: Annotated[float | None, typer.Option(help="Skip footage before this time, s.")] = None,
    end: Annotated[float | None, typer.Option(help="Stop at this time, s.")] = None,
    every: Annotated[float | None, typer.Option(help="Process one frame in this many seconds.")] = None,
    weights: Annotated[
        str | None, typer.Option(help="Bundled name, or a .pt, .onnx or OpenVINO folder.")
    ] = None,
    trust_weights: Annotated[
        bool, typer.Option("--trust-weights", help="Load a .pt that is not bundled.")
    ] = False,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda or mps.")] = None,
    calibration: Annotated[Path | None, typer.Option(help="YAML with landmarks, for a fixed camera.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a run of other footage in -o.")] = False,
) -> None:
    """Process footage: masks, tracks, camera views, positions, tables, a page and a video.

    Stopped at any moment, the same command continues; a changed setting reruns what depends on it.
    """
    from pipeline.core import config as settings

    given: dict[str, Any] = {
        "mode": mode,
        "video.start_s": start,
        "video.end_s": end,
        "video.every_s": every,
        "segment.weights": weights,
        "segment.trust_weights": trust_weights or None,
        "segment.device": device,
        "calibrate.points": str(calibration.absolute()) if calibration else None,
    }
    overrides = {k: v for k, v in given.items() if v is not None} | settings.parse_set(set_ or [])
    chosen = settings.load(settings.find(config) if config else None, overrides)
    _process(source, out or Path("runs") / (source.stem.strip("*") or "images"), chosen, force)


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", "-o", help="Run directory.")] = Path("runs/demo"),
    set_: Set = None,
) -> None:
    """Process the bundled clip: a rendered match of ten seconds."""
    from importlib import resources

    from pipeline.core import config as settings

    clip = Path(str(resources.files("pipeline") / "demo" / "demo.mp4"))
    _process(clip, out, settings.load(None, settings.parse_set(set_ or [])), force=True)


@app.command()
def probe(source: Source) -> None:
    """Say what is in the footage: size, real frame count, frame times, cuts."""
    from pipeline.cli.console import progress
    from pipeline.workflow.probe import inspect

    progress.show_video(inspect(source))


@app.command()
def report(run_dir: RunDir) -> None:
    """Build the page of a run again."""
    from pipeline.cli.console import progress
    from pipeline.workflow import plan

    with progress.Watcher() as watcher:
        plan.repeat(run_dir, "report", watcher)
    typer.echo(f"report: {run_dir / 'report' / 'index.html'}")


@app.command()
def masks(
    run_dir: RunDir,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the files.")],
    kind: Annotated[
        str, typer.Option(help="semantic (team level) or instance (every player apart).")
    ] = "semantic",
    format_: Annotated[str, typer.Option("--format", help="png, coco or mots.")] = "png",
) -> None:
    """Export the masks of a run."""
    from pipeline.formats.masks import mask_export as export
    from pipeline.workflow import plan

    plan.load_run(run_dir)
    n = export.write_masks(run_dir, out, kind=kind, format=format_)
    typer.echo(f"{n} frames written to {out}")


@app.command("config")
def config_(
    name: Annotated[str, typer.Argument(help="match, fast, tactical or team_only.")] = "match",
) -> None:
    """Print a bundled configuration; 'match' lists every setting with its default."""
    from pipeline.core import config as settings

    typer.echo(settings.find(name).read_text(encoding="utf-8"), nl=False)


app.add_typer(data.data)
app.command()(data.train)
app.command()(data.evaluate)
app.command()(heatmap.heatmap)
app.command()(formations.formations)
app.command()(formations.compare)
app.command()(analyze.analyze)
app.command()(movement.movement)
app.add_typer(season.season)
app.command()(cli_export.export)
app.command()(image.image)
app.add_typer(cli_weights.weights)
app.command()(cli_calibration.calibrate)
data.data.command("render-pitch")(pitch_pictures.render_pitch)
app.command("evaluate-calibration")(cli_calibration.evaluate_calibration)


def _process(source: Path, out: Path, config: Any, force: bool) -> None:
    from pipeline.cli.console import progress
    from pipeline.workflow import plan

    with progress.Watcher() as watcher:
        plan.execute(source, out, config, watcher, progress.versions(), force)
    progress.show_run(out)


def main() -> None:
    """Run the command line; the user's mistakes end in one line and exit code 2."""
    try:
        app()
    except UserError as error:
        _fail(str(error))
    except OSError as error:
        if error.errno not in _DISK:
            raise
        _fail(f"{error.filename or 'output'}: {error.strerror}; free space or choose another -o")
    except KeyboardInterrupt:
        sys.stderr.write("stopped; the same command continues where it was\n")
        sys.exit(130)


def _fail(message: str) -> None:
    sys.stderr.write("teamshape: " + " ".join(message.split()) + "\n")
    sys.exit(2)
