"""All that is measured from one footage: tables in, tables out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.config import Config
from pipeline.metrics.formations import formation_table, role_table
from pipeline.metrics.motion import MotionSettings, motion
from pipeline.metrics.movement import movement
from pipeline.metrics.people import footage_s, on_pitch, people, without_duplicates
from pipeline.metrics.shape import frame_shapes, shapes
from pipeline.metrics.stances import stances
from pipeline.metrics.team_movement import team_movement
from pipeline.metrics.windows import FormationSettings
from pipeline.pitch import Pitch

if TYPE_CHECKING:
    import pandas as pd


def measure(
    frames: pd.DataFrame,
    positions: pd.DataFrame,
    labels: pd.DataFrame,
    identities: pd.DataFrame | None,
    config: Config,
    *,
    periods: pd.DataFrame | None = None,
    possession: pd.DataFrame | None = None,
) -> dict[str, pd.DataFrame]:
    """Make ``movement`` (with ``identities``), ``team_movement``, ``shapes``, ``formations`` and ``roles``.

    Frames marked as duplicates carry no observation and are left out; time runs on across them.
    """
    settings = motion_settings(config)
    everyone = without_duplicates(people(positions, labels, identities, with_team=False), frames)
    made: dict[str, pd.DataFrame] = {}
    if identities is not None:
        moving = motion(everyone, settings)
        made["movement"] = movement(
            moving, everyone, footage_s=footage_s(frames), cutoff_hz=settings.cutoff_hz
        )
    sided = everyone[everyone["team"].notna()]
    playing = on_pitch(sided, Pitch(config.pitch.length_m, config.pitch.width_m))
    by_frame = frame_shapes(playing)
    made["team_movement"] = team_movement(
        playing, by_frame, settings, min_players=config.measure.min_players, movement=made.get("movement")
    )
    made["shapes"] = shapes(by_frame)
    stood = stances(playing, formation_settings(config), periods, possession)
    made["formations"], made["roles"] = formation_table(stood), role_table(stood)
    return made


def motion_settings(config: Config) -> MotionSettings:
    """Pick what `motion.motion` needs from all settings."""
    return MotionSettings(config.measure.cutoff_hz, config.measure.max_speed_mps, config.project.max_gap_s)


def formation_settings(config: Config) -> FormationSettings:
    """Pick what `stances.stances` needs from all settings."""
    measure = config.measure
    return FormationSettings(measure.formation_window_s, measure.formation_min_s, measure.min_players)
