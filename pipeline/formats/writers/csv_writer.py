"""CSV of every table, and ``positions_long.csv``: one row for each position with who it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.formats.writers.export_result import Written
from pipeline.runs.pitch_tracks import named
from pipeline.tables import storage

if TYPE_CHECKING:
    import pandas as pd

LONG = "positions_long.csv"
COLUMNS = ("frame", "time_s", "track", "team", "role", "x_m", "y_m", "error_m", "source")


def write(root: Path, out: Path) -> Written:
    """Write the run in ``root`` to the folder ``out``; an empty field is a missing value.

    Works for every run: without tracks ``track`` is empty, without a camera view there are no rows.
    """
    import pyarrow as pa
    from pyarrow import csv

    folder = root / "tables"
    for source in sorted(folder.glob("*.parquet")):
        storage.write_csv(source, out / f"{source.stem}.csv")
    long = _long(folder)
    csv.write_csv(
        pa.Table.from_pandas(long, preserve_index=False),
        out / LONG,
        csv.WriteOptions(quoting_style="needed"),
    )
    n = storage.read(folder / "frames.parquet", "frames", ["frame"])
    return Written(len(n), (f"{LONG} has {len(long)} positions",))


def _long(folder: Path) -> pd.DataFrame:
    positions, labels = (storage.read(folder / f"{n}.parquet", n) for n in ("positions", "labels"))
    path = folder / "identities.parquet"
    who = storage.read(path, "identities") if path.exists() else storage.empty("identities")
    long = named(positions, labels, who).rename(columns={"track_id": "track"})
    long = long.sort_values(["frame", "track"], ignore_index=True)[list(COLUMNS)]
    return long.round({"time_s": 6, "x_m": 4, "y_m": 4}).assign(error_m=long["error_m"].round(4))
