"""The lines of a team: height of the defence above its goal, gaps between lines. Arrays in, arrays out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.metrics.direction.attack_direction import Attack, forward
from pipeline.metrics.formation.team_places import TeamPlaces
from pipeline.metrics.formation.template_fit import Fit
from pipeline.metrics.formation.templates import Template

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lines:
    """Frame by frame ``(F,)``, metres; NaN where not all players of a line are in view.

    ``defence_height_m``: mean distance of the back line from its own goal line;
    ``defence_midfield_m`` and ``midfield_attack_m``: gaps between the means of neighbouring lines.
    """

    defence_height_m: Array
    defence_midfield_m: Array
    midfield_attack_m: Array


def line_of_roles(template: Template) -> NDArray[np.int64]:
    """Give the line of each role of a template: 0 defence, 1 midfield, 2 attack (the name's last number)."""
    numbers = [int(n) for n in template.name.split("-")]
    size = len(template.roles)
    rank = np.empty(size, dtype=np.int64)
    rank[np.argsort(template.places_m[:, 0], kind="stable")] = np.arange(size)
    out = np.ones(size, dtype=np.int64)
    out[rank >= size - numbers[-1]] = 2
    defence = np.flatnonzero([role.endswith(_BACKS) or role == "CB" for role in template.roles])
    backs = defence[np.argsort(template.places_m[defence, 0], kind="stable")][: numbers[0]]
    out[backs] = 0
    return out


_BACKS = ("CB", "LB", "RB", "LWB", "RWB")


def lines(found: TeamPlaces, fit: Fit, attack: Attack, pitch: Pitch) -> Lines:
    """Measure the lines in each frame of ``found``, whose ``fit`` says who belongs to which line."""
    template = fit.matches[0].template
    line_of_place = line_of_roles(template)[fit.matches[0].slots]
    line = np.where(found.slot >= 0, line_of_place[np.maximum(found.slot, 0)], -1)
    x = forward(found.team.places_m, attack)[..., 0] + pitch.length_m / 2
    heights = []
    for k in range(3):
        own = line == k
        count, whole = own.sum(axis=1), int((line_of_place == k).sum())
        total = np.where(own, x, 0.0).sum(axis=1)
        heights.append(np.where(count >= max(whole, 1), total / np.maximum(count, 1), np.nan))
    return Lines(heights[0], heights[1] - heights[0], heights[2] - heights[1])
