"""People and roles as marks on the pitch, with words under them, moved apart where they would overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.report.drawing.apart import spread_apart
from pipeline.report.drawing.markup import Ink, about, element, text
from pipeline.report.drawing.pitch_drawing import down

if TYPE_CHECKING:
    from markupsafe import Markup

Array = NDArray[np.float64]
RADIUS_M = 2.3
_NAMED_M, _WIDER = 6.7, 1.35
"""Between marks that have a word under them; more where they stand side by side."""
_BARE_M = 4.9
_MOVED_M = 0.6


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark: where, in metres; what is on it, under it and shown by a pointer; how solid, 0 to 1.

    ``hollow`` marks are drawn as outlines.
    """

    place_m: tuple[float, float]
    on: str
    under: str = ""
    says: str = ""
    weight: float = 1.0
    hollow: bool = False


def marks(found: Sequence[Mark], inks: Sequence[Ink], scale: float = 1.0) -> Markup:
    """Draw marks, each in its ink; one that had to give way has a thin line to where it belongs.

    ``scale`` is that of the figure's `Window`.
    """
    from markupsafe import Markup

    if not found:
        return Markup("")
    true = down(np.array([m.place_m for m in found], float))
    named = any(m.under for m in found)
    least, wider = (_NAMED_M, _WIDER) if named else (_BARE_M, 1.0)
    shown = spread_apart(true, least * scale, wider)
    lines = [
        element("path", d=f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}", stroke=ink.fill, class_="leader")
        + element("circle", cx=a[0], cy=a[1], r=0.5 * scale, fill=ink.fill)
        for a, b, ink in zip(true, shown, inks, strict=True)
        if np.hypot(*(a - b)) > _MOVED_M * scale
    ]
    drawn = [_mark(m, at, ink, scale) for m, at, ink in zip(found, shown, inks, strict=True)]
    return Markup("").join([*lines, *drawn])


def _mark(mark: Mark, at: Array, ink: Ink, scale: float) -> Markup:
    x, y = float(at[0]), float(at[1])
    look = {"fill": ink.fill, "stroke": "var(--paper)", "fill_opacity": 0.45 + 0.55 * min(mark.weight, 1.0)}
    if mark.hollow:
        look = {"fill": "var(--paper)", "stroke": ink.fill, "fill_opacity": 1.0}
    parts = [about(mark.says)] if mark.says else []
    parts.append(_form(x, y, ink.round, RADIUS_M * scale, look))
    size = (2.5 if len(mark.on) < 3 else 1.9 if len(mark.on) == 3 else 1.55) * scale
    written = "var(--ink)" if mark.hollow else ink.text
    if mark.on:
        parts.append(
            text(mark.on, x, y + 0.36 * size, fill=written, font_size=size, text_anchor="middle", class_="on")
        )
    if mark.under:
        parts.append(text(mark.under, x, y + (RADIUS_M + 2.0) * scale, class_="under"))
    return element("g", *parts)


def _form(x: float, y: float, disc: bool, radius: float, look: dict[str, object]) -> Markup:
    if disc:
        return element("circle", cx=x, cy=y, r=radius, stroke_width=0.15 * radius, **look)
    side = 0.9 * radius
    box = {"x": x - side, "y": y - side, "width": 2 * side, "height": 2 * side, "rx": 0.3 * radius}
    return element("rect", stroke_width=0.15 * radius, **box, **look)
