"""How a team stood over the window of one row of ``formations``: what the shape figures draw."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.formation.role_model import RoleModel, role_model
from pipeline.metrics.heatmap.occupancy import towards_right
from pipeline.metrics.shape.team_shape import team_frames

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.metrics.direction.attack_direction import Attack

Array = NDArray[np.float64]
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Stand:
    """One team's roles, with attack to the right.

    ``middle_m`` ``(2,)`` is the team's mean place on the pitch, which ``model.places_m`` are relative to;
    ``template_m`` ``(T, 2)`` the places of the nearest template laid over them, None where unclear;
    ``attack_known`` says whether the direction of attack is known or only taken to be left to right.
    """

    team: str
    model: RoleModel
    middle_m: Array
    template_m: Array | None
    attack_known: bool


def stand(playing: pd.DataFrame, row: pd.Series, size: int = 10) -> Stand | None:
    """Work out how the team of a row of ``formations`` stood; None if too few were seen together.

    ``playing`` are the people on the pitch (`metrics.people`), ``size`` outfield
    players make a whole team.
    """
    inside = playing["time_s"].between(row["start_s"], row["end_s"] + 1e-6)
    team = team_frames(playing[inside], row["team"], size)
    known = isinstance(row["attack"], str)
    attack = cast("Attack", row["attack"]) if known else None
    model = role_model(team, attack)
    if len(model.places_m) < _FEWEST:
        return None
    middle = np.nanmean(towards_right(team.places_m.reshape(-1, 2), attack), axis=0)
    made = stood(str(row["team"]), model, middle, known)
    return made if row["formation"] != "unclear" else replace(made, template_m=None)


def stood(team: str, model: RoleModel, middle_m: Array, attack_known: bool) -> Stand:
    """Make a `Stand` of a role model, with the nearest template laid over it, clear or not."""
    template = None
    if model.fit is not None:
        best = model.fit.matches[0]
        template = laid_over(best.template.places_m, best.slots, model.places_m)
    return Stand(team, model, middle_m, template, attack_known)


def laid_over(template_m: Array, slots: NDArray[np.intp], places_m: Array) -> Array:
    """Move and stretch a template ``(T, 2)`` onto the places ``(n, 2)`` that take its ``slots``."""
    source = template_m[slots]
    spread = source.std(axis=0)
    scale = np.clip(places_m.std(axis=0) / np.where(spread > 1, spread, 1.0), 0.5, 1.6)
    return np.asarray((template_m - source.mean(axis=0)) * scale + places_m.mean(axis=0))
