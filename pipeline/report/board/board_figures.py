"""Figures of the board as SVG, each kind on one scale over all sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.metrics.comparison.movement_rates import RATES, rate_table
from pipeline.metrics.heatmap.occupancy import colour_cap
from pipeline.report.board.board_sides import BoardSide
from pipeline.report.compare.comparison_figures import OVER_TIME, averaged, stand_of
from pipeline.report.drawing.heat_picture import css_gradient, heat_image
from pipeline.report.drawing.markup import Ink, about, element, text
from pipeline.report.drawing.page_theme import readable_on
from pipeline.report.drawing.pitch_drawing import around, pitch_svg
from pipeline.report.drawing.plot_frame import nice_top
from pipeline.report.drawing.series import Line
from pipeline.report.heatmap.captions import UNITS
from pipeline.report.heatmap.heatmap_data import Measure
from pipeline.report.page.shape_figures import both_figure, stand_figure
from pipeline.report.page.time_figures import shape_figure, with_breaks
from pipeline.report.style.colours import to_hex
from pipeline.report.style.wording import clock, number

if TYPE_CHECKING:
    from markupsafe import Markup

HEAT_RGB = (176, 35, 85)
"""One hue for all heatmaps of a board: they are compared with each other."""
_POINTS, _LARGE_M2, _LEAST_TOP = 240, 100, 0.1
_STEPS_S = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0)
_WIDE, _LEFT, _RIGHT, _ROW, _HEAD = 720.0, 200.0, 84.0, 24.0, 26.0
_FEWEST_ROLES = 3


def ink_of(side: BoardSide, number_: int) -> Ink:
    """What a side is drawn in; forms alternate, so that nobody needs to tell colours apart."""
    return Ink(to_hex(side.ink), to_hex(readable_on(side.ink)), number_ % 2 == 0)


def shape_figures(sides: Sequence[BoardSide]) -> list[dict[str, Any]]:
    """Draw how each team stood, then all of them over each other about their middles."""
    teams = [
        (i, side, stand_of(side.team))
        for i, side in enumerate(sides)
        if side.team is not None and len(side.team.side.model.places_m) >= _FEWEST_ROLES
    ]
    if not teams:
        return []
    pitch = teams[0][1].asked.run.pitch
    window = around(np.vstack([stand.model.places_m + stand.middle_m for _, _, stand in teams]), pitch)
    made = []
    for i, side, stand in teams:
        label = f"How {side.label} stood"
        figure = stand_figure(stand, side.asked.run.pitch, ink_of(side, i), label, window=window)
        made.append({"name": f"shape-{i + 1}", "title": side.label, "figure": figure})
    if len(teams) > 1:
        inks = [ink_of(side, i) for i, side, _ in teams]
        over = both_figure([stand for _, _, stand in teams], pitch, inks, "Shapes laid over each other")
        made.append({"name": "shapes", "title": "Laid over each other", "figure": over})
    return made


def heat_figures(sides: Sequence[BoardSide]) -> dict[str, Any]:
    """Draw where each side was, all with the same colours for the same values; ``unit``, ``top``, ``bar``.

    Shares of the time in view where that is known of all, else of each side's own time; of that too where
    players stand beside teams, who are ten times as many.
    """
    unlike = len({s.team is None for s in sides}) > 1
    measure: Measure = "own" if unlike or any(s.heat.in_view_s is None for s in sides) else "share"
    values = [s.heat.values(measure) for s in sides]
    area = 1 if colour_cap(*values) >= _LEAST_TOP else _LARGE_M2
    values = [v * area for v in values]
    top = colour_cap(*values) or 1.0
    unit = f"{UNITS[measure]} {'m²' if area == 1 else f'{area} m²'}"
    return {
        "unit": unit,
        "top": number(top, 2),
        "bar": css_gradient(HEAT_RGB),
        "maps": [
            {
                "name": f"heatmap-{i + 1}",
                "title": side.label,
                "figure": pitch_svg(
                    side.heat.pitch,
                    f"Where {side.label} was; the darkest is {number(top, 2)} {unit}",
                    under=heat_image(shown, top, HEAT_RGB, side.heat.pitch),
                    attack="Attack" if side.heat.direction >= 1 - 1e-6 else None,
                ),
            }
            for i, (side, shown) in enumerate(zip(sides, values, strict=True))
        ],
    }


def movement_figures(sides: Sequence[BoardSide]) -> list[dict[str, Any]]:
    """Draw each rate of movement: a dot a side with its 95% interval, from 0 on one scale."""
    tables = [None if s.blocks is None else rate_table(s.blocks).set_index("measure") for s in sides]
    out = []
    for name, rate in RATES.items():
        rows = [None if t is None else t.loc[name] for t in tables]
        ends = [
            float(np.nanmax([r["value"], r["high"]]))
            for r in rows
            if r is not None and r["value"] == r["value"]
        ]
        if not ends:
            continue
        title = f"{rate.about}, {rate.unit}"
        figure = _dots(sides, rows, nice_top(max(ends)), title, rate.digits)
        out.append({"name": name.replace("_", "-"), "title": title, "figure": figure})
    return out


def over_time_figure(sides: Sequence[BoardSide]) -> Markup | None:
    """Draw team shape over time, from the first moment of each; None where no side is a team."""
    teams = [(i, s) for i, s in enumerate(sides) if s.team is not None]
    if not teams:
        return None
    spans = [float(np.ptp(s.team.side.shapes["time_s"])) for _, s in teams if s.team is not None]
    longest = max(spans)
    step = next((s for s in _STEPS_S if longest / s <= _POINTS), _STEPS_S[-1])
    series: dict[str, list[Line]] = {title: [] for title in OVER_TIME.values()}
    for i, side in teams:
        if side.team is None:
            continue
        rows = averaged(side.team.side.shapes, step)
        for name, title in OVER_TIME.items():
            known = with_breaks(rows[rows[name].notna()], 1.5 * step)
            x, y = known["time_s"].to_numpy(float), known[name].to_numpy(float)
            series[title].append(Line(side.label, x, y, to_hex(side.ink), dashed=i % 2 == 1))
    every = next((s for s in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900) if longest / s <= 9), 1800)
    ticks = [(float(t), clock(float(t))) for t in np.arange(0, longest + 1e-6, every)]
    return shape_figure(series, ticks, (0.0, max(longest, 0.1)), "Team shape over time")


def _dots(sides: Sequence[BoardSide], rows: list[Any], top: float, title: str, digits: int) -> Markup:
    """One chart of `movement_figures`."""
    from markupsafe import Markup

    span, foot = _WIDE - _LEFT - _RIGHT, _HEAD + _ROW * len(sides)
    parts = [text(title, 0, 14, class_="title")]
    for tick in (0.0, top / 2, top):
        x = _LEFT + span * tick / top
        parts.append(element("path", d=f"M{x:.1f} {_HEAD:g}V{foot:g}", class_="grid"))
        parts.append(
            text(number(tick, 0 if top >= 4 else 1), x, foot + 15, text_anchor="middle", class_="tick")
        )
    for i, (side, row) in enumerate(zip(sides, rows, strict=True)):
        y = _HEAD + _ROW * (i + 0.5)
        name = side.label if len(side.label) <= 30 else f"{side.label[:29]}…"
        parts.append(element("text", about(side.label), Markup("{}").format(name), x=0.0, y=y + 4))
        if row is None or not np.isfinite(row["value"]):
            parts.append(text("not known", _LEFT + 6, y + 4, class_="tick"))
            continue
        parts.append(_dot(side, i, row, lambda v: _LEFT + span * v / top, y))
        parts.append(
            text(number(float(row["value"]), digits), _WIDE, y + 4, text_anchor="end", class_="title")
        )
    label = f"{title}: " + "; ".join(
        f"{s.label} {number(float(r['value']), digits)}"
        for s, r in zip(sides, rows, strict=True)
        if r is not None
    )
    return element(
        "svg",
        about(title),
        *parts,
        viewBox=f"0 0 {_WIDE:g} {foot + 20:g}",
        class_="plot",
        role="img",
        aria_label=label,
    )


def _dot(side: BoardSide, at: int, row: Any, place: Any, y: float) -> Markup:
    colour, x = to_hex(side.ink), place(float(row["value"]))
    shape = (
        element("circle", cx=x, cy=y, r=5.0, fill=colour)
        if at % 2 == 0
        else element("rect", x=x - 4.5, y=y - 4.5, width=9, height=9, fill=colour)
    )
    if not np.isfinite(row["low"]):
        return shape
    low, high = place(float(row["low"])), place(float(row["high"]))
    said = f"95% interval {number(float(row['low']), 1)} to {number(float(row['high']), 1)}"
    line = element("path", about(said), d=f"M{low:.1f} {y:.1f}H{high:.1f}", stroke=colour, class_="line")
    return line + shape
