"""Robust least squares of a shot's views against all its evidence. No I/O."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from pipeline.calibration.chain import NormalEquations, solve
from pipeline.calibration.markings import Markings
from pipeline.calibration.residuals import Observations, normal_equations
from pipeline.calibration.views import Views

AnyViews = TypeVar("AnyViews", bound=Views)

REACHES = (0.012, 0.006, 0.004)
"""How far from a marking line points may be, in rounds, as shares of the picture's longer side."""


def settle(
    views: AnyViews, seen: Observations, marks: Markings | None, reach: float, rounds: int = 12
) -> tuple[AnyViews, NormalEquations]:
    """Improve ``views`` by Levenberg-Marquardt until nothing changes; line matches are redone each step."""
    damping = 1e-3
    system = normal_equations(views, seen, marks, reach)
    for _ in range(rounds):
        try:
            own, shared = solve(system, damping)
        except np.linalg.LinAlgError:
            break
        trial = views.moved(own, shared)
        ahead = normal_equations(trial, seen, marks, reach)
        if np.isfinite(ahead.cost) and ahead.cost <= system.cost:
            done = system.cost - ahead.cost < 1e-4 * system.cost
            views, system, damping = trial, ahead, max(damping / 5, 1e-7)
            if done:
                break
        else:
            damping *= 10
            if damping > 1e4:
                break
    return views, system


def refine(views: AnyViews, seen: Observations, marks: Markings) -> tuple[AnyViews, NormalEquations]:
    """Fit painted lines, landmarks and motion together, with a shrinking reach for the lines."""
    views, system = settle(views, seen, marks, REACHES[0])
    for reach in REACHES[1:]:
        views, system = settle(views, seen, marks, reach)
    return views, system
