"""Rows of a table in the terminal: declared columns, numbers with their digits, one clock for times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    import pandas as pd

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


def print_rows(table: pd.DataFrame, shown: Sequence[Shown], caption: str, wide: bool, most: int = 40) -> None:
    """Print at most ``most`` rows, and say how many there are."""
    from pipeline.cli.console.fitted_table import Column, Line, left_out, print_line, show

    columns = [Column(s.head, s.kind != "text", s.leaves) for s in shown]
    lines = [Line([_cell(row.get(s.name), s) for s in shown]) for row in table.head(most).to_dict("records")]
    heads = show(columns, lines, wide=wide)
    if len(table) > most:
        caption += f"; {len(table) - most} more rows with -o FILE.csv"
    print_line(caption)
    left_out(heads, MORE)


def clock(seconds: float) -> str:
    """Minutes and seconds of the footage, such as 61:05."""
    return f"{int(seconds // 60)}:{seconds % 60:04.1f}"


def _cell(value: Any, shown: Shown) -> str:
    from rich.markup import escape

    if value is None or value != value or str(value) == "<NA>":
        return "–"
    if shown.kind == "clock":
        return clock(float(value))
    if shown.kind == "text":
        return escape(str(value).replace("_", " "))
    return f"{shown.scale * float(value):,.{shown.digits}f}".replace(",", "\u202f")
