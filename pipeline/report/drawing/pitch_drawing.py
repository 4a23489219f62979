"""The pitch as SVG, to exact scale: one unit is one metre."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.report.drawing.markup import about, element, path_of, text
from pipeline.report.style.pitch_plot import BORDER_M

if TYPE_CHECKING:
    from markupsafe import Markup

    from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]
LINES_ID = "pitch-lines"


def down(places_m: Array) -> Array:
    """Turn metres on the pitch (y up) into SVG's units (y down), ``(..., 2)``."""
    return np.asarray(np.asarray(places_m, float) * [1.0, -1.0])


def pitch_lines(pitch: Pitch) -> Markup:
    """Define the painted lines, once a page: each `pitch_svg` shows them by `LINES_ID`."""
    lines = element("path", d=path_of(down(line) for line in pitch.lines_m()), class_="lines")
    spots = [element("circle", cx=x, cy=-y, r=0.3, class_="spot") for x, y in pitch.spots_m()]
    drawn = element("symbol", lines, *spots, id=LINES_ID, overflow="visible")
    return element("svg", element("defs", drawn), width=0, height=0, aria_hidden="true", class_="defs")


def pitch_svg(
    pitch: Pitch, label: str, *content: Markup, under: Markup | None = None, attack: str | None = None
) -> Markup:
    """Draw the pitch with ``content`` in SVG's metres (see `down`); ``under`` lies below the lines.

    ``label`` is what is read aloud; ``attack``, a word, adds an arrow that says that play runs to the right.
    """
    from markupsafe import Markup

    half_l, half_w = pitch.length_m / 2, pitch.width_m / 2
    box = (-half_l - BORDER_M, -half_w - BORDER_M, 2 * (half_l + BORDER_M), 2 * (half_w + BORDER_M))
    grass = element("rect", x=-half_l, y=-half_w, width=2 * half_l, height=2 * half_w, class_="grass")
    lines = element("use", href=f"#{LINES_ID}")
    arrow = _arrow(half_w, attack) if attack else Markup("")
    return element(
        "svg",
        about(label),
        grass,
        under or Markup(""),
        lines,
        arrow,
        *content,
        viewBox=" ".join(f"{v:g}" for v in box),
        class_="pitch",
        role="img",
        aria_label=label,
    )


def _arrow(half_w: float, word: str) -> Markup:
    y = -half_w - 1.4
    line = element("path", d=f"M-8 {y:g}H8M6.6 {y - 0.8:g}L8 {y:g}L6.6 {y + 0.8:g}", class_="arrow")
    return line + text(word, -9, y + 0.7, class_="faint", text_anchor="end", font_size=2.2)
