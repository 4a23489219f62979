"""The command ``behaviour``: how teams stood and pressed, by part of the match."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.cli.arguments.options import RunDir, Team, Wide
from pipeline.cli.play.shown_rows import Out, Shown, print_rows
from pipeline.core.errors import UserError

if TYPE_CHECKING:
    import pandas as pd

What = Literal["means", "passes", "turnovers", "steps"]
_TEAM = Shown("team_name", "team", "text")
_TABLES: dict[str, tuple[str, tuple[Shown, ...]]] = {
    "means": (
        "behaviour_parts",
        (
            _TEAM,
            Shown("measure", "measure", "text"),
            Shown("mean", "mean", digits=2),
            Shown("spread", "spread", digits=2),
            Shown("seconds", "seconds"),
            Shown("coverage", "seen, %", scale=100),
        ),
    ),
    "passes": (
        "passes",
        (
            Shown("player", "player", "text"),
            Shown("team", "team", "text"),
            Shown("start_s", "from", "clock"),
            Shown("distance_m", "metres", digits=1),
            Shown("forward_m", "forward, m", digits=1),
            Shown("opponents_outplayed", "outplayed"),
            Shown("lines_broken", "lines broken"),
        ),
    ),
    "turnovers": (
        "turnovers",
        (
            _TEAM,
            Shown("start_s", "lost at", "clock"),
            Shown("press_s", "pressed after, s", digits=1),
            Shown("regained_s", "regained after, s", digits=1),
            Shown("coverage", "seen, %", scale=100),
        ),
    ),
    "steps": (
        "line_steps",
        (
            _TEAM,
            Shown("start_s", "from", "clock"),
            Shown("end_s", "to", "clock"),
            Shown("way", "way", "text"),
            Shown("from_m", "from, m", digits=1),
            Shown("to_m", "to, m", digits=1),
        ),
    ),
}


def behaviour(
    run_dir: RunDir,
    show: Annotated[What, typer.Option(help="Means, or each pass, turnover or step of the line.")] = "means",
    team: Team = None,
    part: Annotated[
        str, typer.Option(metavar="PART", help="Of the means: whole, 1, 2, in, out, or a phase: build_up.")
    ] = "whole",
    out: Out = None,
    wide: Wide = False,
) -> None:
    """Print team behaviour: lines, lanes, compactness, pressure, pressing, passes through lines.

    A number counts only where the players concerned were in view; how much that was stands beside it.
    """
    from pipeline.report.play_answer import play_rows
    from pipeline.runs.stored_run import StoredRun
    from pipeline.tables import storage

    run = StoredRun.open(run_dir)
    name, shown = _TABLES[show]
    table = play_rows(run, name, team)
    if show == "means":
        table = _of_part(table, part)
    elif show == "passes":
        table = table.sort_values(["lines_broken", "opponents_outplayed"], ascending=False, kind="stable")
    if out is not None:  # before anything is printed, which a terminal may refuse
        storage.export(table, out)
    if show == "means":
        table = table.assign(measure=[_called(name) for name in table["measure"]])
    if len(table):
        print_rows(run, table, shown, "columns of tables are explained in tables/README.md of the run", wide)
    else:
        typer.echo("nothing of it was seen")
    if out is not None:
        typer.echo(f"table: {out}")


_CALLED = {
    "defence_midfield_m": "gap from defence to midfield, m",
    "midfield_attack_m": "gap from midfield to attack, m",
    "goal_side": "players on the goal side of the ball",
    "ahead_of_ball": "players ahead of the ball",
}
_UNITS = {"m": ", m", "m2": ", m²", "fb": ", Fernandez-Bornn", "spearman": ", Spearman"}


def _called(measure: str) -> str:
    """Name a measure as people read it, with its unit."""
    words, _, last = measure.rpartition("_")
    plain = f"{words}{_UNITS[last]}" if last in _UNITS else measure
    return _CALLED.get(measure, plain.replace("_", " "))


def _of_part(table: pd.DataFrame, part: str) -> pd.DataFrame:
    kept = table[table["part"] == part]
    if len(table) and not len(kept):
        raise UserError(f"--part {part}: parts known here: {', '.join(table['part'].unique())}")
    return kept
