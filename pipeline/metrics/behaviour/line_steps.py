"""Steps of the defensive line: when a defence moves up or drops together. Arrays in, rows out.

A step goes one way, at ``play.line_step_mps`` or faster on average over a second, for ``play.line_step_m``
or more.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.core.settings.play_settings import PlaySettings
from pipeline.metrics.behaviour.team_lines_in_play import team_lines
from pipeline.metrics.moments.play_moments import TEAMS, Moments

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

SMOOTH_S = 1.0


def line_steps(
    times_s: Array, height_m: Array, settings: PlaySettings
) -> list[tuple[float, float, float, float]]:
    """Find the steps of one team: start and end (s), height at the start and at the end (m above its goal
    line).

    Parameters
    ----------
    times_s, height_m
        Shape ``(T,)``; a step never crosses a moment without a height, nor a gap of two moments.
    """
    known = np.isfinite(height_m)
    times, heights = times_s[known], height_m[known]
    if len(times) < 3:
        return []
    apart = np.diff(times) > 2 * settings.every_s + 1e-9
    edges = [0, *(np.flatnonzero(apart) + 1).tolist(), len(times)]
    return [step for a, b in pairwise(edges) for step in _of_stretch(times[a:b], heights[a:b], settings)]


def line_step_table(
    match: Moments, sizes: tuple[Ints, Ints], settings: PlaySettings, pitch: Pitch
) -> pd.DataFrame:
    """List the steps of both teams' defences; ``sizes`` as for `team_lines_in_play.team_lines`."""
    import pandas as pd

    from pipeline.tables import storage

    rows = []
    for team in (0, 1):
        height = team_lines(match, team, sizes[team], pitch).defence_height_m
        for start, end, low, high in line_steps(match.times_s, height, settings):
            way = "up" if high > low else "down"
            span = {"team": TEAMS[team], "start_s": start, "end_s": end}
            rows.append(span | {"way": way, "from_m": low, "to_m": high})
    table = pd.DataFrame(rows) if rows else storage.empty("line_steps")
    return storage.conform(table.sort_values(["start_s", "team"], kind="stable"), "line_steps")


def _of_stretch(
    times: Array, heights: Array, settings: PlaySettings
) -> list[tuple[float, float, float, float]]:
    if times[-1] - times[0] < SMOOTH_S:
        return []
    half = SMOOTH_S / 2
    low, high = np.clip(times - half, times[0], None), np.clip(times + half, None, times[-1])
    rate = (np.interp(high, times, heights) - np.interp(low, times, heights)) / (high - low)
    way = np.where(rate >= settings.line_step_mps, 1, np.where(rate <= -settings.line_step_mps, -1, 0))
    edges = [0, *(np.flatnonzero(np.diff(way)) + 1).tolist(), len(way)]
    out = []
    for a, b in pairwise(edges):
        if way[a] and b - a > 1 and abs(heights[b - 1] - heights[a]) >= settings.line_step_m:
            out.append((float(times[a]), float(times[b - 1]), float(heights[a]), float(heights[b - 1])))
    return out
