"""The page of players beside each other, and its table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.core.files import whole_file
from pipeline.core.text.printable import safe_cells
from pipeline.metrics.comparison.movement_rates import RATES
from pipeline.metrics.movement import pace
from pipeline.report.heatmap import heatmap_run
from pipeline.report.heatmap.heatmap_data import heat_map
from pipeline.report.heatmap.heatmap_query import Choice
from pipeline.report.heatmap.panel import Panel
from pipeline.report.heatmap.panel_figures import panel_figure
from pipeline.report.heatmap.panels import panels
from pipeline.report.player.compared_players import PlayerSide, player_table
from pipeline.report.player.player_page import map_texts
from pipeline.report.style.html_assets import asset, json_data, plotly_code, templates
from pipeline.report.style.pitch_plot import aspect
from pipeline.report.style.wording import number, share, signed

if TYPE_CHECKING:
    import pandas as pd


def write_players(sides: list[PlayerSide], path: Path) -> Path:
    """Write the page to ``path`` and the table beside it, each whole or not at all; gives the table's path.

    Raises
    ------
    RunError
        If the disk is full or the folder cannot be written.
    """
    table = player_table(sides)
    beside = path.with_suffix(".csv")
    with whole_file(path) as part:
        part.write_text(page(sides, table), encoding="utf-8")
    with whole_file(beside) as part:
        safe_cells(table).to_csv(part, index=False, float_format="%.5g")
    return beside


def page(sides: list[PlayerSide], table: pd.DataFrame) -> str:
    """Make the HTML; heatmaps where two are compared, on one scale."""
    from markupsafe import Markup

    maps = _maps(sides) if len(sides) == 2 else []
    return (
        templates()
        .get_template("compare_players.html")
        .render(
            title=" and ".join(s.label for s in sides) if len(sides) == 2 else f"{len(sides)} players",
            sides=[_about(s) for s in sides],
            rows=rate_rows(sides, table),
            pace_note=pace_note(sides),
            maps=[map_texts(p) | {"title": p.title} for p in maps],
            aspect=aspect(sides[0].run.pitch),
            css=Markup(asset("page.css")),
            plotly=Markup(plotly_code() if maps else ""),
            data=Markup(json_data({f"map_{i}": panel_figure(p) for i, p in enumerate(maps)})),
        )
    )


def rate_rows(sides: list[PlayerSide], table: pd.DataFrame) -> list[dict[str, Any]]:
    """Each rate: the sides' values with intervals, and how far each is from the first."""
    out = []
    for name, rate in RATES.items():
        cells = []
        for side, row in zip(sides, table[table["measure"] == name].to_dict("records"), strict=True):
            d = rate.digits
            known = np.isfinite(row["low"])
            span = f"{number(row['low'], d)}–{number(row['high'], d)}" if known else ""
            cell = {
                "value": number(row["value"], d),
                "interval": span,
                "gap": "",
                "gap_interval": "",
                "sure": "",
            }
            if side is not sides[0]:
                cell |= _gap(row, d)
            cells.append(cell)
        out.append({"about": f"{rate.about}, {rate.unit}", "cells": cells})
    return out


def _gap(row: dict[Any, Any], digits: int) -> dict[str, str]:
    if not row["comparable"]:
        return {"gap": "not comparable"}
    low, high = row["difference_low"], row["difference_high"]
    known = bool(np.isfinite(low))
    return {
        "gap": signed(row["difference"], digits),
        "gap_interval": f"{signed(low, digits)} to {signed(high, digits)}" if known else "",
        "sure": "sure" if known and low * high > 0 else "",
    }


def pace_note(sides: list[PlayerSide]) -> str:
    """Say how to read the paces, and whether they are of different things."""
    kinds = {s.pace for s in sides}
    if len(kinds) > 1:
        return "Not comparable where marked: whole matches, what a camera showed, and clips differ in pace."
    text = pace.note(kinds.pop())
    return text and text + "."


def _about(side: PlayerSide) -> dict[str, str]:
    minutes = float(side.blocks["minutes_visible"].sum())
    team = side.run.team_name(side.who.team) if side.who.team else "team unknown"
    return {
        "label": side.label,
        "team": team,
        "group": side.group or side.who.role,
        "seen": number(minutes, 1, "min"),
        "coverage": share(side.coverage),
        "run": side.run.name,
    }


def _maps(sides: list[PlayerSide]) -> list[Panel]:
    heats = []
    for side in sides:
        run = side.run
        heat = run.once("heatmap", lambda run=run: heatmap_run.load(run))  # type: ignore[misc]
        heats.append(heat_map(heat, Choice(f"t{side.who.tracks[0]}", part=side.part)))
    return panels(heats[0], heats[1])
