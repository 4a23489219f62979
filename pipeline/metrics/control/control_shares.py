"""Pitch control summed up: what share of the ground around the ball, and of the pitch, a team controls.

Around the ball it counts wherever the ball is in view, for the players near it are too; of the whole pitch
only where both whole teams and their goalkeepers are.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.core.settings.play_settings import PlaySettings
from pipeline.metrics.behaviour.in_view import whole_team
from pipeline.metrics.control import fernandez_bornn, spearman
from pipeline.metrics.moments.play_moments import Moments

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Model = Callable[[Array, Array, Array, Array], Array]

MODELS: dict[str, Model] = {"fb": fernandez_bornn.control_a, "spearman": spearman.control_a}
_CHUNK = 64


def pitch_cells(pitch: Pitch, cell_m: float) -> Array:
    """Lay cells of about ``cell_m`` over the pitch: their middles, ``(C, 2)`` m."""
    n = [max(round(side / cell_m), 1) for side in (pitch.length_m, pitch.width_m)]
    x, y = (
        (np.arange(k) + 0.5) / k * side - side / 2
        for k, side in zip(n, (pitch.length_m, pitch.width_m), strict=True)
    )
    return np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)


def disc_cells(radius_m: float, cell_m: float) -> Array:
    """Lay cells over a disc around the origin: their middles, ``(C, 2)`` m."""
    side = np.arange(-np.floor(radius_m / cell_m), np.floor(radius_m / cell_m) + 1) * cell_m
    cells = np.stack(np.meshgrid(side, side, indexing="ij"), axis=-1).reshape(-1, 2)
    return np.asarray(cells[np.hypot(*cells.T) <= radius_m + 1e-9])


def control_shares(
    match: Moments, settings: PlaySettings, pitch: Pitch
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Give both teams' shares, ``(T,)`` each, NaN where not in view or not sampled (``control_every_s``).

    ``control_near_ball_*`` within ``control_radius_m``, ``control_pitch_*`` of all, by both models.
    """
    out: tuple[dict[str, Array], dict[str, Array]] = ({}, {})
    sampled = _sampled(match, settings.control_every_s)
    moving = np.isfinite(match.velocity_mps[..., 0]).any(axis=(0, 2))
    near = sampled & np.isfinite(match.ball_m[:, 0]) & match.seen.any(axis=(0, 2)) & moving
    keepers = (match.keeper & match.seen).any(axis=2).all(axis=0)
    whole = near & whole_team(match, 0, pitch) & whole_team(match, 1, pitch) & keepers
    disc = disc_cells(settings.control_radius_m, settings.control_cell_m)
    every = pitch_cells(pitch, settings.control_cell_m)
    for name, model in MODELS.items():
        around = _means(
            match, np.flatnonzero(near), model, lambda at: match.ball_m[at][:, None] + disc, pitch
        )
        over = _means(
            match,
            np.flatnonzero(whole),
            model,
            lambda at: np.broadcast_to(every, (len(at), *every.shape)),
            pitch,
        )
        for team in (0, 1):
            out[team][f"control_near_ball_{name}"] = around if team == 0 else 1 - around
            out[team][f"control_pitch_{name}"] = over if team == 0 else 1 - over
    return out


def _sampled(match: Moments, every_s: float) -> NDArray[np.bool_]:
    out = np.zeros(len(match.times_s), bool)
    out[np.unique(np.floor(match.times_s / every_s + 1e-6), return_index=True)[1]] = True
    return out


def _means(
    match: Moments,
    at: NDArray[np.intp],
    model: Model,
    points: Callable[[NDArray[np.intp]], Array],
    pitch: Pitch,
) -> Array:
    """Mean control of team A over the points on the pitch, at moments ``at``; NaN elsewhere."""
    out = np.full(len(match.times_s), np.nan)
    for first in range(0, len(at), _CHUNK):
        own = at[first : first + _CHUNK]
        cells = points(own)
        value = model(cells, match.places_m[:, own], match.velocity_mps[:, own], match.ball_m[own])
        inside = pitch.contains(cells.reshape(-1, 2)).reshape(value.shape) & np.isfinite(value)
        total = np.where(inside, np.nan_to_num(value), 0.0).sum(axis=1)
        count = inside.sum(axis=1)
        out[own] = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return out
