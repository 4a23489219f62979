"""The pitch as SVG, to exact scale: one unit is one metre."""

from __future__ import annotations

from dataclasses import dataclass
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
_MARGIN_M = 6.0
_NEAREST = 0.45


def down(places_m: Array) -> Array:
    """Turn metres on the pitch (y up) into SVG's units (y down), ``(..., 2)``."""
    return np.asarray(np.asarray(places_m, float) * [1.0, -1.0])


def pitch_lines(pitch: Pitch) -> Markup:
    """Define the painted lines, once a page: each `pitch_svg` shows them by `LINES_ID`."""
    lines = element("path", d=path_of(down(line) for line in pitch.lines_m()), class_="lines")
    spots = [element("circle", cx=x, cy=-y, r=0.3, class_="spot") for x, y in pitch.spots_m()]
    drawn = element("symbol", lines, *spots, id=LINES_ID, overflow="visible")
    return element("svg", element("defs", drawn), width=0, height=0, aria_hidden="true", class_="defs")


@dataclass(frozen=True, slots=True)
class Window:
    """What a figure shows of the pitch: its middle and size, m; ``scale`` of its marks, 1 for all of it."""

    x_m: float
    y_m: float
    width_m: float
    height_m: float
    scale: float = 1.0


def whole(pitch: Pitch) -> Window:
    """Show all of the pitch."""
    return Window(0.0, 0.0, pitch.length_m + 2 * BORDER_M, pitch.width_m + 2 * BORDER_M)


def around(places_m: Array, pitch: Pitch) -> Window:
    """Show what is around places ``(N, 2)``, in the proportions of the pitch, never more than all of it."""
    full = whole(pitch)
    low, high = places_m.min(axis=0) - _MARGIN_M, places_m.max(axis=0) + _MARGIN_M
    size = high - low
    scale = float(np.clip(max(size[0] / full.width_m, size[1] / full.height_m), _NEAREST, 1.0))
    width, height = scale * full.width_m, scale * full.height_m
    middle = (low + high) / 2
    room = np.array([full.width_m - width, full.height_m - height]) / 2
    x, y = (float(v) for v in np.clip(middle, -room, room))
    return Window(x, y, width, height, scale)


def pitch_svg(
    pitch: Pitch,
    label: str,
    *content: Markup,
    under: Markup | None = None,
    attack: str | None = None,
    window: Window | None = None,
) -> Markup:
    """Draw the pitch with ``content`` in SVG's metres (see `down`); ``under`` lies below the lines.

    ``label`` is what is read aloud; ``attack``, a word, adds an arrow that says that play runs to the right.
    ``window`` shows a part of it.
    """
    from markupsafe import Markup

    half_l, half_w = pitch.length_m / 2, pitch.width_m / 2
    seen = window or whole(pitch)
    box = (seen.x_m - seen.width_m / 2, -seen.y_m - seen.height_m / 2, seen.width_m, seen.height_m)
    grass = element("rect", x=-half_l, y=-half_w, width=2 * half_l, height=2 * half_w, class_="grass")
    lines = element("use", href=f"#{LINES_ID}")
    arrow = _arrow(seen, attack) if attack else Markup("")
    return element(
        "svg",
        about(label),
        grass,
        under or Markup(""),
        lines,
        arrow,
        *content,
        viewBox=" ".join(f"{v:.4g}" for v in box),
        style=f"--s: {seen.scale:.3g}",
        class_="pitch",
        role="img",
        aria_label=label,
    )


def _arrow(seen: Window, word: str) -> Markup:
    s, x = seen.scale, seen.x_m
    y = -seen.y_m - seen.height_m / 2 + 1.6 * s
    head = f"M{x + 6.6 * s:.4g} {y - 0.8 * s:.4g}L{x + 8 * s:.4g} {y:.4g}L{x + 6.6 * s:.4g} {y + 0.8 * s:.4g}"
    line = element("path", d=f"M{x - 8 * s:.4g} {y:.4g}H{x + 8 * s:.4g}{head}", class_="arrow")
    return line + text(word, x - 9 * s, y + 0.7 * s, class_="faint", text_anchor="end")
