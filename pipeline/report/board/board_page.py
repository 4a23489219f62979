"""The board as HTML: its body, which the workbench shows too, and one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.metrics.comparison.movement_rates import RATES
from pipeline.report.board.board_figures import (
    heat_figures,
    ink_of,
    movement_figures,
    over_time_figure,
    shape_figures,
)
from pipeline.report.board.board_sides import BoardSide
from pipeline.report.compare.comparison import SHAPES
from pipeline.report.compare.comparison_page import part_seen, side_words
from pipeline.report.drawing.pitch_drawing import pitch_lines
from pipeline.report.style.html_assets import asset, templates
from pipeline.report.style.wording import duration, number, signed

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

_DIGITS = {name: rate.digits for name, rate in RATES.items()} | {n: d for n, (_, _, d) in SHAPES.items()}


def board_body(sides: Sequence[BoardSide], table: pd.DataFrame) -> Markup:
    """Make the sections: who is compared, movement, shapes, heatmaps, shape over time."""
    from markupsafe import Markup

    teams = [s.team for s in sides if s.team is not None]
    return Markup(
        templates()
        .get_template("board_body.html")
        .render(
            lines=pitch_lines(sides[0].heat.pitch),
            sides=[_about(i, side) for i, side in enumerate(sides)],
            numbers=_numbers(sides, table),
            movement=movement_figures(sides),
            shapes=shape_figures(sides),
            heat=heat_figures(sides),
            over_time=over_time_figure(sides),
            partly=part_seen(teams),
            unlike=len({s.pace for s in sides if s.blocks is not None}) > 1,
        )
    )


def board_page(sides: Sequence[BoardSide], table: pd.DataFrame) -> str:
    """Make the page: one file, read without a network and without JavaScript."""
    from markupsafe import Markup

    title = " and ".join(s.label for s in sides) if len(sides) == 2 else f"{len(sides)} sides"
    css = asset("page.css") + asset("dark.css")
    page = templates().get_template("board.html")
    return page.render(title=title, css=Markup(css), body=board_body(sides, table))


def _about(i: int, side: BoardSide) -> dict[str, Any]:
    words = side_words(i, side.team) if side.team is not None else {}
    return {
        "label": side.label,
        "colour": ink_of(side, i).fill,
        "run": side.asked.run.name,
        "seen": duration(float(side.heat.seconds.sum())),
        "formation": words.get("formation", ""),
        "defenders": words.get("defenders", ""),
    }


def _numbers(sides: Sequence[BoardSide], table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of the table of numbers: a measure, and a cell for each side."""
    out = []
    for (measure, about, unit), rows in table[table["kind"] != "time"].groupby(
        ["measure", "about", "unit"], sort=False
    ):
        by_side = {row["side"]: row for row in rows.to_dict("records")}
        cells = [_cell(by_side.get(side.label), _DIGITS[str(measure)]) for side in sides]
        out.append({"about": f"{about}, {unit}" if unit else about, "cells": cells})
    return out


def _cell(row: dict[Any, Any] | None, digits: int) -> dict[str, str]:
    if row is None or not np.isfinite(row["value"]):
        return {"value": "–", "interval": "", "gap": "", "gap_interval": "", "sure": ""}
    low, high = float(row["difference_low"]), float(row["difference_high"])
    known = bool(np.isfinite(low))
    interval = (
        f"{number(row['low'], digits)}–{number(row['high'], digits)}" if np.isfinite(row["low"]) else ""
    )
    return {
        "value": number(row["value"], digits).replace("-", "\u2212"),
        "interval": interval,
        "gap": signed(row["difference"], digits) if np.isfinite(row["difference"]) else "",
        "gap_interval": f"{signed(low, digits)} to {signed(high, digits)}" if known else "",
        "sure": "sure" if known and low * high > 0 else "",
    }
