"""Commands for many matches at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.arguments.options import Wide
from pipeline.core.errors import UserError

season = typer.Typer(
    name="season",
    help="Many matches: list finished runs, and ask all of them in SQL.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


def _table_names(incomplete: str) -> list[str]:
    from pipeline.season.query import TABLES

    return [n for n in TABLES if n.startswith(incomplete)]


def _player_measures(incomplete: str) -> list[str]:
    from pipeline.season.player_percentiles import MEASURES

    return [n for n in MEASURES if n.startswith(incomplete)]


Db = Annotated[Path, typer.Option("--db", metavar="DIR", help="Folder in which the season is listed.")]
_HERE = Path("runs")


@season.command(epilog="Example: teamshape season add runs/*")
def add(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Finished run directories.")],
    db: Db = _HERE,
    name: Annotated[
        str | None, typer.Option(show_default="the run's folder", help="Name of the match; for one RUN.")
    ] = None,
) -> None:
    """Add matches; nothing is copied. A run that is there already is replaced.

    Of several, what is no finished run is skipped, and said.
    """
    from pipeline.season import matches as listed

    chosen, skipped = listed.finished_of(runs)
    for path, why in skipped.items():
        typer.echo(f"skipped {path}: {why}")
    for match in listed.add(db, chosen, name):
        typer.echo(f"added {match}")
    typer.echo(f"season: {db / listed.FILE}, matches: {len(listed.paths(db))}")


@season.command("list", epilog="Example: teamshape season list --db runs")
def list_(db: Db = _HERE, wide: Wide = False) -> None:
    """List the matches with their runs; those that are gone or unfinished are marked."""
    from pipeline.cli.console import print_season
    from pipeline.season import matches as listed

    print_season.show_matches(listed.paths(db), wide)


@season.command(epilog="Example: teamshape season remove derby")
def remove(
    match: Annotated[str, typer.Argument(metavar="RUN", help="Name of the match, or its run directory.")],
    db: Db = _HERE,
) -> None:
    """Take a match out of the season; its run stays as it is."""
    from pipeline.season import matches as listed

    typer.echo(f"removed {listed.remove(db, match)}; its run is untouched")


@season.command("tables", epilog="Example: teamshape season tables movement")
def tables_(
    table: Annotated[
        str | None, typer.Argument(help="Show the columns of this one.", autocompletion=_table_names)
    ] = None,
    db: Db = _HERE,
) -> None:
    """Say which tables a query can ask, and how many runs have them; or what the columns of one mean."""
    from pipeline.cli.console import print_season
    from pipeline.season import matches as listed

    print_season.show_tables(table, listed.registered(db))


@season.command(epilog="Example: teamshape season players --measure fast_m_per_min --team Reds")
def players(
    db: Db = _HERE,
    measure: Annotated[
        str, typer.Option(metavar="COLUMN", help="What to sort by.", autocompletion=_player_measures)
    ] = "m_per_visible_min",
    team: Annotated[str | None, typer.Option(metavar="NAME", help="Show this team only.")] = None,
    minimum: Annotated[
        str, typer.Option("--minimum-time", metavar="TIME", help="Leave out who was seen for less.")
    ] = "30min",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Also write all columns: .csv, .parquet or .json.")
    ] = None,
    rows: Annotated[int, typer.Option(min=1, help="Show at most so many rows.")] = 40,
    wide: Wide = False,
) -> None:
    """Rank the season's players: rates over all their matches, with percentiles among their like."""
    from pipeline.cli.arguments import times
    from pipeline.cli.console import print_season
    from pipeline.season.player_percentiles import MEASURES, player_percentiles
    from pipeline.tables import storage

    if measure not in MEASURES:
        raise UserError(f"--measure {measure}: choose from {', '.join(MEASURES)}")
    least_s = times.seconds(minimum, "--minimum-time", zero=True)
    table = player_percentiles(db, least_s / 60)
    if team is not None:
        names = sorted(table["team_name"].dropna().unique())
        table = table[table["team_name"].fillna("").str.casefold() == team.casefold()]
        if table.empty:
            raise UserError(f"--team {team}: no such team; there are {', '.join(names)}")
    table = table.sort_values(measure, ascending=False, ignore_index=True)
    if out is not None:
        storage.export(table, out)
    print_season.show_answer(table, rows, wide)
    typer.echo("percentile: among players of the same role (goalkeeper, player) and basis; seen minutes only")
    if out is not None:
        typer.echo(f"{len(table)} rows written to {out}")


@season.command(epilog="Example: teamshape season query 'select match, team, formation from formations'")
def query(
    sql: Annotated[str, typer.Argument(metavar="SQL", help="One SELECT, as DuckDB understands it.")],
    db: Db = _HERE,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write the whole answer to a .csv or .parquet.")
    ] = None,
    rows: Annotated[int, typer.Option(min=1, help="Show at most so many rows.")] = 40,
    wide: Wide = False,
) -> None:
    """Ask all matches in SQL: every table of the runs, each row with its match."""
    from pipeline.cli.console import print_season
    from pipeline.season import query as season_query

    if out is not None:
        typer.echo(f"{season_query.write(db, sql, out)} rows: {out}")
        return
    print_season.show_answer(season_query.ask(db, sql, rows + 1), rows, wide)
