"""Questions in SQL to a season: DuckDB over the runs' Parquet files.

Every table of `pipeline.tables.schemas` is a view over all matches with a first column ``match``, and
``matches`` says what is known of each. A column that an older run lacks is null there;
a table that no run has is empty.

A question is one SELECT and can do nothing else: DuckDB may open only the season's own tables, its
settings are locked, and the SELECT is asked as a subquery, in which DuckDB refuses the one way left to
write, a COPY in its WITH clause.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.core.errors import SeasonError
from pipeline.core.files import whole_file
from pipeline.season import matches as season
from pipeline.season.matches import Match
from pipeline.tables.columns import Column, TableSchema
from pipeline.tables.run_schemas import schema_of
from pipeline.tables.schemas import SCHEMAS

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

_MATCH = Column("match", "str", "name of the match in the season")
MATCHES = TableSchema(
    "matches",
    "One row for each match of the season.",
    ("match",),
    (
        _MATCH,
        Column("run", "str", "run directory"),
        Column("kind", "str", "what the run was made from", values=("video", "tracking")),
        Column("source", "str", "the footage, or the first file of tracking data"),
        Column("pitch_length_m", "float64", "length of the pitch, m"),
        Column("pitch_width_m", "float64", "width of the pitch, m"),
    ),
)
"""Not of a run: made from the records of all runs."""

TABLES = {
    "matches": MATCHES,
    **{n: TableSchema(n, s.about, ("match", *s.key), (_MATCH, *s.columns)) for n, s in SCHEMAS.items()},
}
"""What a question can be about, by name."""

SQL_TYPES = {
    "bool": "BOOLEAN",
    "boolean": "BOOLEAN",
    "int8": "TINYINT",
    "int32": "INTEGER",
    "Int32": "INTEGER",
    "float32": "FLOAT",
    "float64": "DOUBLE",
    "str": "VARCHAR",
    "object": "BLOB",
}
"""DuckDB's name of each dtype that a declared column can have."""

_BATCH = 100_000
_MEMORY, _SPILL = "2GB", "8GB"
"""What a question may take of memory, and of the disk beyond that."""
T = TypeVar("T")


def ask(folder: str | Path, sql: str, most: int | None = None) -> pd.DataFrame:
    """Answer a question in SQL about the season in ``folder``; ``most`` ends the answer after so many rows.

    Every table of the runs can be asked, with a first column ``match``.

    Raises
    ------
    SeasonError
        If the season is empty or has lost a run, or the question is no SELECT that can be answered.
    """
    end = "" if most is None else f" LIMIT {most}"
    table: pd.DataFrame = _answer(Path(folder), sql, end, lambda answer: answer.df())
    return table


def write(folder: Path, sql: str, out: Path) -> int:
    """Write the whole answer to ``out``, a ``.csv`` or ``.parquet``, a batch at a time; the number of rows.

    Raises
    ------
    SeasonError
        As `ask`; also where ``out`` lies in one of the runs, or CSV cannot hold a column.
    RunError
        If ``out`` cannot be written.
    """
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    writers = {".csv": pyarrow.csv.CSVWriter, ".parquet": pyarrow.parquet.ParquetWriter}
    if (ending := out.suffix.lower()) not in writers:
        raise SeasonError(f"-o {out}: expected a name that ends in .csv or .parquet")
    for name, root in season.paths(folder).items():
        if root in out.resolve().parents:
            raise SeasonError(f"-o {out}: lies in the run of match {name}; choose a place outside it")

    def take(answer: duckdb.DuckDBPyRelation) -> int:
        rows = 0
        batches = answer.to_arrow_reader(_BATCH)
        with whole_file(out) as part, writers[ending](part, batches.schema) as writer:
            for batch in batches:
                writer.write_batch(batch)
                rows += batch.num_rows
        return rows

    try:
        return _answer(folder, sql, "", take)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise SeasonError(f"-o {out}: {str(error).splitlines()[0]}; try another kind of file") from error


def _answer(folder: Path, sql: str, end: str, take: Callable[[duckdb.DuckDBPyRelation], T]) -> T:
    """Ask, and ``take`` the answer; DuckDB's complaints become one line."""
    import duckdb

    matches = season.matches(folder)
    with tempfile.TemporaryDirectory(prefix="teamshape-") as spill, duckdb.connect(":memory:") as base:
        try:
            _one_select(base, sql)
            _lock(base, matches, spill)
            _fill(base, matches, sql)
            whole = f"SELECT * FROM (\n{_without_end(sql)}\n){end}"
            return _stoppable(base, lambda: take(base.sql(whole)))
        except duckdb.Error as error:
            raise SeasonError(f"query: {_complaint(str(error))}") from error


def _stoppable(base: duckdb.DuckDBPyConnection, work: Callable[[], T]) -> T:
    """Do ``work`` in a thread: DuckDB does not hear Ctrl-C while it computes, but can be interrupted."""
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work)
        try:
            return future.result()
        except KeyboardInterrupt:
            base.interrupt()
            raise


def _one_select(base: duckdb.DuckDBPyConnection, sql: str) -> None:
    import duckdb

    kinds = [s.type for s in base.extract_statements(sql)]
    if kinds != [duckdb.StatementType.SELECT]:
        found = ", ".join(k.name for k in kinds) or "nothing"
        raise SeasonError(
            f"query: expected one SELECT, got {found}; nothing can be written "
            "(PIVOT needs its values: ON column IN (...))"
        )


def _without_end(sql: str) -> str:
    """Leave out the semicolon that ends ``sql``, and what comment follows it."""
    import duckdb

    text = sql.encode()
    marks = [at for at, kind in duckdb.tokenize(sql) if kind == duckdb.token_type.operator]
    ends = [at for at in marks if text[at : at + 1] == b";"]
    return text[: ends[0]].decode() if ends else sql


def _lock(base: duckdb.DuckDBPyConnection, matches: Sequence[Match], spill: str) -> None:
    """Leave DuckDB nothing but the season's tables, and a folder for what does not fit in memory."""
    own = [str(path) for match in matches for path in match.tables().values()]
    base.execute(f"SET memory_limit = '{_MEMORY}'")
    base.execute(f"SET max_temp_directory_size = '{_SPILL}'")
    base.execute(f"SET temp_directory = {_text(spill)}")
    base.execute(f"SET allowed_paths = {_list(own)}")
    for setting in ("python_enable_replacements", "autoload_known_extensions", "enable_external_access"):
        base.execute(f"SET {setting} = false")
    base.execute("SET lock_configuration = true")


def _fill(base: duckdb.DuckDBPyConnection, matches: Sequence[Match], sql: str) -> None:
    """Make the tables whose names stand in ``sql``, or else all: opening hundreds of files takes a while."""
    words = {w.lower() for w in re.findall(r"\w+", sql)}
    for name in [n for n in TABLES if n in words] or TABLES:
        there = [m for m in matches if name in m.tables()]
        if there:
            _view(base, name, there)
        else:
            columns = ", ".join(f'"{c.name}" {SQL_TYPES[c.dtype]}' for c in TABLES[name].columns)
            base.execute(f"CREATE TABLE {name} ({columns})")
        if name == "matches":
            marks = ", ".join([f"({', '.join('?' * len(MATCHES.columns))})"] * len(matches))
            base.execute(f"INSERT INTO matches VALUES {marks}", [v for m in matches for v in _known(m)])


def _view(base: duckdb.DuckDBPyConnection, name: str, matches: Sequence[Match]) -> None:
    """Make the table ``name`` a view over the files of ``matches``, as declared."""
    files = _list([str(m.tables()[name]) for m in matches])
    stored = f"read_parquet({files}, union_by_name = true)"
    described = base.execute(f"DESCRIBE SELECT * FROM {stored}").fetchall()
    there = {row[0] for row in described}
    columns = ", ".join(
        f'CAST({f"""p."{c.name}" """ if c.name in there else "NULL"} AS {SQL_TYPES[c.dtype]}) AS "{c.name}"'
        for c in _columns(name, there, {row[0]: row[1] for row in described})
    )
    base.execute(
        f"CREATE VIEW {name} AS SELECT m.match, {columns} "
        f"FROM (SELECT file_index AS file_number, * FROM {stored}) AS p "
        f"JOIN (SELECT unnest({_list([m.name for m in matches])}) AS match, "
        f"unnest(range({len(matches)}))::UBIGINT AS file_number) AS m USING (file_number)"
    )


def _columns(name: str, there: set[str], types: dict[str, str]) -> list[Column]:
    """Those declared, and behind them the speed bands and metric columns of runs that have others."""
    own = list(SCHEMAS[name].columns)
    declared = {c.name for c in own}
    stored = {n: "float" if t in ("DOUBLE", "FLOAT", "INTEGER", "BIGINT") else t for n, t in types.items()}
    fitted = schema_of(name, sorted(there), stored).columns
    return own + [c for c in fitted if c.name not in declared]


def _known(match: Match) -> list[Any]:
    run = match.run
    pitch = run.record["config"].get("pitch", {})
    about = (run.kind, run.record["source"])
    return [match.name, str(run.root), *about, pitch.get("length_m"), pitch.get("width_m")]


def _complaint(text: str) -> str:
    """What DuckDB says, without the place it points to; for an unknown table, those there are."""
    if unknown := re.match(r"Catalog Error: Table with name (.+?) does not exist", text):
        return f"no table {unknown[1]}; there are {', '.join(TABLES)}"
    return " ".join(text.split("\n\nLINE ")[0].split())


def _text(value: str) -> str:
    """Quote a string for SQL."""
    return "'" + value.replace("'", "''") + "'"


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"
