"""All tables of the step physical from those of a run. Tables in, tables out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.core.config import Config
from pipeline.core.settings.pitch_settings import chosen_pitch
from pipeline.metrics.direction.left_to_right import sides
from pipeline.metrics.movement.time_seen import seconds_seen
from pipeline.metrics.movement.track_motion import motion
from pipeline.metrics.physical.efforts import efforts
from pipeline.metrics.physical.fast_runs import fast_runs
from pipeline.metrics.physical.peak_demands import peak_demands
from pipeline.metrics.physical.physical_summary import Load, physical_summary
from pipeline.metrics.physical.runner_context import RunnerContext
from pipeline.metrics.summary import MatchTables, motion_settings, only_people, stays
from pipeline.tables.persons import by_person
from pipeline.tables.who_is_where import footage_s, on_pitch, people, without_duplicates

if TYPE_CHECKING:
    import pandas as pd


def physical_tables(
    match: MatchTables, formations: pd.DataFrame, possession: pd.DataFrame, config: Config
) -> dict[str, pd.DataFrame]:
    """Make ``physical, fast_runs, efforts, peak_demands`` of a run with tracks.

    Parameters
    ----------
    match
        With ``identities``.
    formations, possession
        What the step measure made of it; they say which way a team attacks and who has the ball.
    """
    told, who = by_person(match.positions, match.identities, match.links)  # type: ignore[arg-type]
    match = replace(match, positions=told, identities=who)
    tables = match.positions, match.labels, match.identities
    pitch = chosen_pitch(config.pitch)
    everyone = on_pitch(without_duplicates(people(*tables, with_team=False), match.frames), pitch)
    way = sides(everyone[everyone["team"].notna()], formations, match.periods)
    ball = people(*tables, roles=("ball",), with_team=False).drop_duplicates("time_s")
    context = RunnerContext(way, possession, ball)
    moving = motion(everyone, motion_settings(config))
    moving = only_people(moving[moving["role"].isin(["player", "goalkeeper"])], match)
    play_s = periods_s(match)
    made = efforts(moving, config.measure, config.physical)
    runs = fast_runs(moving, context, config.measure, config.physical)
    on, seen_s = stays(match.people), seconds_seen(everyone)
    load = Load(config.measure, config.physical, play_s, config.measure.cutoff_hz, on, seen_s)
    return {
        "physical": physical_summary(moving, runs, made, load),
        "fast_runs": runs,
        "efforts": made,
        "peak_demands": peak_demands(moving, play_s, config.measure, config.physical),
    }


def periods_s(match: MatchTables) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Give the periods ``(P, 2)`` s in order; all of the footage where none are known."""
    if match.periods is not None and len(match.periods):
        return match.periods.sort_values("start_s")[["start_s", "end_s"]].to_numpy(float)
    first = float(match.frames["time_s"].min()) if len(match.frames) else 0.0
    return np.array([[first, first + footage_s(match.frames)]])
