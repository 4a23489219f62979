"""The command ``identities``: who is who, what is in doubt, and corrections."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.arguments.options import RunDir, Wide
from pipeline.core.errors import RunError


def identities(
    run_dir: RunDir,
    apply: Annotated[
        bool, typer.Option("--apply", help="First apply corrections.yaml and roster.yaml of the run.")
    ] = False,
    doubts: Annotated[int, typer.Option(min=0, help="How many doubts to print.")] = 10,
    page: Annotated[
        bool, typer.Option("--page/--no-page", help="Write report/identities.html with pictures.")
    ] = True,
    wide: Wide = False,
) -> None:
    """Say who is who and what is in doubt, with the lines that correct it; --apply applies them.

    The page report/identities.html has everybody's pictures, and scenes from the footage for each doubt.
    Corrections are applied without any network: links, movement, formations and the page are made again.
    """
    from pipeline.cli.console import print_identities, progress
    from pipeline.linking.by_hand.doubt_list import doubt_list
    from pipeline.linking.by_hand.moments import seen_of
    from pipeline.report.identities.identity_page import write_page
    from pipeline.runs.stored_run import StoredRun
    from pipeline.workflow import plan
    from pipeline.workflow.steps.link import corrections_of

    if apply:
        with progress.Watcher() as watcher:
            plan.relink(run_dir, watcher)
    run = StoredRun.open(run_dir)
    if not run.has("links"):
        raise RunError(f"{run_dir}: has no links; they are made from footage, in mode player or both")
    people, links = run.table("people"), run.table("links")
    print_identities.print_people(people, links, wide=wide)
    seen = seen_of(run.table("tracks", ["frame", "time_s", "track_id"]))
    print_identities.print_doubts(doubt_list(people, links, seen), doubts)
    if page:
        typer.echo(f"page: {write_page(run, corrections_of(run.config, run_dir))}")
