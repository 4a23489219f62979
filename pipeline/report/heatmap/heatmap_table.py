"""Heatmaps as a table: one row for each cell or zone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.core.files import whole_file
from pipeline.metrics.heatmap.pitch_grid import zone_means, zones

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.heatmap.heatmap_data import HeatMap

Array = NDArray[np.float64]


def heat_table(one: HeatMap, two: HeatMap | None = None, *, by_zone: bool = False) -> pd.DataFrame:
    """Lay out one heatmap, or two side by side, in the direction of attack.

    Returns
    -------
    Cells: ``x_m, y_m`` (middle), ``seconds`` (not smoothed), ``in_view_s``, ``seconds_per_m2`` and
    ``share_of_view`` (% per m^2; both smoothed). Zones: ``zone``, its edges, ``seconds``, ``in_view_s``,
    ``percent`` (of the own time) and ``percent_corrected`` (for what was in view). Of the second with ``_2``
    behind. What is unknown is null.
    """
    import pandas as pd

    table = pd.DataFrame(_places(one, by_zone) | (_by_zone if by_zone else _by_cell)(one))
    if two is not None:
        other = (_by_zone if by_zone else _by_cell)(two)
        table = table.assign(**{f"{name}_2": values for name, values in other.items()})
    return table


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write the table as CSV, whole or not at all.

    Raises
    ------
    RunError
        If the file cannot be written.
    """
    with whole_file(path) as part:
        table.to_csv(part, index=False, float_format="%.6g")


def _places(heat: HeatMap, by_zone: bool) -> dict[str, object]:
    if not by_zone:
        return dict(zip(("x_m", "y_m"), heat.grid.centres_m().T, strict=True))
    all_zones = zones(heat.pitch)
    edges = ("x_low_m", "x_high_m", "y_low_m", "y_high_m")
    return {"zone": [z.name for z in all_zones]} | {e: [getattr(z, e) for z in all_zones] for e in edges}


def _by_cell(heat: HeatMap) -> dict[str, Array]:
    unknown = np.full(heat.grid.shape, np.nan)
    known = heat.in_view_s is not None
    columns = {
        "seconds": heat.seconds,
        "in_view_s": heat.in_view_s if heat.in_view_s is not None else unknown,
        "seconds_per_m2": heat.values("seconds"),
        "share_of_view": heat.values("share") if known else unknown,
    }
    return {name: values.ravel() for name, values in columns.items()}


def _by_zone(heat: HeatMap) -> dict[str, Array]:
    unknown = np.full(len(heat.zone_s), np.nan)
    in_view, corrected = unknown, unknown
    if heat.in_view_s is not None:
        in_view, corrected = zone_means(heat.in_view_s, heat.grid, heat.pitch), heat.zone_values("share")
    return {
        "seconds": heat.zone_s,
        "in_view_s": in_view,
        "percent": heat.zone_values("own"),
        "percent_corrected": corrected,
    }
