"""Commands about formations and their comparison."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.arguments import times
from pipeline.cli.arguments.options import AnyPhase, FormationsBy, Half, RunDir, Team, Wide
from pipeline.core.errors import UserError

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.runs.stored_run import StoredRun


def formations(
    run_dir: RunDir,
    window: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Visible time behind one formation, such as 3min or 90s."),
    ] = None,
    by: Annotated[
        FormationsBy | None,
        typer.Option(help="One row a half, windows of 5 min, in and out of possession, or phases of play."),
    ] = None,
    team: Team = None,
    half: Half = None,
    phase: AnyPhase = None,
    roles: Annotated[bool, typer.Option("--roles", help="Also list who stood where.")] = False,
    changes: Annotated[
        bool, typer.Option("--changes", help="List changes of formation with their time instead.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Also write the table, as .csv or .parquet.")
    ] = None,
    wide: Wide = False,
) -> None:
    """Name the teams' formations: defenders, the two nearest templates, margin and coverage.

    Without options it shows what the run has measured; others are measured anew from its tables.
    """
    from pipeline.cli.console import print_formations
    from pipeline.metrics.formation.formation_tables import formation_table, role_table
    from pipeline.report.formation_query import stances_in, stances_of
    from pipeline.runs.stored_run import StoredRun

    if by == "5min":
        if window is not None:
            raise UserError(f"--by 5min --window {window}: give one of the two")
        by, window = None, "5min"
    if changes and (window is not None or by is not None):
        raise UserError("--changes: is of what the run has measured; leave --window and --by out")
    seconds = None if window is None else times.seconds(window, "--window")
    run = StoredRun.open(run_dir)
    if phase not in (None, "in", "out"):
        if by is not None:
            raise UserError(f"--by {by} --phase {phase}: give one of the two")
        stood = stances_in(run, seconds, phase)
        table, who = formation_table(stood), role_table(stood)
    elif window is None and by is None:
        table, who = run.table("formations"), run.table("roles")
    else:
        stood = stances_of(run, seconds, by)
        table, who = formation_table(stood), role_table(stood)
    table = _rows(table, run, team, half, phase)
    if changes:
        from pipeline.metrics.formation.named_changes import named_changes

        found = named_changes(table, phase or "all")
        if out is not None:
            _write(found, out)
        print_formations.show_changes(run, found, wide)
        if out is not None:
            typer.echo(f"table: {out}")
        return
    if out is not None:  # before anything is printed
        _write(table, out)
    print_formations.show_formations(run, table, wide)
    if roles:
        print_formations.show_roles(run, table, who, wide)
    if out is not None:
        typer.echo(f"table: {out}")


def compare(
    sides: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN:TEAM:half1:in...",
            help="Runs, each with a team (A, B or its name) and a part of the match; without a team both. Or "
            "players: RUN:player=A7:in.",
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The page; its table goes beside it as .csv.")
    ] = Path("compare.html"),
    min_players: Annotated[
        int | None,
        typer.Option(
            min=3,
            max=10,
            help="Team shape counts in frames with so many of the team in view.",
            show_default="measure.shape_min_players of each run",
        ),
    ] = None,
    wide: Wide = False,
) -> None:
    """Compare teams, players, halves, phases or matches: roles, shape, movement, how sure differences are."""
    from pipeline.cli.console import print_formations
    from pipeline.report.compare.comparison import compared
    from pipeline.report.compare.comparison_page import write_comparison
    from pipeline.report.compare.sides import read_sides
    from pipeline.report.player.compared_players import names_players

    if out.suffix not in (".html", ".htm"):
        raise UserError(f"-o {out}: expected a name that ends in .html")
    if names_players(sides):
        _compare_players(sides, out, wide)
        return
    read = read_sides(sides, min_players)
    pairs = compared(read)
    table = write_comparison(read, pairs, out)
    print_formations.show_comparison(read, pairs, out, wide)
    typer.echo(f"page:  {out}")
    typer.echo(f"table: {table}")


def _compare_players(sides: list[str], out: Path, wide: bool) -> None:
    from pipeline.cli.console.fitted_table import Column, Line, print_line, show
    from pipeline.cli.movement import escaped
    from pipeline.report.player.compared_page import pace_note, rate_rows, write_players
    from pipeline.report.player.compared_players import player_table, read_players

    read = read_players(sides)
    table = write_players(read, out)
    columns = [Column("while seen"), *(Column(escaped(s.label), True, at) for at, s in enumerate(read))]
    lines = []
    for row in rate_rows(read, player_table(read)):
        texts = [(c["value"], c["interval"], c["gap"], c["gap_interval"]) for c in row["cells"]]
        cells = [
            f"{v}{f' [{i}]' if i else ''}{f'  {g}' if g else ''}{f' [{gi}]' if gi else ''}"
            for v, i, g, gi in texts
        ]
        lines.append(Line([row["about"], *(escaped(c) for c in cells)]))
    show(columns, lines, title="Players (95% interval; difference from the first)", wide=wide)
    if note := pace_note(read):
        print_line(note)
    typer.echo(f"page:  {out}")
    typer.echo(f"table: {table}")


def _rows(
    table: pd.DataFrame, run: StoredRun, team: str | None, half: int | None, phase: str | None
) -> pd.DataFrame:
    """Keep the rows of a team, a half, a phase."""
    from pipeline.report.side_query import team_letter

    if team is not None:
        letter = team_letter(team, {t: run.team_name(t) for t in ("A", "B")}, f"--team {team}")
        table = table[table["team"] == letter]
    for option, column, value in (("--half", "period", half), ("--phase", "phase", phase)):
        if value is None:
            continue
        kept = table[table[column] == value]
        if not len(kept):
            known = ", ".join(str(v) for v in sorted(table[column].dropna().unique())) or "none"
            raise UserError(f"{option} {value}: no formation of it here; there are {known}")
        table = kept
    return table.reset_index(drop=True)


def _write(table: object, path: Path) -> None:
    import pandas as pd

    from pipeline.core.files import whole_file
    from pipeline.core.text.printable import safe_cells

    assert isinstance(table, pd.DataFrame)
    if path.suffix not in (".csv", ".parquet"):
        raise UserError(f"-o {path}: expected a name that ends in .csv or .parquet")
    with whole_file(path) as part:
        if path.suffix == ".csv":
            safe_cells(table).to_csv(part, index=False, float_format="%.6g")
        else:
            table.to_parquet(part, index=False)
