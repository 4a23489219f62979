"""Tables of team behaviour: over time, by part, steps of the defensive line, passes, turnovers."""

from __future__ import annotations

from pipeline.tables.columns import TEAM, TIME, TRACK, Column, TableSchema, floats

_IN_VIEW = "null where the players concerned are not all in view"

BEHAVIOUR_COLUMNS = (
    Column(
        "length_m", "float64", "extent along the pitch of the outfield players, m; null if too few seen", True
    ),
    Column("width_m", "float64", "extent across, m; null likewise", True),
    Column("stretch_m", "float64", "compactness: mean distance to their centre, m; null likewise", True),
    Column("hull_m2", "float64", "compactness: area of their convex hull, m^2; null likewise", True),
    Column(
        "defence_height_m", "float64", f"mean distance of the defence from its goal line, m; {_IN_VIEW}", True
    ),
    Column("defence_midfield_m", "float64", f"gap from the defence to midfield, m; {_IN_VIEW}", True),
    Column("midfield_attack_m", "float64", f"gap from midfield to the attack, m; {_IN_VIEW}", True),
    Column(
        "goal_side",
        "float64",
        f"without the ball: outfield players between it and their goal line; {_IN_VIEW}",
        True,
    ),
    Column("ahead_of_ball", "float64", f"with the ball: outfield players ahead of it; {_IN_VIEW}", True),
    Column(
        "pressure",
        "float64",
        "pressure it puts on the opponent with the ball (Andrienko 2017), 1 is one at his feet; null without",
        True,
        low=0,
    ),
    Column(
        "pressing_intensity",
        "float64",
        "chance that one of it reaches the opponent with the ball within 1.5 s (Bekkers 2024); null without",
        True,
        low=0,
        high=1,
    ),
    Column("left_wing_players", "float64", "outfield players in its left lane; null if too few seen", True),
    Column("left_half_space_players", "float64", "in its left half-space; null likewise", True),
    Column("centre_players", "float64", "in the central lane; null likewise", True),
    Column("right_half_space_players", "float64", "in its right half-space; null likewise", True),
    Column("right_wing_players", "float64", "in its right lane; null likewise", True),
    *(
        Column(
            f"control_{where}_{model}",
            "float64",
            f"pitch control, share of {about}, after {who}; {null}",
            True,
            low=0,
            high=1,
        )
        for where, about, null in (
            ("near_ball", "the ground around the ball", "null without the ball or tracks"),
            ("pitch", "the pitch", "null unless everybody is in view"),
        )
        for model, who in (("fb", "Fernandez and Bornn 2018"), ("spearman", "Spearman 2018"))
    ),
)
MEASURES = tuple(c.name for c in BEHAVIOUR_COLUMNS)

BEHAVIOUR = TableSchema(
    "behaviour",
    "Behaviour of each team, once a second; a number counts only where the players concerned are in view.",
    ("time_s", "team"),
    (TIME, TEAM, Column("players_seen", "float64", "outfield players seen", low=0), *BEHAVIOUR_COLUMNS),
)

BEHAVIOUR_PARTS = TableSchema(
    "behaviour_parts",
    "Table behaviour averaged over parts of the match; no row where a measure was not seen.",
    ("team", "by", "part", "measure"),
    (
        TEAM,
        Column("by", "str", "how the match was cut", values=("whole", "half", "possession", "phase")),
        Column("part", "str", "whole, number of the period, in, out, or a phase of table phases"),
        Column("measure", "str", "a column of table behaviour", values=MEASURES),
        Column("mean", "float64", "mean over the seconds in which it is known"),
        Column("spread", "float64", "standard deviation over these seconds", low=0),
        Column("seconds", "float64", "how many", low=0),
        Column(
            "coverage", "float64", "their share of the part's seconds with the team in view", low=0, high=1
        ),
    ),
)

LINE_STEPS = TableSchema(
    "line_steps",
    "Times when a team's defence moved up or dropped together (settings: play.line_step_*).",
    ("team", "start_s"),
    (
        TEAM,
        Column("start_s", "float64", "start, s from the first frame", low=0),
        Column("end_s", "float64", "end, s from the first frame", low=0),
        Column("way", "str", "up or down", values=("up", "down")),
        Column("from_m", "float64", "distance of the line from its goal line at the start, m"),
        Column("to_m", "float64", "at the end, m"),
    ),
)

PASSES = TableSchema(
    "passes",
    "Passes from a tracked player with the ball to the next of his team, as far as the ball was seen.",
    ("start_s",),
    (
        TEAM,
        Column("start_s", "float64", "the passer's last touch, s from the first frame", low=0),
        Column("end_s", "float64", "the receiver's first, s from the first frame", low=0),
        TRACK,
        Column("to_track_id", "int32", "the receiver's track", low=1),
        *floats("start_x_m start_y_m end_x_m end_y_m", "pitch position of the ball, m", "float64"),
        Column("distance_m", "float64", "straight from start to end, m", low=0),
        Column("forward_m", "float64", "towards the goal attacked, m; null where that is unclear", True),
        Column(
            "opponents_outplayed",
            "Int32",
            "outfield opponents in view on the goal side of the ball before it and not after; null as above",
            True,
            low=0,
        ),
        Column(
            "lines_broken",
            "Int32",
            "opponents' lines whose mean lies between its start and end; null where they are not all in view",
            True,
            low=0,
        ),
    ),
)

TURNOVERS = TableSchema(
    "turnovers",
    "Losses of the ball in play, and how soon the team that lost it pressed.",
    ("start_s",),
    (
        TEAM,
        Column("start_s", "float64", "when the other team had the ball, s from the first frame", low=0),
        *floats("x_m y_m", "where the ball was, m; null if unseen", "float64", True),
        Column(
            "press_s",
            "float64",
            "until one of the team was at the player with the ball, s; null if not",
            True,
        ),
        Column(
            "watched_s", "float64", "how long the other team kept the ball, up to play.press_within_s", low=0
        ),
        Column(
            "coverage", "float64", "share of that time with the player with the ball in view", low=0, high=1
        ),
        Column(
            "regained_s", "float64", "until the team had the ball again in play, s; null if not so soon", True
        ),
    ),
)
BEHAVIOUR_TABLES = (BEHAVIOUR, BEHAVIOUR_PARTS, LINE_STEPS, PASSES, TURNOVERS)
