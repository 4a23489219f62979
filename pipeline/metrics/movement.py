"""Movement of each player over the time it was visible: the table ``movement``. Never extrapolated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.distance_error import distance_error_m
from pipeline.metrics.speed import BAND_NAMES, accelerations, bands_m, psv99_mps, sprints

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Row = dict[str, float | int | str | None]


def movement(
    moving: pd.DataFrame, people: pd.DataFrame, *, footage_s: float, cutoff_hz: float
) -> pd.DataFrame:
    """Sum up each track's motion: table ``movement`` of `pipeline.schemas`.

    Parameters
    ----------
    moving
        What `motion.motion` gives, with ``role, team, error_m`` carried along. Pass a part of it
        (a period, a phase of play) to sum up that part; steps belong to the row they end in.
    people
        The positions it was made from (`people.people`): tracks too short for a speed are listed too.
    footage_s
        Length of the footage behind ``coverage``, s.
    cutoff_hz
        Low-pass that was used; for the error of the distance.
    """
    from pipeline import tables

    tracked = people[people["track_id"].notna()]
    motions = {int(g["track_id"].iloc[0]): g for _, g in moving.groupby("track_id")}
    rows = []
    for _, seen in tracked.groupby("track_id", sort=True):
        track_id = int(seen["track_id"].iloc[0])
        rows.append(_row(track_id, seen, motions.get(track_id, moving.iloc[:0]), footage_s, cutoff_hz))
    return tables.conform(_frame(rows), "movement")


def _frame(rows: list[Row]) -> pd.DataFrame:
    import pandas as pd

    from pipeline import tables

    return pd.DataFrame(rows) if rows else tables.empty("movement")


def _row(track_id: int, seen: pd.DataFrame, track: pd.DataFrame, footage_s: float, cutoff_hz: float) -> Row:
    first = seen.iloc[0]
    step_s, step_m = track["step_s"].to_numpy(float), track["step_m"].to_numpy(float)
    visible_s, metres = float(step_s.sum()), float(step_m.sum())
    row: Row = {
        "track_id": track_id,
        "role": str(first["role"]),
        "team": first["team"] if isinstance(first["team"], str) else None,
        "minutes_span": float(seen["time_s"].max() - seen["time_s"].min()) / 60,
        "minutes_visible": visible_s / 60,
        "coverage": min(visible_s / footage_s, 1.0) if footage_s > 0 else 0.0,
        "observed_share": _share(step_s[track["bridged"].to_numpy(bool)].sum(), visible_s),
        "distance_visible_m": metres,
        "m_per_visible_min": metres / visible_s * 60 if visible_s > 0 else 0.0,
        "mean_speed_mps": metres / visible_s if visible_s > 0 else 0.0,
    }
    row |= _fast(track, step_s, step_m)
    row |= _places(seen, track, step_s)
    row["distance_error_m"] = distance_error_m(
        track["speed_mps"].to_numpy(float),
        step_s,
        track["error_m"].to_numpy(float),
        float(track["jitter_m"].iloc[0]) if len(track) else 0.0,
        cutoff_hz,
    )
    return row


def _fast(track: pd.DataFrame, step_s: Array, step_m: Array) -> Row:
    chord = np.divide(step_m, step_s, out=np.zeros_like(step_m), where=step_s > 0)
    steady = track["steady"].to_numpy(bool)
    speed = track["speed_mps"].to_numpy(float)
    bands = bands_m(chord, step_m)
    return {
        **{f"band_{name}_m": bands[name] for name in BAND_NAMES},
        "psv99_mps": psv99_mps(speed[steady], step_s[steady]),
        "sprints": len(sprints(track)),
        "accelerations": len(accelerations(track)),
    }


def _places(seen: pd.DataFrame, track: pd.DataFrame, step_s: Array) -> Row:
    if step_s.sum() <= 0:
        return {"mean_x_m": float(seen["x_m"].mean()), "mean_y_m": float(seen["y_m"].mean())}
    return {
        "mean_x_m": float(np.average(track["x_m"], weights=step_s)),
        "mean_y_m": float(np.average(track["y_m"], weights=step_s)),
    }


def _share(part: float, whole: float) -> float:
    return min(float(part) / whole, 1.0) if whole > 0 else 0.0
