"""Team behaviour once a second: table ``behaviour``. Arrays in, table out.

Each number is the mean over those moments of the second in which the players concerned were in view, else
null.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.core.settings.play_settings import PlaySettings
from pipeline.metrics.behaviour.ball_carrier import Carriers
from pipeline.metrics.behaviour.lanes import LANES, lane_counts
from pipeline.metrics.behaviour.pressing_intensity import pressing_intensity
from pipeline.metrics.behaviour.pressure import pressure
from pipeline.metrics.behaviour.team_lines_in_play import attackers_ahead, team_lines
from pipeline.metrics.moments.play_moments import TEAMS, Moments

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Columns = dict[str, Array]

SECOND_S = 1.0
EXTENTS = ("length_m", "width_m", "stretch_m", "hull_m2")


def behaviour(
    match: Moments,
    having: Carriers,
    sizes: tuple[Ints, Ints],
    settings: PlaySettings,
    pitch: Pitch,
    control: tuple[Columns, Columns] | None = None,
    shapes: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Measure both teams.

    Parameters
    ----------
    having, sizes
        As for `passes.passes`.
    control
        Further columns of each team, ``(T,)``, such as pitch control.
    shapes
        The table: length, width and compactness, a row a second (`team_shape.shapes`); null without it.
    """
    import pandas as pd

    from pipeline.tables import storage
    from pipeline.tables.schemas import SCHEMAS

    parts = []
    for team in (0, 1):
        columns = _of_team(match, team, having, sizes[team], settings, pitch)
        columns |= control[team] if control else {}
        parts.append(_by_second(match, columns).assign(team=TEAMS[team]))
    table = pd.concat(parts, ignore_index=True)
    if shapes is not None:
        table = table.merge(shapes[["time_s", "team", *EXTENTS]], "left", ["time_s", "team"])
    names = [c.name for c in SCHEMAS["behaviour"].columns]
    table = table.reindex(columns=names).sort_values(["time_s", "team"], kind="stable")
    return storage.conform(table, "behaviour")


def _of_team(
    match: Moments, team: int, having: Carriers, sizes: Ints, settings: PlaySettings, pitch: Pitch
) -> Columns:
    seen = match.outfield[team].sum(axis=1)
    lines = team_lines(match, team, sizes, pitch)
    has, lacks = match.has_ball(team), match.has_ball(1 - team)
    lanes = np.where(
        (seen >= pitch.fewest(settings.min_seen))[:, None], lane_counts(match, team, pitch), np.nan
    )
    return {
        "players_seen": seen.astype(float),
        "defence_height_m": lines.defence_height_m,
        "defence_midfield_m": lines.defence_midfield_m,
        "midfield_attack_m": lines.midfield_attack_m,
        "goal_side": np.where(lacks, lines.goal_side, np.nan),
        "ahead_of_ball": np.where(has, attackers_ahead(match, team, pitch), np.nan),
        "pressure": _pressure(match, team, having, pitch),
        "pressing_intensity": _pressing(match, team, having),
        **{f"{name}_players": lanes[:, k] for k, name in enumerate(LANES)},
    }


def _pressure(match: Moments, team: int, having: Carriers, pitch: Pitch) -> Array:
    """Pressure that ``team`` puts on the opponent with the ball."""
    goal = np.column_stack([-match.sign[team] * pitch.length_m / 2, np.zeros(len(match.times_s))])
    value = pressure(having.place_m(match), match.places_m[team], goal)
    known = (having.team == 1 - team) & (match.sign[team] != 0)
    return np.where(known, value, np.nan)


def _pressing(match: Moments, team: int, having: Carriers) -> Array:
    value = pressing_intensity(
        match.places_m[team], match.velocity_mps[team], having.place_m(match), having.velocity_mps(match)
    )
    return np.where(having.team == 1 - team, value, np.nan)


def _by_second(match: Moments, columns: Columns) -> pd.DataFrame:
    import pandas as pd

    second = np.floor(match.times_s / SECOND_S + 1e-9)
    table = pd.DataFrame(columns).assign(time_s=(second + 0.5) * SECOND_S)
    return table.groupby("time_s", as_index=False).mean()
