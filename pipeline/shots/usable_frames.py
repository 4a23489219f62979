"""Which rows of a table count: those of shots whose people get positions. Tables in, table out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def feeding(table: pd.DataFrame, shots: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of ``table`` whose ``frame`` lies in a shot that feeds positions.

    Without any ``shots`` (tracking data, runs made before there was such a table) all rows are kept.
    """
    if not len(shots):
        return table
    order = shots.sort_values("start_frame")
    at = order["start_frame"].to_numpy().searchsorted(table["frame"].to_numpy(), side="right") - 1
    out: pd.DataFrame = table[order["feeds_positions"].to_numpy(bool)[at.clip(0)]]
    return out.reset_index(drop=True)
