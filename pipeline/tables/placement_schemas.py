"""Tables of what is seen before it counts: instances on the ground, and kits; see `schemas`."""

from __future__ import annotations

from pipeline.tables.columns import FRAME, TEAM_NAMES, TIME, Column, TableSchema, floats

PROJECTIONS = TableSchema(
    "projections",
    "Where each instance meets the ground, in frames with a camera view, before anything is left out; table "
    "positions has what counts of it.",
    ("frame", "instance"),
    (
        FRAME,
        TIME,
        Column("instance", "int32", "number of the person or ball within its frame, from 0", low=0),
        Column("x_m", "float64", "along the length, m from the centre spot"),
        Column("y_m", "float64", "across, m from the centre spot, up in the usual drawing"),
        Column("error_m", "float32", "expected error, m; null where there is no telling", True, low=0),
        Column("in_bounds", "bool", "near enough to the pitch (project.margin_m) and certain enough"),
        Column("at_rest", "bool", "a ball that lies on a painted spot or beside the pitch: not in play"),
    ),
)

KITS = TableSchema(
    "kits",
    "Typical kit of each team's players and goalkeeper, and of the referees; no row for those not seen.",
    (),
    (
        Column("role", "str", "player, goalkeeper or referee", values=("player", "goalkeeper", "referee")),
        Column("team", "str", "A or B; null for referees", True, TEAM_NAMES),
        *floats(
            "torso_l torso_a torso_b",
            "colour of the upper body: median of those seen large, CIE L*a*b*",
            "float64",
        ),
        *floats("legs_l legs_a legs_b", "the same for shorts and socks; null where unknown", "float64", True),
        Column("n_instances", "int32", "instances behind the colours, in a sample of frames", low=1),
    ),
)
