"""Tables of what is measured: movement, team shape, formations; `pipeline.tables.schemas` has the rest."""

from __future__ import annotations

from dataclasses import replace

from pipeline.tables.columns import (
    PLAYER,
    ROLE_NAMES,
    TEAM,
    TEAM_NAMES,
    TIME,
    TRACK,
    Column,
    TableSchema,
    floats,
)

_BANDS = tuple(
    Column(f"band_{b}_m", "float64", f"metres at {b.replace('_', '-')} km/h", low=0)
    for b in ("0_7", "7_15", "15_20", "20_25", "25_plus")
)

MOVEMENT = TableSchema(
    "movement",
    "Movement of each person over the time he was visible. Distances are never extrapolated.",
    ("track_id",),
    (
        TRACK,
        Column("role", "str", "role of the track", values=ROLE_NAMES),
        Column("team", "str", "A or B; null where unclear", True, TEAM_NAMES),
        Column("minutes_span", "float64", "from first to last sight, min", low=0),
        Column("minutes_visible", "float64", "with a position, observed or interpolated, min", low=0),
        Column("coverage", "float64", "visible share of the play, 0 to 1", low=0, high=1),
        Column(
            "observed_share",
            "float64",
            "share of the visible time that was observed rather than interpolated",
            low=0,
            high=1,
        ),
        Column("distance_visible_m", "float64", "metres run while visible", low=0),
        Column("m_per_visible_min", "float64", "metres a visible minute", low=0),
        *_BANDS,
        Column("mean_speed_mps", "float64", "mean speed while visible, m/s", low=0),
        Column("psv99_mps", "float64", "99th percentile of speed above 4 m/s; null if never so fast", True),
        Column("sprints", "int32", "times at 25 km/h or more for at least 0.7 s", low=0),
        Column("accelerations", "int32", "times at 3 m/s^2 or more for 0.5 s reaching 10 km/h", low=0),
        Column(
            "distance_error_m",
            "float64",
            "expected error of the distance from the positions' own error, m",
            low=0,
        ),
        Column("mean_x_m", "float64", "average position along the length, m"),
        Column("mean_y_m", "float64", "average position across, m"),
        PLAYER,
    ),
)

_PART = (
    Column(
        "by",
        "str",
        "how the match was cut: whole, half, 5min (within a half) or possession",
        values=("whole", "half", "5min", "possession"),
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
_FAST = Column("fast_m", "float64", "metres faster than 5.5 m/s", low=0)
_SPRINT_RATE = Column(
    "sprints_per_10_min", "float64", "sprints in 10 visible minutes; null under 1 visible minute", True, low=0
)

MOVEMENT_PARTS = TableSchema(
    "movement_parts",
    "Movement of each tracked player in each part of the match in which it was seen; parts of one kind "
    "add up to the whole. Sprints and accelerations count where they begin.",
    ("track_id", "by", "part"),
    (
        *MOVEMENT.columns[:1],
        *_PART,
        *MOVEMENT.columns[1:4],
        Column(
            "minutes_on_pitch",
            "float64",
            "on the pitch, from line-ups or sights of cameras that see all of it, min; null when unknown",
            True,
            low=0,
        ),
        *MOVEMENT.columns[4:7],
        Column("minutes_observed", "float64", "observed, min", low=0),
        Column("minutes_interpolated", "float64", "filled in short gaps, min", low=0),
        Column(
            "gaps", "int32", "times out of sight for longer than is filled, before being seen again", low=0
        ),
        Column("longest_gap_s", "float64", "the longest of these, s; 0 without one", low=0),
        *MOVEMENT.columns[7:9],
        Column("distance_observed_m", "float64", "metres of it that were observed", low=0),
        Column("distance_interpolated_m", "float64", "metres of it across short gaps", low=0),
        *_BANDS,
        _FAST,
        *MOVEMENT.columns[14:17],
        _SPRINT_RATE,
        *MOVEMENT.columns[17:19],
        Column(
            "speed_error_mps",
            "float64",
            "expected error of a speed from the positions' own error, m/s; null when never seen moving",
            True,
            low=0,
        ),
        *MOVEMENT.columns[19:],
    ),
)

TEAM_MOVEMENT = TableSchema(
    "team_movement",
    "Shape and movement of each team, outfield players, over the frames in which enough of it was seen.",
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
                ("distance_visible_m", "metres run by its tracked players while visible; null in team mode"),
            )
        ),
    ),
)

_TEAM_MODE = "null in team mode"

TEAM_MOVEMENT_PARTS = TableSchema(
    "team_movement_parts",
    "Shape and movement of each team's outfield players in each part of the match.",
    ("team", "by", "part"),
    (
        TEAM,
        *_PART,
        *TEAM_MOVEMENT.columns[1:],
        Column(
            "minutes_visible", "float64", f"player minutes with a position, min; {_TEAM_MODE}", True, low=0
        ),
        Column(
            "m_per_visible_min", "float64", "metres a visible minute of a player; null as above", True, low=0
        ),
        *(replace(c, nullable=True) for c in (*_BANDS, _FAST)),
        Column("sprints", "Int32", "times at 25 km/h or more for at least 0.7 s", True, low=0),
        _SPRINT_RATE,
        Column("accelerations", "Int32", "times at 3 m/s^2 or more for 0.5 s reaching 10 km/h", True, low=0),
        Column("distance_error_m", "float64", "expected error of the distance, m", True, low=0),
    ),
)

SHAPES = TableSchema(
    "shapes",
    "Team shape over time, once a second: outfield players seen.",
    ("time_s", "team"),
    (
        TIME,
        TEAM,
        Column("players_seen", "float64", "outfield players seen", low=0),
        *floats("centroid_x_m centroid_y_m", "centroid, m", "float64"),
        *floats(
            "length_m width_m stretch_m",
            "extent and mean distance to the centroid, m; null under 3 players",
            "float64",
            True,
        ),
        *floats("hull_m2", "convex hull, m^2; null under 3 players", "float64", True),
    ),
)

_STANCE = (
    TEAM,
    Column(
        "phase",
        "str",
        "all of the time, in possession or out of possession (only where table possession knows)",
        values=("all", "in", "out"),
    ),
    Column(
        "scope",
        "str",
        "window: minutes of visible time; span: a whole half, or from one change of formation to the next",
        values=("window", "span"),
    ),
    Column("period", "Int32", "the period of table periods; null where that has none", True, low=1),
    Column("start_s", "float64", "start of the time covered, s", low=0),
    Column("end_s", "float64", "end of the time covered, s", low=0),
)

FORMATIONS = TableSchema(
    "formations",
    "How each team stands: the nearest templates, with margin and what was seen.",
    ("team", "phase", "scope", "start_s"),
    (
        *_STANCE,
        Column(
            "kind",
            "str",
            "formation (minutes of play) or shape_at_this_moment (a clip of seconds)",
            values=("formation", "shape_at_this_moment"),
        ),
        Column(
            "method",
            "str",
            "how places were found: roles (the whole team in view), pairs (of lasting tracks seen together) "
            "or snippets (pairs within seconds, then roles)",
            values=("roles", "pairs", "snippets"),
        ),
        Column("formation", "str", "nearest template, such as 4-3-3; 'unclear' below the margin"),
        Column(
            "nearest", "str", "nearest template, also where that is unclear; null when too few players", True
        ),
        Column("second", "str", "second nearest template; null when unclear for lack of players", True),
        Column(
            "distance_m",
            "float64",
            "RMS distance of players to the template's places, m; null when too few players",
            True,
        ),
        Column("margin", "float64", "how much worse the second is, 0 to 1; null when too few players", True),
        Column("score", "float64", "confidence, 0 to 1", low=0, high=1),
        Column("defenders", "Int32", "players in the back line; null when unclear", True),
        Column(
            "defenders_score",
            "float64",
            "confidence of the likeliest number of defenders; null when too few players",
            True,
            low=0,
            high=1,
        ),
        Column(
            "attack",
            "str",
            "direction of attack along x; null when unclear",
            True,
            ("left_to_right", "right_to_left"),
        ),
        Column("players_seen", "float64", "mean outfield players behind it", low=0),
        Column(
            "coverage",
            "float64",
            "share of its time (of the phase) in which enough of the team was seen, 0 to 1",
            low=0,
            high=1,
        ),
        Column("n_frames", "int32", "frames behind it", low=0),
    ),
)

ROLES = TableSchema(
    "roles",
    "Who stood where: one row for each track in each role it took, for each row of formations.",
    ("team", "phase", "scope", "start_s", "role", "track_id"),
    (
        *_STANCE,
        Column("role", "str", "name in the nearest template, such as LCB; also where that is unclear"),
        Column("track_id", "Int32", "the track; null without tracks (team mode)", True, low=1),
        Column(
            "share",
            "float64",
            "share of the track's time spent in this role; null without tracks",
            True,
            None,
            0,
            1,
        ),
        Column(
            "role_share",
            "float64",
            "share of the time in which the track (without tracks: anybody) was seen in the role",
            low=0,
            high=1,
        ),
        Column("n_frames", "int32", "frames behind it, of those looked at: 1 or 5 a second", low=0),
        *floats(
            "x_m y_m",
            "the role's place from the team's centroid, attack to the right, y to the left, m; as on the "
            "pitch where the direction of attack is unclear",
            "float64",
        ),
        Column("spread_m", "float64", "how far the role roams, per axis, m", low=0),
    ),
)
