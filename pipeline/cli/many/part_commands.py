"""Commands that share one match between machines: plan it, work on parts of it, merge them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.arguments.options import ConfigFile, RunDir, RunOut, Set, Source
from pipeline.core.errors import UserError

_TASK = re.compile(r"(\d+)/(\d+)")


def plan(
    source: Source,
    out: RunOut = None,
    config: ConfigFile = None,
    set_: Set = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a run of other footage in -o.")] = False,
) -> None:
    """Prepare a match for several machines: then 'work' on each, and 'merge' once.

    All of them must see the run directory and the footage under the same paths.
    """
    from pipeline.cli.console import progress
    from pipeline.core import config as settings
    from pipeline.workflow import shared_match

    root = out or Path("runs") / (source.stem.strip("*") or "images")
    chosen = settings.load(settings.find(config) if config else None, settings.parse_set(set_ or []))
    n = shared_match.plan_parts(source, root, chosen, progress.versions(), force=force)
    if not n:
        typer.echo(f"all people have been found already; next: teamshape merge {root}")
        return
    typer.echo(f"parts to do: {n}")
    typer.echo(f"next: teamshape work {root} --task 1/N ... --task N/N, with N up to {n}")
    typer.echo(f"then: teamshape merge {root}")


def work(
    run_dir: RunDir,
    task: Annotated[str, typer.Option(metavar="I/N", help="Which of N equal shares to do, from 1.")] = "1/1",
) -> None:
    """Do one share of a planned match: people, ball, cuts, camera motion; stopped, the same goes on."""
    from pipeline.cli.console import progress
    from pipeline.workflow import shared_match

    found = _TASK.fullmatch(task)
    if not found:
        raise UserError(f"--task {task}: expected I/N, such as 3/8")
    with progress.Watcher() as watcher:
        shared_match.work(run_dir, int(found[1]), int(found[2]), watcher)
    typer.echo(f"task {task} is done")


def merge(run_dir: RunDir) -> None:
    """Join the parts of a planned match, and do the rest: tracks, camera, tables, video, page."""
    from pipeline.cli.console import progress
    from pipeline.workflow import shared_match

    with progress.Watcher() as watcher:
        shared_match.merge(run_dir, watcher, progress.versions())
    progress.show_run(run_dir)
