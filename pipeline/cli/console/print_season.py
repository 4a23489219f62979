"""What a season looks like in a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from pipeline.cli.console.fitted_table import Column, Line, left_out, print_line, show
from pipeline.core.errors import SeasonError
from pipeline.season import matches
from pipeline.season.query import SQL_TYPES, TABLES

if TYPE_CHECKING:
    import pandas as pd


def show_matches(paths: Mapping[str, Path], wide: bool = False) -> None:
    """Print each match with its run, and what is wrong with it if anything is."""
    lines = []
    for name, root in paths.items():
        kind, state = "", "finished"
        try:
            kind = matches.finished_run(root).kind
        except SeasonError as error:
            state = str(error).removeprefix(f"{root}: ")
        lines.append(Line([Text(t) for t in (name, kind, str(root), state)]))
    show([Column("match"), Column("made from"), Column("run"), Column("state")], lines, wide=wide)


def show_tables(name: str | None, paths: Mapping[str, Path]) -> None:
    """Print all tables that a query can ask, with the runs of ``paths`` that have them; or one's columns.

    Raises
    ------
    SeasonError
        If there is no such table.
    """
    if name is None:
        having = Counter(t.stem for root in paths.values() for t in (root / "tables").glob("*.parquet"))
        having["matches"] = len(paths)
        columns = [Column("table"), Column("what a row is"), Column("columns", True)]
        columns += [Column("runs", True)] if paths else []
        lines = [
            Line([schema.name, Text(schema.about), str(len(schema.columns)), str(having[schema.name])])
            for schema in TABLES.values()
        ]
    elif name in TABLES:
        columns = [Column("column"), Column("type"), Column("meaning")]
        lines = [Line([c.name, SQL_TYPES[c.dtype], Text(c.about)]) for c in TABLES[name].columns]
    else:
        raise SeasonError(f"{name}: no such table; there are {', '.join(TABLES)}")
    show(columns, lines)


def show_answer(answer: pd.DataFrame, most: int, wide: bool = False) -> None:
    """Print the first ``most`` rows of an answer, and say when there are more."""
    columns = [
        Column(str(name), answer.dtypes.iloc[at].kind in "iuf", at, "") for at, name in enumerate(answer)
    ]
    rows = answer.head(most).itertuples(index=False, name=None)
    heads = show(columns, [Line([Text(_cell(v)) for v in row]) for row in rows], wide=wide)
    if len(answer) > most:
        print_line(f"the first {most} rows; --rows shows more, -o x.csv or -o x.parquet writes all")
    elif not len(answer):
        print_line("no rows")
    left_out(heads, "--wide shows them, -o x.csv writes all columns")


def _cell(value: Any) -> str:
    """Text of one value; nothing for null."""
    import pandas as pd

    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    if isinstance(value, bytes | bytearray):
        return f"{len(value)} bytes"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
