"""What a heatmap is asked to show: a player, a team or a role, in a part of the match; and its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pipeline.core.errors import UserError
from pipeline.metrics.direction.match_stretch import Stretch, inside
from pipeline.metrics.formation.role_players import role_people
from pipeline.metrics.movement.time_seen import seconds_behind
from pipeline.report.heatmap.player_query import find

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.heatmap.heatmap_run import HeatRun

_ROLES = {"goalkeeper": "goalkeeper", "gk": "goalkeeper", "player": "player", "outfield": "player"} | {
    "referee": "referee"
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Who and when; at least one of ``player``, ``team`` (A or B) and ``role``.

    ``player``: see `player_query.find`. ``role``: goalkeeper, outfield or referee, a position as the table
    ``people`` names it, or a role of the nearest formation such as LB or DM.
    """

    player: str | None = None
    team: str | None = None
    role: str | None = None
    part: Stretch = field(default_factory=Stretch)


@dataclass(frozen=True, slots=True)
class Who:
    """Who is shown: in words, of which team (None: neither's), whether one person; ``stay``: when on, s."""

    label: str
    team: str | None
    one: bool
    stay: tuple[float, float] | None = None


def check(run: HeatRun, choice: Choice) -> None:
    """Refuse what the run cannot answer.

    Raises
    ------
    UserError
        Naming the option.
    """
    if choice.player is choice.team is choice.role is None:
        raise UserError("heatmap: say whose, with --player, --team or --role")
    if choice.player is not None and choice.role is not None:
        raise UserError(f"--player {choice.player} --role {choice.role}: give one of the two")
    if choice.player is not None and not run.tracked:
        raise UserError(
            f"--player {choice.player}: {run.name} has no ids (mode team); use --team A, --team B or --role"
        )
    if not len(run.playing):
        raise UserError(f"{run.name}: nobody was placed on the pitch, so there is nothing to draw")
    half = choice.part.half
    if half is not None and not (run.periods["period"] == half).any():
        known = ", ".join(str(p) for p in sorted(run.periods["period"])) or "none"
        raise UserError(f"--half {half}: periods known in {run.name}: {known}; use --start and --end instead")
    phase = choice.part.phase
    if phase not in (None, "in", "out") and not len(run.phases):
        raise UserError(f"--phase {phase}: phases are not known in {run.name}; leave --phase out")
    if choice.part.phase is not None and not len(run.possession):
        raise UserError(
            f"--phase {choice.part.phase}: who had the ball is not known in {run.name}; leave --phase out"
        )


def rows(run: HeatRun, choice: Choice) -> tuple[Who, pd.DataFrame]:
    """Take the rows of ``run.playing`` that ``choice`` means; at least one.

    Raises
    ------
    UserError
        If nobody is meant, or they were not seen.
    """
    who, table = _player(run, choice) if choice.player is not None else _several(run, choice)
    if choice.part.phase is not None and who.team is None:
        raise UserError(f"--phase {choice.part.phase}: {who.label}: of neither team; leave --phase out")
    times = table["time_s"].to_numpy(float)
    table = table[inside(times, choice.part, who.team, run.periods, run.possession, run.phases)]
    if choice.player is None and choice.role is not None and not _given(run, choice):
        who, table = _fitted(run, table, who, choice)
    if not table["seconds"].sum() > 0:
        raise UserError(f"{who.label}: not seen in this part of {run.name}; choose another half, phase, time")
    return who, table


def _player(run: HeatRun, choice: Choice) -> tuple[Who, pd.DataFrame]:
    person = find(str(choice.player), run.everyone, choice.team)
    table = run.playing[run.playing["track_id"].isin(person.tracks)]
    team = run.team(person.team) if person.team else "team unclear"
    place = person.position or person.role
    place = place if place.isupper() else place.lower()
    who = Who(f"{person.label}, {place}, {team}", person.team, True, person.stay)
    if not len(table):
        raise UserError(f"--player {choice.player}: {person.choice} was never on the pitch in {run.name}")
    return who, table


def _several(run: HeatRun, choice: Choice) -> tuple[Who, pd.DataFrame]:
    """The players of a team, or those of a role that is on record."""
    table = run.playing[run.playing["role"] != "referee"]
    role = _ROLES.get((choice.role or "").casefold())
    tracks = _at_position(run, choice)
    if role is not None:
        table = run.playing[run.playing["role"] == role]
    elif tracks:
        table = table[table["track_id"].isin(tracks)]
    if role == "referee":
        return Who("Referees", None, False), table
    if choice.team is None:
        raise UserError(f"--role {choice.role}: of which team? add --team, with A, B or a name")
    names = {"goalkeeper": "Goalkeeper", "player": "Outfield players"}
    team = run.team(choice.team)
    label = team[0].upper() + team[1:]
    if role is not None or tracks:
        label = f"{names.get(role or '', choice.role)}, {team}"
    return Who(label, choice.team, False), table[table["team"] == choice.team]


def _given(run: HeatRun, choice: Choice) -> bool:
    return (choice.role or "").casefold() in _ROLES or bool(_at_position(run, choice))


def _at_position(run: HeatRun, choice: Choice) -> list[int]:
    wanted = (choice.role or "").casefold()
    at = [p for p in run.everyone if wanted and (p.position or "").casefold() == wanted]
    return [t for p in at for t in p.tracks]


def _fitted(run: HeatRun, table: pd.DataFrame, who: Who, choice: Choice) -> tuple[Who, pd.DataFrame]:
    """A role by where the team's players stood relative to each other."""
    known = role_people(table[table["sign"] != 0], str(who.team), run.pitch.outfield)
    if known is None:
        raise UserError(
            f"--role {choice.role}: too few of {who.label} were seen together, or their direction of "
            "attack is unclear, so roles have no names; use goalkeeper, outfield or --player"
        )
    names = {r.casefold(): r for r in known.table["role"].unique()}
    role = names.get(str(choice.role).casefold())
    if role is None:
        raise UserError(
            f"--role {choice.role}: expected goalkeeper, outfield, referee, or of {who.label} as it stood "
            f"({known.formation}): {', '.join(sorted(names.values()))}"
        )
    own = known.table[known.table["role"] == role].reset_index(drop=True)
    own = own.assign(seconds=seconds_behind(own), sign=np.ones(len(own)))
    return Who(f"{role} as in a {known.formation}, {who.label}", who.team, False), own
