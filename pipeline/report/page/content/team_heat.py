"""Heatmaps of both teams on one scale: time spent, share of the time in view, with and without the ball."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.direction.match_stretch import Stretch, inside
from pipeline.metrics.heatmap.occupancy import colour_cap
from pipeline.report.drawing.heat_picture import css_gradient, heat_image
from pipeline.report.drawing.pitch_drawing import pitch_svg
from pipeline.report.heatmap.heatmap_ground import Ground
from pipeline.report.page.person_names import team_name
from pipeline.report.style.texts import words
from pipeline.report.style.wording import duration, share

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.run_data import RunData
    from pipeline.tables.play.phase_names import Phase

Array = NDArray[np.float64]
_PHASES: tuple[tuple[str, Phase | None], ...] = (("time", None), ("in", "in"), ("out", "out"))


@dataclass(frozen=True, slots=True)
class TeamMap:
    """Values ``(ny, nx)`` of one team, NaN where hardly ever in view; how long its players were seen, s."""

    team: str
    values: Array
    seen_s: float


def tabs(run: RunData, people: pd.DataFrame, ground: Ground) -> list[dict[str, Any]]:
    """Draw each kind of map that the run has something for; ``people`` attack to the right.

    The teams share one scale, named under each map.
    """
    made = [(name, *_maps(run, people, ground, phase)) for name, phase in _PHASES if _known(run, phase)]
    if run.has_views:
        made.insert(1, ("share", *_shares(run, people, ground)))
    return [_tab(run, name, maps, unit) for name, maps, unit in made]


def _known(run: RunData, phase: Phase | None) -> bool:
    return phase is None or len(run.possession) > 0


def _of_phase(run: RunData, rows: pd.DataFrame, team: str, phase: Phase | None) -> NDArray[np.bool_]:
    return inside(rows["time_s"].to_numpy(float), Stretch(phase=phase), team, run.periods, run.possession)


def _maps(
    run: RunData, people: pd.DataFrame, ground: Ground, phase: Phase | None
) -> tuple[list[TeamMap], str]:
    out = []
    for team in ("A", "B"):
        own = people[people["team"] == team]
        seconds = ground.seconds(own[_of_phase(run, own, team, phase)])
        values = _dense(ground, seconds)
        if run.has_views:
            counts = _of_phase(run, ground.views, team, phase)
            view_s = ground.in_view_s(team, counts)
            values[np.isnan(ground.occupancy(seconds, view_s))] = np.nan
        out.append(TeamMap(team, values, float(seconds.sum())))
    return out, words("heat.unit_seconds")


def _shares(run: RunData, people: pd.DataFrame, ground: Ground) -> tuple[list[TeamMap], str]:
    out = []
    for team in ("A", "B"):
        seconds = ground.seconds(people[people["team"] == team])
        part = ground.occupancy(seconds, ground.in_view_s(team))
        out.append(TeamMap(team, 100 * _dense(ground, part), float(seconds.sum())))
    return out, words("heat.unit_share")


def _dense(ground: Ground, values: Array) -> Array:
    """Per square metre."""
    height, width = ground.grid.cell_m
    return values / (height * width)


def _tab(run: RunData, name: str, maps: list[TeamMap], unit: str) -> dict[str, Any]:
    top = colour_cap(*(m.values for m in maps)) or 1.0
    return {"name": words(f"heat.{name}"), "teams": [_drawn(run, m, top, name, unit) for m in maps]}


def _drawn(run: RunData, made: TeamMap, top: float, name: str, unit: str) -> dict[str, Any]:
    colour, called = run.colours.team(made.team).page, team_name(run, made.team)
    label = words("heat.label", who=called, what=words(f"heat.{name}"), top=f"{top:.2g} {unit}")
    rows = run.formations[run.formations["team"] == made.team]
    known = bool(len(rows) and rows["attack"].notna().all())
    attack = words("figures.attack") if known else None
    return {
        "team": made.team,
        "name": called,
        "figure": pitch_svg(
            run.pitch, label, under=heat_image(made.values, top, colour, run.pitch), attack=attack
        ),
        "bar": css_gradient(colour),
        "top": f"{top:.2g} {unit}",
        "seen": words(
            "heat.seen_team", time=duration(made.seen_s), unseen=share(float(np.isnan(made.values).mean()))
        ),
    }
