"""Tracklets as arrays: where each begins and ends, how it moves there, and where it was between."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

GRID_S = 0.2
"""Step of the common clock."""
_END_S = 0.8
"""How much of a tracklet's end its place and velocity there are fitted to."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """N tracklets, or pieces of them, in the order of their first moments.

    ``number`` ``(N,)`` of the piece (an index of whoever made it); ``start_s, end_s`` ``(N,)``;
    ``start_m, end_m`` ``(N, 2)`` places and ``start_mps, end_mps`` ``(N, 2)`` velocities at both ends;
    ``error_m`` ``(N,)``; ``seconds`` ``(N,)`` with a place. Samples on the common clock, sorted by piece:
    ``at_piece, at_tick`` ``(S,)``, ``at_m`` ``(S, 2)``.
    """

    number: Ints
    start_s: Array
    end_s: Array
    start_m: Array
    end_m: Array
    start_mps: Array
    end_mps: Array
    error_m: Array
    seconds: Array
    at_piece: Ints
    at_tick: Ints
    at_m: Array

    def __len__(self) -> int:
        return len(self.number)

    def take(self, index: Ints) -> Pieces:
        """Pick some, in ascending order of ``index``."""
        new = np.full(len(self), -1, np.int64)
        new[index] = np.arange(len(index))
        own = new[self.at_piece] >= 0
        picked = {f.name: getattr(self, f.name)[index] for f in fields(self) if not f.name.startswith("at_")}
        return Pieces(
            **picked, at_piece=new[self.at_piece[own]], at_tick=self.at_tick[own], at_m=self.at_m[own]
        )


def pieces_of(rows: pd.DataFrame) -> Pieces:
    """Sum up the sightings of each piece.

    Parameters
    ----------
    rows
        Columns ``piece, time_s, x_m, y_m, error_m``: one row for each sighting with a place.
    """
    table = rows.sort_values(["piece", "time_s"], kind="stable")
    piece, time = table["piece"].to_numpy(np.int64), table["time_s"].to_numpy(np.float64)
    place = table[["x_m", "y_m"]].to_numpy(np.float64)
    number, first, count = np.unique(piece, return_index=True, return_counts=True)
    last = first + count - 1
    order = np.lexsort((number, time[first])) if len(number) else np.zeros(0, np.int64)
    member = np.repeat(np.arange(len(number)), count)
    start_m, start_mps = _ends(member, time, place, time[first], +1)
    end_m, end_mps = _ends(member, time, place, time[last], -1)
    error = np.bincount(member, table["error_m"].to_numpy(np.float64), len(number)) / np.maximum(count, 1)
    at_piece, at_tick, at_m = _sampled(member, time, place)
    seconds = np.asarray(np.bincount(at_piece, minlength=len(number)) * GRID_S, np.float64)
    rank = np.empty(len(number), np.int64)
    rank[order] = np.arange(len(number))
    sort = np.argsort(rank[at_piece], kind="stable")
    return Pieces(
        number[order],
        time[first][order],
        time[last][order],
        start_m[order],
        end_m[order],
        start_mps[order],
        end_mps[order],
        error[order],
        seconds[order],
        rank[at_piece][sort],
        at_tick[sort],
        at_m[sort],
    )


def _ends(member: Ints, time: Array, place: Array, at_s: Array, way: int) -> tuple[Array, Array]:
    """Fit a straight line to each piece's first (``way`` 1) or last (-1) moments: place and velocity there.

    Velocities of pieces too short for one are 0.
    """
    n = len(at_s)
    since = time - at_s[member]
    near = way * since <= _END_S
    who, t, p = member[near], since[near], place[near]
    count = np.maximum(np.bincount(who, minlength=n), 1)
    mean_t = np.bincount(who, t, n) / count
    mean_p = np.column_stack([np.bincount(who, p[:, k], n) / count for k in (0, 1)])
    dt = t - mean_t[who]
    spread = np.bincount(who, dt * dt, n)
    cross = np.column_stack([np.bincount(who, dt * p[:, k], n) for k in (0, 1)])
    # a prior of 3 m/s steadies the velocity of a few noisy frames
    velocity = cross / (spread + 0.05)[:, None]
    return mean_p - velocity * mean_t[:, None], velocity


def _sampled(member: Ints, time: Array, place: Array) -> tuple[Ints, Ints, Array]:
    """Mean place of each piece in each tick of the common clock."""
    tick = np.floor(time / GRID_S + 1e-6).astype(np.int64)
    span = int(tick.max(initial=0)) + 1
    key, group = np.unique(member * span + tick, return_inverse=True)
    count = np.bincount(group, minlength=len(key))
    mean = np.column_stack([np.bincount(group, place[:, k], len(key)) / np.maximum(count, 1) for k in (0, 1)])
    return key // span, key % span, mean


def backwards(pieces: Pieces, last_s: float) -> tuple[Pieces, Ints]:
    """The same seen backwards in time from ``last_s``, and the old index of each piece."""
    order = np.lexsort((pieces.number, last_s - pieces.end_s))
    rank = np.empty(len(pieces), np.int64)
    rank[order] = np.arange(len(pieces))
    sort = np.argsort(rank[pieces.at_piece], kind="stable")
    turned = Pieces(
        pieces.number[order],
        (last_s - pieces.end_s)[order],
        (last_s - pieces.start_s)[order],
        pieces.end_m[order],
        pieces.start_m[order],
        -pieces.end_mps[order],
        -pieces.start_mps[order],
        pieces.error_m[order],
        pieces.seconds[order],
        rank[pieces.at_piece][sort],
        int(last_s / GRID_S) - pieces.at_tick[sort],
        pieces.at_m[sort],
    )
    return turned, order
