"""The command ``off-ball``: runs without the ball, as a table and on the pitch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.arguments.options import Half, RunDir, Team, Wide
from pipeline.cli.play.shown_rows import Player, Shown, print_rows
from pipeline.core.errors import UserError
from pipeline.tables.play.off_ball_schemas import RunKind

_SHOWN = (
    Shown("player", "player", "text"),
    Shown("team", "team", "text"),
    Shown("start_s", "from", "clock"),
    Shown("end_s", "to", "clock", leaves=3),
    Shown("kind", "kind", "text"),
    Shown("peak_mps", "peak, km/h", digits=1, scale=3.6),
    Shown("distance_m", "metres", digits=1),
    Shown("forward_m", "forward, m", digits=1),
    Shown("received", "ball came", "text"),
    Shown("phase", "phase", "text", leaves=1),
    Shown("line_in_view", "line in view", "text", leaves=2),
)


def off_ball(
    run_dir: RunDir,
    team: Team = None,
    player: Player = None,
    kind: Annotated[RunKind | None, typer.Option(help="Only runs of this kind.")] = None,
    half: Half = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="A picture, .png, or all columns: .csv, .parquet, .json."),
    ] = None,
    wide: Wide = False,
) -> None:
    """List runs without the ball: in behind, overlap, pulling wide, support; whether the ball came."""
    from pipeline.report.play_answer import play_rows
    from pipeline.report.run_arrows import write_runs
    from pipeline.runs.stored_run import StoredRun
    from pipeline.tables import storage

    run = StoredRun.open(run_dir)
    table = play_rows(run, "off_ball_runs", team, player, half)
    if kind is not None:
        table = table[table["kind"] == kind].reset_index(drop=True)
    if out is not None and out.suffix.lower() == ".png":
        if not len(table):
            raise UserError(f"-o {out}: there is no such run to draw")
        names = list(dict.fromkeys(table["player" if player else "team_name"]))
        write_runs(table, "Off-ball runs, " + " and ".join(names), run.pitch, out)
    elif out is not None:
        storage.export(table, out)
    if len(table):
        counts = ", ".join(f"{n} {str(k).replace('_', ' ')}" for k, n in table["kind"].value_counts().items())
        print_rows(run, table.sort_values("peak_mps", ascending=False, kind="stable"), _SHOWN, counts, wide)
    else:
        typer.echo("no such run was seen")
    if out is not None:
        typer.echo(f"written: {out}")
