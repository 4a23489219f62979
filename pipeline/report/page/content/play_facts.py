"""What the teams did with and without the ball: phases, behaviour, passes, turnovers, runs; as texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.report.play_answer import phase_shares
from pipeline.report.style.texts import words
from pipeline.report.style.wording import DASH, number, share
from pipeline.tables.play.off_ball_schemas import RUN_KINDS
from pipeline.tables.play.phase_names import IN_PHASES, PHASE_TEXTS, PHASES

if TYPE_CHECKING:
    import pandas as pd

_TEAMS = ("A", "B")
_BEHAVIOUR = (
    *(("length_m", 1, ""), ("width_m", 1, ""), ("defence_height_m", 1, "")),
    *(("ahead_of_ball", 1, "in"), ("goal_side", 1, "out"), ("pressing_intensity", 2, "out")),
)
"""Measure, digits, and the phase of possession in which alone it has a meaning."""
_LEAST_S = 30.0
"""A mean over fewer seconds is left out."""


def phase_rows(phases: pd.DataFrame) -> list[dict[str, Any]]:
    """Minutes of each phase and its share of the team's known time with, or without, the ball, by team."""
    if not len(phases):
        return []
    made = phase_shares(phases.assign(team_name=phases["team"])).to_dict("records")
    known = {(str(r["team"]), str(r["phase"])): (float(r["minutes"]), float(r["share"])) for r in made}
    rows = []
    for phase in PHASES:
        found = [known.get((team, phase)) for team in _TEAMS]
        cells = [(DASH, "") if f is None else (number(f[0], 1), share(f[1])) for f in found]
        if any(said for _, said in cells):
            name = PHASE_TEXTS[phase]
            rows.append({"phase": name, "cells": cells, "first_out": phase == PHASES[len(IN_PHASES)]})
    return rows


def behaviour_rows(parts: pd.DataFrame) -> list[dict[str, Any]]:
    """Means with and without the ball, each with the share of its seconds behind it."""
    enough = parts[(parts["by"] == "possession") & (parts["seconds"] >= _LEAST_S)].to_dict("records")
    known = {
        (str(r["team"]), str(r["part"]), str(r["measure"])): (float(r["mean"]), float(r["coverage"]))
        for r in enough
    }
    rows = []
    for measure, digits, only in _BEHAVIOUR:
        cells = []
        for team in _TEAMS:
            for part in ("in", "out"):
                found = known.get((team, part, measure)) if only in ("", part) else None
                cells.append((DASH, "") if found is None else (number(found[0], digits), share(found[1])))
        if any(said for _, said in cells):
            rows.append({"about": words(f"play.{measure}"), "cells": cells})
    return rows


def count_rows(
    passes: pd.DataFrame, turnovers: pd.DataFrame, runs: pd.DataFrame
) -> list[tuple[str, tuple[str, str]]]:
    """Passes, losses of the ball and off-ball runs of both teams: what, and each team's number."""
    rows = []
    for name, of in (("passes", _passes), ("turnovers", _turnovers)):
        table = {"passes": passes, "turnovers": turnovers}[name]
        if len(table):
            rows += of(table)
    for kind in RUN_KINDS if len(runs) else ():
        cells = (_runs(runs[(runs["team"] == "A") & (runs["kind"] == kind)]),
                 _runs(runs[(runs["team"] == "B") & (runs["kind"] == kind)]))  # fmt: skip
        rows.append((words("play.runs", kind=kind.replace("_", " ")), cells))
    return rows


def _passes(table: pd.DataFrame) -> list[tuple[str, tuple[str, str]]]:
    own = [table[table["team"] == t] for t in _TEAMS]
    broke = [f"{int((o['lines_broken'] > 0).sum())} of {int(o['lines_broken'].notna().sum())}" for o in own]
    return [
        (words("play.passes"), (number(len(own[0])), number(len(own[1])))),
        (words("play.lines_broken"), (broke[0], broke[1])),
    ]


def _turnovers(table: pd.DataFrame) -> list[tuple[str, tuple[str, str]]]:
    own = [table[table["team"] == t] for t in _TEAMS]
    pressed = [number(float(np.median(v)), 1, "s") if len(v := o["press_s"].dropna()) else DASH for o in own]
    back = [f"{int(o['regained_s'].notna().sum())} of {len(o)}" for o in own]
    return [
        (words("play.lost"), (number(len(own[0])), number(len(own[1])))),
        (words("play.pressed"), (pressed[0], pressed[1])),
        (words("play.regained"), (back[0], back[1])),
    ]


def _runs(own: pd.DataFrame) -> str:
    came = int(own["received"].fillna(False).astype(bool).sum())
    return words("play.run_count", count=len(own), came=came) if len(own) else "0"
