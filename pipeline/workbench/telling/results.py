"""The answers in brief: movement of everybody, shape and formation of the teams, what the audit found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.report.page.formation_texts import longest
from pipeline.runs.run_directory import read_json, step_path
from pipeline.workbench.served_run import ServedRun
from pipeline.workbench.telling.json_columns import rows_of, value_of

if TYPE_CHECKING:
    import pandas as pd

_MOVEMENT = [
    *("track_id", "minutes_visible", "distance_visible_m", "m_per_visible_min", "psv99_mps"),
    *("sprints", "coverage", "distance_error_m"),
]
_TEAM = ["team", "players_seen", "length_m", "width_m", "hull_m2", "distance_visible_m"]
AUDIT = ("people_a", "people_b", "teleports", "overlaps", "too_many_frames", "unknown_share")


def player_rows(movement: pd.DataFrame, people: pd.DataFrame) -> list[dict[str, Any]]:
    """Tell table ``movement`` by person; rows of nobody in particular are left out."""
    rows = rows_of(movement, [c for c in _MOVEMENT if c in movement])
    person = dict(zip(people["track_id"].tolist(), people["player_id"].tolist(), strict=True))
    for row in rows:
        row["person"] = person.get(row.pop("track_id"))
    return [row for row in rows if row["person"] is not None]


def results(run: ServedRun) -> dict[str, Any]:
    """Tell ``players`` (rows of movement, by person), ``teams`` and ``audit``."""
    stored = run.stored
    teams = stored.table("team_movement", optional=True)
    formations = stored.table("formations", optional=True)
    sides = rows_of(teams, [c for c in _TEAM if c in teams])
    for row in sides:
        best = longest(formations, row["team"])
        row["formation"] = None if best is None else value_of(best["formation"])
        row["nearest"] = None if best is None else value_of(best["nearest"])
        row["formation_score"] = None if best is None else value_of(best["score"])
    facts = read_json(step_path(run.root, "link")).get("facts", {})
    return {
        "players": player_rows(stored.table("movement", optional=True), stored.table("people")),
        "teams": sides,
        "audit": {k: value_of(facts.get(k)) for k in AUDIT},
    }
