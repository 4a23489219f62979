"""Robust least squares of a shot's views against all its evidence. No I/O."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from pipeline.calibration.camera_model.markings import Markings, Matches
from pipeline.calibration.solver.chain_least_squares import NormalEquations, solve
from pipeline.calibration.solver.observations import Observations
from pipeline.calibration.solver.residuals import match_lines, normal_equations
from pipeline.calibration.solver.view_parameters import Views

_DONE = 1e-4
AnyViews = TypeVar("AnyViews", bound=Views)

REACHES = (0.012, 0.012, 0.006, 0.004)
"""How far from a marking line points may be, in rounds, as shares of the picture's longer side."""


def settle(
    views: AnyViews, seen: Observations, marks: Markings, reach: float, rounds: int = 12
) -> tuple[AnyViews, NormalEquations]:
    """Improve ``views`` by Levenberg-Marquardt until nothing changes.

    Parameters
    ----------
    reach
        How far line points may be from the marking they are matched to at the start, as a share of the
        picture's longer side.
    """
    return _descend(views, seen, marks, match_lines(views.matrices(), seen, marks, reach), rounds)


def settle_landmarks(
    views: AnyViews, seen: Observations, rounds: int = 12
) -> tuple[AnyViews, NormalEquations]:
    """Like `settle`, by landmarks and motion alone."""
    return _descend(views, seen, None, None, rounds)


def settle_matched(
    views: AnyViews, seen: Observations, marks: Markings, matched: Matches, rounds: int = 12
) -> tuple[AnyViews, NormalEquations]:
    """Like `settle`, with line points that are known to lie on their markings, however far off."""
    return _descend(views, seen, marks, matched, rounds)


def _descend(
    views: AnyViews, seen: Observations, marks: Markings | None, matched: Matches | None, rounds: int
) -> tuple[AnyViews, NormalEquations]:
    damping = 1e-3
    system = normal_equations(views, seen, marks, matched)
    for _ in range(rounds):
        try:
            own, shared = solve(system, damping)
        except np.linalg.LinAlgError:
            break
        trial = views.moved(own, shared)
        ahead = normal_equations(trial, seen, marks, matched)
        if np.isfinite(ahead.cost) and ahead.cost <= system.cost:
            done = system.cost - ahead.cost < _DONE * system.cost
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
    for reach in REACHES[:-1]:
        views, _ = settle(views, seen, marks, reach, rounds=6)
    return settle(views, seen, marks, REACHES[-1])
