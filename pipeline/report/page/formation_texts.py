"""The page's texts and tables about formations, as plain values for the template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.formation.template_fit import UNCLEAR
from pipeline.report.page.person_names import names, team_name
from pipeline.report.style.colours import to_hex
from pipeline.report.style.wording import DASH, clock, many, number, share, with_variant
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
    spans = formations[formations["scope"] == "span"]
    out = (formations["scope"] == "window").to_numpy(bool)
    for span in spans.to_dict("records"):
        same = (formations["team"] == span["team"]) & (formations["phase"] == span["phase"])
        inside = (formations["start_s"] < span["end_s"]) & (formations["end_s"] > span["start_s"])
        out = out & ~(same & inside).to_numpy(bool)
    return np.asarray(out)


def headline(formations: pd.DataFrame, team: str) -> str:
    """Say in a phrase how ``team`` stood."""
    row = longest(formations, team)
    if row is None:
        return "shape not observed"
    backs = f"{int(row['defenders'])} at the back, " if known(row["defenders"]) else ""
    if row["formation"] == UNCLEAR:
        what = "formation" if row["kind"] == "formation" else "shape"
        near = " or ".join(str(row[n]) for n in ("nearest", "second") if known(row[n]))
        return f"{backs}{what} unclear" + (f" ({near})" if near else "")
    what = "formation" if row["kind"] == "formation" else "shape at this moment"
    return f"{backs}{with_variant(row['formation'], row['variant'])}, {what}"


def window(formations: pd.DataFrame, team: str) -> str:
    """The time that the headline is about, where the footage has several windows."""
    row = longest(formations, team)
    if row is None or len(formations[formations["team"] == team]) < 2:
        return ""
    return f"{clock(row['start_s'])}–{clock(row['end_s'])}"


def formation_rows(run: RunData) -> list[dict[str, str | None]]:
    """The table of formations in words, whole halves or spans of them."""
    out = []
    for row in in_brief(run.formations).sort_values(["team", "start_s", "phase"]).to_dict("records"):
        sure = f" ({share(row['defenders_score'])})"
        out.append(
            {
                "team": _name(run, row["team"]),
                "colour": to_hex(run.colours.team(row["team"]).page),
                "phase": PHASES[row["phase"]],
                "time": f"{clock(row['start_s'])}–{clock(row['end_s'])}",
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
            about = f"{clock(row['start_s'])}–{clock(row['end_s'])} {what}, confidence {share(row['score'])}"
            cells.append(
                {
                    "left": round(100 * (row["start_s"] - start) / (end - start), 2),
                    "width": round(100 * (row["end_s"] - row["start_s"]) / (end - start), 2),
                    "text": row["formation"] if clear else (row["nearest"] if known(row["nearest"]) else "?"),
                    "sure": clear,
                    "about": about,
                }
            )
        out.append({"team": _name(run, team), "colour": to_hex(run.colours.team(team).page), "cells": cells})
    return out


def role_rows(run: RunData) -> list[dict[str, Any]]:
    """Who stood where over each team's longest row of formations: role, players with their share of it."""
    called = names(run)
    out = []
    for team in ("A", "B"):
        best = longest(run.formations, team)
        if best is None:
            continue
        own = roles_of(run.roles, best)
        rows = []
        for role, group in sorted(
            own.groupby("role"), key=lambda item: (item[1]["x_m"].iloc[0], -item[1]["y_m"].iloc[0])
        ):
            seen = group[group["share"] >= _MIN_SHARE].sort_values("role_share", ascending=False)
            who = [
                f"{label_of(called, int(p['track_id']))} ({share(p['share'])})"
                for p in seen.to_dict("records")
            ]
            if who:
                rows.append(
                    {
                        "role": str(role),
                        "who": ", ".join(who),
                        "seen": share(float(group["role_share"].sum())),
                    }
                )
        if rows:
            out.append(
                {"team": _name(run, team), "colour": to_hex(run.colours.team(team).page), "rows": rows}
            )
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
