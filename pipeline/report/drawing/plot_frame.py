"""Axes of charts over time and of histograms, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.report.drawing.markup import about, element, text

if TYPE_CHECKING:
    from markupsafe import Markup

Array = NDArray[np.float64]
WIDTH = 720.0
LEFT, RIGHT, TOP, FOOT, BETWEEN = 44.0, 10.0, 20.0, 24.0, 26.0
Tick = tuple[float, str]


@dataclass(frozen=True, slots=True)
class Panel:
    """The ground of one chart: pixels of its box, and the values at its edges."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float
    top: float
    height: float

    def x(self, values: Array) -> Array:
        """Place values along the axis that runs to the right."""
        span = max(self.x_high - self.x_low, 1e-9)
        return np.asarray(LEFT + (np.asarray(values) - self.x_low) / span * (WIDTH - LEFT - RIGHT))

    def y(self, values: Array) -> Array:
        """Place values along the axis that runs up."""
        span = max(self.y_high - self.y_low, 1e-9)
        return np.asarray(self.top + self.height * (1 - (np.asarray(values) - self.y_low) / span))


def panels(x: tuple[float, float], tops: Sequence[float], height: float) -> list[Panel]:
    """Stack panels of one ``height`` over a common x axis; ``tops`` are the largest values, from 0."""
    out = []
    for i, top in enumerate(tops):
        at = TOP + i * (height + BETWEEN)
        out.append(Panel(*x, 0.0, nice_top(top), at, height))
    return out


def nice_top(value: float) -> float:
    """Give a round number at or above ``value``, on which an axis can end."""
    if not np.isfinite(value) or value <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(m * power for m in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if m * power >= value - 1e-9))


def axes(panel: Panel, title: str, y_ticks: Sequence[Tick]) -> Markup:
    """Draw a panel's grid, the values along its left edge, and its title."""
    from markupsafe import Markup

    right, parts = WIDTH - RIGHT, []
    for value, words in y_ticks:
        at = float(panel.y(np.array(value)))
        parts.append(element("path", d=f"M{LEFT:g} {at:.1f}H{right:g}", class_="grid"))
        parts.append(text(words, LEFT - 6, at + 4, text_anchor="end", class_="tick"))
    if title:
        parts.append(text(title, LEFT, panel.top - 6, class_="title"))
    return Markup("").join(parts)


def x_axis(panel: Panel, ticks: Sequence[Tick], unit: str = "") -> Markup:
    """Write the ticks under the lowest panel; every other one gives way on narrow screens."""
    from markupsafe import Markup

    foot = panel.top + panel.height
    parts = [element("path", d=f"M{LEFT:g} {foot:g}H{WIDTH - RIGHT:g}", class_="axis")]
    for i, (value, words) in enumerate(ticks):
        at = float(panel.x(np.array(value)))
        parts.append(element("path", d=f"M{at:.1f} {foot:g}v5", class_="axis"))
        end = "end" if at > WIDTH - 24 else "middle"
        parts.append(text(words, at, foot + 18, text_anchor=end, class_="tick odd" if i % 2 else "tick"))
    if unit:
        parts.append(text(unit, LEFT - 6, foot + 18, text_anchor="end", class_="tick"))
    return Markup("").join(parts)


def thirds(top: float, digits: int = 0) -> list[Tick]:
    """Give three ticks from 0 to ``top``."""
    whole = all(float(v).is_integer() for v in (top, top / 2))
    return [(v, f"{v:.{0 if whole else max(digits, 1)}f}") for v in (0.0, top / 2, top)]


def plot_svg(last: Panel, label: str, *content: Markup, over_time: bool = False) -> Markup:
    """Put panels of which ``last`` is the lowest into one figure.

    ``over_time``: x is seconds of the run, so that a click on the figure can seek the video there.
    """
    times = {}
    if over_time:
        times = {"data_from": last.x_low, "data_to": last.x_high, "data_left": LEFT / WIDTH}
        times["data_right"] = 1 - RIGHT / WIDTH
    return element(
        "svg",
        about(label),
        *content,
        viewBox=f"0 0 {WIDTH:g} {last.top + last.height + FOOT:g}",
        class_="plot over-time" if over_time else "plot",
        role="img",
        aria_label=label,
        **times,
    )
