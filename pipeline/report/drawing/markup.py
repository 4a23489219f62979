"""Elements of SVG as text, escaped; coordinates rounded to what can be seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from markupsafe import Markup

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ink:
    """What a team is drawn in: CSS colours of its marks and of text on them, and the form of its marks.

    Teams differ in form too (``round`` discs, or squares; lines whole or dashed), so that nobody needs to
    tell their colours apart.
    """

    fill: str
    text: str
    round: bool = True


def element(tag: str, *content: Markup, **attributes: object) -> Markup:
    """Write ``<tag ...>content</tag>``; ``stroke_width=2`` becomes ``stroke-width="2"``, None is left out."""
    from markupsafe import Markup

    named = ((name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items())
    written = [Markup(' {}="{}"').format(name, short(v)) for name, v in named if v is not None]
    start = Markup("<{}{}").format(Markup(tag), Markup("").join(written))
    if not content:
        return start + Markup("/>")
    return Markup("{}>{}</{}>").format(start, Markup("").join(content), Markup(tag))


def short(value: object) -> str:
    """Write an attribute: numbers with at most two decimals."""
    if isinstance(value, float | np.floating):
        return f"{value:.2f}".rstrip("0").rstrip(".") if np.isfinite(value) else "0"
    return str(value)


def text(words: str, x: float, y: float, **attributes: object) -> Markup:
    """Write words at a place."""
    from markupsafe import escape

    return element("text", escape(words), x=float(x), y=float(y), **attributes)


def about(words: str) -> Markup:
    """Give what a pointer over the element around it shows, and what is read aloud."""
    from markupsafe import escape

    return element("title", escape(words))


def path_of(lines: Iterable[Array], closed: bool = False) -> str:
    """Write lines ``(N, 2)`` as the ``d`` of one path; NaN breaks a line."""
    out = []
    for line in lines:
        pen = "M"
        for x, y in np.asarray(line, float):
            if not (np.isfinite(x) and np.isfinite(y)):
                pen = "M"
                continue
            out.append(f"{pen}{short(float(x))} {short(float(y))}")
            pen = "L"
        if closed:
            out.append("Z")
    return "".join(out)
