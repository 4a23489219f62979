"""Passes between tracked players, and what they leave behind: table ``passes``. Arrays in, table out.

A pass leads from one player who had the ball at his feet to the next of his team. It outplays the opponents
who stood on the goal side of the ball before it and do not after it (Impect's packing), and breaks a line
whose mean lies between its start and its end; lines are counted from the back (`team_lines_in_play`).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.core.settings.play_settings import PlaySettings
from pipeline.metrics.behaviour.ball_carrier import Carriers
from pipeline.metrics.behaviour.in_view import heights_m, strip_to_goal, whole_team
from pipeline.metrics.moments.play_moments import TEAMS, Moments

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


def touches(match: Moments, having: Carriers) -> list[tuple[int, int]]:
    """List the stays of the ball with one player: first and last moment of each, in order."""
    who = np.where(having.known, having.track, -1)
    change = (np.diff(who) != 0) | (np.diff(match.period) != 0)
    edges = np.r_[0, np.flatnonzero(change) + 1, len(who)] if len(who) else np.zeros(1, np.int64)
    return [(int(a), int(b) - 1) for a, b in itertools.pairwise(edges) if who[a] >= 0]


def passes(
    match: Moments, having: Carriers, sizes: tuple[Ints, Ints], settings: PlaySettings, pitch: Pitch
) -> pd.DataFrame:
    """List the passes of both teams.

    Parameters
    ----------
    having
        Who has the ball; players without a track pass to nobody.
    sizes
        Of each team's lines, ``(T, 3)`` (`team_lines_in_play.line_sizes`).
    """
    import pandas as pd

    from pipeline.tables import storage

    rows = list(_passes(match, having, sizes, settings, pitch))
    return storage.conform(pd.DataFrame(rows) if rows else storage.empty("passes"), "passes")


def _passes(
    match: Moments, having: Carriers, sizes: tuple[Ints, Ints], settings: PlaySettings, pitch: Pitch
) -> Iterator[dict[str, Any]]:
    stays = touches(match, having)
    heights = [heights_m(match, t, pitch) for t in (0, 1)]
    sure = [whole_team(match, t, pitch) | strip_to_goal(match, t) for t in (0, 1)]
    for (_, left), (came, _) in itertools.pairwise(stays):
        team = int(having.team[left])
        long = float(match.times_s[came] - match.times_s[left])
        again = having.track[left] == having.track[came] or match.period[left] != match.period[came]
        if again or having.team[came] != team or long > settings.pass_s:
            continue
        start, end = match.ball_m[left], match.ball_m[came]
        yield {
            "team": TEAMS[team],
            "start_s": float(match.times_s[left]),
            "end_s": float(match.times_s[came]),
            "track_id": int(having.track[left]),
            "to_track_id": int(having.track[came]),
            "start_x_m": float(start[0]),
            "start_y_m": float(start[1]),
            "end_x_m": float(end[0]),
            "end_y_m": float(end[1]),
            "distance_m": float(np.hypot(*(end - start))),
            **_outplayed(
                match, team, (left, came), heights[1 - team], sizes[1 - team], sure[1 - team], pitch
            ),
        }


def _outplayed(
    match: Moments,
    team: int,
    at: tuple[int, int],
    heights: Array,
    sizes: Ints,
    sure: NDArray[np.bool_],
    pitch: Pitch,
) -> dict[str, Any]:
    """How far forward, how many opponents and lines are left behind; null where that cannot be told."""
    left, came = at
    sign = float(match.sign[team][left])
    if sign == 0:
        return {"forward_m": None, "opponents_outplayed": None, "lines_broken": None}
    # Above the opponents' goal line: it falls as the ball goes forward.
    before, after = (pitch.length_m / 2 - sign * float(match.ball_m[i][0]) for i in (left, came))
    own = heights[left][np.isfinite(heights[left])]
    if after >= before:
        return {"forward_m": before - after, "opponents_outplayed": 0, "lines_broken": 0}
    between = int(((own < before) & (own >= after)).sum())
    broken = lines_between(np.sort(own), sizes[left], before, after) if sure[left] else None
    return {"forward_m": before - after, "opponents_outplayed": between, "lines_broken": broken}


def lines_between(heights: Array, sizes: Ints, before_m: float, after_m: float) -> int:
    """Count the lines whose mean lies between two heights of the ball; ``heights`` are sorted."""
    stops = np.cumsum(sizes)
    lines = zip(np.r_[0, stops[:-1]], stops, strict=True)
    means = [heights[a:b].mean() for a, b in lines if a < b <= len(heights)]
    return sum(after_m <= mean < before_m for mean in means)
