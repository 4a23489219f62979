"""How both teams stood in each half, in all and in and out of possession: figures with names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.report.drawing.page_theme import team_ink
from pipeline.report.page.formation_texts import PHASES, roles_of, row_of, shape_words
from pipeline.report.page.match_halves import Part, parts
from pipeline.report.page.person_names import on_disc, surnames, team_name
from pipeline.report.page.shape_figures import stand_figure
from pipeline.report.page.window_shape import Stand, stand
from pipeline.report.style.match_clock import match_clock
from pipeline.report.style.texts import words

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

    from pipeline.report.run_data import RunData

Array = NDArray[np.float64]
_SAME_ROLE_M = 10.0


@dataclass(frozen=True, slots=True)
class Standing:
    """One team in one part and phase: how it stood in words, drawn (None: too few seen together)."""

    team: str
    name: str
    shape: str
    figure: Markup | None
    stood: Stand | None


@dataclass(frozen=True, slots=True)
class HalfStanding:
    """Both teams in one part: ``phases`` by their words, the teams of each."""

    name: str
    time: str
    phases: dict[str, list[Standing]]


def by_half(run: RunData) -> list[HalfStanding]:
    """Draw every part of which something is known."""
    found = [_half(run, part) for part in parts(run)]
    return [half for half in found if half.phases]


def _half(run: RunData, part: Part) -> HalfStanding:
    phases: dict[str, list[Standing]] = {}
    for phase, called in PHASES.items():
        rows = {team: row_of(run, part, team, phase) for team in ("A", "B")}
        if all(row is None for row in rows.values()):
            continue
        phases[called] = [_standing(run, part, team, phase, row) for team, row in rows.items()]
    time = f"{match_clock(part.start_s, run.periods)}–{match_clock(part.end_s, run.periods)}"
    return HalfStanding(part.name, time, phases)


def _standing(run: RunData, part: Part, team: str, phase: str, row: pd.Series | None) -> Standing:
    name = team_name(run, team)
    if row is None:
        return Standing(team, name, words("shape.not_observed"), None, None)
    stood, shape = stand(run.playing, row, run.possession, run.pitch.outfield), shape_words(row)
    if stood is None:
        return Standing(team, name, shape, None, None)
    label = words("shape.figure_label", team=name, part=part.name, phase=PHASES[phase], shape=shape)
    figure = stand_figure(stood, run.pitch, team_ink(team), label, who_stood(run, row, stood))
    return Standing(team, name, shape, figure, stood)


def who_stood(run: RunData, row: pd.Series, stood: Stand) -> list[tuple[str, str]]:
    """Say for each place of ``stood`` what is on and under its mark: the player most often there.

    Shirt and surname where known, else the role (empty without a fit) and the running number; the role
    alone where nobody was told apart.
    """
    from scipy.optimize import linear_sum_assignment

    roles = stood.model.roles if stood.model.fit is not None else ("",) * len(stood.model.places_m)
    out = [(role, "") for role in roles]
    own = roles_of(run.roles, row)
    if not len(own) or not len(run.who):
        return out
    most = own.sort_values("role_share").drop_duplicates("role", keep="last")
    apart = stood.model.places_m[:, None] - most[["x_m", "y_m"]].to_numpy(float)[None]
    far = np.hypot(apart[..., 0], apart[..., 1])
    for place, at in zip(*linear_sum_assignment(far), strict=True):
        if far[place, at] > _SAME_ROLE_M:
            continue
        track = int(most["track_id"].iloc[at])
        short, surname = on_disc(run, [track])[0], surnames(run).get(track, "")
        out[place] = (short, surname) if surname or short.isdigit() else (roles[place], short)
    return out
