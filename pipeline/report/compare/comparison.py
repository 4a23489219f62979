"""A comparison of two or more sides in numbers, and as one long table."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.comparison.bootstrap import Chance, chance, drawn_places
from pipeline.metrics.comparison.comparison_side import MEASURES
from pipeline.metrics.comparison.movement_rates import RATES, compare_rates
from pipeline.metrics.comparison.shape_distance import Comparison, compare
from pipeline.metrics.comparison.shape_numbers import compare_shapes

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.compare.sides import NamedSide

DISTANCES = {
    "same_role_m": ("Same-role distance", "m", 1),
    "same_role_scaled_m": ("The same with equal length and width", "m", 1),
    "w2_m": ("Wasserstein distance of the roles", "m", 1),
    "graph_difference": ("Difference of the networks of neighbours", "", 2),
}
"""What each number between two sides is called, its unit and digits."""
SHAPES = {
    "centroid_x_m": ("Centre from half-way, forward", "m", 1),
    "centroid_y_m": ("Centre from the middle, to the left", "m", 1),
    "length_m": ("Length", "m", 1),
    "width_m": ("Width", "m", 1),
    "stretch_m": ("Mean distance to the centre", "m", 1),
    "hull_m2": ("Area of the hull", "m²", 0),
    "defence_height_m": ("Defensive line from its goal line", "m", 1),
    "defence_midfield_m": ("Gap from defence to midfield", "m", 1),
    "midfield_attack_m": ("Gap from midfield to attack", "m", 1),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Sides ``i`` and ``j`` compared; ``shapes`` as `shape_numbers.compare_shapes` gives it.

    ``rates``: as `movement_rates.compare_rates` does; None where a side has no tracks.
    """

    i: int
    j: int
    apart: Comparison
    chance: Chance
    shapes: pd.DataFrame
    rates: pd.DataFrame | None = None


def compared(sides: list[NamedSide]) -> list[Pair]:
    """Compare every two sides."""
    drawn = [drawn_places(s.side, seed=i) for i, s in enumerate(sides)]
    return [
        Pair(
            i,
            j,
            compare(sides[i].side.model, sides[j].side.model),
            chance(sides[i].side, sides[j].side, drawn[i], drawn[j]),
            compare_shapes(sides[i].side.shapes, sides[j].side.shapes, columns=MEASURES),
            rates_of(sides[i], sides[j]),
        )
        for i, j in combinations(range(len(sides)), 2)
    ]


def rates_of(one: NamedSide, two: NamedSide) -> pd.DataFrame | None:
    """Compare how two sides moved; without difference where their paces are of different things."""
    if one.blocks is None or two.blocks is None:
        return None
    return compare_rates(one.blocks, two.blocks, comparable=one.pace == two.pace)


def matrix(pairs: list[Pair], number: int, name: str) -> NDArray[np.float64]:
    """Lay out one of `DISTANCES` between all sides, ``(number, number)``, 0 on the diagonal."""
    out = np.zeros((number, number))
    for pair in pairs:
        out[pair.i, pair.j] = out[pair.j, pair.i] = getattr(pair.apart, name)
    return out


def long_table(sides: list[NamedSide], pairs: list[Pair]) -> pd.DataFrame:
    """Give everything as one table, a row for each number of each two sides.

    ``kind`` (distance, shape, movement, role), ``a, b`` (the sides), ``what``, ``unit``, ``value_a``,
    ``value_b``, ``difference`` (b - a; the distance itself for distances and roles) with its 95% interval
    ``low, high``, ``chance`` (what a distance would be by chance), and what is behind it ``n_a, n_b``:
    seconds of shapes, player minutes of movement, else frames.
    """
    import pandas as pd

    rows = [row for pair in pairs for row in _rows(sides, pair)]
    columns = ("kind", "a", "b", "what", "unit", "value_a", "value_b", "difference", "low", "high", "chance")
    return pd.DataFrame(rows, columns=[*columns, "n_a", "n_b"])


def interval(pair: Pair, name: str) -> tuple[float, float]:
    """Give the 95% interval of one of `DISTANCES`; NaN where there is none."""
    if name == "same_role_m":
        return pair.chance.low_m, pair.chance.high_m
    if name == "same_role_scaled_m":
        return pair.chance.scaled_low_m, pair.chance.scaled_high_m
    return float("nan"), float("nan")


def _rows(sides: list[NamedSide], pair: Pair) -> list[dict[str, object]]:
    one, two = sides[pair.i], sides[pair.j]
    both: dict[str, object] = {"a": one.label, "b": two.label}
    frames: dict[str, object] = {"n_a": len(one.side.block), "n_b": len(two.side.block)}
    rows = []
    for name, (_, unit, _) in DISTANCES.items():
        low, high = interval(pair, name)
        row = {"kind": "distance", "what": name, "unit": unit, "difference": getattr(pair.apart, name)}
        by_chance = {"chance": pair.chance.chance_m} if name == "same_role_m" else {}
        rows.append(both | row | {"low": low, "high": high} | by_chance | frames)
    for r in pair.shapes.to_dict("records"):
        row = {"kind": "shape", "what": r["measure"], "unit": SHAPES[r["measure"]][1]}
        row |= {"value_a": r["mean_a"], "value_b": r["mean_b"]}
        rows.append(both | row | {k: r[k] for k in ("difference", "low", "high", "n_a", "n_b")})
    for r in [] if pair.rates is None else pair.rates.to_dict("records"):
        row = {"kind": "movement", "what": r["measure"], "unit": RATES[r["measure"]].unit}
        names = ("value_a", "value_b", "difference", "low", "high", "n_a", "n_b")
        rows.append(both | row | {k: r[k] for k in names})
    for r in pair.apart.roles.to_dict("records"):
        for name in ("distance_m", "scaled_distance_m", "w2_m"):
            what = f"{r['role_a']}/{r['role_b']} {name}"
            rows.append(both | {"kind": "role", "what": what, "unit": "m", "difference": r[name]} | frames)
    return rows
