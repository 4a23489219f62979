"""Accelerations and decelerations, one row each: table ``efforts``.

An acceleration is one of `pipeline.metrics.movement.speed.accelerations`; a deceleration its mirror image:
losing ``physical.deceleration_mps2`` for ``deceleration_hold_s`` from ``deceleration_from_kmh`` or more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.core.config import MeasureSettings
from pipeline.core.settings.physical_settings import PhysicalSettings
from pipeline.metrics.movement.speed import KMH, accelerations, holds, stretches_of

if TYPE_CHECKING:
    import pandas as pd


def efforts(moving: pd.DataFrame, measure: MeasureSettings, physical: PhysicalSettings) -> pd.DataFrame:
    """List the accelerations and decelerations of everybody; ``moving`` as for `fast_runs.fast_runs`."""
    import pandas as pd

    from pipeline.tables import storage

    rows: list[dict[str, Any]] = []
    for _, track in moving.groupby("track_id"):
        rows += [_row(track, "acceleration", span) for span in accelerations(track, measure)]
        rows += [_row(track, "deceleration", span) for span in decelerations(track, physical)]
    table = pd.DataFrame(rows) if rows else storage.empty("efforts")
    table = table.sort_values(["start_s", "track_id"], kind="stable")
    return storage.conform(table, "efforts")


def decelerations(track: pd.DataFrame, settings: PhysicalSettings) -> list[tuple[float, float]]:
    """Find the decelerations in one track's motion: (start, end), s."""
    from_mps = settings.deceleration_from_kmh * KMH
    return [
        (start, end)
        for times, speed, usable, gain in stretches_of(track)
        for start, end in holds(
            times, -gain, usable, settings.deceleration_mps2, settings.deceleration_hold_s
        )
        if np.interp(start, times, speed) >= from_mps
    ]


def _row(track: pd.DataFrame, kind: str, span: tuple[float, float]) -> dict[str, Any]:
    head = track.iloc[0]
    times, gain = track["time_s"].to_numpy(float), track["gain_mps2"].to_numpy(float)
    inside = (times >= span[0]) & (times <= span[1])
    speeds = np.interp(span, times, track["speed_mps"].to_numpy(float))
    x, y = (float(np.interp(span[0], times, track[n].to_numpy(float))) for n in ("x_m", "y_m"))
    strongest = np.abs(gain[inside]).max() if inside.any() else np.abs(np.interp(span[0], times, gain))
    return {
        "track_id": int(head["track_id"]),
        "role": str(head["role"]),
        "team": head["team"] if isinstance(head["team"], str) else None,
        "kind": kind,
        "start_s": span[0],
        "end_s": span[1],
        "start_mps": float(speeds[0]),
        "end_mps": float(speeds[1]),
        "strongest_mps2": float(strongest),
        "x_m": x,
        "y_m": y,
    }
