"""Average places of a team's roles without knowing who is who: role EM.

As Bialkowski et al., ICDM 2014: each role is a 2-D Gaussian in the team's frame, and in every frame
each player gets one role by the Hungarian algorithm on ``-log N``. Ours also finds the shift of every
frame, so that it works where only some of the team is in view and its centroid is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Array = NDArray[np.float64]

ROUNDS = 12
SPREAD_M = 6.0
"""Standard deviation that roles start with, and least that is asked of a role's data, m."""
_MIN_SD_M = 2.0


@dataclass(frozen=True, slots=True)
class Roles:
    """Roles as Gaussians in the team's frame.

    ``places_m`` ``(R, 2)``, mean 0; ``covariances_m2`` ``(R, 2, 2)``; ``weight`` ``(R,)``: share of frames in
    which the role was seen; ``role`` ``(F, P)``: role of each player in each frame, -1 for none;
    ``cost``: minus twice the mean log likelihood of a player in its role, without its constant.
    """

    places_m: Array
    covariances_m2: Array
    weight: Array
    role: NDArray[np.int64]
    cost: float


def fit_roles(places_m: Array, start_m: Array, *, rounds: int = ROUNDS) -> Roles:
    """Fit roles to frames, beginning with the places of a template.

    Parameters
    ----------
    places_m
        Shape ``(F, P, 2)``: the team in the direction of attack, NaN for absent players.
    start_m
        Shape ``(R, 2)``: where the roles start, mean 0.
    """
    means, spread = start_m.copy(), np.tile(np.eye(2) * SPREAD_M**2, (len(start_m), 1, 1))
    seen = np.isfinite(places_m[..., 0])
    count = np.maximum(seen.sum(axis=1), 1)
    safe = np.where(seen[..., None], places_m, 0.0)
    shift = safe.sum(axis=1) / count[:, None]
    role = np.full(seen.shape, -1, dtype=np.int64)
    cost = np.inf
    for _ in range(rounds):
        new, cost = _assign(safe - shift[:, None], seen, means, spread)
        given = new >= 0
        target = np.where(given[..., None], means[new], 0.0)
        shift = (np.where(given[..., None], safe, 0.0) - target).sum(axis=1)
        shift /= np.maximum(given.sum(axis=1), 1)[:, None]
        means, spread = _update(safe - shift[:, None], new, start_m)
        if (new == role).all():
            break
        role = new
    weight = np.array([(role == r).any(axis=1).mean() if len(role) else 0.0 for r in range(len(start_m))])
    return Roles(means, spread, weight, role, cost)


def _assign(
    centred: Array, seen: NDArray[np.bool_], means: Array, spread: Array
) -> tuple[NDArray[np.int64], float]:
    gap = centred[:, :, None] - means
    far = np.einsum("fpri,rij,fprj->fpr", gap, np.linalg.inv(spread), gap)
    cost = far + np.linalg.slogdet(spread)[1]
    role = np.full(seen.shape, -1, dtype=np.int64)
    total = number = 0.0
    for f in range(len(centred)):
        players = np.flatnonzero(seen[f])
        row, column = linear_sum_assignment(cost[f, players])
        role[f, players[row]] = column
        total += cost[f, players[row], column].sum()
        number += len(row)
    return role, total / max(number, 1.0)


def _update(centred: Array, role: NDArray[np.int64], start_m: Array) -> tuple[Array, Array]:
    """Average each role's players; a role hardly seen leans on where it started."""
    means, spread = start_m.copy(), np.tile(np.eye(2) * SPREAD_M**2, (len(start_m), 1, 1))
    prior = 0.05 * len(role) + 1.0
    for r in range(len(start_m)):
        own = centred[role == r]
        means[r] = (own.sum(axis=0) + prior * start_m[r]) / (len(own) + prior)
        gap = own - means[r]
        spread[r] = (gap.T @ gap + prior * np.eye(2) * SPREAD_M**2) / (len(own) + prior)
        spread[r] += np.eye(2) * _MIN_SD_M**2
    return means - means.mean(axis=0), spread


def role_shares(role: NDArray[np.int64], tracks: NDArray[np.int64], n_roles: int) -> dict[int, Array]:
    """Give each track's share of its frames in each role, ``(n_roles,)`` adding up to 1.

    ``role`` and ``tracks`` are ``(F, P)``, -1 for none; a track never in a role is left out.
    """
    known = (role >= 0) & (tracks >= 0)
    out = {}
    for track in np.unique(tracks[known]):
        count = np.bincount(role[known & (tracks == track)], minlength=n_roles).astype(float)
        out[int(track)] = count / count.sum()
    return out


def switch_rate(role: NDArray[np.int64], tracks: NDArray[np.int64]) -> Array:
    """Give the share of players of each frame ``(F,)`` that are not in the role their track usually has.

    Frames above 0.8 (set pieces, mostly) are no open play; Bialkowski drops them. ``tracks`` is ``(F, P)``,
    -1 where not tracked; NaN for a frame without tracked players.
    """
    known = (role >= 0) & (tracks >= 0)
    usual: dict[int, int] = {
        int(t): int(np.bincount(role[known & (tracks == t)]).argmax()) for t in np.unique(tracks[known])
    }
    expected = np.array([usual.get(int(t), -1) for t in tracks.ravel()]).reshape(tracks.shape)
    strange = known & (role != expected)
    count = known.sum(axis=1)
    return np.asarray(np.where(count > 0, strange.sum(axis=1) / np.maximum(count, 1), np.nan))
