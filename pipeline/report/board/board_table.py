"""All numbers of a board as one table: what each side is, and how far it is from the first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline.metrics.comparison.comparison_side import MEASURES
from pipeline.metrics.comparison.movement_rates import RATES, compare_rates, rate_table
from pipeline.metrics.comparison.shape_numbers import compare_shapes
from pipeline.report.board.board_sides import BoardSide
from pipeline.report.compare.comparison import SHAPES

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    *("side", "run", "kind", "measure", "about", "unit", "value", "low", "high"),
    *("difference", "difference_low", "difference_high", "n"),
)


def board_table(sides: Sequence[BoardSide]) -> pd.DataFrame:
    """Give a row for each number of each side.

    ``kind`` (time, movement, shape); ``value`` with its 95% interval ``low, high`` (movement only);
    ``difference`` from the first side with its interval, absent where the two are not comparable; ``n``
    seconds of shapes, seen minutes of movement.
    """
    import pandas as pd

    rows = [row for side in sides for row in (*_time(side), *_movement(sides, side), *_shape(sides, side))]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _named(side: BoardSide) -> dict[str, Any]:
    return {"side": side.label, "run": side.asked.run.name}


def _time(side: BoardSide) -> list[dict[str, Any]]:
    seen = {"kind": "time", "measure": "seen_s", "about": "Player time seen", "unit": "s"}
    return [_named(side) | seen | {"value": float(side.heat.seconds.sum())}]


def _movement(sides: Sequence[BoardSide], side: BoardSide) -> list[dict[str, Any]]:
    if side.blocks is None:
        return []
    first = sides[0]
    gaps = {}
    if side is not first and first.blocks is not None:
        found = compare_rates(first.blocks, side.blocks, comparable=first.pace == side.pace)
        gaps = {row["measure"]: row for row in found.to_dict("records")}
    out = []
    for row in rate_table(side.blocks).to_dict("records"):
        rate = RATES[row["measure"]]
        made = {"kind": "movement", "measure": row["measure"], "about": rate.about, "unit": rate.unit}
        made |= {"value": row["value"], "low": row["low"], "high": row["high"], "n": row["minutes"]}
        out.append(_named(side) | made | _gap(gaps.get(row["measure"])))
    return out


def _shape(sides: Sequence[BoardSide], side: BoardSide) -> list[dict[str, Any]]:
    if side.team is None:
        return []
    first = next(s for s in sides if s.team is not None)
    gaps = {}
    if side is not first and first is sides[0] and first.team is not None:
        found = compare_shapes(first.team.side.shapes, side.team.side.shapes, columns=MEASURES)
        gaps = {row["measure"]: row for row in found.to_dict("records")}
    out = []
    for name, (about, unit, _) in SHAPES.items():
        values = side.team.side.shapes[name].dropna()
        if not len(values):
            continue
        made = {"kind": "shape", "measure": name, "about": about, "unit": unit, "value": float(values.mean())}
        out.append(_named(side) | made | {"n": len(values)} | _gap(gaps.get(name)))
    return out


def _gap(row: dict[Any, Any] | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {"difference": row["difference"], "difference_low": row["low"], "difference_high": row["high"]}
