"""Players beside each other on one scale: of one match or several, over a half or a phase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.core.errors import UserError
from pipeline.metrics.comparison.movement_rates import RATES, compare_rates, rate_table
from pipeline.metrics.direction.match_stretch import Stretch
from pipeline.metrics.movement import pace
from pipeline.report.compare.sides import MOST, Asked, parse
from pipeline.report.heatmap.player_query import Person, find, persons
from pipeline.report.movement_answer import pace_basis
from pipeline.report.player.role_groups import groups
from pipeline.report.side_query import team_letter
from pipeline.report.time_blocks import blocks_of
from pipeline.runs.stored_run import StoredRun

if TYPE_CHECKING:
    import pandas as pd

_PHASES = {"in": "in possession", "out": "out of possession"}


@dataclass(frozen=True, slots=True)
class PlayerSide:
    """One player over a part of a match, with his movement by block of time (`time_blocks.blocks_of`).

    ``coverage``: share of his time on the pitch, over all of the match, in which he was seen; ``pace``: what
    paces of his match are of; ``group``: of his role, None where unknown.
    """

    label: str
    run: StoredRun
    who: Person
    part: Stretch
    blocks: pd.DataFrame
    coverage: float
    pace: pace.Basis
    group: str | None


def names_players(texts: list[str]) -> bool:
    """Say whether sides of ``teamshape compare`` are players.

    Raises
    ------
    UserError
        If some are and others are teams.
    """
    players = [parse(text).player is not None for text in texts]
    if any(players) and not all(players):
        other = texts[players.index(False)]
        raise UserError(f"{other}: a team beside a player; add player=WHO to it, or compare teams only")
    return all(players)


def read_players(texts: list[str]) -> list[PlayerSide]:
    """Read all sides, ``RUN:player=A7:half1:in``.

    Raises
    ------
    UserError
        If there are not 2 to `MOST`, or a run, player or part is not there.
    """
    if not 2 <= len(texts) <= MOST:
        raise UserError(f"{' '.join(texts)}: {len(texts)} sides; a comparison needs 2 to {MOST}")
    asked = [parse(text) for text in texts]
    runs = {a.root: StoredRun.open(a.root) for a in asked}
    several = len({r.root.resolve() for r in runs.values()}) > 1
    return [_read(runs[a.root], a, text, several) for a, text in zip(asked, texts, strict=True)]


def _read(run: StoredRun, asked: Asked, text: str, several: bool) -> PlayerSide:
    part = Stretch(half=asked.half, phase=asked.phase)
    if not run.has("movement_parts"):
        raise UserError(f"{text}: nobody was followed in {run.root} (mode team)")
    if asked.half is not None and asked.half not in set(run.table("periods")["period"]):
        raise UserError(f"{text}: period {asked.half} is not known there")
    if asked.phase is not None and not len(run.table("possession")):
        raise UserError(f"{text}: possession is not known there")
    names = {t: run.team_name(t) for t in ("A", "B")}
    team = None if asked.team is None else team_letter(asked.team, names, text)
    _, identities = run.by_person("positions")
    who = find(str(asked.player), persons(identities, run.table("people")), team)
    blocks = blocks_of(run, who.tracks, who.team, part)
    if not blocks["minutes_visible"].sum() > 0:
        raise UserError(f"{text}: {who.choice} was not seen in this part")
    words = [who.label, "" if part.half is None else f"period {part.half}", _PHASES.get(part.phase or "", "")]
    label = ", ".join(w for w in (*words, run.name if several else "") if w)
    table = run.table("movement")
    rows = table[table["track_id"].isin(who.tracks)]
    coverage = float(rows["coverage"].max()) if len(rows) else float("nan")
    return PlayerSide(
        label, run, who, part, blocks, coverage, pace_basis(run), groups(run).get(who.tracks[0])
    )


def comparable(one: PlayerSide, two: PlayerSide) -> bool:
    """Say whether two players' paces are of the like: whole matches, what cameras showed, or clips."""
    return one.pace == two.pace


def player_table(sides: list[PlayerSide]) -> pd.DataFrame:
    """Give each side's rates, and how far each is from the first: one row a side and measure.

    ``player, team, run, group, measure, unit, value, low, high`` (95% interval), ``difference`` from the
    first side with its interval ``difference_low, difference_high`` (NaN where not comparable), ``comparable,
    minutes, blocks, coverage``.
    """
    import pandas as pd

    made = []
    for side in sides:
        own = rate_table(side.blocks).assign(
            player=side.label,
            team=side.run.team_name(side.who.team) if side.who.team else None,
            run=side.run.name,
            group=side.group,
            coverage=side.coverage,
            comparable=comparable(sides[0], side),
        )
        gaps = compare_rates(sides[0].blocks, side.blocks, comparable=comparable(sides[0], side))
        gaps = gaps.rename(columns={"low": "difference_low", "high": "difference_high"})
        own = own.merge(gaps[["measure", "difference", "difference_low", "difference_high"]], on="measure")
        if side is sides[0]:
            own[["difference", "difference_low", "difference_high"]] = np.nan
        made.append(own)
    table = pd.concat(made, ignore_index=True)
    return table.assign(unit=[RATES[m].unit for m in table["measure"]])[list(_COLUMNS)]


_COLUMNS = (
    *("player", "team", "run", "group", "measure", "unit", "value", "low", "high"),
    *("difference", "difference_low", "difference_high", "comparable", "minutes", "blocks", "coverage"),
)
