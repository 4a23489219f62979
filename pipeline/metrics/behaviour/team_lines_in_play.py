"""Defensive line, gaps between lines, players on the goal side of the ball. Arrays in, arrays out.

Lines are counted from the back by the numbers of the formation that fits best at the time: the deepest four
of a 4-3-3 are its defence, the last number its attack, the others midfield. A line counts where all of it
is in view.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.metrics.behaviour.in_view import (
    ball_height_m,
    heights_m,
    ranked,
    strip_to_goal,
    whole_team,
)
from pipeline.metrics.moments.play_moments import TEAMS, Moments

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

USUAL = {10: (4, 4, 2), 8: (3, 3, 2), 6: (2, 3, 1), 4: (1, 2, 1)}
"""Defence, midfield and attack of a team whose formation is not known, by its outfield players."""


@dataclass(frozen=True, slots=True)
class TeamLines:
    """Moment by moment ``(T,)``, metres; NaN where not all players concerned are in view.

    ``defence_height_m``: mean distance of the defence from its goal line; ``defence_midfield_m`` and
    ``midfield_attack_m``: gaps between the means of neighbouring lines; ``goal_side``: outfield players
    nearer their goal line than the ball.
    """

    defence_height_m: Array
    defence_midfield_m: Array
    midfield_attack_m: Array
    goal_side: Array


def line_sizes(formations: pd.DataFrame, times_s: Array, team: int, outfield: int = 10) -> Ints:
    """Give the sizes of defence, midfield and attack at each time, ``(T, 3)``; 0 where nothing is known.

    Parameters
    ----------
    formations
        The table; the shortest row of phase ``all`` around a time counts, whatever its score.
    outfield
        Outfield players of a whole team.
    """
    out = np.tile(np.array(USUAL.get(outfield, (0, 0, 0))), (len(times_s), 1))
    own = formations[(formations["team"] == TEAMS[team]) & (formations["phase"] == "all")]
    own = own[own["nearest"].notna()].assign(long=lambda t: t["end_s"] - t["start_s"])
    own = own.sort_values("long", ascending=False)
    for name, start, end in zip(own["nearest"], own["start_s"], own["end_s"], strict=True):
        numbers = [int(n) for n in str(name).split("-")]
        sizes = numbers[0], sum(numbers[1:-1]), numbers[-1]
        if sum(sizes) == outfield:
            out[(times_s >= float(start)) & (times_s <= float(end))] = sizes
    return out


def team_lines(match: Moments, team: int, sizes: Ints, pitch: Pitch) -> TeamLines:
    """Measure the lines of ``team``; ``sizes`` as `line_sizes` gives them."""
    heights = ranked(heights_m(match, team, pitch))
    ball = ball_height_m(match, team, pitch)
    whole, strip = whole_team(match, team, pitch), strip_to_goal(match, team)
    goal_side = (heights < ball[:, None]).sum(axis=1).astype(float)
    reached = np.where(whole, pitch.outfield, np.where(strip, goal_side, 0))
    defence, midfield, attack = (_mean_of_ranks(heights, *span) for span in _spans(sizes))
    has_defence = reached >= sizes[:, 0]
    has_midfield = reached >= sizes[:, 0] + sizes[:, 1]
    return TeamLines(
        np.where(has_defence, defence, np.nan),
        np.where(has_midfield, midfield - defence, np.nan),
        np.where(whole, attack - midfield, np.nan),
        np.where((whole | strip) & np.isfinite(ball), goal_side, np.nan),
    )


def _spans(sizes: Ints) -> list[tuple[Ints, Ints]]:
    """First and last rank (not included) of each line."""
    stops = np.cumsum(sizes, axis=1)
    starts = np.column_stack([np.zeros(len(sizes), np.int64), stops[:, :-1]])
    return [(starts[:, k], stops[:, k]) for k in range(3)]


def _mean_of_ranks(heights: Array, start: Ints, stop: Ints) -> Array:
    rank = np.arange(heights.shape[1])
    own = (rank >= start[:, None]) & (rank < stop[:, None])
    count = (own & np.isfinite(heights)).sum(axis=1)
    total = np.where(own, np.nan_to_num(heights), 0.0).sum(axis=1)
    return np.where((count == stop - start) & (count > 0), total / np.maximum(count, 1), np.nan)


def attackers_ahead(match: Moments, team: int, pitch: Pitch) -> Array:
    """Count the outfield players of ``team`` ahead of the ball, ``(T,)``.

    NaN where it is not surely all of them: neither the whole team nor the strip up to the opponents'
    goalkeeper is in view.
    """
    ahead = (heights_m(match, team, pitch) > ball_height_m(match, team, pitch)[:, None]).sum(axis=1)
    known = (whole_team(match, team, pitch) & np.isfinite(match.ball_m[:, 0])) | strip_to_goal(
        match, 1 - team
    )
    return np.where(known & (match.sign[team] != 0), ahead.astype(float), np.nan)
