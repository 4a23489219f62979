"""Least squares over a chain of frames that share some parameters. No I/O.

The normal equations are block tridiagonal (each frame, and its link to the next) with a border
(what the shot shares). Solving and the marginal covariance of each frame are linear in the number of frames.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NormalEquations:
    """``J' W J`` and ``-J' W r`` of N frames of d parameters and q shared ones.

    ``diagonal`` ``(N, d, d)``, ``above`` ``(N - 1, d, d)`` (frame k by frame k + 1), ``border``
    ``(N, d, q)``, ``corner`` ``(q, q)``, ``right`` ``(N, d)``, ``right_shared`` ``(q,)``; ``cost`` is the
    robust sum of squares.
    """

    diagonal: Array
    above: Array
    border: Array
    corner: Array
    right: Array
    right_shared: Array
    cost: float


@dataclass(frozen=True, slots=True)
class _Factors:
    pivots: Array
    gains: Array


def solve(system: NormalEquations, damping: float) -> tuple[Array, Array]:
    """Solve for the step, with ``damping`` times the diagonal added (Levenberg-Marquardt).

    Returns
    -------
    Steps ``(N, d)`` of the frames and ``(q,)`` of the shared parameters.
    """
    factors = _factor(_damped(system.diagonal, damping), system.above)
    both = _back(factors, np.concatenate([system.right[:, :, None], system.border], axis=2))
    own, response = both[:, :, 0], both[:, :, 1:]
    if system.corner.shape[0] == 0:
        return own, np.zeros(0)
    corner = _damped(system.corner[None], damping)[0] - np.einsum("kdq,kdr->qr", system.border, response)
    right = system.right_shared - np.einsum("kdq,kd->q", system.border, own)
    shared = np.linalg.solve(corner, right)
    return own - response @ shared, shared


def covariances(system: NormalEquations) -> tuple[Array, Array, Array]:
    """Marginal covariances of the solution.

    Returns
    -------
    ``(N, d, d)`` of each frame, ``(N, d, q)`` of each frame with the shared parameters, and ``(q, q)``.
    """
    factors = _factor(_damped(system.diagonal, 1e-9), system.above)
    n, d, q = system.border.shape
    own = np.empty((n, d, d))
    own[-1] = np.linalg.inv(factors.pivots[-1])
    for k in range(n - 2, -1, -1):
        gain = factors.gains[k]
        own[k] = np.linalg.inv(factors.pivots[k]) + gain @ own[k + 1] @ gain.T
    if q == 0:
        return own, np.zeros((n, d, 0)), np.zeros((0, 0))
    response = _back(factors, system.border)
    shared = np.linalg.inv(system.corner - np.einsum("kdq,kdr->qr", system.border, response))
    cross = -response @ shared
    return own + response @ shared @ np.swapaxes(response, 1, 2), cross, shared


def _damped(blocks: Array, damping: float) -> Array:
    out = blocks.copy()
    i = np.arange(blocks.shape[1])
    out[:, i, i] += damping * blocks[:, i, i] + 1e-12
    return out


def _factor(diagonal: Array, above: Array) -> _Factors:
    """Forward elimination: ``pivot[k+1] = A[k+1] - U[k]' gain[k]`` with ``gain[k] = pivot[k]^-1 U[k]``."""
    pivots = diagonal.copy()
    gains = np.zeros_like(above)
    for k in _linked(above):
        gains[k] = np.linalg.solve(pivots[k], above[k])
        pivots[k + 1] -= above[k].T @ gains[k]
    return _Factors(pivots, gains)


def _back(factors: _Factors, right: Array) -> Array:
    """Solve for right-hand sides ``(N, d, m)``."""
    out, linked = right.copy(), _linked(factors.gains)
    for k in linked:
        out[k + 1] -= factors.gains[k].T @ out[k]
    out = np.asarray(np.linalg.solve(factors.pivots, out), dtype=np.float64)
    for k in reversed(linked):
        out[k] -= factors.gains[k] @ out[k + 1]
    return out


def _linked(blocks: Array) -> list[int]:
    """Which frames are tied to the next one: none of pictures by themselves, which need no loop."""
    return np.flatnonzero(blocks.any(axis=(1, 2))).tolist()
