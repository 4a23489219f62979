"""Tables of team shape and formations; `movement_schemas` has those of movement, `schemas` the rest."""

from __future__ import annotations

from pipeline.tables.columns import TEAM, TIME, Column, TableSchema, floats
from pipeline.tables.play.phase_names import PHASE_TEXTS

SHAPES = TableSchema(
    "shapes",
    "Team shape over time, once a second: outfield players, in frames with at least as many in view as "
    "setting measure.shape_min_players says. Means of its rows are those of team_movement.",
    ("time_s", "team"),
    (
        TIME,
        TEAM,
        Column("players_seen", "float64", "outfield players seen", low=0),
        *floats("centroid_x_m centroid_y_m", "centroid, m; null with too few in view", "float64", True),
        *floats(
            "length_m width_m stretch_m",
            "extent and mean distance to the centroid, m; null with too few in view",
            "float64",
            True,
        ),
        *floats("hull_m2", "convex hull, m^2; null with too few in view", "float64", True),
    ),
)

_STANCE = (
    TEAM,
    Column(
        "phase",
        "str",
        "all of the time, in possession or out of possession (only where table possession knows)",
        values=("all", *PHASE_TEXTS),
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
    "How each team stands: the most probable templates, with scores and what was seen.",
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
        Column("formation", "str", "most probable template, such as 4-3-3; 'unclear' below a score of 0.5"),
        Column(
            "nearest", "str", "most probable template, also where unclear; null when too few players", True
        ),
        Column("second", "str", "second most probable template; null when too few players", True),
        Column(
            "variant",
            "str",
            "what nearest is called where its wings stand as low as here, such as 5-4-1 for 3-4-3; else null",
            True,
        ),
        Column(
            "distance_m",
            "float64",
            "RMS distance of players from the nearest template, m; null when too few players",
            True,
        ),
        Column(
            "margin",
            "float64",
            "how much more probable the nearest is than the second, 0 to 1; null when too few players",
            True,
        ),
        Column("score", "float64", "probability of nearest; 0 when too few players", low=0, high=1),
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
