"""How two team shapes differ: team and team, half and half, with and without the ball. Tables out.

Same-role distance after the best assignment of roles, with and without each axis' scale; Wasserstein
distance between roles as Gaussians; difference of the graphs of neighbours; and the shape numbers with
bootstrap intervals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from pipeline.metrics.formation.role_model import RoleModel

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two shapes compared.

    ``roles``: a row for each pair of roles (``role_a, x_a_m, y_a_m, role_b, x_b_m, y_b_m, distance_m,
    scaled_distance_m, w2_m``), from the most to the least different. ``same_role_m``: RMS distance of
    the pairs about the teams' centroids; ``same_role_scaled_m``: the same with both teams given the
    same length and width, which leaves the formation's form; ``w2_m``: RMS of the Wasserstein distances,
    which also sees how far roles roam; ``graph_difference``: mean absolute difference of the shares of
    time in which two roles are neighbours, 0 to 1. All NaN without two pairs.
    """

    roles: pd.DataFrame
    same_role_m: float
    same_role_scaled_m: float
    w2_m: float
    graph_difference: float


def compare(one: RoleModel, two: RoleModel) -> Comparison:
    """Compare two role models; roles that only one of them has stay without a partner."""
    first, second = pair_roles(one.places_m, two.places_m)
    plain = np.hypot(*(_centred(one.places_m, first) - _centred(two.places_m, second)).T)
    a, b = same_size(one.places_m[first], two.places_m[second])
    scaled = np.hypot(*(a - b).T)
    w2 = np.array(
        [
            wasserstein2_m2(p, s, q, t)
            for p, s, q, t in zip(
                _centred(one.places_m, first),
                one.covariances_m2[first],
                _centred(two.places_m, second),
                two.covariances_m2[second],
                strict=True,
            )
        ]
    )
    table = _role_table(one, two, first, second, plain, scaled, np.sqrt(w2))
    return Comparison(
        table,
        _rms(plain),
        _rms(scaled),
        _rms(np.sqrt(w2)),
        graph_difference(one.neighbours[np.ix_(first, first)], two.neighbours[np.ix_(second, second)]),
    )


def pair_roles(one_m: Array, two_m: Array) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pair up the roles of two shapes ``(R, 2)`` and ``(S, 2)``: least sum of squared distances.

    With equal numbers about their centroids; else the smaller shape is also shifted to fit the larger.
    """
    if not len(one_m) or not len(two_m):
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    shift = one_m.mean(axis=0) - two_m.mean(axis=0)
    rows = columns = np.zeros(0, np.intp)
    for _ in range(8):
        cost = ((one_m[:, None] - (two_m + shift)[None]) ** 2).sum(axis=2)
        new_rows, new_columns = linear_sum_assignment(cost)
        if np.array_equal(new_rows, rows) and np.array_equal(new_columns, columns):
            break
        rows, columns = new_rows, new_columns
        shift = (one_m[rows] - two_m[columns]).mean(axis=0)
    return rows, columns


def wasserstein2_m2(mean_a: Array, cov_a: Array, mean_b: Array, cov_b: Array) -> float:
    """Squared 2-Wasserstein distance of two 2-D Gaussians, m^2.

    ``|mu_1 - mu_2|^2 + tr(S_1 + S_2 - 2 (S_2^.5 S_1 S_2^.5)^.5)``; for 2 x 2 the last trace is
    ``sqrt(tr(S_1 S_2) + 2 sqrt(det S_1 det S_2))``.
    """
    shift = float(((mean_a - mean_b) ** 2).sum())
    determinants = max(float(np.linalg.det(cov_a) * np.linalg.det(cov_b)), 0.0)
    shared = np.sqrt(max(float(np.trace(cov_a @ cov_b)) + 2 * np.sqrt(determinants), 0.0))
    return max(shift + float(np.trace(cov_a) + np.trace(cov_b)) - 2 * float(shared), 0.0)


def graph_difference(one: Array, two: Array) -> float:
    """Mean absolute difference of two matrices of neighbour shares, over pairs known in both; NaN if none."""
    upper = np.triu_indices(len(one), 1)
    gap = np.abs(one - two)[upper]
    return float(np.nanmean(gap)) if np.isfinite(gap).any() else float("nan")


def _centred(places: Array, chosen: NDArray[np.intp]) -> Array:
    own = places[chosen]
    return np.asarray(own - own.mean(axis=0)) if len(own) else own


def same_size(one: Array, two: Array) -> tuple[Array, Array]:
    """Centre two paired shapes ``(R, 2)`` and give both the mean of their spreads, axis by axis."""
    if not len(one):
        return one, two
    sizes = [np.maximum(p.std(axis=0), 1e-6) for p in (one, two)]
    usual = (sizes[0] + sizes[1]) / 2
    a, b = ((p - p.mean(axis=0)) / s * usual for p, s in zip((one, two), sizes, strict=True))
    return a, b


def _rms(values: Array) -> float:
    return float(np.sqrt((values**2).mean())) if len(values) >= 2 else float("nan")


def _role_table(
    one: RoleModel,
    two: RoleModel,
    first: NDArray[np.intp],
    second: NDArray[np.intp],
    plain: Array,
    scaled: Array,
    w2: Array,
) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame(
        {
            "role_a": [one.roles[i] for i in first],
            "x_a_m": one.places_m[first, 0],
            "y_a_m": one.places_m[first, 1],
            "role_b": [two.roles[i] for i in second],
            "x_b_m": two.places_m[second, 0],
            "y_b_m": two.places_m[second, 1],
            "distance_m": plain,
            "scaled_distance_m": scaled,
            "w2_m": w2,
        }
    )
    return table.sort_values("distance_m", ascending=False, ignore_index=True)
