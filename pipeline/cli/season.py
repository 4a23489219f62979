"""Commands for many matches at once; `pipeline.cli.main` mounts them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

season = typer.Typer(
    name="season", help="Many matches: list finished runs, and ask all of them in SQL.", no_args_is_help=True
)

Db = Annotated[Path, typer.Option("--db", metavar="DIR", help="Folder in which the season is listed.")]
_HERE = Path("runs")


@season.command()
def add(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Finished run directories.")],
    db: Db = _HERE,
    name: Annotated[
        str | None, typer.Option(help="Name of the match [default: the run's folder]; for one RUN.")
    ] = None,
) -> None:
    """Add matches; nothing is copied. A run that is there already is replaced."""
    from pipeline.season import matches as listed

    for match in listed.add(db, runs, name):
        typer.echo(f"added {match}")
    typer.echo(f"season: {db / listed.FILE}, matches: {len(listed.paths(db))}")


@season.command("list")
def list_(db: Db = _HERE) -> None:
    """List the matches with their runs; those that are gone or unfinished are marked."""
    from pipeline.cli.console import print_season
    from pipeline.season import matches as listed

    print_season.show_matches(listed.paths(db))


@season.command()
def remove(
    match: Annotated[str, typer.Argument(metavar="RUN", help="Name of the match, or its run directory.")],
    db: Db = _HERE,
) -> None:
    """Take a match out of the season; its run stays as it is."""
    from pipeline.season import matches as listed

    typer.echo(f"removed {listed.remove(db, match)}; its run is untouched")


@season.command("tables")
def tables_(
    table: Annotated[str | None, typer.Argument(help="Show the columns of this one.")] = None,
) -> None:
    """Say which tables a query can ask, or what the columns of one mean."""
    from pipeline.cli.console import print_season

    print_season.show_tables(table)


@season.command()
def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="One SELECT, as DuckDB understands it.")],
    db: Db = _HERE,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write the whole answer to a .csv or .parquet.")
    ] = None,
    rows: Annotated[int, typer.Option(min=1, help="Show at most so many rows.")] = 40,
) -> None:
    """Ask all matches in SQL: every table of the runs, each row with its match.

    For example: select match, team, formation, end_s - start_s as seconds from formations
    """
    from pipeline.cli.console import print_season
    from pipeline.season import query as season_query

    if out is not None:
        typer.echo(f"{season_query.write(db, sql, out)} rows: {out}")
        return
    print_season.show_answer(season_query.ask(db, sql, rows + 1), rows)
