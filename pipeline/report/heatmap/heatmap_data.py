"""One heatmap of a run: who, in which part of the match, as seconds and as share of the time in view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.metrics.direction.match_stretch import Stretch, inside
from pipeline.metrics.heatmap.occupancy import seconds_grid
from pipeline.metrics.heatmap.pitch_grid import Grid, zone_means, zone_seconds
from pipeline.report.heatmap import heatmap_query
from pipeline.report.heatmap.heatmap_ground import Ground, shares
from pipeline.report.heatmap.heatmap_query import Choice, Who

if TYPE_CHECKING:
    from pipeline.report.heatmap.heatmap_run import HeatRun

Array = NDArray[np.float64]
Measure = Literal["seconds", "share", "own"]
"""``seconds``: time spent; ``share``: of the time in which a place was in view; ``own``: of the own time."""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Where somebody was, attack from left to right where ``direction`` says so.

    ``seconds`` ``(ny, nx)``: spent in each cell, not smoothed; ``in_view_s`` ``(ny, nx)``: how long each was
    in view while they were on the pitch, None where that is unknown; ``zone_s`` ``(20,)``: seconds in each of
    `pitch_grid.zones`; ``duration_s``: of the part of the match, while on the pitch; ``direction``: share of
    the seconds in which the direction of attack is known; ``everything_seen``: tracking data of the whole
    pitch; ``possession_estimated``: the phase rests on possession that nobody gave.
    """

    run: str
    who: Who
    part: Stretch
    pitch: Pitch
    ground: Ground
    seconds: Array
    in_view_s: Array | None
    zone_s: Array
    duration_s: float
    direction: float
    everything_seen: bool
    possession_estimated: bool

    @property
    def grid(self) -> Grid:
        """The cells."""
        return self.ground.grid

    @property
    def total_s(self) -> float:
        """Seconds seen, of all that are shown together."""
        return float(self.seconds.sum())

    def values(self, measure: Measure) -> Array:
        """Give the smoothed map, ``(ny, nx)``: s per m², or % per m²; NaN where hardly ever in view."""
        height, width = self.grid.cell_m
        density = self.ground.smoothed(self.seconds) / (height * width)
        if measure == "share" and self.in_view_s is not None:
            return 100 * self.ground.occupancy(density, self.in_view_s)
        return density * (100 / self.total_s if measure == "own" else 1.0)

    def zone_values(self, measure: Measure) -> Array:
        """Give the 20 zones' values, ``(20,)``: s, or % adding up to 100; NaN where hardly ever in view.

        The share of the time in view is that of the zones seen: time there over time in view, of all such.
        """
        if measure == "share" and self.in_view_s is not None:
            rate = shares(self.zone_s, zone_means(self.in_view_s, self.grid, self.pitch))
            return 100 * rate / np.nansum(rate)
        return self.zone_s * (100 / self.total_s if measure == "own" else 1.0)


def heat_map(run: HeatRun, choice: Choice) -> HeatMap:
    """Make the heatmap that ``choice`` asks for, of a run that `heatmap_run.load` has read.

    Raises
    ------
    UserError
        If nobody is of that description, or there is nothing to show.
    """
    heatmap_query.check(run, choice)
    who, rows = heatmap_query.rows(run, choice)
    times = rows["time_s"].to_numpy(float)
    places, seconds = rows[["x_m", "y_m"]].to_numpy(float), rows["seconds"].to_numpy(float)

    def counts(at_s: Array) -> NDArray[np.bool_]:
        keep = inside(at_s, choice.part, who.team, run.periods, run.possession, run.phases)
        on, off = who.stay or (times.min(), times.max())
        return keep & (at_s >= on) & (at_s <= off) if who.one else keep

    of_part = inside(run.moments_s, choice.part, who.team, run.periods, run.possession, run.phases)
    if who.stay is not None:
        of_part &= counts(run.moments_s)
    zones = zone_seconds(places, seconds, run.pitch)
    return HeatMap(
        run=run.name,
        who=who,
        part=choice.part,
        pitch=run.pitch,
        ground=run.ground,
        seconds=seconds_grid(places, seconds, run.ground.grid),
        in_view_s=_in_view(run, who.team, counts),
        zone_s=np.array(list(zones.values())),
        duration_s=float(run.moment_seconds[of_part].sum()),
        direction=float(seconds[rows["sign"].to_numpy(float) != 0].sum() / seconds.sum()),
        everything_seen=run.in_view == "all",
        possession_estimated=choice.part.phase is not None
        and bool((run.possession["source"] == "estimated").any()),
    )


def _in_view(run: HeatRun, team: str | None, counts: Callable[[Array], NDArray[np.bool_]]) -> Array | None:
    """How long each cell was in view at the times that count, s ``(ny, nx)``; None where that is unknown."""
    if run.in_view == "views":
        return run.ground.in_view_s(team, counts(run.ground.views["time_s"].to_numpy(float)))
    if run.in_view == "all":
        return np.full(run.ground.grid.shape, run.moment_seconds[counts(run.moments_s)].sum())
    return None
