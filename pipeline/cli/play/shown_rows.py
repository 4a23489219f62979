"""Rows of a table in the terminal: declared columns, numbers with their digits, the clock of the match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.runs.stored_run import StoredRun

Kind = Literal["text", "number", "clock"]
MORE = "--wide shows them, -o FILE.csv writes all columns"
Out = Annotated[
    Path | None, typer.Option("--out", "-o", help="Also write all columns: .csv, .parquet or .json.")
]
Player = Annotated[
    str | None, typer.Option(help="Shirt number, name, A7 (of team A: shirt 7, or a label), or t12 (track).")
]


@dataclass(frozen=True, slots=True)
class Shown:
    """A column of a table as it is printed: head, digits, what it is multiplied by, and when it leaves."""

    name: str
    head: str
    kind: Kind = "number"
    digits: int = 0
    scale: float = 1.0
    leaves: int = 0


def print_rows(
    run: StoredRun, table: pd.DataFrame, shown: Sequence[Shown], caption: str, wide: bool, most: int = 40
) -> None:
    """Print at most ``most`` rows of a table of ``run``, and say how many there are."""
    from pipeline.cli.console.fitted_table import Column, Line, left_out, print_line, show

    periods = run.table("periods")
    columns = [Column(s.head, s.kind != "text", s.leaves) for s in shown]
    rows = table.head(most).to_dict("records")
    lines = [Line([_cell(row.get(s.name), s, periods) for s in shown]) for row in rows]
    heads = show(columns, lines, wide=wide)
    if len(table) > most:
        caption += f"; {len(table) - most} more rows with -o FILE.csv"
    print_line(caption)
    left_out(heads, MORE)


def _cell(value: Any, shown: Shown, periods: pd.DataFrame) -> str:
    from rich.markup import escape

    from pipeline.report.style.match_clock import match_clock
    from pipeline.tables.play.phase_names import PHASE_TEXTS

    if value is None or value != value or str(value) == "<NA>":
        return "–"
    if shown.kind == "clock":
        return match_clock(float(value), periods, tenths=True)
    if shown.name == "phase":
        return PHASE_TEXTS.get(str(value), str(value))
    if shown.kind == "text":
        return escape(str(value).replace("_", " "))
    return f"{shown.scale * float(value):,.{shown.digits}f}".replace(",", "\u202f")
