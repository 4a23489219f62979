"""Movement of players and teams, part by part, with names: what ``teamshape movement`` prints and writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.errors import TableError
from pipeline.tables import storage
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


def movement_answer(root: Path, by: str, team: str | None = None) -> Answer:
    """Read the movement of a run, cut ``by`` one of `CUTS`, of one team or both.

    Raises
    ------
    TableError
        If the run has no such table, or its match cannot be cut like this.
    """
    if not (root / "tables" / "movement_parts.parquet").exists():
        raise TableError(
            f"{root}: no movement by part there; run the command that made it again, not in mode team"
        )
    parts, teams = (
        storage.read(root / "tables" / f"{name}.parquet", name)
        for name in ("movement_parts", "team_movement_parts")
    )
    parts, teams = parts[parts["by"] == by], teams[teams["by"] == by]
    if not len(teams):
        lacks = {"half": "no known periods", "possession": "no known possession"}.get(by, "nobody measured")
        raise TableError(f"{root}: {lacks}, so there is no movement by {by}")
    order = teams.drop_duplicates("part")
    if by != "possession":
        order = order.sort_values("start_s", kind="stable")
    if team is not None:
        parts, teams = parts[parts["team"] == team], teams[teams["team"] == team]
    return Answer(_named(parts, root), teams.reset_index(drop=True), tuple(order["part"]))


def _named(parts: pd.DataFrame, root: Path) -> pd.DataFrame:
    path = root / "tables" / "people.parquet"
    people = storage.read(path, "people") if path.exists() else storage.empty("people")
    known = people[["track_id", "team_name", "name", "jersey"]]
    out = known.merge(parts, on="track_id", how="right")
    out.insert(1, "player", [_called(row) for row in out[["track_id", "name", "jersey"]].to_dict("records")])
    longest = out.groupby("track_id")["minutes_visible"].transform("sum")
    rank = out.assign(longest=-longest).sort_values(["team", "longest", "track_id", "start_s"], kind="stable")
    return rank.drop(columns="longest").reset_index(drop=True)


def _called(row: Mapping[Any, Any]) -> str:
    number = "" if row["jersey"] is None or row["jersey"] != row["jersey"] else str(row["jersey"])
    name = row["name"] if isinstance(row["name"], str) else ""
    return f"{number} {name}".strip() or f"track {row['track_id']}"
