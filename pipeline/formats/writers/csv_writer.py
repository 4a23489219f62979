"""CSV of every table, and ``positions_long.csv``: one row for each position with who it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.core.text.printable import safe_cells
from pipeline.formats.writers.export_result import Written
from pipeline.runs.stored_run import StoredRun
from pipeline.tables import storage
from pipeline.tables.who_is_where import joined

if TYPE_CHECKING:
    import pandas as pd

LONG = "positions_long.csv"
COLUMNS = ("frame", "time_s", "track", "team", "role", "x_m", "y_m", "error_m", "source")


def write(run: StoredRun, out: Path) -> Written:
    """Write ``run`` to the folder ``out``; an empty field is a missing value.

    Works for every run: without tracks ``track`` is empty, without a camera view there are no rows.
    """
    import pyarrow as pa
    from pyarrow import csv

    for name in run.tables():
        storage.write_csv(run.path(name), out / f"{name}.csv")
    long = _long(run)
    csv.write_csv(
        pa.Table.from_pandas(safe_cells(long), preserve_index=False),
        out / LONG,
        csv.WriteOptions(quoting_style="needed"),
    )
    return Written(len(run.table("frames", ["frame"])), (f"{LONG} has {len(long)} positions",))


def _long(run: StoredRun) -> pd.DataFrame:
    positions, identities = run.by_person("positions")
    long = joined(positions, run.table("labels"), identities)
    long = long.rename(columns={"track_id": "track"})
    long = long.sort_values(["frame", "track"], ignore_index=True)[list(COLUMNS)]
    return long.round({"time_s": 6, "x_m": 4, "y_m": 4}).assign(error_m=long["error_m"].round(4))
