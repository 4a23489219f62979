"""When a team changed its formation: change points of its places; substitutions. Arrays in, times out.

For minutes of footage in which most of the team is seen. The places of snippets, matched to each other
by role, are cut into spans of constant places so that the squared error plus a price for each cut is
least (optimal partitioning, Jackson et al. 2005). Changes are at least five minutes apart: shorter ones
are phases of play.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.formation.pairwise_places import relative_places
from pipeline.metrics.formation.team_places import best_roles, rows_of, snippets, tracks_last
from pipeline.metrics.shape.team_shape import TeamFrames

Array = NDArray[np.float64]

APART_S = 300.0
SNAP_S = 180.0
"""A change this close to a substitution is taken to have come with it."""
SUBSTITUTE_S = 120.0
"""A substitute comes on this soon after the other was last seen, and both play at least as long, s."""
SNIPPET_SD_M = 5.0
"""How far, per axis, the places of one snippet lie from those of the whole span."""


def formation_changes(
    team: TeamFrames, *, substitutions_s: tuple[float, ...] = (), apart_s: float = APART_S
) -> list[float]:
    """Find when a team's places changed, s; in one direction of play, with tracks that last some seconds.

    ``team`` should not span a change of sides: turn one half first.
    """
    parts = snippets(team)
    if len(parts) < 2:
        return []
    padded = np.full((len(parts), team.size, 2), np.nan)
    for i, rows in enumerate(parts):
        found = relative_places(rows_of(team, rows))
        padded[i, : len(found.places_m)] = found.places_m
    if not np.isfinite(padded).any():
        return []
    roles = best_roles(padded, team.size)
    aligned = np.full_like(padded, np.nan)
    for i, role in enumerate(roles.role):
        given = role >= 0
        aligned[i, role[given]] = padded[i, given] - (padded[i, given] - roles.places_m[role[given]]).mean(
            axis=0
        )
    starts = np.array([team.times_s[rows[0]] for rows in parts])
    cuts = change_points(starts, aligned.reshape(len(parts), -1), apart_s=apart_s, sd=SNIPPET_SD_M)
    return [_snapped(t, substitutions_s) for t in cuts]


def substitutions(team: TeamFrames, *, within_s: float = SUBSTITUTE_S) -> tuple[float, ...]:
    """Find when a player came on for another, s: one track begins for good soon after another ended for good.

    Empty where tracks break off and start again, as then they say nothing about who is on the pitch.
    """
    if not tracks_last(team):
        return ()
    tracks = [int(t) for t in np.unique(team.tracks[team.tracks >= 0])]
    rows = [np.flatnonzero((team.tracks == t).any(axis=1))[[0, -1]] for t in tracks]
    first, last = team.times_s[np.array(rows)].T
    long = last - first >= within_s
    gone, came = last[long], first[long]
    gap = came[:, None] - gone[None]
    on = came[((gap >= 0) & (gap <= within_s)).any(axis=1)]
    return tuple(float(t) for t in np.unique(on))


def change_points(times_s: Array, values: Array, *, apart_s: float, sd: float) -> list[float]:
    """Cut a series into spans of constant mean.

    Parameters
    ----------
    times_s, values
        Shapes ``(S,)``, increasing, and ``(S, D)``; NaN where a value is missing.
    sd
        Noise of one value: a cut must explain more than chance would (a price of ``D log S`` each).

    Returns
    -------
    The times at which a new span begins, without the first; spans are at least ``apart_s`` long.
    """
    number = len(times_s)
    price = values.shape[1] * np.log(max(number, 2)) if number else 0.0
    end_s = times_s[-1] + (np.median(np.diff(times_s)) if number > 1 else 0.0) if number else 0.0
    ends = np.r_[times_s, end_s]
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0) / sd
    count, total, square = (
        np.r_[np.zeros((1, values.shape[1])), np.cumsum(v, axis=0)] for v in (known, filled, filled**2)
    )
    best, came = np.full(number + 1, np.inf), np.zeros(number + 1, dtype=int)
    best[0] = -price
    for stop in range(1, number + 1):
        for start in range(stop):
            whole = start == 0 and stop == number
            if not whole and ends[stop] - ends[start] < apart_s:
                continue
            n, s, q = (c[stop] - c[start] for c in (count, total, square))
            error = float((q - np.divide(s**2, n, out=np.zeros_like(s), where=n > 0)).sum())
            if best[start] + error + price < best[stop]:
                best[stop], came[stop] = best[start] + error + price, start
    cuts, stop = [], number
    while stop > 0 and came[stop] > 0:
        stop = int(came[stop])
        cuts.append(float(times_s[stop]))
    return cuts[::-1]


def _snapped(time_s: float, substitutions_s: tuple[float, ...]) -> float:
    near = min(substitutions_s, key=lambda s: abs(s - time_s), default=None)
    return near if near is not None and abs(near - time_s) <= SNAP_S else time_s
