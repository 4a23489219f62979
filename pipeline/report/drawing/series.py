"""What stands in the panels of a chart: lines over time, bars, stacked shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.report.drawing.markup import about, element, path_of
from pipeline.report.drawing.plot_frame import Panel

if TYPE_CHECKING:
    from markupsafe import Markup

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its name, its values over x (NaN breaks it), its colour, whether it is dashed."""

    name: str
    x: Array
    y: Array
    colour: str
    dashed: bool = False


def draw_line(panel: Panel, line: Line, most_dots: int = 30) -> Markup:
    """Draw a line; one of a few values also as dots."""
    from markupsafe import Markup

    points = np.column_stack([panel.x(line.x), panel.y(line.y)])
    dash = "5 4" if line.dashed else None
    drawn = element(
        "path", d=path_of([np.round(points, 1)]), stroke=line.colour, stroke_dasharray=dash, class_="line"
    )
    if len(points) <= most_dots:
        dots = [element("circle", cx=x, cy=y, r=2.6, fill=line.colour) for x, y in points if np.isfinite(y)]
        drawn += Markup("").join(dots)
    return drawn


def draw_bars(panel: Panel, edges: Array, values: Array, colour: str, says: Sequence[str]) -> Markup:
    """Draw bars between ``edges`` ``(N + 1,)``, from 0 to ``values`` ``(N,)``."""
    from markupsafe import Markup

    left, right, foot = panel.x(edges[:-1]), panel.x(edges[1:]), float(panel.y(np.array(0.0)))
    tops = panel.y(values)
    return Markup("").join(
        element(
            "rect",
            about(words),
            x=float(a) + 0.5,
            y=float(top),
            width=max(float(b - a) - 1, 0.5),
            height=foot - float(top),
            fill=colour,
        )
        for a, b, top, words, value in zip(left, right, tops, says, values, strict=True)
        if value > 0
    )


def draw_shares(panel: Panel, edges: Array, shares: Array, colours: Sequence[str]) -> Markup:
    """Draw shares ``(K, N)`` of stretches between ``edges`` ``(N + 1,)`` above each other, a path a kind."""
    from markupsafe import Markup

    x, base, parts = panel.x(edges), np.zeros(shares.shape[1]), []
    for share, colour in zip(shares, colours, strict=True):
        low, high = panel.y(base), panel.y(base + share)
        boxes = [
            f"M{a:.1f} {lo:.1f}V{hi:.1f}H{b:.1f}V{lo:.1f}Z"
            for a, b, lo, hi, s in zip(x[:-1], x[1:], low, high, share, strict=True)
            if s > 0
        ]
        parts.append(element("path", d="".join(boxes), fill=colour))
        base = base + share
    return Markup("").join(parts)
