"""The commands about formations and their comparison; `pipeline.cli.main` mounts them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from pipeline.core.errors import UserError

RunDir = Annotated[Path, typer.Argument(help="A run directory, of footage or of tracking data.")]


def formations(
    run_dir: RunDir,
    window: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Visible time behind one formation, such as 3min or 90s."),
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="half (one row each) or possession (in and out of it).")
    ] = None,
    roles: Annotated[bool, typer.Option("--roles", help="Also list who stood where.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Also write the table, as .csv or .parquet.")
    ] = None,
) -> None:
    """Name the teams' formations: defenders, the two nearest templates, margin and coverage.

    Without options it shows what the run has measured; others are measured anew from its tables.
    """
    from pipeline.cli.console import print_formations
    from pipeline.metrics.formation.formation_tables import formation_table, role_table
    from pipeline.report.finished_run import stances_of, stored
    from pipeline.report.finished_run import table as tables_of

    if by not in (None, "half", "possession"):
        raise UserError(f"--by {by}: expected half or possession")
    seconds = None if window is None else _seconds(window)
    run = stored(run_dir)
    if window is None and by is None:
        table, who = tables_of(run_dir, "formations"), tables_of(run_dir, "roles")
    else:
        stood = stances_of(run, seconds, by)
        table, who = formation_table(stood), role_table(stood)
    print_formations.show_formations(run, table)
    if roles:
        print_formations.show_roles(run, table, who)
    if out is not None:
        _write(table, out)
        typer.echo(f"table: {out}")


def compare(
    sides: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN[:TEAM[:half1|half2|in|out]]...",
            help="Runs, with a team (A, B or its name) and a part of the match; without a team both.",
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The page; its table goes beside it as .csv.")
    ] = Path("compare.html"),
    min_players: Annotated[
        int, typer.Option(min=3, max=10, help="Team shape counts in frames with so many of the team in view.")
    ] = 8,
) -> None:
    """Compare teams, halves, phases or matches: roles, shape, and how sure the differences are."""
    from pipeline.cli.console import print_formations
    from pipeline.report.compare.comparison import compared
    from pipeline.report.compare.comparison_page import write_comparison
    from pipeline.report.compare.sides import read_sides

    if out.suffix not in (".html", ".htm"):
        raise UserError(f"-o {out}: expected a name that ends in .html")
    read = read_sides(sides, min_players)
    pairs = compared(read)
    print_formations.show_comparison(read, pairs)
    table = write_comparison(read, pairs, out)
    typer.echo(f"page:  {out}")
    typer.echo(f"table: {table}")


def _seconds(text: str) -> float:
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(s|sec|min|m|)\s*", text)
    seconds = float(found[1]) * (60.0 if found[2] in ("min", "m") else 1.0) if found else 0.0
    if seconds <= 0:
        raise UserError(f"--window {text}: expected a time above 0, such as 3min or 90s")
    return seconds


def _write(table: object, path: Path) -> None:
    import pandas as pd

    from pipeline.core.files import whole_file

    assert isinstance(table, pd.DataFrame)
    if path.suffix not in (".csv", ".parquet"):
        raise UserError(f"-o {path}: expected a name that ends in .csv or .parquet")
    with whole_file(path) as part:
        if path.suffix == ".csv":
            table.to_csv(part, index=False, float_format="%.6g")
        else:
            table.to_parquet(part, index=False)
