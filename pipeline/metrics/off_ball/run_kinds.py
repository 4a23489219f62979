"""What kind of run it is, from where runner, ball and defence are at its start and end. Numbers in, a name
out.

All places are turned so that the runner's team attacks to the right. The names are those in use with
providers (SkillCorner's off-ball runs, StatsPerform); the thresholds are our own settings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.core.settings.play_settings import PlaySettings
from pipeline.tables.play.off_ball_schemas import RunKind

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Run:
    """A run as its team sees it, m.

    ``path`` and ``ball`` ``(N, 2)``: runner and ball over the run, in order, NaN where the ball is unseen;
    ``line_start``, ``line_end``: how far up the deepest outfield opponent is, NaN where none is seen;
    ``wing``: where the wings begin, from the middle.
    """

    path: Array
    ball: Array
    line_start: float
    line_end: float
    wing: float = 20.16


def run_kind(run: Run, settings: PlaySettings) -> RunKind:
    """Name the run by the first that fits, in the order of `off_ball_schemas.RUN_KINDS`."""
    start, end = run.path[0], run.path[-1]
    step = end - start
    if _in_behind(run, settings):
        return "in_behind"
    lap = _lap(run, settings)
    if lap is not None:
        return lap
    outwards = abs(end[1]) - abs(start[1])
    if outwards >= settings.wide_m and outwards > abs(step[0]) and abs(end[1]) >= run.wing:
        return "pulling_wide"
    behind = end[0] <= run.ball[-1][0]
    if behind and _nearer(run) >= settings.support_m and _gap(end, run.ball[-1]) <= settings.support_within_m:
        return "support"
    if step[0] >= settings.forward_m and step[0] >= abs(step[1]):
        return "forward"
    return "other"


def _in_behind(run: Run, settings: PlaySettings) -> bool:
    start, end = run.path[0], run.path[-1]
    goes = end[0] - start[0] >= settings.forward_m
    return bool(goes and start[0] < run.line_start and end[0] >= run.line_end - settings.behind_m)


def _lap(run: Run, settings: PlaySettings) -> RunKind | None:
    """Over- or underlap: from behind the ball to ahead of it, past it on the outside or inside."""
    ahead = run.path[:, 0] - run.ball[:, 0]
    known = np.flatnonzero(np.isfinite(ahead))
    goes = run.path[-1][0] - run.path[0][0] >= settings.forward_m
    if not goes or len(known) < 2 or ahead[known[0]] >= 0 or ahead[known[-1]] <= 0:
        return None
    at = known[np.argmax(ahead[known] > 0)]
    runner, ball = run.path[at][1], run.ball[at][1]
    if abs(runner - ball) > settings.overlap_m:
        return None
    side = np.sign(ball) or np.sign(runner) or 1.0
    return "overlap" if runner * side > ball * side else "underlap"


def _nearer(run: Run) -> float:
    """How much nearer the run brings its runner to where the ball is at its end."""
    return _gap(run.path[0], run.ball[-1]) - _gap(run.path[-1], run.ball[-1])


def _gap(one: Array, two: Array) -> float:
    return float(np.hypot(*(one - two)))
