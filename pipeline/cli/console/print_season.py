"""What a season looks like in a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.core.errors import SeasonError
from pipeline.season import matches
from pipeline.season.query import SQL_TYPES, TABLES

if TYPE_CHECKING:
    import pandas as pd

_PIPE_WIDTH = 200


def show_matches(paths: Mapping[str, Path]) -> None:
    """Print each match with its run, and what is wrong with it if anything is."""
    table = _table("match", "made from", "run", "state")
    for name, root in paths.items():
        kind, state = "", "finished"
        try:
            kind = matches.finished_run(root).get("kind", "video")
        except SeasonError as error:
            state = str(error).removeprefix(f"{root}: ")
        table.add_row(*(Text(t) for t in (name, kind, str(root), state)))
    _print(table)


def show_tables(name: str | None) -> None:
    """Print all tables that a query can ask, or the columns of one.

    Raises
    ------
    SeasonError
        If there is no such table.
    """
    if name is None:
        table = _table("table", "what a row is", "columns")
        for schema in TABLES.values():
            table.add_row(schema.name, Text(schema.about), str(len(schema.columns)))
    elif name in TABLES:
        table = _table("column", "type", "meaning")
        for c in TABLES[name].columns:
            table.add_row(c.name, SQL_TYPES[c.dtype], Text(c.about))
    else:
        raise SeasonError(f"{name}: no such table; there are {', '.join(TABLES)}")
    _print(table)


def show_answer(answer: pd.DataFrame, most: int) -> None:
    """Print the first ``most`` rows of an answer, and say when there are more."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for at, name in enumerate(answer):
        numeric = answer.dtypes.iloc[at].kind in "iuf"
        table.add_column(Text(str(name)), justify="right" if numeric else "left", overflow="fold")
    for row in answer.head(most).itertuples(index=False, name=None):
        table.add_row(*(Text(_cell(v)) for v in row))
    _print(table)
    if len(answer) > most:
        _print(f"the first {most} rows; --rows shows more, -o x.csv or -o x.parquet writes all")
    elif not len(answer):
        _print("no rows")


def _cell(value: Any) -> str:
    """Text of one value; nothing for null."""
    import pandas as pd

    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    if isinstance(value, bytes | bytearray):
        return f"{len(value)} bytes"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(name, overflow="fold")
    return table


def _print(what: Table | str) -> None:
    """Print in the terminal's width, or wide where the output goes into a file."""
    out = Console(highlight=False)
    if not out.is_terminal:
        out = Console(highlight=False, width=_PIPE_WIDTH)
    out.print(what)
