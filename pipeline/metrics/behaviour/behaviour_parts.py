"""Team behaviour by part of the match: table ``behaviour_parts``. Tables in, table out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.behaviour.behaviour_over_time import EXTENTS
from pipeline.metrics.direction.match_stretch import Stretch, inside
from pipeline.metrics.movement.match_parts import Division
from pipeline.metrics.shape.team_shape import by_second
from pipeline.tables.play.behaviour_schemas import MEASURES
from pipeline.tables.play.phase_names import IN_PHASES, PHASES

if TYPE_CHECKING:
    import pandas as pd

Extents = dict[tuple[str, str, str], "pd.DataFrame"]

_ENOUGH = 2
_NOT_IN = {"in": ("goal_side", "pressure", "pressing_intensity"), "out": ("ahead_of_ball",)}
"""Measures that have no meaning with, or without, the ball; a second in which it changes hands has both."""


def behaviour_parts(
    behaviour: pd.DataFrame,
    periods: pd.DataFrame,
    possession: pd.DataFrame,
    phases: pd.DataFrame,
    extents: Extents | None = None,
) -> pd.DataFrame:
    """Average table ``behaviour`` over the whole match, halves, in and out of possession, and phases.

    A mean has with it how much the seconds spread, the seconds behind it, and its coverage: their share of
    the seconds of the part in which anybody was seen. Length, width and compactness in and out of possession
    and in phases are those of ``extents`` (`extents_by_part`), which cut frames where table ``movement`` and
    comparisons cut them; without it, whole seconds.
    """
    import pandas as pd

    from pipeline.tables import storage

    rows: list[dict[str, Any]] = []
    for team, own in behaviour.groupby("team"):
        times = own["time_s"].to_numpy(float)
        for by, part, stretch in _stretches(periods, possession, phases):
            kept = own[inside(times, stretch, str(team), periods, possession, phases)]
            wrong = _NOT_IN.get(part, ()) if by != "phase" else _NOT_IN["in" if part in IN_PHASES else "out"]
            by_frame = (extents or {}).get((str(team), by, part))
            made = [row for row in _means(kept, by_frame) if row["measure"] not in wrong]
            rows += [{"team": team, "by": by, "part": part} | row for row in made]
    table = pd.DataFrame(rows) if rows else storage.empty("behaviour_parts")
    return storage.conform(table, "behaviour_parts")


def _stretches(
    periods: pd.DataFrame, possession: pd.DataFrame, phases: pd.DataFrame
) -> Iterator[tuple[str, str, Stretch]]:
    yield "whole", "whole", Stretch()
    for number in periods["period"].tolist():
        yield "half", str(number), Stretch(half=int(number))
    if len(possession):
        yield "possession", "in", Stretch(phase="in")
        yield "possession", "out", Stretch(phase="out")
    for phase in PHASES if len(phases) else ():
        yield "phase", phase, Stretch(phase=phase)


def extents_by_part(by_frame: pd.DataFrame, cut: Sequence[Division], min_players: int) -> Extents:
    """Average shapes over each second within each part: by team, kind and name of the part.

    ``by_frame`` is what `team_shape.frame_shapes` gives; frames with ``min_players`` or more count.
    """
    out: Extents = {}
    for team in ("A", "B"):
        own = by_frame[(by_frame["team"] == team) & (by_frame["players_seen"] >= min_players)]
        times, whose = own["time_s"].to_numpy(float), np.full(len(own), team, dtype=object)
        for division in cut:
            codes = division.codes(times, whose)
            parts = enumerate(division.names)
            out |= {(team, division.by, name): by_second(own[codes == i]) for i, name in parts}
    return out


def _means(seconds: pd.DataFrame, by_frame: pd.DataFrame | None) -> Iterator[dict[str, Any]]:
    for measure in MEASURES:
        source = by_frame if by_frame is not None and measure in EXTENTS else seconds
        values: NDArray[np.float64] = source[measure].dropna().to_numpy(float)
        if len(values) >= _ENOUGH:
            yield {
                "measure": measure,
                "mean": float(values.mean()),
                "spread": float(values.std(ddof=1)),
                "seconds": float(len(values)),
                "coverage": min(len(values) / max(len(seconds), 1), 1.0),
            }
