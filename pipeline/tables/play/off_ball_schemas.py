"""Table of off-ball runs."""

from __future__ import annotations

from typing import Literal, get_args

from pipeline.tables.columns import TEAM, TRACK, Column, TableSchema, floats
from pipeline.tables.play.phase_names import PHASES

RunKind = Literal["in_behind", "overlap", "underlap", "pulling_wide", "support", "forward", "other"]
RUN_KINDS: tuple[RunKind, ...] = get_args(RunKind)

OFF_BALL_RUNS = TableSchema(
    "off_ball_runs",
    "Runs without the ball of outfield players whose team has it (settings: play.run_*).",
    ("track_id", "start_s"),
    (
        TRACK,
        TEAM,
        Column("kind", "str", "what for; see docs/play.md", values=RUN_KINDS),
        Column("start_s", "float64", "start, s from the first frame", low=0),
        Column("end_s", "float64", "end, s from the first frame", low=0),
        *floats("start_x_m start_y_m end_x_m end_y_m", "pitch position of the runner, m", "float64"),
        Column("forward_m", "float64", "towards the goal attacked, m"),
        Column("peak_mps", "float64", "greatest speed, m/s", low=0),
        Column("distance_m", "float64", "metres of the run", low=0),
        Column(
            "line_in_view",
            "bool",
            "whether the opponents' last line was surely in view at the end; else in_behind is less sure",
        ),
        Column(
            "received",
            "boolean",
            "the ball came to him during the run or within play.received_s; null where it was hardly seen",
            True,
        ),
        Column("phase", "str", "his team's phase when it began; null where unknown", True, PHASES),
    ),
)
