"""What the pictures of heatmaps show: one panel, or two on one scale with their difference."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.heatmap.occupancy import colour_cap
from pipeline.report.heatmap import captions as words
from pipeline.report.heatmap.heatmap_data import HeatMap, Measure
from pipeline.report.heatmap.panel import Panel
from pipeline.report.style.wording import clock, number, signed

Array = NDArray[np.float64]

_LEAST_TOP, _LARGE_M2 = 0.1, 100
"""Where the most on a square metre is less than this, people read numbers for a larger area."""


def usual_measure(heat: HeatMap) -> Measure:
    """Choose what one heatmap shows: what the camera saw less of is corrected for where that is known."""
    return "seconds" if heat.everything_seen or heat.in_view_s is None else "share"


def panels(one: HeatMap, two: HeatMap | None = None, *, zones: bool = False) -> list[Panel]:
    """Make one panel, or three: both on one scale, and the second less the first.

    Two are compared as shares of the time in view; of their own time where that is not known of both.
    """
    maps = [one] if two is None else [one, two]
    measure = usual_measure(one)
    if two is not None:
        measure = "own" if any(m.in_view_s is None for m in maps) else "share"
    if zones:
        return _of_zones(maps, "own" if measure == "seconds" else measure)
    values = [m.values(measure) for m in maps]
    area_m2 = 1 if colour_cap(*values) >= _LEAST_TOP else _LARGE_M2
    values = [v * area_m2 for v in values]
    unit = f"{words.UNITS[measure]} {'m²' if area_m2 == 1 else f'{area_m2} m²'}"
    top = colour_cap(*values) or 1.0
    shown = [_panel(m, v, unit, top) for m, v in zip(maps, values, strict=True)]
    if two is not None:
        gap = values[1] - values[0]
        shown.append(_difference(shown, gap, unit, colour_cap(np.abs(gap)) or 1.0, ()))
    return shown


def _of_zones(maps: list[HeatMap], measure: Measure) -> list[Panel]:
    values = [m.zone_values(measure) for m in maps]
    top = float(np.nanmax(values)) or 1.0
    shown = []
    for m, v in zip(maps, values, strict=True):
        texts = tuple(_zone_text(*pair) for pair in zip(v.tolist(), m.zone_s.tolist(), strict=True))
        shown.append(_panel(m, v, words.ZONE_UNITS[measure], top, texts))
    if len(maps) == 2:
        gap = values[1] - values[0]
        texts = tuple((signed(g, 1), "") if np.isfinite(g) else ("", "not in view") for g in gap.tolist())
        end = float(np.nanmax(np.abs(gap), initial=0.0)) or 1.0
        shown.append(_difference(shown, gap, "percentage points", end, texts))
    return shown


def _panel(
    heat: HeatMap, values: Array, unit: str, top: float, texts: tuple[tuple[str, str], ...] = ()
) -> Panel:
    title, facts, way = words.title(heat), words.facts(heat), words.direction(heat)
    return Panel(title, facts, values, unit, 0.0, top, way, heat.grid, heat.pitch, texts)


def _zone_text(percent: float, seconds: float) -> tuple[str, str]:
    if not np.isfinite(percent):
        return "", "not in view"
    return f"{number(percent, 1 if percent > 0 else 0)}%", clock(seconds) if seconds >= 1 else ""


def _difference(
    shown: list[Panel], gap: Array, unit: str, end: float, texts: tuple[tuple[str, str], ...]
) -> Panel:
    one, two = shown
    facts = (f"Orange: more of {two.title}", f"Blue: more of {one.title}")
    same = one.direction == two.direction
    way = one.direction if same else ""
    return Panel("Difference", facts, gap, unit, -end, end, way, one.grid, one.pitch, texts)
