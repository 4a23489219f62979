"""One row a player: table ``physical``. Tables in, table out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.config import MeasureSettings
from pipeline.core.settings.physical_settings import PhysicalSettings
from pipeline.metrics.movement.distance_error import motion_error
from pipeline.metrics.movement.speed import psv99_mps, sprints
from pipeline.metrics.physical.pace_decline import Decline, decline
from pipeline.metrics.physical.peak_demands import metres_by_measure
from pipeline.metrics.physical.play_clock import PlayClock
from pipeline.metrics.physical.psv_error import psv_error_mps
from pipeline.metrics.physical.repeated_sprints import bouts

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Load:
    """What a summary is made with: settings, periods ``(P, 2)`` s, low-pass; of each track when it was on, s,
    where known, and how long it was seen, s (`time_seen.seconds_behind`).
    """

    measure: MeasureSettings
    physical: PhysicalSettings
    play_s: Array
    cutoff_hz: float
    stays: Mapping[int, tuple[float, float]]
    seen_s: Mapping[int, float]

    @property
    def clock(self) -> PlayClock:
        """Of seconds played."""
        return PlayClock(self.play_s)


def physical_summary(
    moving: pd.DataFrame, runs: pd.DataFrame, made: pd.DataFrame, load: Load
) -> pd.DataFrame:
    """Sum up the load of everybody.

    Parameters
    ----------
    moving
        As for `fast_runs.fast_runs`.
    runs, made
        Tables ``fast_runs`` and ``efforts`` of the same motion.
    """
    import pandas as pd

    from pipeline.tables import storage

    counted = {
        "high_speed_runs": runs.groupby("track_id").size(),
        "accelerations": made[made["kind"] == "acceleration"].groupby("track_id").size(),
        "decelerations": made[made["kind"] == "deceleration"].groupby("track_id").size(),
    }
    rows = []
    for track_id, track in moving.groupby("track_id"):
        counts = {n: int(c.get(track_id, 0)) for n, c in counted.items()}
        rows.append(_row(track, load) | counts)
    return storage.conform(pd.DataFrame(rows) if rows else storage.empty("physical"), "physical")


def _row(track: pd.DataFrame, load: Load) -> dict[str, Any]:
    head = track.iloc[0]
    track_id, times = int(head["track_id"]), track["time_s"].to_numpy(float)
    known = load.stays.get(track_id)
    on, off = known or (float(load.play_s[0, 0]), float(load.play_s[-1, 1]))
    start, end = load.clock.played_s(np.array([on, off])).tolist()
    seen_s = load.seen_s[track_id]
    coverage = min(seen_s / (end - start), 1.0) if end > start else 0.0
    if known is None:
        start, end = load.clock.played_s(times[[0, -1]]).tolist()
    metres = metres_by_measure(track, load.measure)
    fast = sprints(track, load.measure)
    return {
        "track_id": track_id,
        "player_id": track_id,
        "role": str(head["role"]),
        "team": head["team"] if isinstance(head["team"], str) else None,
        "minutes_visible": seen_s / 60,
        "coverage": coverage,
        "distance_visible_m": float(metres["distance"].sum()),
        "high_speed_m": float(metres["high_speed"].sum()),
        "sprint_m": float(metres["sprint"].sum()),
        "sprints": len(fast),
        **_repeated(fast, load),
        **_psv(track, coverage, load),
        **_decline(track, (start, end), load),
    }


def _repeated(fast: list[tuple[float, float]], load: Load) -> dict[str, Any]:
    """Bouts within a period, and the sprints of the longest."""
    since = load.play_s[:, 0]
    period = np.searchsorted(since, [start for start, _ in fast], side="right")
    found = []
    for number in np.unique(period):
        own = [run for run, p in zip(fast, period, strict=True) if p == number]
        found += bouts(own, load.physical)
    return {"repeated_bouts": len(found), "most_in_a_bout": max((n for *_, n in found), default=0)}


def _psv(track: pd.DataFrame, coverage: float, load: Load) -> dict[str, Any]:
    steady = track["steady"].to_numpy(bool)
    speed, step_s, error, times = (
        track[n].to_numpy(float) for n in ("speed_mps", "step_s", "error_m", "time_s")
    )
    noise = motion_error(speed, step_s, error, float(track["jitter_m"].iloc[0]), load.cutoff_hz)
    value = psv99_mps(speed[steady], step_s[steady], load.measure)
    off = psv_error_mps(
        times[steady], speed[steady], step_s[steady], load.measure.psv_from_mps, coverage, noise.speed_mps
    )
    of_gain = noise.gain_mps2 if step_s.sum() > 0 else None
    return {"psv99_mps": value, "psv99_error_mps": off, "acceleration_error_mps2": of_gain}


def _decline(track: pd.DataFrame, stay_s: tuple[float, float], load: Load) -> dict[str, Any]:
    played = load.clock.played_s(track["time_s"].to_numpy(float))
    step_s, step_m = track["step_s"].to_numpy(float), track["step_m"].to_numpy(float)
    settings = load.physical
    found: Decline = decline(
        played, step_s, step_m, stay_s, settings.decline_min * 60, settings.decline_seen_min * 60
    )
    return {
        "first_m_per_min": found.first_m_per_min,
        "last_m_per_min": found.last_m_per_min,
        "decline": found.change,
        "decline_error": found.error,
    }
