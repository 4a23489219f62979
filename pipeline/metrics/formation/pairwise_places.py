"""Average places of a team's players relative to each other, from pairs seen at the same time.

On broadcast footage no player is always in view, and the mean of a player's positions says where the
camera looked. But the difference of two players seen together doesn't depend on that: places ``x``
minimise ``sum n_ij |x_i - x_j - d_ij|^2`` over pairs seen together ``n_ij`` times, ``d_ij`` apart on average.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.shape.team_shape import TeamFrames

Array = NDArray[np.float64]

SAME_PLAYER_M = 5.0
"""Tracks never seen together and standing closer than this in the team are taken for one player."""
RUN_MPS = 8.0
"""Fastest that a player gets from where one track ends to where the next begins."""


@dataclass(frozen=True, slots=True)
class Places:
    """Average places in the team.

    ``places_m`` ``(R, 2)``, mean 0; ``weight`` ``(R,)``: share of the frames in which each was seen, 0 to 1;
    ``tracks``: the tracks behind each.
    """

    places_m: Array
    weight: Array
    tracks: tuple[tuple[int, ...], ...]


def relative_places(team: TeamFrames, *, min_share: float = 0.05) -> Places:
    """Find where each player of a team stands relative to the others, over all its frames.

    Tracks that end and begin again are joined where they can be one player (`SAME_PLAYER_M`); at most
    ``team.size`` places come back, those seen longest. Tracks in less than ``min_share`` of the
    frames, or never seen together with the rest, are left out.
    """
    ids, where = _by_track(team)
    present = np.isfinite(where[..., 0])
    share = present.mean(axis=0) if len(where) else np.zeros(0)
    keep = share >= min_share
    where, present = where[:, keep], present[:, keep]
    groups: list[tuple[int, ...]] = [(int(i),) for i in ids[keep]]
    most = int(np.percentile(present.sum(axis=1), 95)) if present.size else 0
    while len(groups) > 1:
        x = solve_pairs(where, present)
        pair = _closest(x, where, present, team.times_s, far=len(groups) > max(min(most, team.size), 1))
        if pair is None:
            break
        where, present, groups = _join(where, present, groups, *pair)
    x = solve_pairs(where, present)
    weight = present.mean(axis=0) if len(where) else np.zeros(0)
    best = [i for i in np.argsort(-weight, kind="stable") if np.isfinite(x[i, 0])][: team.size]
    chosen = x[best].reshape(-1, 2)
    centre = chosen.mean(axis=0) if len(best) else np.zeros(2)
    return Places(chosen - centre, weight[best], tuple(groups[i] for i in best))


def solve_pairs(where: Array, present: NDArray[np.bool_]) -> Array:
    """Solve for the places ``(T, 2)`` of T tracks from ``where`` ``(F, T, 2)``; NaN if not linked.

    Linked is whoever belongs to the largest group of tracks connected by being seen together. The
    gauge is free: the places of those linked have mean 0.
    """
    count = present.astype(float).T @ present.astype(float)
    np.fill_diagonal(count, 0.0)
    linked = _largest_group(count > 0, present.sum(axis=0))
    x = np.full((present.shape[1], 2), np.nan)
    if linked.sum() < 2:
        x[linked] = 0.0
        return x
    safe = np.where(present[..., None], where, 0.0)
    total = np.einsum("fic,fj->ijc", safe, present.astype(float))
    apart = (total - total.transpose(1, 0, 2)).sum(axis=1, where=(count > 0)[..., None])
    inside = np.ix_(linked, linked)
    laplacian = np.diag(count[inside].sum(axis=1)) - count[inside]
    solved = np.linalg.lstsq(laplacian, apart[linked], rcond=None)[0]
    x[linked] = solved - solved.mean(axis=0)
    return x


def _by_track(team: TeamFrames) -> tuple[NDArray[np.int64], Array]:
    """Lay the team out by track: ids ``(T,)`` and places ``(F, T, 2)``, NaN where a track is absent."""
    tracked = team.tracks >= 0
    ids, column = np.unique(team.tracks[tracked], return_inverse=True)
    where = np.full((len(team.frames), len(ids), 2), np.nan)
    where[np.nonzero(tracked)[0], column] = team.places_m[tracked]
    return ids, where


def _largest_group(linked: NDArray[np.bool_], weight: Array) -> NDArray[np.bool_]:
    from scipy.sparse.csgraph import connected_components

    if not len(linked):
        return np.zeros(0, dtype=bool)
    _, group = connected_components(linked, directed=False)
    return np.asarray(group == np.argmax(np.bincount(group, weights=weight)))


def _closest(
    x: Array, where: Array, present: NDArray[np.bool_], times_s: Array, *, far: bool
) -> tuple[int, int] | None:
    """Find the two tracks most likely to be one player: never together, near each other, within reach."""
    together = present.astype(int).T @ present.astype(int)
    apart = np.hypot(*(x[:, None] - x[None]).transpose(2, 0, 1))
    apart[(together > 0) | ~np.isfinite(apart) | np.tri(len(x), dtype=bool)] = np.inf
    limit = 3 * SAME_PLAYER_M if far else SAME_PLAYER_M
    for flat in np.argsort(apart, axis=None):
        i, j = np.unravel_index(flat, apart.shape)
        if apart[i, j] > limit:
            return None
        if _reachable(where, present, times_s, int(i), int(j)):
            return int(i), int(j)
    return None


def _reachable(where: Array, present: NDArray[np.bool_], times_s: Array, i: int, j: int) -> bool:
    """Say whether one player could have been on both tracks: every hand-over is at a human speed."""
    either = np.flatnonzero(present[:, i] | present[:, j])
    owner = present[either, j]
    turns = np.flatnonzero(owner[1:] != owner[:-1])
    before, after = either[turns], either[turns + 1]
    one = np.where(owner[turns, None], where[before, j], where[before, i])
    two = np.where(owner[turns + 1, None], where[after, j], where[after, i])
    gap = times_s[after] - times_s[before]
    return bool((np.hypot(*(two - one).T) <= RUN_MPS * gap + 3.0).all())


def _join(
    where: Array, present: NDArray[np.bool_], groups: list[tuple[int, ...]], i: int, j: int
) -> tuple[Array, NDArray[np.bool_], list[tuple[int, ...]]]:
    merged = np.where(present[:, i, None], where[:, i], where[:, j])
    where = np.delete(where, j, axis=1)
    present = np.delete(present, j, axis=1) | False
    where[:, i] = merged
    present[:, i] = np.isfinite(merged[:, 0])
    names = [g for k, g in enumerate(groups) if k != j]
    names[i] = (*groups[i], *groups[j])
    return where, present, names
