"""High-speed runs and sprints, one row each: table ``fast_runs``.

A high-speed run is time above ``measure.high_speed_kmh`` held for ``physical.high_speed_hold_s``, without a
gap in what was seen; it is a sprint if it held ``measure.sprint_kmh`` for ``measure.sprint_hold_s``.
Bands and speeds are those of FIFA's match reports (`pipeline.core.settings.speed_presets`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.config import MeasureSettings
from pipeline.core.settings.physical_settings import PhysicalSettings
from pipeline.metrics.movement.speed import KMH, holds, stretches_of
from pipeline.metrics.physical.runner_context import RunnerContext, direction_of

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


def fast_runs(
    moving: pd.DataFrame, context: RunnerContext, measure: MeasureSettings, physical: PhysicalSettings
) -> pd.DataFrame:
    """List the high-speed runs and sprints of everybody.

    Parameters
    ----------
    moving
        What `track_motion.motion` gives, in the pitch's own directions, with ``role, team, error_m``.
    """
    import pandas as pd

    from pipeline.tables import storage

    rows = [
        row for _, track in moving.groupby("track_id") for row in _of_track(track, context, measure, physical)
    ]
    table = pd.DataFrame(rows) if rows else storage.empty("fast_runs")
    table = table.sort_values(["start_s", "track_id"], kind="stable")
    return storage.conform(table, "fast_runs")


def _of_track(
    track: pd.DataFrame, context: RunnerContext, measure: MeasureSettings, physical: PhysicalSettings
) -> Iterator[dict[str, Any]]:
    head = track.iloc[0]
    team = head["team"] if isinstance(head["team"], str) else None
    who = {"track_id": int(head["track_id"]), "role": str(head["role"]), "team": team}
    fast, sprint = measure.high_speed_from_kmh * KMH, measure.sprint_from_kmh * KMH
    places = track[["x_m", "y_m"]].to_numpy(float)
    run_m = np.cumsum(track["step_m"].to_numpy(float))
    first = 0
    for times, speed, usable, _ in stretches_of(track):
        own = slice(first, first + len(times))
        first += len(times)
        peaks = holds(times, speed, usable, sprint, measure.sprint_hold_s)
        for start, end in holds(times, speed, usable, fast, physical.high_speed_hold_s):
            sprints = sum(start <= begin < end for begin, _ in peaks)
            yield (
                who
                | _run(times, speed, places[own], run_m[own], (start, end), sprints)
                | _seen_against(context, team, times, places[own], (start, end), physical)
            )


def _run(
    times: Array, speed: Array, places: Array, run_m: Array, span: tuple[float, float], sprints: int
) -> dict[str, Any]:
    start, end = span
    inside = (times >= start) & (times <= end)
    x, y = (np.interp(span, times, places[:, i]) for i in (0, 1))
    along = np.interp(span, times, run_m)
    return {
        "kind": "sprint" if sprints else "high_speed",
        "start_s": start,
        "end_s": end,
        "seconds": end - start,
        "peak_mps": float(speed[inside].max()),
        "distance_m": float(along[1] - along[0]),
        "sprints": sprints,
        "start_x_m": float(x[0]),
        "start_y_m": float(y[0]),
        "end_x_m": float(x[1]),
        "end_y_m": float(y[1]),
    }


def _seen_against(
    context: RunnerContext,
    team: str | None,
    times: Array,
    places: Array,
    span: tuple[float, float],
    physical: PhysicalSettings,
) -> dict[str, Any]:
    start, end = span
    inside = (times >= start) & (times <= end)
    way = np.array([np.diff(np.interp(span, times, places[:, i]))[0] for i in (0, 1)])
    return {
        "direction": direction_of(way, context.sign(start, team), physical.forward_deg),
        "possession": context.possession(start, end, team),
        "with_ball": context.with_ball(times[inside], places[inside], physical.carry_m),
    }
