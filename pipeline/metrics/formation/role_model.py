"""A team's shape as roles in its own direction of play: what two formations are compared by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay, QhullError

from pipeline.metrics.direction.attack_direction import Attack, forward
from pipeline.metrics.formation.pooled_places import PooledPlaces, pooled_places
from pipeline.metrics.formation.team_places import TeamPlaces, thinned
from pipeline.metrics.formation.template_fit import Fit, pooled
from pipeline.metrics.formation.windowed_formations import named
from pipeline.metrics.shape.team_shape import TeamFrames

Array = NDArray[np.float64]

SAMPLE_S = 0.2
NEIGHBOURS_S = 1.0
MOMENT_S = 58.0
"""A minute of frames a second or less apart."""
MIN_PLAYERS = 5
"""Places needed to name roles after a template; with fewer they are numbered."""


@dataclass(frozen=True, slots=True)
class RoleModel:
    """Roles of one team.

    ``roles``: names; ``places_m`` ``(R, 2)``: mean 0, x forward, y to the left;
    ``covariances_m2`` ``(R, 2, 2)``; ``weight`` ``(R,)``: share of frames seen; ``neighbours`` ``(R, R)``:
    share of the time seen together in which two were Delaunay neighbours (NaN if never); ``fit``:
    the templates, None with too few places; ``found``: the places on the pitch behind it.
    """

    roles: tuple[str, ...]
    places_m: Array
    covariances_m2: Array
    weight: Array
    neighbours: Array
    fit: Fit | None
    found: TeamPlaces


def role_model(team: TeamFrames, attack: Attack | None, cuts_s: tuple[float, ...] = ()) -> RoleModel:
    """Describe a team over all frames of ``team`` (`shape.team_frames`), tracked or not.

    Roles are named after the nearest template, which need not be a clear one. Without a direction of
    attack the team is taken to attack from left to right. ``cuts_s``: when its line-up changed, s; places and
    probabilities are found within each line-up and pooled.
    """
    way: Attack = attack or "left_to_right"
    over = pooled_places(thinned(team, SAMPLE_S), cuts_s)
    found, fit = over.whole, _fit(over, way)
    names = tuple(f"role {i + 1}" for i in range(len(found.places_m)))
    if fit is not None:
        names = tuple(fit.matches[0].template.roles[s] for s in fit.matches[0].slots)
    return RoleModel(
        names,
        forward(found.places_m, way),
        found.covariances_m2,
        found.weight,
        neighbour_shares(found),
        fit,
        found,
    )


def _fit(over: PooledPlaces, way: Attack) -> Fit | None:
    """Fit the pooled places; how probable each template is follows from the line-ups."""
    fit, *parts = [_named(places, way) for places in (over.whole, *over.parts)]
    known = [(p, s) for p, s in zip(parts, over.share, strict=True) if p is not None]
    if fit is None or len(parts) < 2 or not known:
        return fit
    return pooled(fit, [p for p, _ in known], np.array([s for _, s in known]))


def _named(places: TeamPlaces, way: Attack) -> Fit | None:
    seen = np.isfinite(places.team.places_m[..., 0]).sum(axis=1)
    mean = float(seen.mean()) if len(seen) else 0.0
    return named(places, way, mean, min(MIN_PLAYERS, places.team.size - 1), moment=of_a_moment(places))


def of_a_moment(found: TeamPlaces) -> bool:
    """Say whether places are of less than `MOMENT_S`: a shape at this moment, no formation."""
    return not len(found.team.times_s) or float(np.ptp(found.team.times_s)) < MOMENT_S


def neighbour_shares(found: TeamPlaces) -> Array:
    """Measure how often each two places are Delaunay neighbours, ``(R, R)``, about once a second.

    The share is of the frames in which both were seen; NaN if never. Frames with fewer than four
    players have no triangulation and are left out.
    """
    number = len(found.places_m)
    together, next_to = np.zeros((number, number)), np.zeros((number, number))
    times = found.team.times_s
    chosen = np.unique(np.floor(times / NEIGHBOURS_S + 1e-6), return_index=True)[1]
    for f in chosen:
        who = np.flatnonzero(found.slot[f] >= 0)
        slots, first = np.unique(found.slot[f, who], return_index=True)
        links = _links(found.team.places_m[f, who[first]])
        if links is None:
            continue
        together[np.ix_(slots, slots)] += 1
        next_to[slots[links[:, 0]], slots[links[:, 1]]] += 1
    out = np.full((number, number), np.nan)
    np.divide(next_to, together, out=out, where=together > 0)
    np.fill_diagonal(out, 0.0)
    return out


def _links(places: Array) -> NDArray[np.int64] | None:
    """Give the edges of the Delaunay triangulation, each both ways, ``(E, 2)``; None if there is none."""
    if len(places) < 4:
        return None
    try:
        corners = Delaunay(places).simplices
    except QhullError:
        return None
    sides = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    return np.asarray(np.unique(np.concatenate([sides, sides[:, ::-1]]), axis=0), dtype=np.int64)
