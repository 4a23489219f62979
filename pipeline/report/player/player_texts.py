"""A player's numbers as texts: for the page and the terminal alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.metrics.comparison.movement_rates import RATES
from pipeline.report.player.player_answer import PlayerAnswer
from pipeline.report.style.match_clock import match_clock
from pipeline.report.style.wording import DASH, duration, metres, number, share, signed
from pipeline.runs.match_sheet import headline, match_sheet

if TYPE_CHECKING:
    import pandas as pd

PARTS = {"whole": "All of the match", "in": "In possession", "out": "Out of possession"}


def about(answer: PlayerAnswer) -> str:
    """Say who he is: team and role; and of which match."""
    role = answer.who.position or (answer.group or answer.who.role)
    run = answer.run
    match = headline(match_sheet(run.record), run.team_name("A"), run.team_name("B")) or run.name
    return f"{answer.team_name} · {role.lower() if not role.isupper() else role} · {match}"


def facts(answer: PlayerAnswer) -> list[tuple[str, str, str]]:
    """The headline numbers: what, value, a word on it."""
    row = answer.whole
    on_pitch = row["minutes_on_pitch"]
    on = DASH if on_pitch is None or np.isnan(on_pitch) else number(on_pitch, 0, "min")
    stay = answer.who.stay
    periods = answer.run.table("periods")
    when = "not known" if stay is None else " to ".join(match_clock(t, periods) for t in stay)
    return [
        ("On the pitch", on, when),
        ("Seen", duration(60 * row["minutes_visible"]), f"coverage {share(row['coverage'])}"),
        (
            "Distance",
            metres(row["distance_visible_m"], "m"),
            f"± {metres(row['distance_error_m'], 'm')}, while seen",
        ),
        (
            "Pace",
            number(row["m_per_visible_min"], 0, "m/min"),
            "active play" if answer.pace_note else "while seen",
        ),
        ("PSV-99", number(3.6 * row["psv99_mps"], 1, "km/h"), _error(row["speed_error_mps"])),
        ("Sprints", number(row["sprints"]), "while seen"),
    ]


def _error(speed_mps: Any) -> str:
    return (
        "" if speed_mps is None or np.isnan(speed_mps) else f"a speed ± {number(3.6 * speed_mps, 1, 'km/h')}"
    )


def rate_rows(answer: PlayerAnswer) -> list[dict[str, str]]:
    """Each rate: all of the match, in and out of possession, and how far he is from his team and his like."""
    rates = {(r["measure"], r["part"]): r for r in _records(answer.rates)}
    beside = {(r["measure"], r["group"]): r for r in _records(answer.beside)}
    rows = []
    for name, rate in RATES.items():
        row = {"about": f"{rate.about}, {rate.unit}"}
        for part in PARTS:
            known = rates.get((name, part))
            row[part] = DASH if known is None else _with_interval(known, rate.digits)
        for group in ("team", "role"):
            found = beside.get((name, group), {})
            row[group] = number(found.get("value_a"), rate.digits)
            row[f"{group}_gap"] = _gap(found, rate.digits) if found else DASH
            row[f"{group}_sure"] = "sure" if found and found["low"] * found["high"] > 0 else ""
        rows.append(row)
    return rows


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]


def _with_interval(row: Mapping[str, Any], digits: int) -> str:
    text = number(row["value"], digits)
    if not np.isfinite(row["low"]):
        return text
    return f"{text} ({number(row['low'], digits)}–{number(row['high'], digits)})"


def _gap(row: Mapping[str, Any], digits: int) -> str:
    if not np.isfinite(row["difference"]):
        return "not comparable"
    text = signed(row["difference"], digits)
    if not np.isfinite(row["low"]):
        return text
    return f"{text} ({signed(row['low'], digits)} to {signed(row['high'], digits)})"


def group_names(answer: PlayerAnswer) -> dict[str, str]:
    """What he is compared with, and how many they are."""
    counts = answer.beside.drop_duplicates("group").set_index("group")["players"].to_dict()
    like = answer.group or "his role"
    return {
        "team": f"{answer.team_name}, the other outfield players ({counts.get('team', 0)})",
        "role": f"Other {like} of both teams ({counts.get('role', 0)})",
    }


def role_rows(answer: PlayerAnswer) -> list[dict[str, str]]:
    """Roles by phase: role, share of his time in all, in and out of possession."""
    wide = answer.roles.pivot_table(index="role", columns="phase", values="share", aggfunc="sum")
    order = wide.sort_values("all", ascending=False) if "all" in wide else wide
    rows = []
    for role, shares in order.iterrows():
        cells = {
            p: share(shares.get(p)) if np.isfinite(shares.get(p, np.nan)) else DASH
            for p in ("all", "in", "out")
        }
        rows.append({"role": str(role)} | cells)
    return rows


def part_rows(answer: PlayerAnswer) -> list[dict[str, str]]:
    """His movement by half and by possession."""
    names = {"in": "in possession", "out": "out of possession", "unknown": "nobody's ball"}
    rows = []
    for row in answer.parts[answer.parts["by"].isin(["half", "possession"])].to_dict("records"):
        part = f"period {row['part']}" if row["by"] == "half" else names[row["part"]]
        rows.append(
            {
                "part": part,
                "seen": duration(60 * row["minutes_visible"]),
                "coverage": share(row["coverage"]),
                "distance": metres(row["distance_visible_m"]),
                "pace": number(row["m_per_visible_min"]),
                "fast": metres(row["fast_m"]),
                "top": number(3.6 * row["psv99_mps"], 1),
                "sprints": number(row["sprints"]),
                "accelerations": number(row["accelerations"]),
            }
        )
    return rows
