"""Players of a season beside each other: rates over all their matches, percentiles among their like."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline.core.errors import SeasonError
from pipeline.season.query import ask

if TYPE_CHECKING:
    import pandas as pd

MEASURES = (
    "m_per_visible_min",
    "fast_m_per_min",
    "sprints_per_10_min",
    "accelerations_per_10_min",
    "psv99_mps",
)
LEAST_MIN = 30.0
FEWEST = 5
"""Among fewer players a percentile says nothing, and is null."""
WHOLE_COVERAGE = 0.9
LEAST_PLAY_MIN = 20.0

_SQL = """
with played as (
  select match, max(end_s) - min(start_s) as play_s from movement_parts where "by" = 'whole' group by match
), seen as (
  select m.match, p.team_name, coalesce(p.name, p.provider_id) as player, m.role,
         m.minutes_visible as minutes, m.coverage, m.distance_visible_m as metres,
         m.m_per_visible_min as pace, m.psv99_mps, w.fast_m, m.sprints, m.accelerations, d.play_s
  from movement m
  join people p using (match, track_id)
  join movement_parts w on w.match = m.match and w.track_id = m.track_id and w."by" = 'whole'
  join played d on d.match = m.match
  where m.role in ('player', 'goalkeeper') and coalesce(p.name, p.provider_id) is not null
)
select team_name, player, role, count(distinct match) as matches, sum(minutes) as minutes,
       sum(minutes * coverage) / nullif(sum(minutes), 0) as coverage, min(play_s) / 60 as shortest_min,
       sum(metres) / nullif(sum(metres / nullif(pace, 0)), 0) as m_per_visible_min,
       sum(fast_m) / nullif(sum(metres / nullif(pace, 0)), 0) as fast_m_per_min,
       10 * sum(sprints) / nullif(sum(minutes), 0) as sprints_per_10_min,
       10 * sum(accelerations) / nullif(sum(minutes), 0) as accelerations_per_10_min,
       max(psv99_mps) as psv99_mps
from seen group by team_name, player, role
"""


def player_percentiles(folder: str | Path, least_min: float = LEAST_MIN) -> pd.DataFrame:
    """Give each player's rates over the season in ``folder``, and their percentiles.

    A player is a name (or the provider's identifier) within a team. Percentiles are among players of the same
    ``role`` (goalkeeper, player) and the same ``basis``: ``whole`` where nearly all of whole matches was
    seen, else ``in view``, since a pace from broadcast pictures is of active play.

    Parameters
    ----------
    least_min
        Seen for less than this, min, over all matches: left out.

    Returns
    -------
    ``team_name, player, role, basis, matches, minutes, coverage``, `MEASURES`, and for each
    ``..._percentile``, 0 to 100: the share of the others that it is above, ties counting half. Null among
    fewer than `FEWEST`.

    Raises
    ------
    SeasonError
        If the season is empty, or nobody in it has a name and so many minutes.
    """
    table = ask(folder, _SQL)
    table = table[table["minutes"] >= least_min].reset_index(drop=True)
    if table.empty:
        raise SeasonError(f"{folder}: nobody with a name was seen for {least_min:g} min or more")
    whole = (table["coverage"] >= WHOLE_COVERAGE) & (table["shortest_min"] >= LEAST_PLAY_MIN)
    table.insert(3, "basis", np.where(whole, "whole", "in view"))
    table = table.drop(columns="shortest_min")
    for name in MEASURES:
        table[f"{name}_percentile"] = table.groupby(["role", "basis"])[name].transform(_percentile)
    return table.sort_values(
        ["role", "basis", "m_per_visible_min"], ascending=[False, True, False], ignore_index=True
    )


def _percentile(values: pd.Series) -> pd.Series:
    """Share of the others that each value is above, %, ties counting half."""
    known = int(values.notna().sum())
    if known < FEWEST:
        return values * np.nan
    return 100 * (values.rank(method="average") - 1) / (known - 1)
