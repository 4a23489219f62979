"""Tables of who has the ball and of the phases of play."""

from __future__ import annotations

from typing import get_args

from pipeline.core.settings.play_settings import Restart
from pipeline.tables.columns import TEAM, Column, TableSchema
from pipeline.tables.play.phase_names import PHASES as NAMES

POSSESSION = TableSchema(
    "possession",
    "Spells of possession: who has the ball when; moments without a row are unknown or dead ball.",
    ("start_s",),
    (
        Column("start_s", "float64", "start, s from the first frame", low=0),
        Column("end_s", "float64", "end, s from the first frame", low=0),
        TEAM,
        Column(
            "source",
            "str",
            "given by the provider, or estimated from the ball",
            values=("given", "estimated"),
        ),
        Column("score", "float32", "confidence, 0 to 1", low=0, high=1),
    ),
)

PHASES = TableSchema(
    "phases",
    "Phases of play of each team; moments without a row are unknown (settings: play).",
    ("team", "start_s"),
    (
        TEAM,
        Column("start_s", "float64", "start, s from the first frame", low=0),
        Column("end_s", "float64", "end, s from the first frame", low=0),
        Column("phase", "str", "what the team does", values=NAMES),
        Column("possession", "str", "whether it has the ball", values=("in", "out")),
        Column(
            "restart",
            "str",
            "what a set play began with; null in other phases or if unknown",
            True,
            get_args(Restart),
        ),
        Column(
            "restart_score",
            "float32",
            "how sure that name is if play was restarted, 0 to 1, by the error of the ball's place",
            True,
            low=0,
            high=1,
        ),
    ),
)
