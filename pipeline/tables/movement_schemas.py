"""Tables of movement, declared from the settings of a run: thresholds are quoted as they were set."""

from __future__ import annotations

from dataclasses import replace

from pipeline.core.config import MeasureSettings
from pipeline.tables.columns import PLAYER, ROLE_NAMES, TEAM, TEAM_NAMES, TRACK, Column, TableSchema
from pipeline.tables.speed_bands import band_columns, speed_bands

_TEAM_MODE = "null in team mode"

_PART = (
    Column(
        "by",
        "str",
        "how the match was cut: whole, half, 5min (within a half), possession; phase where that is asked for",
        values=("whole", "half", "5min", "possession", "phase"),
    ),
    Column(
        "part",
        "str",
        "whole; number of the period; match minutes such as '2: 45-50 min'; in or out of possession, unknown",
    ),
    Column("start_s", "float64", "first moment of the part, s", low=0),
    Column("end_s", "float64", "last moment of the part, s", low=0),
    Column("part_minutes", "float64", "play in the part, min", low=0),
)


def sprint_text(settings: MeasureSettings) -> str:
    """Say what a sprint is."""
    return f"{settings.sprint_from_kmh:g} km/h or more for at least {settings.sprint_hold_s:g} s"


def acceleration_text(settings: MeasureSettings, square: str = "^2") -> str:
    """Say what an acceleration is."""
    return (
        f"{settings.acceleration_mps2:g} m/s{square} or more for {settings.acceleration_hold_s:g} s "
        f"reaching {settings.acceleration_reach_kmh:g} km/h"
    )


def psv_text(settings: MeasureSettings) -> str:
    """Say what PSV-99 is."""
    return f"99th percentile of speed above {settings.psv_from_mps:g} m/s"


def movement_schemas(settings: MeasureSettings) -> tuple[TableSchema, ...]:
    """Declare ``movement, team_movement, movement_parts, team_movement_parts`` as ``settings`` make them."""
    team = _team_movement()
    return (_movement(settings), team, _movement_parts(settings), _team_movement_parts(settings, team))


def _who() -> tuple[Column, ...]:
    return (
        Column("role", "str", "role of the track", values=ROLE_NAMES),
        Column("team", "str", "A or B; null where unclear", True, TEAM_NAMES),
        Column("minutes_span", "float64", "from first to last sight, min", low=0),
    )


def _seen() -> tuple[Column, ...]:
    return (
        Column("minutes_visible", "float64", "with a position, observed or interpolated, min", low=0),
        Column("coverage", "float64", "visible share of the play while on the pitch", low=0, high=1),
        Column(
            "observed_share",
            "float64",
            "share of the visible time that was observed rather than interpolated",
            low=0,
            high=1,
        ),
    )


def _run() -> tuple[Column, ...]:
    return (
        Column("distance_visible_m", "float64", "metres run while visible", low=0),
        Column("m_per_visible_min", "float64", "metres a visible minute", low=0),
    )


def _speeds(settings: MeasureSettings) -> tuple[Column, ...]:
    return (
        Column("mean_speed_mps", "float64", "mean speed while visible, m/s", low=0),
        Column("psv99_mps", "float64", f"{psv_text(settings)}; null if never so fast", True),
        Column("sprints", "int32", f"times at {sprint_text(settings)}", low=0),
    )


def _accelerations(settings: MeasureSettings) -> tuple[Column, ...]:
    return (
        Column("accelerations", "int32", f"times at {acceleration_text(settings)}", low=0),
        Column(
            "distance_error_m",
            "float64",
            "expected error of the distance from the positions' own error, m",
            low=0,
        ),
    )


def _places() -> tuple[Column, ...]:
    return (
        Column("mean_x_m", "float64", "average position along, m; later halves turned as sides change"),
        Column("mean_y_m", "float64", "average position across, m; later halves turned as sides change"),
    )


def _fast(settings: MeasureSettings) -> Column:
    return Column("fast_m", "float64", f"metres faster than {settings.fast_mps:g} m/s", low=0)


def _sprint_rate(settings: MeasureSettings) -> Column:
    minutes = f"{settings.min_rate_min:g} visible minute" + ("s" if settings.min_rate_min > 1 else "")
    about = f"sprints in 10 visible minutes; null under {minutes}"
    return Column("sprints_per_10_min", "float64", about, True, low=0)


def _movement(settings: MeasureSettings) -> TableSchema:
    return TableSchema(
        "movement",
        "Movement of each person over the time he was visible. Distances are never extrapolated.",
        ("track_id",),
        (
            TRACK,
            *_who(),
            *_seen(),
            *_run(),
            *band_columns(speed_bands(settings.bands_kmh)),
            *_speeds(settings),
            *_accelerations(settings),
            *_places(),
            PLAYER,
        ),
    )


def _movement_parts(settings: MeasureSettings) -> TableSchema:
    return TableSchema(
        "movement_parts",
        "Movement of each tracked player in each part of the match in which it was seen; parts of one kind "
        "add up to the whole. Sprints and accelerations count where they begin.",
        ("track_id", "by", "part"),
        (
            TRACK,
            *_PART,
            *_who(),
            Column(
                "minutes_on_pitch",
                "float64",
                "on the pitch, from line-ups or sights of cameras that see all of it, min; null when unknown",
                True,
                low=0,
            ),
            *_seen(),
            Column("minutes_observed", "float64", "observed, min", low=0),
            Column("minutes_interpolated", "float64", "filled in short gaps, min", low=0),
            Column(
                "gaps",
                "int32",
                "times out of sight for longer than is filled, before being seen again",
                low=0,
            ),
            Column("longest_gap_s", "float64", "the longest of these, s; 0 without one", low=0),
            *_run(),
            Column("distance_observed_m", "float64", "metres of it that were observed", low=0),
            Column("distance_interpolated_m", "float64", "metres of it across short gaps", low=0),
            *band_columns(speed_bands(settings.bands_kmh)),
            _fast(settings),
            *_speeds(settings),
            _sprint_rate(settings),
            *_accelerations(settings),
            Column(
                "speed_error_mps",
                "float64",
                "expected error of a speed from the positions' own error, m/s; null when never seen moving",
                True,
                low=0,
            ),
            *_places(),
            PLAYER,
        ),
    )


def _team_movement() -> TableSchema:
    return TableSchema(
        "team_movement",
        "Shape and movement of each team, outfield players. Shape: mean over the seconds with frames in "
        "which at least as many were in view as setting measure.shape_min_players says.",
        ("team",),
        (
            TEAM,
            Column("n_frames", "int32", "frames behind the averages", low=0),
            Column("players_seen", "float64", "mean outfield players a frame", low=0),
            *(
                Column(n, "float64", about, True)
                for n, about in (
                    ("centroid_x_m", "mean centroid along the length, m"),
                    ("centroid_y_m", "mean centroid across, m"),
                    ("length_m", "mean extent along the length of those seen, m"),
                    ("width_m", "mean extent across of those seen, m"),
                    ("stretch_m", "mean distance to the centroid, m"),
                    ("hull_m2", "mean area of the convex hull, m^2"),
                    ("centroid_speed_mps", "mean speed of the centroid, m/s"),
                    (
                        "distance_visible_m",
                        f"metres run by its tracked players while visible; {_TEAM_MODE}",
                    ),
                )
            ),
        ),
    )


def _team_movement_parts(settings: MeasureSettings, team: TableSchema) -> TableSchema:
    return TableSchema(
        "team_movement_parts",
        "Shape and movement of each team's outfield players in each part of the match.",
        ("team", "by", "part"),
        (
            TEAM,
            *_PART,
            *(c for c in team.columns if c.name != "team"),
            Column(
                "minutes_visible",
                "float64",
                f"player minutes with a position, min; {_TEAM_MODE}",
                True,
                low=0,
            ),
            Column(
                "m_per_visible_min",
                "float64",
                "metres a visible minute of a player; null as above",
                True,
                low=0,
            ),
            *band_columns(speed_bands(settings.bands_kmh), nullable=True),
            replace(_fast(settings), nullable=True),
            Column("sprints", "Int32", f"times at {sprint_text(settings)}", True, low=0),
            _sprint_rate(settings),
            Column("accelerations", "Int32", f"times at {acceleration_text(settings)}", True, low=0),
            Column("distance_error_m", "float64", "expected error of the distance, m", True, low=0),
        ),
    )
