"""Movement of players and teams, part by part, with names: what ``teamshape movement`` prints and writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.core.errors import TableError, UserError
from pipeline.metrics.direction.left_to_right import sides
from pipeline.metrics.movement import pace
from pipeline.metrics.movement.match_parts import UNKNOWN, phase_division
from pipeline.metrics.physical.physical_tables import periods_s
from pipeline.metrics.shape.team_shape import frame_shapes
from pipeline.metrics.summary import MatchTables, parts_of, shape_players
from pipeline.report.side_query import team_letter
from pipeline.runs.stored_run import StoredRun
from pipeline.tables.play.phase_names import PHASES
from pipeline.tables.who_is_where import play_s

if TYPE_CHECKING:
    import pandas as pd

LISTED_S, LISTED_SHARE = 30.0, 0.1
CUTS = ("whole", "half", "5min", "possession", "phase")


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of one cut of the match.

    ``players``: of ``movement_parts``, with ``player``, ``team_name``, ``name`` and ``jersey`` in front;
    ``teams``: of ``team_movement_parts``; ``parts``: names of the parts, in order of time; ``pace_note``: how
    to read a pace here, empty where it is of a whole match; ``efforts_note``: the same of accelerations.
    """

    players: pd.DataFrame
    teams: pd.DataFrame
    parts: tuple[str, ...]
    pace_note: str = ""
    efforts_note: str = ""


def movement_answer(
    run: StoredRun, by: str, team: str | None = None, half: int | None = None, phase: str | None = None
) -> Answer:
    """Read the movement of a run, cut ``by`` one of `CUTS`.

    Parameters
    ----------
    team
        A, B or a team's name; None for both.
    half, phase
        Only the parts of this half, or in or out of possession, or of a phase of play.

    Raises
    ------
    TableError
        If the run has no such table, or its match cannot be cut like this.
    UserError
        If there is no such team or part.
    """
    by = _cut(by, half, phase)
    root = run.root
    if not run.has("movement_parts"):
        raise TableError(
            f"{root}: no movement by part there; 'teamshape run' or 'teamshape analyze' with -o {root} "
            "makes it (not with --mode team)"
        )
    parts, teams = _by_phase(run) if by == "phase" else _stored(run, by)
    if not len(teams):
        lacks = {"half": "no known periods", "possession": "no known possession"}.get(by, "nobody measured")
        raise TableError(f"{root}: {lacks}, so there is no movement by {by}")
    order = teams.drop_duplicates("part")
    if by not in ("possession", "phase"):
        order = order.sort_values("start_s", kind="stable")
    known = tuple(order["part"])
    if by == "phase":
        known = tuple(p for p in (*PHASES, UNKNOWN) if p in set(known))
    names = _wanted(known, by, half, phase)
    parts, teams = parts[parts["part"].isin(names)], teams[teams["part"].isin(names)]
    if team is not None:
        letter = team_letter(team, {t: run.team_name(t) for t in ("A", "B")}, f"--team {team}")
        parts, teams = parts[parts["team"] == letter], teams[teams["team"] == letter]
    of = pace_basis(run)
    notes = pace.note(of), pace.efforts_note(of)
    return Answer(_named(parts, run), teams.reset_index(drop=True), names, *notes)


def _stored(run: StoredRun, by: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read players' and teams' movement by one of the cuts that the run has measured."""
    parts, teams = run.table("movement_parts"), run.table("team_movement_parts")
    return parts[parts["by"] == by], teams[teams["by"] == by]


def _by_phase(run: StoredRun) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure players' and teams' movement within each team's phases of play."""
    phases = run.table("phases")
    if not len(phases):
        raise TableError(f"{run.root}: phases are not known here (table phases is absent or empty)")
    everyone, periods = run.people(with_team=False), run.table("periods")
    playing = everyone[everyone["team"].notna()]
    tables = {n: run.table(n) for n in ("frames", "positions", "labels", "identities", "people")}
    match = MatchTables(**tables, periods=periods)
    way = sides(playing, run.table("formations", optional=True), periods)
    shapes = frame_shapes(playing, shape_players(run.config))
    made = parts_of(everyone, shapes, way, [phase_division(periods_s(match), phases)], run.config, match)
    assert made.players is not None
    return made.players, made.teams


def pace_basis(run: StoredRun) -> pace.Basis:
    """Say what the paces of a run are of: `pace.basis` of its outfield players."""
    table = run.table("movement")
    own = table[table["role"] == "player"]
    play_min = play_s(run.table("frames"), run.table("periods")) / 60
    return pace.basis(own["coverage"].to_numpy(float), own["minutes_visible"].to_numpy(float), play_min)


def default_minimum_min(run: StoredRun) -> float:
    """Give how long somebody has to be seen to be listed, min: `LISTED_S`, or a tenth of shorter footage."""
    play = play_s(run.table("frames"), run.table("periods"))
    return min(LISTED_S, LISTED_SHARE * play) / 60


def _cut(by: str, half: int | None, phase: str | None) -> str:
    """The cut in which a half, or a phase, is a part."""
    if half is not None and phase is not None:
        raise UserError("--half and --phase exclude each other here; give one")
    of_play = "possession" if phase in ("in", "out") else "phase"
    needed = "half" if half is not None else of_play if phase is not None else by
    if by in ("whole", needed) or (by == "5min" and half is not None):
        return needed if by == "whole" else by
    option = f"--half {half}" if half is not None else f"--phase {phase}"
    raise UserError(f"--by {by}: has no parts of {option}; leave one of them out")


def _wanted(parts: tuple[str, ...], by: str, half: int | None, phase: str | None) -> tuple[str, ...]:
    if half is None and phase is None:
        return parts
    names = tuple(p for p in parts if p in (str(half), phase) or (by == "5min" and p.startswith(f"{half}: ")))
    if not names:
        option = f"--half {half}" if half is not None else f"--phase {phase}"
        raise UserError(f"{option}: parts known here: {', '.join(parts)}")
    return names


def measures(answer: Answer) -> tuple[str, ...]:
    """Name the columns of ``answer.players`` that are numbers."""
    known = ("track_id", "jersey")
    numbers = answer.players.select_dtypes("number").columns
    return tuple(str(name) for name in numbers if name not in known)


def _named(parts: pd.DataFrame, run: StoredRun) -> pd.DataFrame:
    known = run.table("people", ["track_id", "team_name", "name", "jersey"])
    out = known.merge(parts, on="track_id", how="right")
    out.insert(1, "player", [run.name_of(track) for track in out["track_id"]])
    longest = out.groupby("track_id")["minutes_visible"].transform("sum")
    rank = out.assign(longest=-longest).sort_values(["team", "longest", "track_id", "start_s"], kind="stable")
    return rank.drop(columns="longest").reset_index(drop=True)
