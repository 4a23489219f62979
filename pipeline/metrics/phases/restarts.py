"""How play is restarted: which spells of possession begin with a dead ball, and by what.

The place of the ball at the start of the spell names the restart (Laws of the Game, 8 and 13 to 17).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.core.settings.play_settings import PlaySettings, Restart
from pipeline.metrics.moments.play_moments import Moments

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

CORNER_M, TOUCH_M, CENTRE_M, SPOT_M = 3.0, 1.5, 2.0, 2.0
"""How near the ball lies to the corner, the touchline, the centre spot, the penalty spot, m."""
AROUND_AREA_M = 1.0
"""A goal kick is taken from the goal area (none painted: from the penalty area), or so little outside, m."""
FROM_THE_LINES: tuple[Restart, ...] = ("throw_in", "corner", "goal_kick", "kick_off")
"""How a ball comes back that was beyond the lines (Laws 8, 15 to 17)."""
_LONGEST_S = 30.0
"""Nobody takes longer over a restart that he stands at, s."""
_BEFORE_S, _LOOK_S = 3.0, 1.0
"""The ball's place at a restart is where it moved least, from so long before to so long after, s."""


def restart_name(ball_m: Array, sign: float, pitch: Pitch) -> Restart:
    """Name the restart of a ball at ``ball_m`` ``(2,)``; ``sign`` is 1 for a team attacking to the right."""
    x, y = ball_m * sign
    length, width = pitch.length_m / 2, pitch.width_m / 2
    if np.hypot(x, y) <= CENTRE_M:
        return "kick_off"
    if np.hypot(length - x, width - abs(y)) <= CORNER_M:
        return "corner"
    depth, across = pitch.marks.goal_area_m or pitch.box_m
    if x < -length + depth + AROUND_AREA_M and abs(y) <= across / 2 + AROUND_AREA_M:
        return "goal_kick"
    if abs(y) >= width - TOUCH_M:
        return "throw_in"
    spot = pitch.marks.penalty_spot_m
    if spot is not None and np.hypot(length - spot - x, y) <= SPOT_M:
        return "penalty"
    return "free_kick"


@dataclass(frozen=True, slots=True)
class NamedRestart:
    """A restart by name, None where the ball was not seen.

    ``score``: how sure the name is, given that play was restarted: the share of the places where the ball may
    have lain, by its position's error, that have this name.
    """

    name: Restart | None
    score: float | None


NOT_SEEN = NamedRestart(None, None)


def named_restart(ball_m: Array, error_m: float, sign: float, pitch: Pitch) -> NamedRestart:
    """Name the restart of a ball at ``ball_m`` ``(2,)`` whose median error is ``error_m``, with its score."""
    name = restart_name(ball_m, sign, pitch)
    around = ball_m + _SPREAD * error_m / _MEDIAN_OF_SD
    same = [restart_name(place, sign, pitch) == name for place in around]
    return NamedRestart(name, sum(same) / len(same))


_NORMAL = np.array([-1.465, -0.792, -0.366, 0.0, 0.366, 0.792, 1.465])
"""Middles of seven equally likely parts of a normal distribution."""
_SPREAD = np.stack(np.meshgrid(_NORMAL, _NORMAL), axis=-1).reshape(-1, 2)
_MEDIAN_OF_SD = 1.1774
"""Median distance of a 2-D normal error from its middle, in standard deviations of one axis."""


def restarts(
    match: Moments, spells: pd.DataFrame, settings: PlaySettings, pitch: Pitch
) -> dict[int, NamedRestart]:
    """Find the spells that begin with a restart: its name by row of the sorted ``spells``.

    A restart follows a ball beyond the lines or, where a provider says who has the ball, ``dead_s`` in which
    nobody has; a period begins with one if the ball lies on the centre spot. An estimate of possession stops
    whenever the ball is unseen, which says nothing. The name is None where the ball was not seen.
    """
    ordered = spells.sort_values("start_s")
    start, end = (ordered[n].to_numpy(float) for n in ("start_s", "end_s"))
    given = (ordered["source"] == "given").to_numpy(bool)
    owner = (ordered["team"] == "B").to_numpy(np.int64)
    out: dict[int, NamedRestart] = {}
    beyond = ~pitch.contains(match.ball_m, 0.0) & np.isfinite(match.ball_m[:, 0])
    for i, at in enumerate(start.tolist()):
        own = np.flatnonzero(match.spell == i)
        if not len(own):
            continue
        first = i == 0 or match.period[own[0]] != _period_of(match, i - 1)
        since = at - _LOOK_S if i == 0 else end[i - 1]
        between = (match.times_s >= since - _LOOK_S) & (match.times_s <= at)
        named = _named(match, at, int(owner[i]), pitch)
        if first:
            restarted = named.name == "kick_off"
        else:
            restarted = bool((given[i] and at - end[i - 1] >= settings.dead_s) or beyond[between].any())
        if restarted:
            out[i] = named
    return out


def _period_of(match: Moments, spell: int) -> int:
    own = np.flatnonzero(match.spell == spell)
    return int(match.period[own[-1]]) if len(own) else -1


def _named(match: Moments, at_s: float, team: int, pitch: Pitch) -> NamedRestart:
    later = match.times_s - at_s
    looked = (later >= -_BEFORE_S) & (later <= _LOOK_S)
    near = np.flatnonzero(looked & np.isfinite(match.ball_m[:, 0]) & (match.sign[team] != 0))
    if not len(near):
        return NOT_SEEN
    speed = np.nan_to_num(np.hypot(*match.ball_mps[near].T), nan=np.inf)
    best = near[np.lexsort((np.abs(later[near]), speed))[0]]
    return named_at(match, int(best), team, pitch)


def named_at(match: Moments, at: int, team: int, pitch: Pitch) -> NamedRestart:
    """Name the restart of ``team`` by where the ball is at moment ``at``."""
    error_m = float(np.nan_to_num(match.ball_error_m[at]))
    return named_restart(match.ball_m[at], error_m, float(match.sign[team][at]), pitch)


def taken_at_s(match: Moments, at_s: float, settings: PlaySettings) -> float:
    """Say when the ball, which is with its taker at ``at_s``, is put in play: it leaves where it lay; s.

    An estimate of possession begins when the taker comes to the ball, seconds before he plays it. Without an
    end within `_LONGEST_S` it is ``at_s`` itself.
    """
    seen = np.isfinite(match.ball_m[:, 0])
    later = match.times_s - at_s
    about = seen & (np.abs(later) <= _LOOK_S)
    if not about.any():
        return at_s
    lay = np.median(match.ball_m[about], axis=0)
    after = np.flatnonzero(seen & (later >= 0) & (later <= _LONGEST_S))
    reach = max(settings.rest_m, 3 * float(np.nanmedian(match.ball_error_m[about])))
    away = np.hypot(*(match.ball_m[after] - lay).T) > reach
    gone = np.flatnonzero(away[:-1] & away[1:])
    return float(match.times_s[after[gone[0]]]) if len(gone) else at_s


def taken_from_rest(match: Moments, settings: PlaySettings) -> Mask:
    """Say at which moments a ball that lay still within a spell is put in play again, ``(T,)``.

    Still: seen at least half of ``rest_s``, on average within ``rest_m`` of its mean place, or within its
    position's own error, and no opponent of the team in possession within ``free_kick_m``. It finds free
    kicks where no provider says that the ball is dead.
    """
    back = max(round(settings.rest_s / settings.every_s), 1)
    still = np.zeros(len(match.times_s), bool)
    if len(still) <= back:
        return still
    off_m, seen = _spread_m(match.ball_m, back + 1)
    error_m = np.nan_to_num(match.ball_error_m[back:], nan=0.0)
    whole = match.times_s[back:] - match.times_s[:-back] <= settings.rest_s + 2 * settings.every_s
    same = match.spell[back:] == match.spell[:-back]
    lies = (off_m <= np.maximum(settings.rest_m, error_m)) & (seen >= (back + 1) / 2)
    still[back:] = lies & whole & same & np.isfinite(match.ball_m[back:, 0])
    gap = np.hypot(*np.moveaxis(match.places_m - match.ball_m[None, :, None], 3, 0))
    nearest = np.nan_to_num(gap, nan=np.inf).min(axis=2, initial=np.inf)
    opponent = np.where(match.owner == 0, nearest[1], np.where(match.owner == 1, nearest[0], 0.0))
    still &= (opponent >= settings.free_kick_m) & np.isfinite(opponent)
    return np.asarray(np.r_[still[:-1] & ~still[1:], False], dtype=bool)


def _spread_m(places: Array, n: int) -> tuple[Array, Ints]:
    """RMS distance from their mean of ``n`` places on end, and how many are known, ``(T - n + 1,)``."""
    known = np.isfinite(places[:, 0])
    filled = np.where(known[:, None], places, 0.0)
    counts, sums, squares = (_rolling(v, n) for v in (known.astype(float), filled, (filled**2).sum(axis=1)))
    some = np.maximum(counts, 1.0)
    variance = squares / some - ((sums / some[:, None]) ** 2).sum(axis=1)
    return np.sqrt(np.maximum(variance, 0.0)), counts.astype(np.int64)


def _rolling(values: Array, n: int) -> Array:
    total = np.concatenate([np.zeros_like(values[:1]), values]).cumsum(axis=0)
    return np.asarray(total[n:] - total[:-n])
