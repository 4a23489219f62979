"""Heatmaps of a run for scripts and notebooks: ask for one, then take its picture, figure or table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.metrics.direction.match_stretch import Stretch
from pipeline.report.heatmap import heatmap_run
from pipeline.report.heatmap.heatmap_data import HeatMap, heat_map
from pipeline.report.heatmap.heatmap_query import Choice
from pipeline.report.heatmap.heatmap_table import heat_table
from pipeline.report.heatmap.panels import panels
from pipeline.runs.stored_run import StoredRun
from pipeline.tables.play.phase_names import Phase

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class RunHeatmap:
    """Where somebody was, in seconds; ``map`` holds the numbers, attack from left to right."""

    map: HeatMap

    @property
    def seen_s(self) -> float:
        """Seconds seen, of all that are shown together."""
        return self.map.total_s

    @property
    def match_s(self) -> float:
        """Length of this part of the match, s."""
        return self.map.duration_s

    def picture(self, against: RunHeatmap | None = None, *, zones: bool = False) -> Figure:
        """Draw it with matplotlib; ``against`` another on one scale, with the difference."""
        from pipeline.report.heatmap.heatmap_png import picture

        return picture(self._panels(against, zones), self.map.run)

    def figure(self, *, zones: bool = False) -> Any:
        """Draw it as a plotly figure, to point at."""
        from pipeline.report.heatmap.panel_figures import panel_figure

        return panel_figure(self._panels(None, zones)[0])

    def table(self, against: RunHeatmap | None = None, *, by_zone: bool = False) -> pd.DataFrame:
        """Give the numbers as a table: a row a cell, or a row a zone."""
        return heat_table(self.map, against.map if against else None, by_zone=by_zone)

    def _panels(self, against: RunHeatmap | None, zones: bool) -> list[Any]:
        return panels(self.map, against.map if against else None, zones=zones)


def heatmap(
    run: StoredRun,
    *,
    team: str | None = None,
    player: str | int | None = None,
    track_id: int | None = None,
    role: str | None = None,
    half: int | None = None,
    phase: Phase | None = None,
    from_s: float | None = None,
    to_s: float | None = None,
) -> RunHeatmap:
    """Make the heatmap of a team, a player or a role, over all or a part of the match.

    Parameters
    ----------
    team
        ``A`` or ``B``.
    player, track_id
        Shirt number, name or ``A7`` (shirt of a team), or else the number of a track.
    role
        ``goalkeeper``, ``outfield``, ``referee``, or a place such as ``LB``.
    half, phase
        A period, and ``in`` or ``out`` of possession, where the run knows these.
    from_s, to_s
        Between these times, s from the first frame.

    Raises
    ------
    UserError
        If nobody is of that description, or there is nothing to show.
    """
    who = None if player is None else str(player)
    choice = Choice(
        player=who if track_id is None else f"t{track_id}",
        team=team,
        role=role,
        part=Stretch(half, phase, from_s, to_s),
    )
    return RunHeatmap(heat_map(run.once("heatmap", lambda: heatmap_run.load(run)), choice))
