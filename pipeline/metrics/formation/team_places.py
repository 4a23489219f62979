"""Where a team's outfield players stand relative to each other, over a stretch of footage.

Where the whole team is in view (a tactical camera, tracking data), by role EM: players who swap
places for a while leave the team's shape as it is. Where only a part of it is (broadcast) and tracks
last, from pairs of them over the whole time. Where tracks break off and start again, or there are none,
from pairs within snippets of some seconds, whose places are then matched to each other by role EM.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.formation.pairwise_places import Places, relative_places
from pipeline.metrics.formation.role_em import Roles, fit_roles, switch_rate
from pipeline.metrics.formation.team_sizes.small_sided import templates_of
from pipeline.metrics.shape.frame_links import chained
from pipeline.metrics.shape.team_shape import TeamFrames

Array = NDArray[np.float64]
Method = Literal["roles", "pairs", "snippets"]

MISSING = 1.1
"""With at most so few outfield players out of the picture on average, the whole team (one less after a
sending-off) is in view."""
ROLE_S = 1.0
"""Role EM looks at a frame a second, where there is a minute of them (Bialkowski 2014)."""
MAX_SWITCH_RATE = 0.8
"""Frames in which more players are out of their usual roles than this are set pieces, and left out."""
SNIPPET_S = 20.0
MIN_WEIGHT = 0.25
"""Roles seen in a smaller share of the frames are no place of the team."""
LASTING = 1.4
"""Tracks last where there are at most this many times as many as players."""
_MAX_PAUSE_S = 1.0
_TRIED = 200
"""Frames on which starts of the role EM are compared."""


@dataclass(frozen=True, slots=True)
class TeamPlaces:
    """A team's places in pitch directions (not turned to attack).

    ``places_m`` ``(R, 2)``, mean 0, R at most ``team.size``; ``covariances_m2`` ``(R, 2, 2)``: how each moves
    about its place as the team moves along; ``weight`` ``(R,)``: share of frames in which it was seen;
    ``slot`` ``(F, P)``: place of each player in each frame of ``team``, -1 for none; ``method``: how they
    were found, by role EM of whole teams, or from pairs over the whole time or within snippets.
    """

    team: TeamFrames
    places_m: Array
    covariances_m2: Array
    weight: Array
    slot: NDArray[np.int64]
    method: Method


def team_places(team: TeamFrames) -> TeamPlaces:
    """Find the places of a team over all frames of ``team``, tracked or not."""
    if _whole_team(team):
        return _by_roles(team)
    team = chained(team)
    if tracks_last(team):
        found = relative_places(team)
        return described(team, found.places_m, _slots(team, found), "pairs")
    return _by_snippets(team)


def _whole_team(team: TeamFrames) -> bool:
    seen = np.isfinite(team.places_m[..., 0]).sum(axis=1)
    return bool(len(seen) and seen.mean() >= team.size - MISSING and np.percentile(seen, 95) <= team.size)


def _by_roles(team: TeamFrames) -> TeamPlaces:
    if float(np.ptp(team.times_s)) >= 60 * ROLE_S:
        team = thinned(team, ROLE_S)
    start = relative_places(team).places_m if tracks_last(team) else None
    roles = _fitted(team.places_m, start, team.size)
    rate = switch_rate(roles.role, team.tracks)
    odd = rate > MAX_SWITCH_RATE
    if start is not None and odd.any() and not odd.all():
        team = rows_of(team, np.flatnonzero(~odd))
        roles = _fitted(team.places_m, start, team.size)
    return described(team, roles.places_m, roles.role, "roles")


def _fitted(places_m: Array, start_m: Array | None, size: int) -> Roles:
    """Fit roles from the players' own mean places; without those, from the likeliest of many starts."""
    if start_m is not None:
        return fit_roles(places_m, start_m)
    few = places_m[:: max(1, len(places_m) // _TRIED)]
    return fit_roles(places_m, best_roles(few, size).places_m)


def _by_snippets(team: TeamFrames) -> TeamPlaces:
    parts = snippets(team)
    pieces = [relative_places(rows_of(team, part)) for part in parts]
    padded = np.full((len(pieces), team.size, 2), np.nan)
    for i, piece in enumerate(pieces):
        padded[i, : len(piece.places_m)] = piece.places_m
    if not np.isfinite(padded).any():
        return described(team, np.zeros((0, 2)), np.full(team.tracks.shape, -1, dtype=np.int64), "snippets")
    roles = best_roles(padded, team.size)
    slot = np.full(team.tracks.shape, -1, dtype=np.int64)
    for i, (part, piece) in enumerate(zip(parts, pieces, strict=True)):
        own = _slots(rows_of(team, part), piece)
        slot[part] = np.where(own >= 0, roles.role[i][own], -1)
    return described(team, roles.places_m, slot, "snippets")


def thinned(team: TeamFrames, every_s: float) -> TeamFrames:
    """Keep about one frame in ``every_s`` seconds: the first of each interval."""
    first = np.unique(np.floor(team.times_s / every_s + 1e-6), return_index=True)[1]
    return rows_of(team, first)


def rows_of(team: TeamFrames, rows: NDArray[np.intp]) -> TeamFrames:
    """Keep some of a team's frames."""
    return TeamFrames(
        team.frames[rows], team.times_s[rows], team.places_m[rows], team.tracks[rows], team.size
    )


def tracks_last(team: TeamFrames) -> bool:
    """Say whether tracks are about as many as players, counting those that matter."""
    ids, count = np.unique(team.tracks[team.tracks >= 0], return_counts=True)
    if not len(ids):
        return False
    enough = np.cumsum(np.sort(count)[::-1]) / count.sum()
    most = np.percentile((team.tracks >= 0).sum(axis=1), 95)
    return bool(np.searchsorted(enough, 0.9) + 1 <= LASTING * most)


def snippets(team: TeamFrames) -> list[NDArray[np.intp]]:
    """Cut the frames into snippets of about `SNIPPET_S` of visible time; the last one not much shorter."""
    pause = np.minimum(np.diff(team.times_s, prepend=team.times_s[:1]), _MAX_PAUSE_S)
    visible = np.cumsum(pause)
    number = max(1, round(float(visible[-1]) / SNIPPET_S)) if len(visible) else 0
    which = (
        np.minimum((visible / (visible[-1] + 1e-9) * number).astype(int), number - 1) if number else visible
    )
    return [np.flatnonzero(which == i) for i in range(number)]


def best_roles(padded: Array, size: int) -> Roles:
    """Fit roles to snippets or frames, from each template either way round and from some whole teams.

    Parameters
    ----------
    padded
        Shape ``(S, P, 2)``, NaN for who is absent. P may be above ``size``: a whole team has that many of P
        places.
    """
    seen = np.isfinite(padded[..., 0])
    starts = [t.places_m * turn for t in templates_of(size) for turn in (1, -1)]
    whole = np.flatnonzero(seen.sum(axis=1) == size)[:4]
    teams = [padded[s, seen[s]] for s in whole]
    starts += [team - team.mean(axis=0) for team in teams]
    return min((fit_roles(padded, start) for start in starts), key=lambda r: r.cost)


def _slots(team: TeamFrames, found: Places) -> NDArray[np.int64]:
    place = {track: i for i, group in enumerate(found.tracks) for track in group}
    ids, back = np.unique(team.tracks, return_inverse=True)
    return np.array([place.get(int(i), -1) for i in ids], dtype=np.int64)[back].reshape(team.tracks.shape)


def described(team: TeamFrames, places: Array, slot: NDArray[np.int64], method: Method) -> TeamPlaces:
    """Keep the places seen often enough, and measure how players move about them."""
    share = np.array([(slot == r).any(axis=1).mean() if len(slot) else 0.0 for r in range(len(places))])
    keep = np.flatnonzero(share >= MIN_WEIGHT)
    renamed = np.full(len(places) + 1, -1, dtype=np.int64)
    renamed[keep] = np.arange(len(keep))
    slot = renamed[slot]
    places = places[keep] - places[keep].mean(axis=0) if len(keep) else np.zeros((0, 2))
    given = slot >= 0
    gap = np.where(given[..., None], team.places_m - _of(places, slot), 0.0)
    shift = gap.sum(axis=1) / np.maximum(given.sum(axis=1), 1)[:, None]
    rest = gap - shift[:, None]
    spread = np.zeros((len(places), 2, 2))
    for r in range(len(places)):
        own = rest[slot == r]
        spread[r] = own.T @ own / max(len(own), 1)
    return TeamPlaces(team, places, spread, share[keep], slot, method)


def _of(places: Array, slot: NDArray[np.int64]) -> Array:
    return places[np.maximum(slot, 0)] if len(places) else np.zeros((*slot.shape, 2))
