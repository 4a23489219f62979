"""The command `analyze`: a run from tracking data instead of footage."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.cli.arguments.options import ConfigFile, MatchSheetFile, Origin, RunOut, Set, Units

Sources = Annotated[
    list[Path], typer.Argument(help="Tracking data: .parquet, .csv, or a provider's files.", metavar="SRC...")
]


def _provider_names(incomplete: str) -> list[str]:
    from pipeline.formats.readers.providers import PROVIDERS

    return [n for n in PROVIDERS if n.startswith(incomplete)]


def analyze(
    sources: Sources,
    out: RunOut = None,
    provider: Annotated[
        str | None,
        typer.Option(
            help="Who wrote the files, where that cannot be guessed.", autocompletion=_provider_names
        ),
    ] = None,
    meta: Annotated[
        list[Path] | None, typer.Option("--meta", help="Line-ups or metadata that belong to the files.")
    ] = None,
    fps: Annotated[float | None, typer.Option(help="Frames a second of a table without times.")] = None,
    units: Annotated[
        Units | None, typer.Option(help="Of a table's positions.", show_default="guessed")
    ] = None,
    origin: Annotated[
        Origin | None, typer.Option(help="Where a table's x and y are 0.", show_default="centre")
    ] = None,
    error_m: Annotated[float | None, typer.Option(help="Median error of the positions, m.")] = None,
    match_sheet: MatchSheetFile = None,
    config: ConfigFile = None,
    set_: Set = None,
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
        "match_sheet": str(match_sheet.absolute()) if match_sheet else None,
    }
    overrides = {k: v for k, v in given.items() if v is not None} | settings.parse_set(set_ or [])
    chosen = settings.load(settings.find(config) if config else None, overrides)
    root = out or Path("runs") / sources[0].name.split(".")[0]
    with progress.Watcher() as watcher:
        plan.analyze(sources, root, chosen, watcher, progress.versions(), force)
    progress.show_run(root)
