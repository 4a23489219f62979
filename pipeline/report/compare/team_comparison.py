"""Comparisons of teams, halves, phases or matches, for scripts and notebooks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.report.compare.comparison import Pair, compared, long_table
from pipeline.report.compare.sides import NamedSide, read_sides

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class TeamComparison:
    """Two or more sides, and every two of them compared."""

    sides: tuple[NamedSide, ...]
    pairs: tuple[Pair, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """What the sides are called."""
        return tuple(s.label for s in self.sides)

    def table(self) -> pd.DataFrame:
        """Give all numbers, ``kind`` (distance, shape, role), ``what``, ``difference``, and its interval."""
        return long_table(list(self.sides), list(self.pairs))

    def side_figure(self, side: int) -> Any:
        """Draw a side's roles where it stood on the pitch, as a plotly figure."""
        from pipeline.report.compare.comparison_figures import side_figure

        return side_figure(self.sides[side])

    def pair_figure(self, pair: int = 0) -> Any:
        """Draw the two sides of a pair over each other, as a plotly figure."""
        from pipeline.report.compare.comparison_figures import pair_figure

        return pair_figure(list(self.sides), self.pairs[pair])

    def over_time_figure(self) -> Any:
        """Draw length, width and the like of all sides over time, as a plotly figure."""
        from pipeline.report.compare.comparison_figures import over_time_figure

        return over_time_figure(list(self.sides))

    def write_page(self, path: str | Path) -> Path:
        """Write the page ``path`` (.html) with its table beside it; gives the table's path."""
        from pipeline.report.compare.comparison_page import write_comparison

        return write_comparison(list(self.sides), list(self.pairs), Path(path))


def compare(*sides: str | Path, min_players: int | None = None) -> TeamComparison:
    """Compare sides given as on the command line: ``runs/derby:A``, ``runs/derby:Reds:half2``.

    Parameters
    ----------
    sides
        ``RUN[:TEAM[:half1|half2|in|out]]``; without a team both teams of the run.
    min_players
        Team shape counts in frames with so many of the team in view; by default as the run's settings say.

    Raises
    ------
    UserError
        If a run, team or part is not there, or nobody of it was placed on the pitch.
    """
    read = read_sides([str(s) for s in sides], min_players)
    return TeamComparison(tuple(read), tuple(compared(read)))
