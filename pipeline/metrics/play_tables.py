"""All tables of the step play from those of a run. Tables in, tables out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.core.config import Config
from pipeline.core.pitch import Pitch
from pipeline.core.settings.pitch_settings import chosen_pitch
from pipeline.metrics.behaviour.ball_carrier import carriers
from pipeline.metrics.behaviour.behaviour_over_time import behaviour
from pipeline.metrics.behaviour.behaviour_parts import behaviour_parts, extents_by_part
from pipeline.metrics.behaviour.line_steps import line_step_table
from pipeline.metrics.behaviour.passes import passes
from pipeline.metrics.behaviour.team_lines_in_play import line_sizes
from pipeline.metrics.behaviour.turnovers import turnovers
from pipeline.metrics.control.control_shares import control_shares
from pipeline.metrics.direction.left_to_right import sides
from pipeline.metrics.moments.play_moments import Moments, moments
from pipeline.metrics.movement.match_parts import divisions, phase_division
from pipeline.metrics.movement.track_motion import motion
from pipeline.metrics.off_ball.off_ball_runs import OffBallContext, off_ball_runs
from pipeline.metrics.phases.phases_of_play import phases
from pipeline.metrics.phases.restarts import restarts
from pipeline.metrics.physical.physical_tables import periods_s
from pipeline.metrics.shape.team_shape import frame_shapes
from pipeline.metrics.summary import MatchTables, motion_settings, only_people, shape_players
from pipeline.tables import storage
from pipeline.tables.persons import by_person
from pipeline.tables.who_is_where import on_pitch, people, without_duplicates

if TYPE_CHECKING:
    import pandas as pd


def play_tables(
    match: MatchTables, formations: pd.DataFrame, shapes: pd.DataFrame, config: Config
) -> dict[str, pd.DataFrame]:
    """Make phases, behaviour, line steps, turnovers and, with tracks, passes and off-ball runs.

    Parameters
    ----------
    match
        With ``possession``; without ``identities`` there are no tracks.
    formations, shapes
        What the step measure made of it; formations say which way a team attacks where periods do not.
    """
    spells = match.possession if match.possession is not None else storage.empty("possession")
    laid, moving, playing = laid_out(match, formations, spells, config)
    pitch, settings = _pitch(config), config.play
    made = {"phases": phases(laid, spells, settings, pitch)}
    having = carriers(laid, settings.reach_m)
    sizes = (
        line_sizes(formations, laid.times_s, 0, pitch.outfield),
        line_sizes(formations, laid.times_s, 1, pitch.outfield),
    )
    control = control_shares(laid, settings, pitch)
    made["behaviour"] = behaviour(laid, having, sizes, settings, pitch, control, shapes)
    periods = match.periods if match.periods is not None else storage.empty("periods")
    fewest = shape_players(config)
    play = periods_s(match)
    cut = [d for d in divisions(play[0, 0], play[-1, 1], match.periods, spells) if d.by == "possession"]
    cut += [phase_division(play, made["phases"])] if len(made["phases"]) else []
    extents = extents_by_part(frame_shapes(playing, fewest), cut, fewest)
    made["behaviour_parts"] = behaviour_parts(made["behaviour"], periods, spells, made["phases"], extents)
    made["line_steps"] = line_step_table(laid, sizes, settings, pitch)
    restarted = set(restarts(laid, spells, settings, pitch))
    made["turnovers"] = turnovers(laid, spells, restarted, having, settings)
    if match.identities is not None:
        made["passes"] = passes(laid, having, sizes, settings, pitch)
        around = OffBallContext(laid, having, made["phases"], settings, pitch)
        made["off_ball_runs"] = off_ball_runs(moving, around)
    return made


def laid_out(
    match: MatchTables, formations: pd.DataFrame, spells: pd.DataFrame, config: Config
) -> tuple[Moments, pd.DataFrame, pd.DataFrame]:
    """Lay out the match moment by moment; and everybody's motion, without rows where there are no tracks, and
    who was where on the pitch.
    """
    if match.identities is not None:
        told, who = by_person(match.positions, match.identities, match.links)
        match = replace(match, positions=told, identities=who)
    tables = match.positions, match.labels, match.identities
    playing = on_pitch(without_duplicates(people(*tables), match.frames), _pitch(config))
    moving = motion(playing, motion_settings(config))
    ball = without_duplicates(people(*tables, roles=("ball",), with_team=False), match.frames)
    way = sides(playing, formations, match.periods)
    every_s = config.play.every_s
    ball = ball.drop_duplicates("frame")
    laid = moments(playing, ball, spells, way, periods_s(match), every_s, moving)
    return laid, only_people(moving, match), playing


def _pitch(config: Config) -> Pitch:
    return chosen_pitch(config.pitch)
