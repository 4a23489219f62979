"""The page of a comparison: one HTML file that needs nothing else, and its table as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.core.files import whole_file
from pipeline.metrics.comparison.movement_rates import RATES, rate_table
from pipeline.metrics.formation.role_model import of_a_moment
from pipeline.metrics.formation.template_fit import MIN_DEFENDERS_SCORE, UNCLEAR
from pipeline.metrics.movement import pace
from pipeline.report.compare import comparison_figures
from pipeline.report.compare.comparison import DISTANCES, SHAPES, Pair, interval, long_table, matrix
from pipeline.report.compare.sides import NamedSide
from pipeline.report.style.colours import to_hex
from pipeline.report.style.html_assets import asset, json_data, plotly_code, templates
from pipeline.report.style.match_clock import match_span
from pipeline.report.style.pitch_plot import aspect
from pipeline.report.style.wording import DASH, number, share, signed, with_variant

_MOST_PAIRS = 5
"""Pairs drawn and listed role by role; the matrix has all."""


def write_comparison(sides: list[NamedSide], pairs: list[Pair], path: Path) -> Path:
    """Write the page to ``path`` and the table beside it, each whole or not at all; gives the table's path.

    Raises
    ------
    RunError
        If the disk is full or the folder cannot be written.
    """
    table = path.with_suffix(".csv")
    with whole_file(path) as part:
        part.write_text(page(sides, pairs), encoding="utf-8")
    with whole_file(table) as part:
        long_table(sides, pairs).to_csv(part, index=False, float_format="%.4g")
    return table


def page(sides: list[NamedSide], pairs: list[Pair]) -> str:
    """Make the HTML of a comparison."""
    fewest = " or ".join(str(n) for n in sorted({s.side.min_seen for s in sides}))
    from markupsafe import Markup

    shown = [p for p in pairs if p.i == 0][:_MOST_PAIRS]
    figures: dict[str, Any] = {}
    for i, one in enumerate(sides):
        if len(one.side.model.places_m) >= 3:
            figures[f"side_{i}"] = comparison_figures.side_figure(one)
    for pair in shown:
        if len(pair.apart.roles) >= 2:
            figures[f"pair_{pair.j}"] = comparison_figures.pair_figure(sides, pair)
    figures["over_time"] = comparison_figures.over_time_figure(sides)
    return (
        templates()
        .get_template("compare.html")
        .render(
            title=" and ".join(s.label for s in sides)
            if len(sides) == 2
            else f"{sides[0].label} and {len(sides) - 1} others",
            sides=[side_words(i, s) for i, s in enumerate(sides)],
            pairs=[_pair_words(sides, p) for p in shown],
            others=len(pairs) - len(shown),
            matrices=_matrices(sides, pairs) if len(sides) > 2 else [],
            shapes=shape_rows(sides, shown),
            movement=movement_rows(sides, shown),
            part_seen=part_seen(sides),
            pace_note=pace_notes(sides),
            fewest=fewest,
            figures=set(figures),
            attack_known=all(s.attack_known for s in sides),
            aspect=aspect(sides[0].run.pitch),
            css=Markup(asset("page.css")),
            js=Markup(asset("page.js")),
            plotly=Markup(plotly_code()),
            data=Markup(json_data(figures)),
        )
    )


def side_words(i: int, one: NamedSide) -> dict[str, str]:
    """What is said of a side: its formation, the second, defenders, seconds."""
    model, shapes = one.side.model, one.side.shapes
    words = {
        "id": f"side_{i}",
        "label": one.label,
        "colour": to_hex(one.ink),
        "run": str(one.run.root),
        "time": match_span(
            float(shapes["time_s"].min()), float(shapes["time_s"].max()), one.run.table("periods")
        ),
        "seen": number(float(shapes["players_seen"].mean()), 1),
        "seconds": number(len(shapes)),
        "possessions": number(len(np.unique(one.side.block))),
    }
    if model.fit is None:
        few = "too few players were seen together"
        return words | {"formation": few, "second": DASH, "margin": DASH, "score": DASH, "defenders": DASH}
    fit = model.fit
    nearest = with_variant(fit.nearest, fit.variant)
    name = f"{UNCLEAR}, near {nearest}" if fit.formation == UNCLEAR else nearest
    name += " at this moment" if of_a_moment(model.found) else ""
    sure = fit.formation != UNCLEAR or fit.defenders_score >= MIN_DEFENDERS_SCORE
    backs = f"{fit.defenders} ({share(fit.defenders_score)})" if sure else UNCLEAR
    words |= {"formation": name, "second": fit.second, "margin": share(fit.margin), "score": share(fit.score)}
    return words | {"defenders": backs}


def part_seen(sides: list[NamedSide]) -> str:
    """Warn where a camera shows a part of a team only; empty where whole teams are in view."""
    partly = [s for s in sides if s.side.model.found.method != "roles"]
    if not partly:
        return ""
    means = [(float(s.side.shapes["players_seen"].mean()), s.label) for s in partly]
    seen = ", ".join(f"{number(mean, 1)} of {label}" for mean, label in means)
    return (
        f"The footage shows {seen} on average. Frames in which enough of a team is in view are those in "
        "which it stands close together, so length, width and area read small, and so do distances between "
        "roles: compare these sides with each other, not with footage of whole teams."
    )


def shape_rows(sides: list[NamedSide], pairs: list[Pair]) -> list[dict[str, Any]]:
    """Team shape number by number: each side's mean and seconds, and its difference from the first side."""
    tables = {p.j: {r["measure"]: r for r in p.shapes.to_dict("records")} for p in pairs}
    out = []
    for name, (about, unit, digits) in SHAPES.items():
        cells = []
        for j, one in enumerate(sides):
            values = one.side.shapes[name].dropna()
            mean = float(values.mean()) if len(values) else None
            cell = {"mean": number(mean, digits), "seconds": number(len(values))}
            cells.append(cell | _difference(tables[j][name] if j in tables else None, digits))
        out.append({"about": about, "unit": unit, "cells": cells})
    return out


def movement_rows(sides: list[NamedSide], pairs: list[Pair]) -> list[dict[str, Any]]:
    """Movement rate by rate: each side's value with its interval, and its difference from the first side."""
    if any(s.blocks is None for s in sides):
        return []
    own = [rate_table(s.blocks) for s in sides if s.blocks is not None]
    values = [dict(zip(t["measure"], t["value"], strict=True)) for t in own]
    gaps = {p.j: {r["measure"]: r for r in p.rates.to_dict("records")} for p in pairs if p.rates is not None}
    out = []
    for name, rate in RATES.items():
        cells = []
        for j, value in enumerate(values):
            row = gaps[j][name] if j in gaps else None
            cell = {"mean": number(value[name], rate.digits), "seconds": ""}
            if row is not None and not np.isfinite(row["difference"]):
                cell |= {"difference": "not comparable", "interval": "", "sure": ""}
            else:
                cell |= _difference(row, rate.digits)
            cells.append(cell)
        out.append({"about": rate.about, "unit": rate.unit, "cells": cells})
    return out


def pace_notes(sides: list[NamedSide]) -> str:
    """Say how to read the paces, and which sides' are of different things; empty for whole matches."""
    kinds = {s.pace for s in sides}
    if len(kinds) > 1:
        return (
            "Paces here are of different things (whole matches, what a camera showed, clips): not comparable."
        )
    text = pace.note(kinds.pop())
    return text and text + "."


def _difference(row: Mapping[Any, Any] | None, digits: int) -> dict[str, str]:
    """A difference with its interval, and whether that leaves out 0; empty for the first side itself."""
    if row is None:
        return {"difference": "", "interval": "", "sure": ""}
    low, high = float(row["low"]), float(row["high"])
    known = bool(np.isfinite(low))
    return {
        "difference": signed(float(row["difference"]), digits),
        "interval": f"{signed(low, digits)} to {signed(high, digits)}" if known else "",
        "sure": "sure" if known and low * high > 0 else "",
    }


def distance_rows(pair: Pair) -> list[dict[str, str]]:
    """How far two sides are apart: what, value, interval, and what chance would give."""
    out = []
    for name, (about, unit, digits) in DISTANCES.items():
        low, high = interval(pair, name)
        by_chance = number(pair.chance.chance_m, digits, unit) if name == "same_role_m" else ""
        between = f"{number(low, digits)} to {number(high, digits)}" if np.isfinite(low) else ""
        value = number(getattr(pair.apart, name), digits, unit)
        out.append({"about": about, "value": value, "interval": between, "chance": by_chance})
    return out


def role_rows(pair: Pair) -> list[dict[str, Any]]:
    """Two sides role by role, from the most to the least different."""
    rows = pair.apart.roles.to_dict("records")
    longest = max((r["distance_m"] for r in rows), default=0.0) or 1.0
    return [
        {
            "a": r["role_a"],
            "b": r["role_b"],
            "where_a": f"{signed(r['x_a_m'], 1)} / {signed(r['y_a_m'], 1)}",
            "where_b": f"{signed(r['x_b_m'], 1)} / {signed(r['y_b_m'], 1)}",
            "distance": number(r["distance_m"], 1),
            "scaled": number(r["scaled_distance_m"], 1),
            "w2": number(r["w2_m"], 1),
            "percent": round(100 * r["distance_m"] / longest),
        }
        for r in rows
    ]


def _pair_words(sides: list[NamedSide], pair: Pair) -> dict[str, Any]:
    one, two = sides[pair.i], sides[pair.j]
    return {
        "id": f"pair_{pair.j}",
        "a": {"label": one.label, "colour": to_hex(one.ink)},
        "b": {"label": two.label, "colour": to_hex(two.ink)},
        "distances": distance_rows(pair),
        "roles": role_rows(pair),
    }


def _matrices(sides: list[NamedSide], pairs: list[Pair]) -> list[dict[str, Any]]:
    out = []
    for name, (about, unit, digits) in DISTANCES.items():
        values = matrix(pairs, len(sides), name)
        top = float(np.nanmax(values)) or 1.0
        rows = [
            [
                {"text": "" if i == j else number(v, digits), "strength": _strength(v / top)}
                for j, v in enumerate(row)
            ]
            for i, row in enumerate(values)
        ]
        out.append({"about": about, "unit": unit, "rows": rows})
    return out


def _strength(level: float) -> float:
    """How dark a cell of a matrix is, 0 to 0.6."""
    return round(0.6 * level, 2) if np.isfinite(level) else 0.0
