"""Commands that answer questions about a match: from tracking data, or from a finished run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

Sources = Annotated[
    list[Path], typer.Argument(help="Tracking data: .parquet, .csv, or a provider's files.", metavar="SRC...")
]


def analyze(
    sources: Sources,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Run directory [default: runs/NAME].")
    ] = None,
    provider: Annotated[
        str | None, typer.Option(help="Who wrote the files, where that cannot be guessed.")
    ] = None,
    meta: Annotated[
        list[Path] | None, typer.Option("--meta", help="Line-ups or metadata that belong to the files.")
    ] = None,
    fps: Annotated[float | None, typer.Option(help="Frames a second of a table without times.")] = None,
    units: Annotated[str | None, typer.Option(help="Of a table's positions: m or cm.")] = None,
    origin: Annotated[
        str | None, typer.Option(help="Of a table's positions: centre, bottom-left or top-left.")
    ] = None,
    error_m: Annotated[float | None, typer.Option(help="Median error of the positions, m.")] = None,
    config: Annotated[str | None, typer.Option("--config", "-c", help="YAML file or bundled name.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change one setting.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a run of other data in -o.")] = False,
) -> None:
    """Analyse tracking data without a video: movement, formations, tables and a page.

    Reads long and wide tables, the Common Data Format, and files of SkillCorner, TRACAB, Hawk-Eye, Metrica,
    Second Spectrum, Sportec, Stats Perform, Signality and PFF.
    """
    from pipeline.cli.console import progress
    from pipeline.core import config as settings
    from pipeline.workflow import plan

    given: dict[str, Any] = {
        "analyze.provider": provider,
        "analyze.meta": [str(p.absolute()) for p in meta or []] or None,
        "analyze.fps": fps,
        "analyze.units": units,
        "analyze.origin": origin,
        "analyze.error_m": error_m,
    }
    overrides = {k: v for k, v in given.items() if v is not None} | settings.parse_set(set_ or [])
    chosen = settings.load(settings.find(config) if config else None, overrides)
    root = out or Path("runs") / sources[0].name.split(".")[0]
    with progress.Watcher() as watcher:
        plan.analyze(sources, root, chosen, watcher, progress.versions(), force)
    progress.show_run(root)
