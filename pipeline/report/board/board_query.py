"""What a user asks to see on the board, and what of a run can be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipeline.core.errors import UserError
from pipeline.metrics.direction.match_stretch import Stretch
from pipeline.report.compare.sides import part_of
from pipeline.report.heatmap.player_query import Person, persons
from pipeline.report.player.role_groups import role_times
from pipeline.report.side_query import split_side, team_letter
from pipeline.runs.stored_run import StoredRun
from pipeline.tables.play.phase_names import PHASE_TEXTS

_KEYS = ("team", "half", "phase", "player", "role")
_ROLES = ("goalkeeper", "outfield")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One side: a player, a role of a team, or a team, in a part of a match."""

    run: StoredRun
    team: str | None
    player: str | None
    role: str | None
    part: Stretch


def wanted(run: StoredRun, text: str) -> Wanted:
    """Read a side of ``run``: ``A:half1:in``, or ``team=A,role=LB``, or ``player=A7,phase=in``.

    Raises
    ------
    UserError
        If it names neither a team nor a player, or a part that the run does not know.
    """
    _, said = split_side(f":{text}", _KEYS)
    names = {t: run.team_name(t) for t in ("A", "B")}
    team = team_letter(said["team"], names, text) if said.get("team") else None
    player, role = said.get("player") or None, said.get("role") or None
    if team is None and player is None:
        raise UserError(f"{text}: expected a team, or player=WHO")
    part = Stretch(*part_of(said, text))
    _refuse_unknown(run, part)
    return Wanted(run, team, player, role, part)


def choices(run: StoredRun) -> dict[str, Any]:
    """List what can be asked for: teams, players by team, roles, halves and phases that the run knows."""
    _, identities = run.by_person("positions")
    people = run.table("people")
    placed = run.people()["track_id"].value_counts()
    seen = {p: sum(int(placed.get(t, 0)) for t in p.tracks) for p in persons(identities, people)}
    everyone = [p for p, n in seen.items() if n and p.team and p.role in ("player", "goalkeeper")]
    everyone.sort(key=lambda p: (str(p.team), p.jersey is None, p.jersey or 0, -seen[p]))
    given = sorted({p.position for p in everyone if p.position})
    played = sorted(set(role_times(run)["role"])) if run.has("roles") else []
    halves = [int(p) for p in run.table("periods")["period"]]
    possession = bool(len(run.table("possession")))
    phases = [p for p in PHASE_TEXTS if p in ("in", "out")] if possession else []
    phases = list(PHASE_TEXTS) if possession and len(run.table("phases")) else phases
    return {
        "teams": [{"team": t, "name": run.team_name(t)} for t in ("A", "B")],
        "players": [{"player": f"t{p.tracks[0]}", "team": p.team, "name": _name(p)} for p in everyone],
        "roles": list(dict.fromkeys([*_ROLES, *given, *played])),
        "halves": halves,
        "phases": [{"phase": p, "name": PHASE_TEXTS[p]} for p in phases],
    }


def _name(person: Person) -> str:
    shirt = "" if person.jersey is None else str(person.jersey)
    return " ".join(w for w in (shirt, person.name) if w) or person.short or person.label


def _refuse_unknown(run: StoredRun, part: Stretch) -> None:
    if part.half is not None and part.half not in set(run.table("periods")["period"]):
        raise UserError(f"{run.name}: period {part.half} is not known here")
    if part.phase is not None and not len(run.table("possession")):
        raise UserError(f"{run.name}: possession is not known here, so nothing can be told by phase")
    if part.phase not in (None, "in", "out") and not len(run.table("phases")):
        raise UserError(f"{run.name}: phases of play are not known here")
