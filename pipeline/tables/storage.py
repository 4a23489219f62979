"""Typed tables on Parquet: checked on read and write, written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.errors import TableError
from pipeline.core.files import whole_file
from pipeline.core.text.printable import safe_cells
from pipeline.tables.columns import Column, TableSchema
from pipeline.tables.run_schemas import schema_of
from pipeline.tables.schemas import SCHEMAS

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

_ROW_GROUP = 50_000


def empty(name: str) -> pd.DataFrame:
    """Make the table ``name`` (a key of `SCHEMAS`) without rows, with the right dtypes."""
    import pandas as pd

    return pd.DataFrame({c.name: pd.Series(dtype=c.dtype) for c in SCHEMAS[name].columns})


def conform(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Put columns in the declared order and dtype, and check values.

    Raises
    ------
    TableError
        Naming the table, the column and the first offending value.
    """
    return _conform(table, schema_of(name, table.columns))


def _conform(table: pd.DataFrame, schema: TableSchema) -> pd.DataFrame:
    name, names = schema.name, [c.name for c in schema.columns]
    missing, unknown = [n for n in names if n not in table], [n for n in table if n not in names]
    if missing or unknown:
        raise TableError(f"table {name}: missing columns {missing}, unknown columns {unknown}")
    ordered = table[names]
    other = {c.name: c.dtype for c in schema.columns if str(ordered.dtypes[c.name]) != c.dtype}
    try:
        ordered = ordered.astype(other)
    except (TypeError, ValueError) as error:
        raise TableError(f"table {name}: {error}") from error
    ordered = ordered.reset_index(drop=True)
    return ordered if is_sound(ordered, schema) else _validate(ordered, schema)


def write(table: pd.DataFrame, path: Path, name: str) -> None:
    """Check ``table`` and write it to ``path`` (zstd Parquet), by rename.

    Raises
    ------
    TableError
        If the table does not fit its declaration.
    RunError
        If the disk is full or the folder cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = schema_of(name, table.columns)
    arrow = pa.Table.from_pandas(_conform(table, schema), preserve_index=False)
    for at, column in enumerate(schema.columns):
        if column.dtype == "object":  # bytes; without rows pyarrow would not know
            arrow = arrow.set_column(at, column.name, arrow[column.name].cast(pa.binary()))
    with whole_file(path) as part:
        pq.write_table(arrow, part, compression="zstd", row_group_size=_ROW_GROUP)


def read(path: Path, name: str, columns: list[str] | None = None) -> pd.DataFrame:
    """Read and check a table; ``columns`` reads only those (unchecked values, checked names).

    A column that can be null and is missing, as in runs of an older version, is null.

    Raises
    ------
    TableError
        If the file is missing, unreadable, or does not fit its declaration.
    """
    import pandas as pd
    import pyarrow.parquet as pq

    with _readable(path, name, OSError):
        file = pq.ParquetFile(path)
        there = None if columns is None else [c for c in columns if c in file.schema_arrow.names]
        frame = file.read(columns=there).to_pandas(types_mapper=None)
    schema = schema_of(name, frame.columns, frame.dtypes.astype(str).to_dict())
    wanted = set(columns or [c.name for c in schema.columns])
    lacking = [c for c in schema.columns if c.nullable and c.name in wanted and c.name not in frame]
    frame = frame.assign(**{c.name: pd.Series(index=frame.index, dtype=c.dtype) for c in lacking})
    if columns is None:
        return _conform(frame, schema)
    dtypes = {c.name: c.dtype for c in schema.columns}
    out: pd.DataFrame = frame[columns].astype({c: dtypes[c] for c in columns})
    return out


def is_sound(table: pd.DataFrame, schema: TableSchema) -> bool:
    """Say whether every value of ``table``, which has the declared columns and dtypes, is an allowed one.

    Nulls stand only where they may, values and limits are kept (a null is neither), keys are there once.
    This is quick; pandera, which names the fault, is asked only where there is one.
    """
    if schema.key and table.duplicated(list(schema.key)).any():
        return False
    return all(_allowed(table[c.name], c) for c in schema.columns)


def matrices(table: pd.DataFrame, columns: Sequence[str]) -> NDArray[np.float64]:
    """Take a matrix from each row, ``(N, 3, 3)``: `MOTION_COLUMNS` or `VIEW_COLUMNS`; NaN where null."""
    import numpy as np

    return table[list(columns)].to_numpy(np.float64).reshape(-1, 3, 3)


def concat(parts: list[Path], path: Path) -> None:
    """Join Parquet parts of one table into ``path``, a row group at a time, by rename."""
    import pyarrow.parquet as pq

    schema = pq.read_schema(parts[0])
    with whole_file(path) as part, pq.ParquetWriter(part, schema, compression="zstd") as writer:
        for source in parts:
            for batch in _batches(source):
                writer.write_batch(batch)


def write_csv(source: Path, target: Path) -> None:
    """Write a Parquet table as CSV beside it, a batch at a time; bytes become hexadecimal text.

    Raises
    ------
    TableError
        If the table is missing or damaged.
    RunError
        If the disk is full or the folder cannot be written.
    """
    with (
        whole_file(target) as part,
        part.open("w", encoding="utf-8", newline="") as handle,
        _readable(source, source.stem),
    ):
        handle.write(",".join(_names(source)) + "\n")
        for batch in _batches(source):
            frame = batch.to_pandas()
            if "runs" in frame:
                frame["runs"] = frame["runs"].map(bytes.hex)
            safe_cells(frame).to_csv(handle, index=False, header=False, float_format="%.6g")


def export(table: pd.DataFrame, path: Path) -> None:
    """Write any table as ``.csv``, ``.parquet`` or ``.json`` (a list of rows), whole or not at all.

    Raises
    ------
    TableError
        If the name ends otherwise.
    RunError
        If the disk is full or the folder cannot be written.
    """
    if path.suffix not in (".csv", ".parquet", ".json"):
        raise TableError(f"{path}: cannot write this kind of file; end its name with .csv, .parquet or .json")
    with whole_file(path) as part:
        if path.suffix == ".csv":
            safe_cells(table).to_csv(part, index=False)
        elif path.suffix == ".parquet":
            table.to_parquet(part, index=False)
        else:
            table.to_json(part, orient="records", indent=1)


@contextmanager
def _readable(path: Path, name: str, *others: type[Exception]) -> Iterator[None]:
    """Say in one line that a table's file is damaged, whichever part of it, or why ``others`` came up."""
    import pyarrow as pa

    try:
        yield
    except (ValueError, pa.ArrowException, *others) as error:
        raise TableError(
            f"{path}: cannot read table {name} ({error}); the command that made the run makes it again"
        ) from error


def _names(source: Path) -> list[str]:
    import pyarrow.parquet as pq

    return list(pq.read_schema(source).names)


def _batches(source: Path) -> Iterator[Any]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(source) as file:
        yield from file.iter_batches(batch_size=_ROW_GROUP)


def _allowed(values: pd.Series, column: Column) -> bool:
    if not column.nullable and values.hasnans:
        return False
    if column.values is not None and not (values.isin(column.values) | values.isna()).all():
        return False
    if column.low is not None and (values < column.low).any():
        return False
    return column.high is None or not (values > column.high).any()


def _validate(table: pd.DataFrame, schema: TableSchema) -> pd.DataFrame:
    """Name the first fault of a table."""
    import pandera.errors

    try:
        checked: pd.DataFrame = _pandera(schema).validate(table)
    except pandera.errors.SchemaError as error:
        raise TableError(f"table {schema.name}: {str(error).splitlines()[0]}") from error
    return checked


@cache
def _pandera(schema: TableSchema) -> Any:
    import pandera.pandas as pa

    columns = {}
    for c in schema.columns:
        checks = []
        if c.values is not None:
            checks.append(pa.Check.isin(c.values))
        if c.low is not None:
            checks.append(pa.Check.ge(c.low))
        if c.high is not None:
            checks.append(pa.Check.le(c.high))
        columns[c.name] = pa.Column(c.dtype, checks, nullable=c.nullable, metadata={"about": c.about})
    return pa.DataFrameSchema(
        columns, strict=True, unique=list(schema.key) or None, name=schema.name, description=schema.about
    )
