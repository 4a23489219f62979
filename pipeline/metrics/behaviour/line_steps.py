"""Steps of the defensive line: when a defence moves up or drops together. Arrays in, rows out.

A step goes one way, at ``play.line_step_mps`` or faster on average over a second, for ``play.line_step_m``
or more. It ends where a defender comes into view or goes out of it: then the line is another one, and has not
moved.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.core.settings.play_settings import PlaySettings
from pipeline.metrics.behaviour.in_view import heights_m
from pipeline.metrics.behaviour.team_lines_in_play import team_lines
from pipeline.metrics.moments.play_moments import TEAMS, Moments

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_ABSENT = -2
SMOOTH_S = 1.0
LEAP_MPS = 8.0
"""No line moves faster as a whole: what seems to is another line (without tracks nothing else tells), m/s."""


def line_steps(
    times_s: Array, height_m: Array, settings: PlaySettings, anew: Mask | None = None
) -> list[tuple[float, float, float, float]]:
    """Find the steps of one team: start and end (s), height at the start and at the end (m above its goal
    line).

    Parameters
    ----------
    times_s, height_m
        Shape ``(T,)``; a step never crosses a moment without a height, nor a gap of two moments.
    anew
        Shape ``(T,)``: where the line has other players than a moment before, some of them just seen or no
        longer seen.
    """
    known = np.isfinite(height_m)
    times, heights = times_s[known], height_m[known]
    if len(times) < 3:
        return []
    apart = np.diff(times) > 2 * settings.every_s + 1e-9
    apart |= np.abs(np.diff(heights)) > LEAP_MPS * np.diff(times)
    if anew is not None:
        begun = np.cumsum(anew)[known]
        apart |= np.diff(begun) > 0
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
        anew = other_line(match, team, sizes[team][:, 0], pitch)
        for start, end, low, high in line_steps(match.times_s, height, settings, anew):
            way = "up" if high > low else "down"
            span = {"team": TEAMS[team], "start_s": start, "end_s": end}
            rows.append(span | {"way": way, "from_m": low, "to_m": high})
    table = pd.DataFrame(rows) if rows else storage.empty("line_steps")
    return storage.conform(table.sort_values(["start_s", "team"], kind="stable"), "line_steps")


def other_line(match: Moments, team: int, size: Ints, pitch: Pitch) -> Mask:
    """Say where the deepest ``size`` ``(T,)`` of ``team`` are not the line of the moment before, ``(T,)``.

    Players may take each other's place in it; but who is in it at one moment was seen at the other.
    """
    heights = heights_m(match, team, pitch)
    seen = np.where(np.isfinite(heights), match.tracks[team], _ABSENT)
    ranked = np.take_along_axis(seen, np.argsort(heights, axis=1), axis=1)
    line = np.where(np.arange(ranked.shape[1]) < size[:, None], ranked, _ABSENT)
    out = np.ones(len(size), bool)
    out[1:] = (np.diff(size) != 0) | _missing(line[1:], seen[:-1]) | _missing(line[:-1], seen[1:])
    return out


def _missing(line: Ints, seen: Ints) -> Mask:
    """Say in which rows somebody of ``line`` ``(T, P)`` is not among ``seen``."""
    there = (line[:, :, None] == seen[:, None, :]).any(axis=2)
    return np.asarray((~there & (line != _ABSENT)).any(axis=1))


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
