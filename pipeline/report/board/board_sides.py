"""The sides of a board, read from runs: where they were, how they moved, and how a team stood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.core.errors import UserError
from pipeline.metrics.movement import pace
from pipeline.report.board.board_query import Wanted
from pipeline.report.compare.sides import INKS, MOST, Asked, NamedSide, read_side
from pipeline.report.heatmap import heatmap_query, heatmap_run
from pipeline.report.heatmap.heatmap_data import HeatMap, heat_map
from pipeline.report.heatmap.heatmap_query import Choice
from pipeline.report.movement_answer import pace_basis
from pipeline.report.style.colours import Rgb
from pipeline.report.time_blocks import blocks_of
from pipeline.tables.play.phase_names import PHASE_TEXTS

if TYPE_CHECKING:
    import pandas as pd

LEAST = 2
"""A board needs so many sides, and at most as many as a comparison (`sides.MOST`)."""


@dataclass(frozen=True, slots=True)
class BoardSide:
    """One side of a board.

    Attributes
    ----------
    heat
        Where it was.
    team
        How it stood; None for a player or a role, and where too few were seen together.
    blocks
        Its movement by block of time (`time_blocks.blocks_of`); None where nobody was followed, or for a role
        that several took in turns.
    """

    label: str
    ink: Rgb
    asked: Wanted
    heat: HeatMap
    team: NamedSide | None
    blocks: pd.DataFrame | None
    pace: pace.Basis


def read_board(asked: Sequence[Wanted]) -> list[BoardSide]:
    """Read all sides of a board.

    Raises
    ------
    UserError
        If there are too few or too many, or nobody of a side was seen.
    """
    if not LEAST <= len(asked) <= MOST:
        raise UserError(f"{len(asked)} sides; a board needs {LEAST} to {MOST}")
    several = len({one.run.root.resolve() for one in asked}) > 1
    maps = [_heat(one) for one in asked]
    labels = [_label(one, heat, several) for one, heat in zip(asked, maps, strict=True)]
    twice = {label for label, n in Counter(labels).items() if n > 1}
    labels = [f"{label} ({i})" if label in twice else label for i, label in enumerate(labels, start=1)]
    return [
        _read(one, heat, label, INKS[i % len(INKS)])
        for i, (one, heat, label) in enumerate(zip(asked, maps, labels, strict=True))
    ]


def _heat(one: Wanted) -> HeatMap:
    loaded = one.run.once("heatmap", lambda: heatmap_run.load(one.run))
    return heat_map(loaded, _choice(one))


def _choice(one: Wanted) -> Choice:
    return Choice(one.player, one.team, one.role, one.part)


def _label(one: Wanted, heat: HeatMap, several: bool) -> str:
    who = heat.who.label if one.player or one.role else one.run.team_name(str(one.team))
    half = "" if one.part.half is None else f"period {one.part.half}"
    words = [who, half, PHASE_TEXTS.get(one.part.phase or "", ""), one.run.name if several else ""]
    return ", ".join(w for w in words if w)


def _read(one: Wanted, heat: HeatMap, label: str, ink: Rgb) -> BoardSide:
    team = _team(one, label, ink)
    if team is not None:
        return BoardSide(label, ink, one, heat, team, team.blocks, team.pace)
    tracks = _tracks(one)
    followed = bool(tracks) and one.run.has("movement_parts")
    blocks = blocks_of(one.run, tracks, heat.who.team, one.part) if followed else None
    return BoardSide(label, ink, one, heat, None, blocks, pace_basis(one.run))


def _team(one: Wanted, label: str, ink: Rgb) -> NamedSide | None:
    if one.player is not None or one.role is not None or one.team is None:
        return None
    asked = Asked(one.run.root, one.team, one.part.half, one.part.phase)
    return read_side(one.run, one.team, asked, label, ink, None)


def _tracks(one: Wanted) -> list[int]:
    """Whose movement is that of a player, or of a role that is on record; none where a role was fitted."""
    loaded = one.run.once("heatmap", lambda: heatmap_run.load(one.run))
    _, rows = heatmap_query.rows(loaded, _choice(one))
    if "track_id" not in rows:
        return []
    return [int(t) for t in rows["track_id"].dropna().unique()]
