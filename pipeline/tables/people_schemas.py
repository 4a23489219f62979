"""Tables that say who took part and when: periods, people, links, and what a hand added."""

from __future__ import annotations

from dataclasses import replace

from pipeline.tables.columns import (
    FRAME,
    PLAYER,
    ROLE_NAMES,
    TEAM_NAMES,
    TEAM_OR_NONE,
    TIME,
    TRACK,
    Column,
    TableSchema,
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
        Column(
            "attack_score",
            "float32",
            "probability that attack_a is right, 1 where the provider gives it; null when not known",
            True,
            low=0.5,
            high=1,
        ),
        Column("source", "str", "given by the provider, or estimated", values=("given", "estimated")),
    ),
)

PEOPLE = TableSchema(
    "people",
    "Who took part: one row for each person, linked over the whole run or given by tracking data.",
    ("player_id",),
    (
        PLAYER,
        replace(TRACK, about="the track that stands for the person: the one that shows most of him"),
        Column("role", "str", "player, goalkeeper or referee; null when unknown", True, ROLE_NAMES),
        Column("team", "str", "A or B; null for officials", True, TEAM_NAMES),
        Column("team_name", "str", "name of the team; null when unknown", True),
        Column("name", "str", "name of the person; null when unknown or anonymised", True),
        Column("jersey", "Int32", "shirt number; null when unknown", True, low=0),
        Column("position", "str", "the provider's name of the starting position; null when unknown", True),
        Column("provider_id", "str", "the provider's identifier; null when there is none", True),
        Column("on_s", "float64", "came on, s from the first frame; null when unknown", True, low=0),
        Column("off_s", "float64", "went off or the match ended, s; null when unknown", True, low=0),
        Column("minutes_in_view", "float64", "seen, min; null in tracking data", True, low=0),
        Column(
            "score",
            "float64",
            "confidence that all of this is one person, 0 to 1: mean of his links; null in tracking data",
            True,
            low=0,
            high=1,
        ),
    ),
)

LINKS = TableSchema(
    "links",
    "To whom each track, or piece of a track, belongs and why: one row for each piece of a person's track.",
    ("track_id", "frame_from"),
    (
        TRACK,
        Column("frame_from", "int32", "first frame of the piece", low=0),
        Column("frame_to", "int32", "last frame of the piece", low=0),
        Column("role", "str", "role of the piece", values=ROLE_NAMES),
        TEAM_OR_NONE,
        replace(
            PLAYER, dtype="Int32", nullable=True, about="the person; null: an unknown of this team and role"
        ),
        Column(
            "why",
            "str",
            "what said most: motion (over seconds), place (where he was before), team_shape (his role), "
            "appearance, number, layout (how people stand in a picture without metres), or by_hand; null for "
            "an unknown",
            True,
            ("motion", "place", "team_shape", "appearance", "number", "layout", "by_hand"),
        ),
        Column(
            "score", "float64", "probability that it is this person, 0 to 1; 0 for an unknown", low=0, high=1
        ),
        Column("second_id", "Int32", "the next likely person; null without one", True, low=1),
        Column(
            "second_score",
            "float64",
            "probability that it is that one; null without one",
            True,
            low=0,
            high=1,
        ),
        Column("seconds", "float64", "from the piece's first sight to its last, s", low=0),
    ),
)

PLACED_BY_HAND = TableSchema(
    "placed_by_hand",
    "Where people are because somebody said so (extend in corrections): paths where nobody saw them.",
    ("frame", "player_id"),
    (
        FRAME,
        TIME,
        PLAYER,
        Column("x_m", "float64", "along the length, m from the centre spot"),
        Column("y_m", "float64", "across, m from the centre spot, up in the usual drawing"),
        Column(
            "error_m", "float32", "expected error, m: of both ends, and of what he may swerve between", low=0
        ),
    ),
)
