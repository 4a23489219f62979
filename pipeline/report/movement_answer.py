"""Movement of players and teams, part by part, with names: what ``teamshape movement`` prints and writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.core.errors import TableError
from pipeline.runs.stored_run import StoredRun
from pipeline.tables.schemas import SCHEMAS

if TYPE_CHECKING:
    import pandas as pd

CUTS = ("whole", "half", "5min", "possession")
MEASURES = tuple(
    c.name
    for c in SCHEMAS["movement_parts"].columns
    if c.dtype in ("float64", "int32") and c.name != "track_id"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of one cut of the match.

    ``players``: of ``movement_parts``, with ``player``, ``team_name``, ``name`` and ``jersey`` in front;
    ``teams``: of ``team_movement_parts``; ``parts``: names of the parts, in order of time.
    """

    players: pd.DataFrame
    teams: pd.DataFrame
    parts: tuple[str, ...]


def movement_answer(run: StoredRun, by: str, team: str | None = None) -> Answer:
    """Read the movement of a run, cut ``by`` one of `CUTS`, of one team or both.

    Raises
    ------
    TableError
        If the run has no such table, or its match cannot be cut like this.
    """
    root = run.root
    if not run.has("movement_parts"):
        raise TableError(
            f"{root}: no movement by part there; run the command that made it again, not in mode team"
        )
    parts, teams = run.table("movement_parts"), run.table("team_movement_parts")
    parts, teams = parts[parts["by"] == by], teams[teams["by"] == by]
    if not len(teams):
        lacks = {"half": "no known periods", "possession": "no known possession"}.get(by, "nobody measured")
        raise TableError(f"{root}: {lacks}, so there is no movement by {by}")
    order = teams.drop_duplicates("part")
    if by != "possession":
        order = order.sort_values("start_s", kind="stable")
    if team is not None:
        parts, teams = parts[parts["team"] == team], teams[teams["team"] == team]
    return Answer(_named(parts, run), teams.reset_index(drop=True), tuple(order["part"]))


def _named(parts: pd.DataFrame, run: StoredRun) -> pd.DataFrame:
    known = run.table("people", ["track_id", "team_name", "name", "jersey"])
    out = known.merge(parts, on="track_id", how="right")
    out.insert(1, "player", [run.name_of(track) for track in out["track_id"]])
    longest = out.groupby("track_id")["minutes_visible"].transform("sum")
    rank = out.assign(longest=-longest).sort_values(["team", "longest", "track_id", "start_s"], kind="stable")
    return rank.drop(columns="longest").reset_index(drop=True)
