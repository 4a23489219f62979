"""A player's runs as texts: off the ball by kind, and his longest at high speed."""

from __future__ import annotations

import numpy as np

from pipeline.report.player.player_answer import PlayerAnswer
from pipeline.report.style.match_clock import match_clock
from pipeline.report.style.wording import DASH, number
from pipeline.tables.play.off_ball_schemas import RUN_KINDS

_MOST = 12
_KMH = 3.6
_YES_NO = {True: "yes", False: "no"}


def off_ball_rows(answer: PlayerAnswer) -> list[dict[str, str]]:
    """Count his off-ball runs by kind: how many, how many the ball came to, their mean metres."""
    table = answer.run.table("off_ball_runs", optional=True)
    own = table[table["track_id"].isin(answer.who.tracks)]
    rows = []
    for kind in RUN_KINDS:
        runs = own[own["kind"] == kind]
        if len(runs):
            came = int(runs["received"].fillna(False).astype(bool).sum())
            metres = number(float(np.mean(runs["distance_m"])), 0)
            rows.append(
                {"kind": kind.replace("_", " "), "count": str(len(runs)), "came": str(came), "metres": metres}
            )
    return rows


def fast_rows(answer: PlayerAnswer) -> list[dict[str, str]]:
    """List his longest runs at high speed, in order of time."""
    table = answer.run.table("fast_runs", optional=True)
    own = table[table["track_id"].isin(answer.who.tracks)].nlargest(_MOST, "distance_m")
    periods = answer.run.table("periods")
    return [
        {
            "when": match_clock(float(row["start_s"]), periods, tenths=True),
            "kind": str(row["kind"]).replace("_", " "),
            "metres": number(float(row["distance_m"]), 0),
            "peak": number(_KMH * float(row["peak_mps"]), 1),
            "direction": row["direction"] if isinstance(row["direction"], str) else DASH,
            "possession": row["possession"] if isinstance(row["possession"], str) else DASH,
            "with_ball": _YES_NO.get(row["with_ball"], DASH),
        }
        for row in own.sort_values("start_s").to_dict("records")
    ]
