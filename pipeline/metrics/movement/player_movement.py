"""Movement of each player over the time it was visible: ``movement`` and ``movement_parts``.

Nothing is extrapolated: minutes and metres are those that were seen, or filled in short gaps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.core.config import MeasureSettings
from pipeline.metrics.movement.distance_error import MotionError, motion_error
from pipeline.metrics.movement.match_parts import Division, everything
from pipeline.metrics.movement.speed import DEFAULT, accelerations, bands_m, psv99_mps, sprints
from pipeline.metrics.movement.time_seen import seconds_behind
from pipeline.metrics.movement.track_motion import Gaps, MotionSettings, gaps_for
from pipeline.tables.metric_columns import MetricColumn, Samples, metric_columns

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Stays = Mapping[int, tuple[float, float]]
Row = dict[str, float | int | str | None]


@dataclass(frozen=True, slots=True)
class Moved:
    """Rows of table ``movement_parts``; behind each, for adding players up, its error and the minutes that
    its metres took (``paced_min``).
    """

    table: pd.DataFrame
    errors: tuple[MotionError, ...]
    paced_min: tuple[float, ...] = ()


def movement(
    moving: pd.DataFrame, people: pd.DataFrame, *, footage_s: float, cutoff_hz: float
) -> pd.DataFrame:
    """Sum up each track's motion: table ``movement`` of `pipeline.tables.schemas`.

    Parameters
    ----------
    moving
        What `motion.motion` gives, with ``role, team, error_m`` carried along.
    people
        The positions it was made from (`people.people`): tracks too short for a speed are listed too.
    footage_s
        Length of the footage behind ``coverage``, s.
    cutoff_hz
        Low-pass that was used; for the error of the distance.
    """
    settings = MotionSettings(cutoff_hz)
    return whole(moved(moving, people, [everything(footage_s)], settings).table)


def whole(parts: pd.DataFrame) -> pd.DataFrame:
    """Take table ``movement`` out of ``movement_parts``."""
    from pipeline.tables import storage
    from pipeline.tables.run_schemas import schema_of

    names = {c.name for c in schema_of("movement", parts.columns).columns}
    left_out = [n for n in parts.columns if n not in names]
    return storage.conform(parts.loc[parts["by"] == "whole"].drop(columns=left_out), "movement")


def moved(
    moving: pd.DataFrame,
    people: pd.DataFrame,
    cut: Sequence[Division],
    settings: MotionSettings,
    stays: Stays | None = None,
    thresholds: MeasureSettings = DEFAULT,
) -> Moved:
    """Sum up each track's motion in each part in which it was seen.

    Parameters
    ----------
    moving, people
        As for `movement`.
    cut
        The ways to cut the match (`parts.divisions`).
    settings
        Those behind ``moving``.
    stays
        When each track came on and went off, s, where that is known.
    thresholds
        What counts as a band of speed, a sprint, an acceleration.

    Raises
    ------
    ExtensionError
        If a metric column of another package fails.
    """
    import pandas as pd

    from pipeline.tables import storage

    seen = people[people["track_id"].notna()].sort_values(["track_id", "time_s"], kind="stable")
    gaps = gaps_for(seen["time_s"].to_numpy(float), settings)
    tracks = _Tracks.of(moving, seen, gaps, cut[0].play[:, 0], thresholds)
    rows: list[Row] = []
    errors: list[MotionError] = []
    paced: list[float] = []
    for division in cut:
        for row, error, minutes in tracks.rows(division, settings.cutoff_hz, stays or {}):
            rows.append(row)
            errors.append(error)
            paced.append(minutes)
    table = pd.DataFrame(rows) if rows else storage.empty("movement_parts")
    return Moved(storage.conform(table, "movement_parts"), tuple(errors), tuple(paced))


@dataclass(frozen=True, slots=True)
class _Tracks:
    """All tracks as arrays: ``m`` columns of the motion, ``s`` of the sightings, sorted by track and time.

    ``m_who`` and ``s_who``: number of the track, an index of ``ids, role, team``. ``gap_s``: time to the next
    sighting of the same track in the same period where that is a gap, else 0. ``begins``: who and when of
    sprints and accelerations.
    """

    ids: list[int]
    role: list[str]
    team: list[str | None]
    m: dict[str, Array]
    m_who: Ints
    s: dict[str, Array]
    s_who: Ints
    gap_s: Array
    begins: dict[str, tuple[Ints, Array]]
    thresholds: MeasureSettings
    added: tuple[MetricColumn, ...]

    @classmethod
    def of(
        cls,
        moving: pd.DataFrame,
        seen: pd.DataFrame,
        gaps: Gaps,
        kick_off_s: Array,
        thresholds: MeasureSettings,
    ) -> _Tracks:
        ids, s_who = np.unique(seen["track_id"].to_numpy(np.int64), return_inverse=True)
        first = np.searchsorted(s_who, np.arange(len(ids)))
        heads = seen.iloc[first]
        number = {int(t): i for i, t in enumerate(ids)}
        m_who = np.array([number[int(t)] for t in moving["track_id"]], np.int64)
        time = seen["time_s"].to_numpy(float)
        gap = np.zeros(len(time))
        apart = np.diff(time)
        period = np.searchsorted(kick_off_s, time, side="right")
        lost = (np.diff(s_who) == 0) & (np.diff(period) == 0) & (apart > gaps.split_s + 1e-9)
        gap[:-1] = np.where(lost, apart, 0.0)
        return cls(
            ids=[int(t) for t in ids],
            role=[str(r) for r in heads["role"]],
            team=[t if isinstance(t, str) else None for t in heads["team"]],
            m={n: moving[n].to_numpy(float) for n in _MOTION},
            m_who=m_who,
            s={n: seen[n].to_numpy(float) for n in ("time_s", "x_m", "y_m")}
            | {"seconds": seconds_behind(seen), "bridged": _bridged(seen, s_who, gaps.bridge_s)},
            s_who=s_who,
            gap_s=gap,
            begins=_begins(moving, m_who, thresholds),
            thresholds=thresholds,
            added=metric_columns(),
        )

    def rows(
        self, division: Division, cutoff_hz: float, stays: Stays
    ) -> list[tuple[Row, MotionError, float]]:
        """One row for each track and part with a sighting, its error, and the minutes behind its metres."""
        n = len(division.names)
        team = np.array(self.team, object)
        m_key, s_key = (
            _keys(who, division.codes(time, team[who]), n)
            for who, time in ((self.m_who, self.m["time_s"]), (self.s_who, self.s["time_s"]))
        )
        counts = {
            name: _counts(_keys(who, division.codes(at, team[who]), n), len(self.ids) * n)
            for name, (who, at) in self.begins.items()
        }
        known, s_groups = _groups(s_key)
        m_groups = dict(zip(*_groups(m_key), strict=True))
        out = []
        for key, sighted in zip(known, s_groups, strict=True):
            who, part = divmod(key, n)
            own = m_groups.get(key, _NONE)
            row = self._when(division, who, part, stays)
            row |= self._sight(sighted)
            paced = float(self.m["step_s"][own].sum()) / 60
            error = self._error(own, cutoff_hz)
            row |= self._run(own) | {name: int(c[key]) for name, c in counts.items()}
            row |= self._place(sighted, own)
            row["distance_error_m"] = error.distance_m
            row["speed_error_mps"] = error.speed_mps if paced > 0 else None
            out.append((_rates(row, paced, self.thresholds.min_rate_min), error, paced))
        return out

    def _when(self, division: Division, who: int, part: int, stays: Stays) -> Row:
        team, stay = self.team[who], stays.get(self.ids[who])
        start, end = division.bounds(team)[part]
        on_pitch = None if stay is None else float(division.seconds(team, stay)[part]) / 60
        return {
            "track_id": self.ids[who],
            "player_id": self.ids[who],
            "role": self.role[who],
            "team": team,
            "by": division.by,
            "part": division.names[part],
            "start_s": max(float(start), 0.0),
            "end_s": float(end),
            "part_minutes": float(division.seconds(team)[part]) / 60,
            "minutes_on_pitch": on_pitch,
        }

    def _sight(self, sighted: Ints) -> Row:
        times, gaps = self.s["time_s"][sighted], self.gap_s[sighted]
        seconds, bridged = self.s["seconds"][sighted], self.s["bridged"][sighted] > 0
        return {
            "minutes_span": float(times.max() - times.min()) / 60,
            "minutes_visible": float(seconds.sum()) / 60,
            "minutes_observed": float(seconds[bridged].sum()) / 60,
            "minutes_interpolated": float(seconds[~bridged].sum()) / 60,
            "gaps": int((gaps > 0).sum()),
            "longest_gap_s": float(gaps.max(initial=0.0)),
        }

    def _run(self, own: Ints) -> Row:
        step_s, step_m = self.m["step_s"][own], self.m["step_m"][own]
        bridged, steady = self.m["bridged"][own] > 0, self.m["steady"][own] > 0
        chord = np.divide(step_m, step_s, out=np.zeros_like(step_m), where=step_s > 0)
        return {
            "distance_visible_m": float(step_m.sum()),
            "distance_observed_m": float(step_m[bridged].sum()),
            "distance_interpolated_m": float(step_m[~bridged].sum()),
            **bands_m(chord, step_m, self.thresholds),
            "fast_m": float(step_m[chord > self.thresholds.fast_mps].sum()),
            "psv99_mps": psv99_mps(self.m["speed_mps"][own][steady], step_s[steady], self.thresholds),
            **self._added(own),
        }

    def _added(self, own: Ints) -> Row:
        """Measure what other packages add."""
        if not self.added:
            return {}
        arrays = {n: self.m[n][own] for n in _SAMPLED}
        observed, steady = self.m["bridged"][own] > 0, self.m["steady"][own] > 0
        samples = Samples(**arrays, observed=observed, steady=steady, settings=self.thresholds)
        return {m.column.name: m.of(samples) for m in self.added}

    def _error(self, own: Ints, cutoff_hz: float) -> MotionError:
        if not len(own):
            return MotionError()
        speed, step, error = (self.m[n][own] for n in ("speed_mps", "step_s", "error_m"))
        return motion_error(speed, step, error, float(self.m["jitter_m"][own[0]]), cutoff_hz)

    def _place(self, sighted: Ints, own: Ints) -> Row:
        step = self.m["step_s"][own]
        if step.sum() <= 0:
            return {f"mean_{n}": float(self.s[n][sighted].mean()) for n in ("x_m", "y_m")}
        return {f"mean_{n}": float(np.average(self.m[n][own], weights=step)) for n in ("x_m", "y_m")}


_MOTION = (
    *("time_s", "x_m", "y_m", "step_s", "step_m", "speed_mps"),
    *("error_m", "jitter_m", "bridged", "steady"),
)
_SAMPLED = ("time_s", "x_m", "y_m", "step_s", "step_m", "speed_mps", "error_m")
_NONE = np.zeros(0, np.int64)


def _begins(moving: pd.DataFrame, m_who: Ints, thresholds: MeasureSettings) -> dict[str, tuple[Ints, Array]]:
    """Who begins a sprint or an acceleration, and when."""
    found: dict[str, list[tuple[int, float]]] = {"sprints": [], "accelerations": []}
    needed = moving[["time_s", "speed_mps", "gain_mps2", "steady", "stretch"]]
    for rows in moving.groupby("track_id").indices.values():
        track, who = needed.iloc[rows], int(m_who[rows[0]])
        found["sprints"] += [(who, start) for start, _ in sprints(track, thresholds)]
        found["accelerations"] += [(who, start) for start, _ in accelerations(track, thresholds)]
    return {
        n: (np.array([w for w, _ in some], np.int64), np.array([t for _, t in some], float))
        for n, some in found.items()
    }


def _bridged(seen: pd.DataFrame, who: Ints, bridge_s: float) -> NDArray[np.bool_]:
    """Say which sightings were observed, or fill a gap that is too short to count as one, ``(N,)``."""
    times, observed = seen["time_s"].to_numpy(float), seen["observed"].to_numpy(bool)
    far = 2 * (np.ptp(times) + 1.0) if len(times) else 1.0
    line = times + who * far  # one person behind the other, so that the next observed may be another's
    before = np.maximum.accumulate(np.where(observed, line, -np.inf))
    after = np.minimum.accumulate(np.where(observed, line, np.inf)[::-1])[::-1]
    return np.asarray(observed | (after - before <= bridge_s + 1e-9))


def _keys(who: Ints, part: Ints, n_parts: int) -> Ints:
    return np.where(part >= 0, who * n_parts + part, -1)


def _groups(key: Ints) -> tuple[list[int], list[Ints]]:
    """Rows of each key from 0, in order."""
    order = np.argsort(key, kind="stable")
    order = order[key[order] >= 0]
    known, first = np.unique(key[order], return_index=True)
    return known.tolist(), np.split(order, first[1:]) if len(known) else []


def _counts(key: Ints, n_keys: int) -> Ints:
    return np.bincount(key[key >= 0], minlength=n_keys)


def _rates(row: Row, paced_min: float, min_rate_min: float) -> Row:
    minutes, metres = float(row["minutes_visible"] or 0), float(row["distance_visible_m"] or 0)
    on_pitch = row["minutes_on_pitch"]
    span = float((row["part_minutes"] if on_pitch is None else on_pitch) or 0)
    row["coverage"] = min(minutes / span, 1.0) if span > 0 else 0.0
    row["observed_share"] = min(float(row["minutes_observed"] or 0) / minutes, 1.0) if minutes > 0 else 0.0
    row["m_per_visible_min"] = metres / paced_min if paced_min > 0 else 0.0
    row["mean_speed_mps"] = metres / paced_min / 60 if paced_min > 0 else 0.0
    enough = minutes >= min_rate_min
    row["sprints_per_10_min"] = 10 * float(row["sprints"] or 0) / minutes if enough else None
    return row
