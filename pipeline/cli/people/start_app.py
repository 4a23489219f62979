"""The command ``app``: the workbench with a start page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.arguments.options import Browser, Port


def app(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FOLDER]...", help="Where footage and runs are.", show_default="here"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Where new runs go.", show_default="runs in the first folder"),
    ] = None,
    port: Port = 0,
    host: Annotated[
        str, typer.Option(help="Another address lets others in the network start runs and correct.")
    ] = "127.0.0.1",
    read_only: Annotated[bool, typer.Option("--read-only", help="Nothing can be run or corrected.")] = False,
    browser: Browser = True,
) -> None:
    """Choose footage, see what is in it, run it and open the result: a web app that stays on this machine.

    Only files below the folders can be named. One run at a time; a stopped one can be continued. Runs open in
    the workbench (see view).
    """
    from pipeline.workbench.lean_memory import stay_lean

    stay_lean()
    from pipeline.workbench.bench import Bench
    from pipeline.workbench.serve import Place, serve
    from pipeline.workbench.starting.desk import Desk

    bench = Bench([], read_only=read_only, desk=Desk(folders or [Path()], out))
    serve(bench, Place(host, port), typer.echo, browser=browser)
