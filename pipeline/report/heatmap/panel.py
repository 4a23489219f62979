"""One pitch with values, as all kinds of pictures of heatmaps draw it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from pipeline.core.pitch import Pitch
from pipeline.metrics.heatmap.pitch_grid import Grid
from pipeline.report.style.wording import number

Array = NDArray[np.float64]

RULER_M = 10.0
"""Length of the ruler under the pitch."""
PAPER = "#f3f6f1"
SEQUENTIAL = (PAPER, "#fae3c6", "#f7bd8f", "#f18a5f", "#dc5145", "#b02355", "#741f5c", "#3a1a45")
"""From nothing to much: lightness falls all the way, so that anybody can read it, on grey paper too."""
DIVERGING = ("#063b5e", "#1f78b4", "#8fc2e3", PAPER, "#f2b27f", "#d55e00", "#7a2f00")
"""Less to more: blue and vermilion, told apart with any colour vision."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One pitch with values.

    ``values``: ``(ny, nx)`` over ``grid``, or ``(20,)`` of `pitch_grid.zones`; NaN was hardly ever in view.
    Colours run from ``low`` to ``high``; ``texts`` are the zones' two lines, empty for a grid.
    """

    title: str
    facts: tuple[str, ...]
    values: Array
    unit: str
    low: float
    high: float
    direction: str
    grid: Grid
    pitch: Pitch
    texts: tuple[tuple[str, str], ...] = ()

    @property
    def colours(self) -> tuple[str, ...]:
        """The scale's colours: a difference has two sides."""
        return DIVERGING if self.low < 0 else SEQUENTIAL


def scale_texts(panel: Panel) -> tuple[str, str, str]:
    """Write the start, middle and end of the colours' scale; a grid's ends say that there may be more."""
    digits = min(max(0, 2 - int(np.floor(np.log10(panel.high)))), 4)
    more, less = ("", "") if panel.texts else ("≥ ", "≤ ")
    end = number(panel.high, digits)
    if panel.low < 0:
        return f"{less}−{end}", "0", f"{more}+{end}"
    return "0", number(panel.high / 2, digits), f"{more}{end}"


def drawn(panel: Panel) -> Array:
    """Give a grid's values without gaps: cells hardly ever in view, to be covered, take their neighbours'."""
    unseen = np.isnan(panel.values)
    if not unseen.any() or unseen.all():
        return np.nan_to_num(panel.values)
    nearest = distance_transform_edt(unseen, return_distances=False, return_indices=True)
    return np.asarray(panel.values[tuple(nearest)])
