"""The command ``phases``: how long each team was in each phase of play."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.arguments.options import Half, RunDir, Team, Wide
from pipeline.cli.play.shown_rows import Out, Shown, print_rows

if TYPE_CHECKING:
    import pandas as pd

_SHARES = (
    Shown("team_name", "team", "text"),
    Shown("possession", "possession", "text"),
    Shown("phase", "phase", "text"),
    Shown("minutes", "min", digits=1),
    Shown("share", "% of it", digits=0, scale=100),
    Shown("times", "times"),
    Shown("mean_s", "mean, s", digits=1),
)
_SPANS = (
    Shown("team_name", "team", "text"),
    Shown("start_s", "from", "clock"),
    Shown("end_s", "to", "clock"),
    Shown("phase", "phase", "text"),
    Shown("restart", "restart", "text"),
    Shown("restart_score", "how sure", digits=2),
)


def phases(
    run_dir: RunDir,
    team: Team = None,
    half: Half = None,
    each: Annotated[bool, typer.Option("--each", help="List every phase with its time instead.")] = False,
    out: Out = None,
    wide: Wide = False,
) -> None:
    """Print how long each team was in each phase of play, with and without the ball.

    Every command with --phase, and sides such as RUN:A:build_up, show one phase alone.
    """
    from pipeline.report.play_answer import phase_shares, play_rows
    from pipeline.runs.stored_run import StoredRun
    from pipeline.tables import storage

    run = StoredRun.open(run_dir)
    table = play_rows(run, "phases", team, half=half)
    shown: pd.DataFrame = table if each else phase_shares(table)
    if out is not None:  # before anything is printed, which a terminal may refuse
        storage.export(shown, out)
    if len(shown):
        print_rows(run, shown, _SPANS if each else _SHARES, "time that is in no phase is left out", wide)
    else:
        typer.echo("no phase is known here: it takes possession, the ball and enough of a team in view")
    if out is not None:
        typer.echo(f"table: {out}")
