"""The answers in brief: movement of everybody, shape and formation of the teams, what the audit found."""

from __future__ import annotations

from typing import Any

from pipeline.report.page.formation_texts import longest
from pipeline.runs.run_directory import read_json, step_path
from pipeline.workbench.served_run import ServedRun
from pipeline.workbench.telling.json_columns import rows_of, value_of

_MOVEMENT = [
    *("track_id", "minutes_visible", "distance_visible_m", "m_per_visible_min", "psv99_mps"),
    *("sprints", "coverage", "distance_error_m"),
]
_TEAM = ["team", "players_seen", "length_m", "width_m", "hull_m2", "distance_visible_m"]
AUDIT = ("people_a", "people_b", "teleports", "overlaps", "too_many_frames", "unknown_share")


def results(run: ServedRun) -> dict[str, Any]:
    """Tell ``players`` (rows of movement, by person), ``teams`` and ``audit``."""
    stored = run.stored
    movement = stored.table("movement", optional=True)
    teams = stored.table("team_movement", optional=True)
    formations = stored.table("formations", optional=True)
    players = rows_of(movement, [c for c in _MOVEMENT if c in movement])
    known = stored.table("people")
    person = dict(zip(known["track_id"].tolist(), known["player_id"].tolist(), strict=True))
    for row in players:
        row["person"] = person.get(row.pop("track_id"))
    sides = rows_of(teams, [c for c in _TEAM if c in teams])
    for row in sides:
        best = longest(formations, row["team"])
        row["formation"] = None if best is None else value_of(best["formation"])
        row["nearest"] = None if best is None else value_of(best["nearest"])
        row["formation_score"] = None if best is None else value_of(best["score"])
    facts = read_json(step_path(run.root, "link")).get("facts", {})
    return {
        "players": [p for p in players if p["person"] is not None],
        "teams": sides,
        "audit": {k: value_of(facts.get(k)) for k in AUDIT},
    }
