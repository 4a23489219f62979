"""All that is measured from one footage: tables in, tables out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.core.config import Config
from pipeline.core.pitch import Pitch
from pipeline.core.settings.pitch_settings import chosen_pitch
from pipeline.metrics.direction.left_to_right import Sides, as_at_first, sides
from pipeline.metrics.formation.formation_tables import formation_table, role_table
from pipeline.metrics.formation.time_windows import FormationSettings
from pipeline.metrics.formation.windowed_formations import stances
from pipeline.metrics.movement.match_parts import Division, divisions
from pipeline.metrics.movement.player_movement import moved, whole
from pipeline.metrics.movement.team_movement import team_movement_parts, whole_teams
from pipeline.metrics.movement.track_motion import MotionSettings, motion
from pipeline.metrics.possession import estimated_spells
from pipeline.metrics.shape.team_shape import frame_shapes, shapes
from pipeline.tables.persons import by_person
from pipeline.tables.who_is_where import footage_s, on_pitch, people, without_duplicates

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class MatchTables:
    """Tables of a run that `measure` reads.

    Without ``identities`` there are no tracks. ``periods`` and ``people`` are None or empty where unknown;
    ``possession`` None is to be estimated. With ``links`` movement and roles are those of people, and
    ``placed_by_hand`` counts in places and shape, never as a run.
    """

    frames: pd.DataFrame
    positions: pd.DataFrame
    labels: pd.DataFrame
    identities: pd.DataFrame | None = None
    periods: pd.DataFrame | None = None
    people: pd.DataFrame | None = None
    possession: pd.DataFrame | None = None
    links: pd.DataFrame | None = None
    placed_by_hand: pd.DataFrame | None = None


def measure(match: MatchTables, config: Config) -> dict[str, pd.DataFrame]:
    """Make the tables of movement, shape and formations.

    Frames marked as duplicates carry no observation and are left out; time runs on across them.

    Returns
    -------
    ``movement`` and ``movement_parts`` (with identities only), ``team_movement``, ``team_movement_parts``,
    ``shapes``, ``formations``, ``roles``; ``possession`` if it was estimated.
    """
    if match.identities is not None:
        told, who = by_person(match.positions, match.identities, match.links, match.placed_by_hand)
        match = replace(match, positions=told, identities=who)
    positions, labels, identities = match.positions, match.labels, match.identities
    pitch = chosen_pitch(config.pitch)
    everywhere = people(positions, labels, identities, with_team=False)
    everyone = on_pitch(without_duplicates(everywhere, match.frames), pitch)
    made: dict[str, pd.DataFrame] = {}
    possession = match.possession
    if possession is None:
        made["possession"] = possession = possession_of(match, pitch)
    start_s = float(match.frames["time_s"].min()) if len(match.frames) else 0.0
    cut = divisions(start_s, start_s + footage_s(match.frames), match.periods, possession)
    playing = everyone[everyone["team"].notna()].reset_index(drop=True)
    stood = stances(playing, formation_settings(config), match.periods, possession)
    made["formations"], made["roles"] = formation_table(stood), only_people(role_table(stood), match)
    way = sides(playing, made["formations"], match.periods)
    by_frame = frame_shapes(playing, shape_players(config))
    parts = parts_of(everyone, by_frame, way, cut, config, match)
    if parts.players is not None:
        made |= {"movement": whole(parts.players), "movement_parts": parts.players}
    made["team_movement_parts"] = parts.teams
    made["team_movement"] = whole_teams(parts.teams)
    made["shapes"] = shapes(by_frame, shape_players(config))
    return made


def measure_people(match: MatchTables, formations: pd.DataFrame, config: Config) -> pd.DataFrame:
    """Make table ``movement`` of the few people of ``match`` alone, as `measure` makes it of everybody.

    ``formations``: the table as it stands. Directions that neither it nor ``periods`` tells are unclear.
    """
    told, who = by_person(match.positions, _known(match.identities), match.links, match.placed_by_hand)
    everyone = people(told, match.labels, who, with_team=False)
    everyone = on_pitch(without_duplicates(everyone, match.frames), chosen_pitch(config.pitch))
    start_s = float(match.frames["time_s"].min()) if len(match.frames) else 0.0
    cut = divisions(start_s, start_s + footage_s(match.frames), match.periods, None)[:1]
    way = sides(everyone[:0], formations, match.periods)
    settings = motion_settings(config)
    tracks = as_at_first(motion(everyone, settings), way)
    found = moved(tracks, as_at_first(everyone, way), cut, settings, stays(match.people), config.measure)
    return whole(only_people(found.table, match))


def _known(identities: pd.DataFrame | None) -> pd.DataFrame:
    from pipeline.tables import storage

    return storage.empty("identities") if identities is None else identities


@dataclass(frozen=True, slots=True)
class Parts:
    """Tables ``movement_parts`` (None without tracks) and ``team_movement_parts``."""

    players: pd.DataFrame | None
    teams: pd.DataFrame


def parts_of(
    everyone: pd.DataFrame,
    by_frame: pd.DataFrame,
    way: Sides,
    cut: Sequence[Division],
    config: Config,
    match: MatchTables,
) -> Parts:
    """Sum up movement and shape over the parts of each of the divisions ``cut``.

    Parameters
    ----------
    everyone
        Who is where, on the pitch, with a team or without (`who_is_where.people`).
    by_frame
        What `frame_shapes` gives of those with a team.
    match
        Its ``people`` say who came on when; without ``identities`` there is no movement of players.
    """
    settings, found, players = motion_settings(config), None, None
    if match.identities is not None:
        tracks = as_at_first(motion(everyone, settings), way)
        found = moved(tracks, as_at_first(everyone, way), cut, settings, stays(match.people), config.measure)
        players = only_people(found.table, match)
    teams = team_movement_parts(
        everyone[everyone["team"].notna()].reset_index(drop=True),
        _turned(by_frame, way),
        settings,
        cut,
        min_players=shape_players(config),
        moved=found,
        thresholds=config.measure,
    )
    return Parts(players, teams)


def _turned(by_frame: pd.DataFrame, way: Sides) -> pd.DataFrame:
    """Turn centroids wherever sides have changed, as `as_at_first` turns people."""
    names = {"centroid_x_m": "x_m", "centroid_y_m": "y_m"}
    turned = as_at_first(by_frame[["time_s", "team", *names]].rename(columns=names), way)
    return by_frame.assign(**{c: turned[p] for c, p in names.items()})


def only_people(table: pd.DataFrame, match: MatchTables) -> pd.DataFrame:
    """Keep the rows of people: what is seen of nobody in particular counts for the team only."""
    if match.people is None or match.people.empty:
        return table
    known = table["track_id"].isna() | table["track_id"].isin(match.people["track_id"])
    return table[known].reset_index(drop=True)


def possession_of(match: MatchTables, pitch: Pitch) -> pd.DataFrame:
    """Estimate table ``possession`` from players and ball."""
    tables = match.positions, match.labels, match.identities
    ball = people(*tables, roles=("ball",), with_team=False)
    return estimated_spells(match.frames, people(*tables), ball, pitch)


def stays(people: pd.DataFrame | None) -> dict[int, tuple[float, float]]:
    """Read out of table ``people`` when each track came on and went off, s, where that is known."""
    if people is None:
        return {}
    known = people.dropna(subset=["on_s", "off_s"])
    return {
        int(track): (float(on), float(off))
        for track, on, off in zip(known["track_id"], known["on_s"], known["off_s"], strict=True)
    }


def motion_settings(config: Config) -> MotionSettings:
    """Pick what `motion.motion` needs from all settings."""
    return MotionSettings(config.measure.cutoff_hz, config.measure.max_speed_mps, config.project.max_gap_s)


def shape_players(config: Config) -> int:
    """Outfield players needed in view for length, width and hull: as set, in small teams all but two."""
    return chosen_pitch(config.pitch).fewest(config.measure.shape_min_players)


def formation_settings(config: Config) -> FormationSettings:
    """Pick what `stances.stances` needs from all settings; in small teams all but one must be in view."""
    measure, pitch = config.measure, chosen_pitch(config.pitch)
    fewest = pitch.fewest(measure.min_players, may_lack=1)
    return FormationSettings(measure.formation_window_s, measure.formation_min_s, fewest, pitch.outfield)
