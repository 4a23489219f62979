"""What is written on heatmaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.metrics.direction.match_stretch import Stretch
from pipeline.report.style.wording import clock, duration, number, share
from pipeline.tables.play.phase_names import PHASE_TEXTS

if TYPE_CHECKING:
    from pipeline.report.heatmap.heatmap_data import HeatMap

UNITS = {
    "seconds": "seconds per",
    "share": "% of the time in view, per",
    "own": "% of the time seen, per",
}
ZONE_UNITS = {"share": "% of the time, corrected for view", "own": "% of the time seen"}
_PERIODS = {1: "first half", 2: "second half", 3: "extra time, first half", 4: "extra time, second half"}
_NEARLY_ALL = 0.995


def part(stretch: Stretch) -> str:
    """Name a part of a match: ``second half, in possession``; empty for all of it."""
    parts = []
    if stretch.half is not None:
        parts.append(_PERIODS.get(stretch.half, f"period {stretch.half}"))
    if stretch.phase is not None:
        parts.append(PHASE_TEXTS[stretch.phase])
    if stretch.from_s is not None or stretch.to_s is not None:
        end = "the end" if stretch.to_s is None else clock(stretch.to_s)
        parts.append(f"{clock(stretch.from_s or 0.0)} to {end}")
    return ", ".join(parts)


def title(heat: HeatMap) -> str:
    """Say who and when."""
    when = part(heat.part)
    return f"{heat.who.label}: {when}" if when else heat.who.label


def facts(heat: HeatMap) -> tuple[str, ...]:
    """Say how much was seen, and what the colours can and cannot say because of it."""
    lasted = duration(heat.duration_s)
    at_a_time = heat.total_s / heat.duration_s
    if heat.who.one or at_a_time <= 1:
        first = f"Seen {duration(heat.total_s)} of {lasted}: coverage {share(min(1.0, at_a_time))}"
    else:
        mean = number(at_a_time, 1)
        first = f"Seen {duration(heat.total_s)} in all over {lasted}: {mean} players at a time"
    if heat.possession_estimated:
        first += "; possession estimated"
    if heat.everything_seen:
        second = "The whole pitch was seen all the time"
    elif heat.in_view_s is None:
        second = "Where the camera looked is not known: places in view more often look busier"
    else:
        in_view = float(heat.in_view_s.mean()) / heat.duration_s
        second = f"{share(min(1.0, in_view))} of pitch and time in view; grey: hardly ever in view"
    return first, second


def direction(heat: HeatMap) -> str:
    """Say which way play runs; empty where attack runs to the right throughout."""
    if heat.direction >= _NEARLY_ALL:
        return ""
    if heat.direction <= 1 - _NEARLY_ALL:
        return "direction of attack unclear: sides as on the pitch"
    return f"direction of attack known in {share(heat.direction)} of the time, the rest as on the pitch"
