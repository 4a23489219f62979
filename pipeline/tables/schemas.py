"""What every table holds: the contract between steps. Columns with dtype, unit and meaning.

Missing means *no row*, never 0. A column is nullable only where its text says what null means.
Times are seconds from the first frame; positions are metres from the centre spot.
"""

from __future__ import annotations

from pipeline.core.config import MeasureSettings
from pipeline.core.settings.physical_settings import PhysicalSettings
from pipeline.tables.appearance_schemas import NUMBER_READINGS, TRACKLET_APPEARANCE
from pipeline.tables.cameras.view_lenses import LENS_SCHEMA
from pipeline.tables.columns import (
    FRAME,
    ROLE_NAMES,
    TEAM_OR_NONE,
    TIME,
    TRACK,
    Column,
    TableSchema,
    floats,
)
from pipeline.tables.measured_schemas import FORMATIONS, ROLES, SHAPES
from pipeline.tables.movement_schemas import movement_schemas
from pipeline.tables.people_schemas import LINKS, PEOPLE, PERIODS, PLACED_BY_HAND
from pipeline.tables.placement_schemas import KITS, PROJECTIONS
from pipeline.tables.play.behaviour_schemas import BEHAVIOUR_TABLES
from pipeline.tables.play.off_ball_schemas import OFF_BALL_RUNS
from pipeline.tables.play.phase_schemas import PHASES, POSSESSION
from pipeline.tables.play.physical_schemas import physical_schemas

MOTION_COLUMNS = tuple(f"m{i}{j}" for i in (1, 2, 3) for j in (1, 2, 3))
"""Homography image_from_previous of table ``frames``, row by row; see `pipeline.tables.storage.matrices`."""
VIEW_COLUMNS = tuple(f"h{i}{j}" for i in (1, 2, 3) for j in (1, 2, 3))
"""Homography pitch_from_image of table ``views``, row by row; see `pipeline.tables.storage.matrices`."""
SHOT_KINDS = ("main", "other", "close_up", "replay", "graphic", "no_pitch", "transition", "unclear")
SPREAD_COLUMNS = tuple(f"s{i}{j}" for i in range(1, 9) for j in range(1, i + 1))
"""Lower triangle of table ``view_errors``, row by row."""


_INSTANCE = Column("instance", "int32", "number of the person or ball within its frame, from 0", low=0)
_SCORE = Column("score", "float32", "confidence of the network, 0 to 1", low=0, high=1)
_ROLE = Column(
    "role",
    "str",
    "player, goalkeeper, referee, ball, other (bench, staff, crowd, a false ball) or unclear",
    values=ROLE_NAMES,
)
_TEAM_SCORE = Column(
    "team_score",
    "float32",
    "confidence of the team, 0 to 1; null without a team",
    True,
    low=0,
    high=1,
)

FRAMES = TableSchema(
    "frames",
    "One row for each processed frame.",
    ("frame",),
    (
        FRAME,
        TIME,
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
        *floats(
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
        FRAME,
        TIME,
        _INSTANCE,
        Column(
            "class_name", "str", "what the network says", values=("player", "goalkeeper", "referee", "ball")
        ),
        _SCORE,
        *floats("x1_px y1_px x2_px y2_px", "box, px"),
        *floats("foot_x_px foot_y_px", "point on the ground: from the mask's lowest part, px"),
        Column("area_px", "int32", "pixels in the mask", low=0),
        *floats(
            "torso_l torso_a torso_b",
            "kit colour of the upper body: robust mean over the mask without grass and skin, CIE L*a*b* "
            "(L 0-100, a and b -128-127); null where too few pixels remain",
            nullable=True,
        ),
        *floats("legs_l legs_a legs_b", "the same for shorts and socks", nullable=True),
        *floats(
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
        FRAME,
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
        FRAME,
        TIME,
        _INSTANCE,
        TRACK,
        Column("link_score", "float32", "confidence of the link, 0 to 1", low=0, high=1),
    ),
)

VIEWS = TableSchema(
    "views",
    "Where the camera looks: one row for each processed frame.",
    ("frame",),
    (
        FRAME,
        TIME,
        Column(
            "source",
            "str",
            "measured in this picture, tracked by camera motion, interpolated between measured ones, or none",
            values=("measured", "tracked", "interpolated", "none"),
        ),
        *floats(
            " ".join(VIEW_COLUMNS),
            "homography pitch_from_image, row by row, px (straightened: see lens) to m; null where source "
            "is none",
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
        *LENS_SCHEMA,
    ),
)

VIEW_ERRORS = TableSchema(
    "view_errors",
    "How uncertain each view is, anywhere in the picture: one row for each frame with a view.",
    ("frame",),
    (
        FRAME,
        *floats(
            " ".join(SPREAD_COLUMNS),
            "lower triangular root of the covariance of the 8 numbers d11 d12 d13 d21 d22 d23 d31 d32: what "
            "is shown at p (homogeneous, in 1000 px from the top-left corner) should be at (I + D) p",
        ),
    ),
)

SHOTS = TableSchema(
    "shots",
    "What each camera shot is, and whether people in it get positions; absent in runs of tracking data.",
    ("shot",),
    (
        Column("shot", "int32", "number of the camera shot, from 0", low=0),
        Column(
            "kind",
            "str",
            "main (the camera that shows most of the match, wherever it stands), other (a camera at another "
            "place), close_up, replay (of any camera), graphic (fills the picture), no_pitch (stands, bench, "
            "studio), transition (part of a wipe) or unclear",
            values=SHOT_KINDS,
        ),
        Column(
            "score", "float32", "how clear the kind is, 0 to 1; null where it is unclear", True, low=0, high=1
        ),
        Column("signs", "str", "what spoke for the kind, in words; null where there is nothing to say", True),
        Column("start_frame", "int32", "first frame", low=0),
        Column("end_frame", "int32", "last frame", low=0),
        Column("start_s", "float64", "first frame, s from the first of all", low=0),
        Column("end_s", "float64", "last frame, s from the first of all", low=0),
        Column("n_frames", "int32", "processed frames", low=1),
        Column(
            "start",
            "str",
            "how it begins: first (of all), cut, fade (through an empty picture) or wipe (other pictures "
            "between)",
            values=("first", "cut", "fade", "wipe"),
        ),
        Column("calibrated", "bool", "most of its frames have a camera view"),
        Column(
            "feeds_positions", "bool", "its people have rows in table positions, and so count in all measures"
        ),
        Column("view_share", "float32", "share of its frames with a camera view", low=0, high=1),
        Column("error_m", "float32", "median of the views' expected error, m; null without views", True),
        Column(
            "camera",
            "Int32",
            "which place it is filmed from: 0 is the one with most views; null where none is known",
            True,
            low=0,
        ),
        *floats(
            "x_m y_m z_m",
            "where its camera stands, m from the centre spot, z up; null likewise",
            nullable=True,
        ),
        Column(
            "grass",
            "float32",
            "share of the picture that is grass, median; null without",
            True,
            low=0,
            high=1,
        ),
        Column("people", "float32", "people in the picture, median", low=0),
        Column(
            "tallest",
            "float32",
            "height of the tallest person (of the surer ones) / height of the picture, median",
            low=0,
        ),
    ),
)

LABELS = TableSchema(
    "labels",
    "Role and team of each instance: what the team-level semantic maps are painted from.",
    ("frame", "instance"),
    (
        FRAME,
        _INSTANCE,
        _ROLE,
        TEAM_OR_NONE,
        _TEAM_SCORE,
    ),
)

IDENTITIES = TableSchema(
    "identities",
    "One row for each track: who it is.",
    ("track_id",),
    (
        TRACK,
        _ROLE,
        Column("role_score", "float32", "confidence of the role, 0 to 1", low=0, high=1),
        TEAM_OR_NONE,
        _TEAM_SCORE,
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
        FRAME,
        TIME,
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

SCHEMAS: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        *(FRAMES, INSTANCES, SEGMENTS, TRACKS, VIEWS, VIEW_ERRORS, SHOTS),
        *(NUMBER_READINGS, TRACKLET_APPEARANCE),
        *(LABELS, IDENTITIES, KITS, PROJECTIONS, POSITIONS),
        *(*movement_schemas(MeasureSettings()), SHAPES, FORMATIONS, ROLES),
        *physical_schemas(MeasureSettings(), PhysicalSettings()),
        *(PHASES, *BEHAVIOUR_TABLES, OFF_BALL_RUNS),
        *(PERIODS, PEOPLE, LINKS, PLACED_BY_HAND, POSSESSION),
    )
}
"""By name, as the default settings make them; `run_schemas` has those of a run."""
