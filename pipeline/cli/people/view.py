"""The command ``view``: the workbench in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.arguments.options import Browser, Port


def view(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Run directories.")],
    port: Port = 0,
    host: Annotated[
        str, typer.Option(help="Another address lets others in the network watch and correct.")
    ] = "127.0.0.1",
    read_only: Annotated[bool, typer.Option("--read-only", help="Nothing can be corrected.")] = False,
    browser: Browser = True,
) -> None:
    """Watch a match, say who is who, and read the answers again: a web app that stays on this machine.

    Footage, masks, names and radar in step; what is in doubt, worst first. Corrections are lines of
    corrections.yaml in the run, applied in the background.
    """
    from pipeline.workbench.lean_memory import stay_lean

    stay_lean()
    from pipeline.workbench.bench import Bench
    from pipeline.workbench.serve import Place, serve

    bench = Bench(runs, read_only=read_only)
    serve(bench, Place(host, port), typer.echo, browser=browser)
