"""What follows when a team loses the ball in play: table ``turnovers``. Arrays in, table out.

The time to press is that until a player of the team that lost it is within ``play.press_m`` of the opponent
with the ball; null where that did not happen within ``play.press_within_s``, or before the ball was won
back or dead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.core.settings.play_settings import PlaySettings
from pipeline.metrics.behaviour.ball_carrier import Carriers
from pipeline.metrics.moments.play_moments import TEAMS, Moments

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


def turnovers(
    match: Moments, spells: pd.DataFrame, restarted: set[int], having: Carriers, settings: PlaySettings
) -> pd.DataFrame:
    """List the losses of the ball of both teams.

    Parameters
    ----------
    spells
        Table ``possession``.
    restarted
        Rows of the sorted spells that began with a restart: no ball was lost there.
    """
    import pandas as pd

    from pipeline.tables import storage

    ordered = spells.sort_values("start_s")
    start, end = (ordered[n].to_numpy(float) for n in ("start_s", "end_s"))
    team = (ordered["team"] == "B").to_numpy(np.int64)
    gap = nearest_opponent_m(match, having)
    rows = []
    for i in range(1, len(start)):
        own = np.flatnonzero(match.spell == i)
        before = np.flatnonzero(match.spell == i - 1)
        same = len(own) and len(before) and match.period[own[0]] == match.period[before[-1]]
        if same and team[i] != team[i - 1] and i not in restarted:
            rows.append(_row(match, gap, own, (float(start[i]), float(end[i])), int(team[i - 1]), settings))
            back = i + 1 < len(start) and team[i + 1] == team[i - 1] and i + 1 not in restarted
            won = float(start[i + 1] - start[i]) if back else np.inf
            rows[-1]["regained_s"] = won if won <= settings.press_within_s else None
    return storage.conform(pd.DataFrame(rows) if rows else storage.empty("turnovers"), "turnovers")


def _row(
    match: Moments,
    gap: Array,
    own: NDArray[np.intp],
    span: tuple[float, float],
    team: int,
    settings: PlaySettings,
) -> dict[str, Any]:
    since = match.times_s[own] - span[0]
    looked = own[since <= settings.press_within_s]
    seen = np.isfinite(gap[looked])
    pressed = looked[seen & (np.nan_to_num(gap[looked], nan=np.inf) <= settings.press_m)]
    ball = match.ball_m[own[0]]
    return {
        "team": TEAMS[team],
        "start_s": span[0],
        "x_m": float(ball[0]),
        "y_m": float(ball[1]),
        "press_s": float(match.times_s[pressed[0]] - span[0]) if len(pressed) else None,
        "watched_s": min(span[1] - span[0], settings.press_within_s),
        "coverage": float(seen.mean()) if len(looked) else 0.0,
    }


def nearest_opponent_m(match: Moments, having: Carriers) -> Array:
    """Distance of the nearest opponent from the player with the ball, ``(T,)`` m; NaN without one."""
    if not match.places_m.shape[2]:
        return np.full(len(match.times_s), np.nan)
    row = np.arange(len(match.times_s))
    other = match.places_m[1 - np.maximum(having.team, 0), row]
    gap = np.hypot(*np.moveaxis(other - having.place_m(match)[:, None], 2, 0))
    nearest = np.nan_to_num(gap, nan=np.inf).min(axis=1)
    return np.where(np.isfinite(nearest) & having.known, nearest, np.nan)
