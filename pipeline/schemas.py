"""What every table holds: the contract between steps. Columns with dtype, unit and meaning.

Missing means *no row*, never 0. A column is nullable only where its text says what null means.
Times are seconds from the first frame; positions are metres from the centre spot.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its pandas dtype, its meaning with unit, whether null is allowed, its allowed values."""

    name: str
    dtype: str
    about: str
    nullable: bool = False
    values: tuple[str, ...] | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table: what a row is, and its columns in order. ``key`` columns identify a row."""

    name: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]


_FRAME = Column("frame", "int32", "decoded frame of the file, from 0", low=0)
_TIME = Column("time_s", "float64", "presentation time, s from the first frame", low=0)
_INSTANCE = Column("instance", "int32", "number of the person or ball within its frame, from 0", low=0)
_TRACK = Column("track_id", "int32", "the track, from 1; never reused in a run", low=1)
_ROLES = ("player", "goalkeeper", "referee", "ball", "other", "unclear")
_TEAMS = ("A", "B")
_TEAM = Column("team", "str", "A or B", values=_TEAMS)
_SCORE = Column("score", "float32", "confidence of the network, 0 to 1", low=0, high=1)


MOTION_COLUMNS = tuple(f"m{i}{j}" for i in (1, 2, 3) for j in (1, 2, 3))
"""Homography image_from_previous of table ``frames``, row by row; see `tables.matrices`."""
VIEW_COLUMNS = tuple(f"h{i}{j}" for i in (1, 2, 3) for j in (1, 2, 3))
"""Homography pitch_from_image of table ``views``, row by row; see `tables.matrices`."""
SPREAD_COLUMNS = tuple(f"s{i}{j}" for i in range(1, 9) for j in range(1, i + 1))
"""Lower triangle of table ``view_errors``, row by row."""


def _floats(names: str, about: str, dtype: str = "float32", nullable: bool = False) -> tuple[Column, ...]:
    return tuple(Column(name, dtype, about, nullable) for name in names.split())


FRAMES = TableSchema(
    "frames",
    "One row for each processed frame.",
    ("frame",),
    (
        _FRAME,
        _TIME,
        Column("shot", "int32", "number of the camera shot, from 0; grows by 1 at each cut", low=0),
        Column("duplicate", "bool", "the picture repeats the one before (nothing new was observed)"),
        Column(
            "grass",
            "float32",
            "share of the picture that is grass, 0 to 1; null without a picture",
            True,
            low=0,
            high=1,
        ),
        *_floats(
            " ".join(MOTION_COLUMNS),
            "camera motion: homography image_from_previous, row by row, px to px, from the processed "
            "frame before; null at a cut or where it could not be measured",
            "float64",
            nullable=True,
        ),
    ),
)

INSTANCES = TableSchema(
    "instances",
    "One row for each person or ball that the network found in a frame.",
    ("frame", "instance"),
    (
        _FRAME,
        _TIME,
        _INSTANCE,
        Column(
            "class_name", "str", "what the network says", values=("player", "goalkeeper", "referee", "ball")
        ),
        _SCORE,
        *_floats("x1_px y1_px x2_px y2_px", "box, px"),
        *_floats("foot_x_px foot_y_px", "point on the ground: from the mask's lowest part, px"),
        Column("area_px", "int32", "pixels in the mask", low=0),
        *_floats(
            "torso_l torso_a torso_b",
            "kit colour of the upper body: robust mean over the mask without grass and skin, CIE L*a*b* "
            "(L 0-100, a and b -128-127); null where too few pixels remain",
            nullable=True,
        ),
        *_floats("legs_l legs_a legs_b", "the same for shorts and socks", nullable=True),
        *_floats(
            "torso_spread", "standard deviation of the upper body's colours: high for stripes", nullable=True
        ),
        Column("kit_px", "int32", "pixels behind the kit colours", low=0),
    ),
)

SEGMENTS = TableSchema(
    "segments",
    "One row for each mask: run lengths inside its box.",
    ("frame", "instance"),
    (
        _FRAME,
        Column("class_id", "int8", "0 player, 1 goalkeeper, 2 referee, 3 ball", low=0),
        Column("instance", "Int32", "the instance of the frame; null for a semantic mask", nullable=True),
        *(Column(n, "int32", "box of the mask, px", low=0) for n in ("top", "left", "height", "width")),
        Column("runs", "object", "little-endian uint32 run lengths, row by row, background first"),
    ),
)

TRACKS = TableSchema(
    "tracks",
    "One row for each frame in which a track was seen.",
    ("frame", "track_id"),
    (
        _FRAME,
        _TIME,
        _INSTANCE,
        _TRACK,
        Column("link_score", "float32", "confidence of the link, 0 to 1", low=0, high=1),
    ),
)

VIEWS = TableSchema(
    "views",
    "Where the camera looks: one row for each processed frame.",
    ("frame",),
    (
        _FRAME,
        _TIME,
        Column(
            "source",
            "str",
            "measured in this picture, tracked by camera motion, interpolated between measured ones, or none",
            values=("measured", "tracked", "interpolated", "none"),
        ),
        *_floats(
            " ".join(VIEW_COLUMNS),
            "homography pitch_from_image, row by row, px to m; null where source is none",
            "float64",
            nullable=True,
        ),
        Column(
            "error_m",
            "float32",
            "expected median position error over the visible pitch, m; null where none",
            True,
        ),
        Column("n_points", "int32", "pitch keypoints that agreed with the view in this picture", low=0),
    ),
)

VIEW_ERRORS = TableSchema(
    "view_errors",
    "How uncertain each view is, anywhere in the picture: one row for each frame with a view.",
    ("frame",),
    (
        _FRAME,
        *_floats(
            " ".join(SPREAD_COLUMNS),
            "lower triangular root of the covariance of the 8 numbers d11 d12 d13 d21 d22 d23 d31 d32: what "
            "is shown at p (homogeneous, in 1000 px from the top-left corner) should be at (I + D) p",
        ),
    ),
)

LABELS = TableSchema(
    "labels",
    "Role and team of each instance: what the team-level semantic maps are painted from.",
    ("frame", "instance"),
    (
        _FRAME,
        _INSTANCE,
        Column(
            "role",
            "str",
            "player, goalkeeper, referee, ball, other (bench, staff, crowd) or unclear",
            values=_ROLES,
        ),
        Column("team", "str", "A or B; null where the role has none or it is unclear", True, _TEAMS),
        Column(
            "team_score",
            "float32",
            "confidence of the team, 0 to 1; null without a team",
            True,
            low=0,
            high=1,
        ),
    ),
)

IDENTITIES = TableSchema(
    "identities",
    "One row for each track: who it is.",
    ("track_id",),
    (
        _TRACK,
        Column(
            "role",
            "str",
            "player, goalkeeper, referee, ball, other (bench, staff, crowd) or unclear",
            values=_ROLES,
        ),
        Column("role_score", "float32", "confidence of the role, 0 to 1", low=0, high=1),
        Column("team", "str", "A or B; null where the role has none or it is unclear", True, _TEAMS),
        Column(
            "team_score",
            "float32",
            "confidence of the team, 0 to 1; null without a team",
            True,
            low=0,
            high=1,
        ),
        Column("n_frames", "int32", "frames in which it was seen", low=1),
        Column("first_s", "float64", "first seen, s", low=0),
        Column("last_s", "float64", "last seen, s", low=0),
    ),
)

POSITIONS = TableSchema(
    "positions",
    "Where people and ball are on the pitch, in frames with a camera view.",
    (),
    (
        _FRAME,
        _TIME,
        Column("instance", "Int32", "the instance of the frame; null where interpolated", True),
        Column("track_id", "Int32", "the track; null where not tracked (team mode)", True),
        Column("x_m", "float64", "along the length, m from the centre spot"),
        Column("y_m", "float64", "across, m from the centre spot, up in the usual drawing"),
        Column("error_m", "float32", "expected error of this position, m", low=0),
        Column(
            "source",
            "str",
            "observed, or interpolated in a short gap of its track",
            values=("observed", "interpolated"),
        ),
    ),
)

_BANDS = tuple(
    Column(f"band_{b}_m", "float64", f"metres at {b.replace('_', '-')} km/h", low=0)
    for b in ("0_7", "7_15", "15_20", "20_25", "25_plus")
)

MOVEMENT = TableSchema(
    "movement",
    "Movement of each tracked player over the time it was visible. Distances are never extrapolated.",
    ("track_id",),
    (
        _TRACK,
        Column("role", "str", "role of the track", values=_ROLES),
        Column("team", "str", "A or B; null where unclear", True, _TEAMS),
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
        _TEAM,
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
        _TEAM,
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
        _TIME,
        _TEAM,
        Column("players_seen", "float64", "outfield players seen", low=0),
        *_floats("centroid_x_m centroid_y_m", "centroid, m", "float64"),
        *_floats(
            "length_m width_m stretch_m",
            "extent and mean distance to the centroid, m; null under 3 players",
            "float64",
            True,
        ),
        *_floats("hull_m2", "convex hull, m^2; null under 3 players", "float64", True),
    ),
)

_STANCE = (
    _TEAM,
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
        *_floats(
            "x_m y_m",
            "the role's place from the team's centroid, attack to the right, y to the left, m; as on the "
            "pitch where the direction of attack is unclear",
            "float64",
        ),
        Column("spread_m", "float64", "how far the role roams, per axis, m", low=0),
    ),
)

PERIODS = TableSchema(
    "periods",
    "Halves and extra time: one row each; a run of footage without known periods has none.",
    ("period",),
    (
        Column("period", "int32", "1 and 2 the halves, 3 and 4 extra time, 5 penalties", low=1),
        Column("start_s", "float64", "first moment, s from the first frame", low=0),
        Column("end_s", "float64", "last moment, s from the first frame", low=0),
        Column(
            "attack_a",
            "str",
            "direction of team A's attack along x; null when unclear",
            True,
            ("left_to_right", "right_to_left"),
        ),
        Column("source", "str", "given by the provider, or estimated", values=("given", "estimated")),
    ),
)

PEOPLE = TableSchema(
    "people",
    "Who a track is, where tracking data say so: one row for each track.",
    ("track_id",),
    (
        _TRACK,
        Column("team", "str", "A or B; null for officials", True, _TEAMS),
        Column("team_name", "str", "name of the team; null when unknown", True),
        Column("name", "str", "name of the person; null when unknown or anonymised", True),
        Column("jersey", "Int32", "shirt number; null when unknown", True, low=0),
        Column("position", "str", "the provider's name of the starting position; null when unknown", True),
        Column("provider_id", "str", "the provider's identifier; null when there is none", True),
        Column("on_s", "float64", "came on, s from the first frame; null when unknown", True, low=0),
        Column("off_s", "float64", "went off or the match ended, s; null when unknown", True, low=0),
    ),
)

POSSESSION = TableSchema(
    "possession",
    "Spells of possession: who has the ball when; moments without a row are unknown or dead ball.",
    ("start_s",),
    (
        Column("start_s", "float64", "start, s from the first frame", low=0),
        Column("end_s", "float64", "end, s from the first frame", low=0),
        _TEAM,
        Column(
            "source",
            "str",
            "given by the provider, or estimated from the ball",
            values=("given", "estimated"),
        ),
        Column("score", "float32", "confidence, 0 to 1", low=0, high=1),
    ),
)

SCHEMAS: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        *(FRAMES, INSTANCES, SEGMENTS, TRACKS, VIEWS, VIEW_ERRORS, LABELS, IDENTITIES, POSITIONS),
        *(MOVEMENT, TEAM_MOVEMENT, MOVEMENT_PARTS, TEAM_MOVEMENT_PARTS, SHAPES, FORMATIONS, ROLES),
        *(PERIODS, PEOPLE, POSSESSION),
    )
}
