"""Off-ball runs of the team in possession, one row each: table ``off_ball_runs``. Arrays in, table out.

A run holds ``play.run_kmh`` for ``play.run_hold_s``, while his team has the ball and somebody else is at it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.core.settings.play_settings import PlaySettings
from pipeline.metrics.behaviour.ball_carrier import Carriers
from pipeline.metrics.behaviour.in_view import heights_m, strip_to_goal, whole_team
from pipeline.metrics.moments.play_moments import TEAMS, Moments
from pipeline.metrics.movement.speed import KMH, holds, stretches_of
from pipeline.metrics.off_ball.run_kinds import Run, run_kind

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_MOST = 0.5
"""Share of the run's moments in which his team has the ball, and in which it is seen."""


@dataclass(frozen=True, slots=True)
class OffBallContext:
    """The match around the runs; ``phases`` is the table of it."""

    match: Moments
    having: Carriers
    phases: pd.DataFrame
    settings: PlaySettings
    pitch: Pitch


def off_ball_runs(moving: pd.DataFrame, context: OffBallContext) -> pd.DataFrame:
    """List the runs of outfield players.

    Parameters
    ----------
    moving
        What `track_motion.motion` gives, in the pitch's own directions, with ``role`` and ``team``.
    """
    import pandas as pd

    from pipeline.tables import storage

    players = moving[(moving["role"] == "player") & moving["team"].isin(TEAMS)]
    lines = [_deepest_m(context, team) for team in (0, 1)]
    rows = [row for _, track in players.groupby("track_id") for row in _of_track(track, context, lines)]
    table = pd.DataFrame(rows) if rows else storage.empty("off_ball_runs")
    table = table.sort_values(["start_s", "track_id"], kind="stable")
    return storage.conform(table, "off_ball_runs")


def _deepest_m(context: OffBallContext, team: int) -> tuple[Array, NDArray[np.bool_]]:
    """Height of the deepest outfield player of ``team`` at each moment, and when it is surely he."""
    heights = np.nan_to_num(heights_m(context.match, team, context.pitch), nan=np.inf)
    deepest = heights.min(axis=1, initial=np.inf)
    sure = whole_team(context.match, team, context.pitch) | strip_to_goal(context.match, team)
    return np.where(np.isfinite(deepest), deepest, np.nan), sure


def _of_track(
    track: pd.DataFrame, context: OffBallContext, lines: list[tuple[Array, NDArray[np.bool_]]]
) -> Iterator[dict[str, Any]]:
    team = TEAMS.index(str(track["team"].iloc[0]))
    places = track[["x_m", "y_m"]].to_numpy(float)
    run_m = np.cumsum(track["step_m"].to_numpy(float))
    settings, first = context.settings, 0
    for times, speed, usable, _ in stretches_of(track):
        own = slice(first, first + len(times))
        first += len(times)
        for span in holds(times, speed, usable, settings.run_kmh * KMH, settings.run_hold_s):
            at = _moments_in(context.match, span)
            if not _is_off_ball(context, team, int(track["track_id"].iloc[0]), at):
                continue
            row = _row(track, context, team, span, at, lines[1 - team], (times, places[own]))
            inside = (times >= span[0]) & (times <= span[1])
            along = np.interp(span, times, run_m[own])
            yield row | {"peak_mps": float(speed[inside].max()), "distance_m": float(along[1] - along[0])}


def _moments_in(match: Moments, span: tuple[float, float]) -> Ints:
    return np.arange(
        np.searchsorted(match.times_s, span[0]), np.searchsorted(match.times_s, span[1], "right")
    )


def _is_off_ball(context: OffBallContext, team: int, track_id: int, at: Ints) -> bool:
    """Whether his team had the ball for most of the run, and he did not."""
    match, having = context.match, context.having
    if len(at) < 2 or (match.sign[team][at] == 0).any():
        return False
    seen = np.isfinite(match.ball_m[at, 0])
    if match.has_ball(team)[at].mean() < _MOST or seen.mean() < _MOST:
        return False
    return bool((having.track[at] == track_id).mean() < _MOST)


def _row(
    track: pd.DataFrame,
    context: OffBallContext,
    team: int,
    span: tuple[float, float],
    at: Ints,
    line: tuple[Array, NDArray[np.bool_]],
    path: tuple[Array, Array],
) -> dict[str, Any]:
    match, (times, places) = context.match, path
    sign = float(match.sign[team][at[0]])
    deepest, sure = line
    line_m = context.pitch.length_m / 2 - deepest[at]
    moved = np.column_stack([np.interp(match.times_s[at], times, places[:, i]) for i in (0, 1)])
    seen = Run(
        moved * sign, match.ball_m[at] * sign, float(line_m[0]), float(line_m[-1]), context.pitch.lanes_m[1]
    )
    kind = run_kind(seen, context.settings)
    ends = np.column_stack([np.interp(span, times, places[:, i]) for i in (0, 1)])
    return {
        "track_id": int(track["track_id"].iloc[0]),
        "team": TEAMS[team],
        "kind": kind,
        "start_s": span[0],
        "end_s": span[1],
        **{
            f"{w}_{n}_m": float(ends[k, i])
            for k, w in enumerate(("start", "end"))
            for i, n in enumerate("xy")
        },
        "forward_m": float((ends[1, 0] - ends[0, 0]) * sign),
        "line_in_view": bool(sure[at[-1]]),
        "received": _received(context, int(track["track_id"].iloc[0]), span),
        "phase": _phase(context, TEAMS[team], span[0]),
    }


def _phase(context: OffBallContext, team: str, at_s: float) -> str | None:
    table = context.phases
    own = (table["start_s"].to_numpy(float) <= at_s) & (table["end_s"].to_numpy(float) > at_s)
    return next(
        (str(table["phase"].iloc[i]) for i in np.flatnonzero(own) if table["team"].iloc[i] == team), None
    )


def _received(context: OffBallContext, track_id: int, span: tuple[float, float]) -> bool | None:
    """Whether the ball came to him during the run or soon after; None where it was hardly seen."""
    match = context.match
    at = _moments_in(match, (span[0], span[1] + context.settings.received_s))
    if (context.having.track[at] == track_id).any():
        return True
    return False if np.isfinite(match.ball_m[at, 0]).mean() >= _MOST else None
