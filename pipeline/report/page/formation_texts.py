"""The page's texts and tables about formations, as plain values for the template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.formation.template_fit import UNCLEAR
from pipeline.report.page.match_halves import Part, parts, time_ticks
from pipeline.report.page.person_names import names, team_name
from pipeline.report.style.match_clock import match_clock
from pipeline.report.style.texts import words
from pipeline.report.style.wording import DASH, many, number, share, with_variant
from pipeline.tables.names import label_of
from pipeline.tables.play.phase_names import PHASE_TEXTS

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.run_data import RunData

PHASES = PHASE_TEXTS | {"all": "all", "in": "with the ball", "out": "without the ball"}
_WAYS = {"left_to_right": "left to right", "right_to_left": "right to left"}
_MIN_SHARE = 0.1


def longest(formations: pd.DataFrame, team: str) -> pd.Series | None:
    """Give the row of table ``formations`` with the most of ``team`` behind it; None without any."""
    rows = formations[(formations["team"] == team) & (formations["phase"] == "all")]
    return rows.sort_values("n_frames").iloc[-1] if len(rows) else None


def in_brief(formations: pd.DataFrame) -> pd.DataFrame:
    """Keep spans, and the windows of halves that are one window."""
    return formations[(formations["scope"] == "span") | _alone(formations)]


def over_time(formations: pd.DataFrame) -> pd.DataFrame:
    """Keep the windows, phase ``all``, of halves that have several."""
    windows = (formations["scope"] == "window") & (formations["phase"] == "all")
    return formations[windows & ~_alone(formations)]


def _alone(formations: pd.DataFrame) -> NDArray[np.bool_]:
    """Say which rows are windows that no span of their team and phase covers."""
    span = (formations["scope"] == "span").to_numpy(bool)
    start, end = (formations[n].to_numpy(float) for n in ("start_s", "end_s"))
    team, phase = (formations[n].to_numpy(object) for n in ("team", "phase"))
    same = (team[:, None] == team[span]) & (phase[:, None] == phase[span])
    covered = same & (start[:, None] < end[span]) & (end[:, None] > start[span])
    windows = (formations["scope"] == "window").to_numpy(bool)
    return np.asarray(windows & ~covered.any(axis=1))


def headline(formations: pd.DataFrame, team: str) -> str:
    """Say in a phrase how ``team`` stood."""
    row = longest(formations, team)
    return words("shape.not_observed") if row is None else shape_words(row)


def shape_words(row: pd.Series) -> str:
    """Say in a phrase what a row of table ``formations`` found: the name, else back line and nearest."""
    brief = row["kind"] != "formation"
    if row["formation"] != UNCLEAR:
        name = with_variant(row["formation"], row["variant"])
        return words("shape.named_now", shape=name) if brief else words("shape.named", shape=name)
    unclear = words("shape.unclear_now") if brief else words("shape.unclear")
    if near := " or ".join(str(row[n]) for n in ("nearest", "second") if known(row[n])):
        unclear = words("shape.near", unclear=unclear, near=near)
    return words("shape.with_backs", backs=backs(row), shape=unclear) if known(row["defenders"]) else unclear


def backs(row: pd.Series) -> str:
    """Say how many defend: ``four at the back``."""
    return words("shape.backs", count=words(f"count.{int(row['defenders'])}"))


def formation_rows(run: RunData) -> list[dict[str, str | None]]:
    """The table of formations in words, whole halves or spans of them."""
    out = []
    for row in in_brief(run.formations).sort_values(["team", "start_s", "phase"]).to_dict("records"):
        sure = f" ({share(row['defenders_score'])})"
        out.append(
            {
                "team": _name(run, row["team"]),
                "letter": row["team"],
                "phase": PHASES[row["phase"]],
                "time": _times(run, row),
                "defenders": f"{int(row['defenders'])}{sure}" if known(row["defenders"]) else UNCLEAR,
                "formation": UNCLEAR
                if row["formation"] == UNCLEAR
                else with_variant(row["formation"], row["variant"]),
                "nearest": with_variant(row["nearest"], row["variant"])
                if row["formation"] == UNCLEAR
                else None,
                "second": row["second"] if known(row["second"]) else DASH,
                "score": share(row["score"]),
                "margin": share(row["margin"]),
                "coverage": share(row["coverage"]),
                "attack": _WAYS[row["attack"]] if known(row["attack"]) else UNCLEAR,
                "seen": f"{number(row['players_seen'], 1)} in {many(int(row['n_frames']), 'frame')}",
            }
        )
    return out


def timelines(run: RunData) -> list[dict[str, Any]]:
    """For each team the windows over the match: where each begins and how wide it is, in %, and its name."""
    rows = over_time(run.formations)
    if not len(rows):
        return []
    start, end = float(rows["start_s"].min()), float(rows["end_s"].max())
    out = []
    for team in ("A", "B"):
        cells = []
        for row in rows[rows["team"] == team].sort_values("start_s").to_dict("records"):
            clear = row["formation"] != UNCLEAR
            what = row["formation"] if clear else f"unclear: {row['nearest']} or {row['second']}"
            about = f"{_times(run, row)} {what}, confidence {share(row['score'])}"
            cells.append(
                {
                    "left": round(100 * (row["start_s"] - start) / (end - start), 2),
                    "width": round(100 * (row["end_s"] - row["start_s"]) / (end - start), 2),
                    "text": row["formation"] if clear else (row["nearest"] if known(row["nearest"]) else "?"),
                    "sure": clear,
                    "start_s": round(float(row["start_s"]), 2),
                    "about": about,
                }
            )
        out.append({"team": _name(run, team), "letter": team, "cells": cells})
    return out


def timeline_ticks(run: RunData) -> list[dict[str, Any]]:
    """Give the ticks of the time axis under `timelines`: place in %, and the match's clock."""
    rows = over_time(run.formations)
    if not len(rows):
        return []
    start, end = float(rows["start_s"].min()), float(rows["end_s"].max())
    ticks = time_ticks(run.periods, start, end)
    return [{"left": round(100 * (at - start) / (end - start), 2), "text": text} for at, text in ticks]


def _times(run: RunData, row: Mapping[Any, Any]) -> str:
    return f"{match_clock(row['start_s'], run.periods)}–{match_clock(row['end_s'], run.periods)}"


def role_rows(run: RunData) -> list[dict[str, Any]]:
    """Who stood where, part by part and team by team: role, players with their share of it."""
    halves = parts(run)
    out = []
    for part in halves:
        for team in ("A", "B"):
            row = row_of(run, part, team, "all")
            if row is not None and (rows := _roles_rows(run, row)):
                name = part.name if len(halves) > 1 else ""
                out.append({"team": _name(run, team), "letter": team, "part": name, "rows": rows})
    return out


def row_of(run: RunData, part: Part, team: str, phase: str) -> pd.Series | None:
    """Give the row of table ``formations`` about a part with the most behind it; None without any."""
    rows = in_brief(run.formations)
    rows = rows[(rows["team"] == team) & (rows["phase"] == phase)]
    middle = (rows["start_s"] + rows["end_s"]) / 2
    rows = rows[middle.between(part.start_s, part.end_s + 1e-6)]
    return rows.sort_values("n_frames").iloc[-1] if len(rows) else None


def _roles_rows(run: RunData, row: pd.Series) -> list[dict[str, str]]:
    called, out = names(run), []
    for role, group in sorted(
        roles_of(run.roles, row).groupby("role"),
        key=lambda item: (item[1]["x_m"].iloc[0], -item[1]["y_m"].iloc[0]),
    ):
        seen = group[group["share"] >= _MIN_SHARE].sort_values("role_share", ascending=False)
        who = [
            f"{label_of(called, int(p['track_id']))} ({share(p['share'])})" for p in seen.to_dict("records")
        ]
        if who:
            taken = share(float(group["role_share"].sum()))
            out.append({"role": str(role), "who": ", ".join(who), "seen": taken})
    return out


def _name(run: RunData, team: str) -> str:
    """The team's own name where it has one: the dot beside it says which team that is."""
    return team_name(run, team).removeprefix(f"Team {team}: ")


def roles_of(roles: pd.DataFrame, row: pd.Series) -> pd.DataFrame:
    """Give the rows of table ``roles`` that belong to a row of ``formations``."""
    key = ["team", "phase", "scope", "start_s"]
    return roles[(roles[key] == row[key]).all(axis=1)]


def known(value: object) -> bool:
    """Tell a value from null of any kind."""
    return value is not None and str(value) not in ("<NA>", "nan")
