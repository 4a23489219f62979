"""How likely a kit colour is under a kit: a t-distribution that tolerates light and shade."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Array = NDArray[np.float64]

_TAIL = 15.0
"""Degrees of freedom: smaller is more forgiving to odd colours."""
_ANY_STD = np.array([14.0, 12.0, 15.0, 7.0, 6.0, 7.0])
"""Spread of everything people wear, in scaled Lab (see `subjects.KIT_SCALE`)."""
_ANY_MEAN = np.array([35.0, 0.0, 8.0, 17.0, 0.0, 5.0])


def log_kit(kit: Array, noise: Array, mean: Array, cov: Array) -> Array:
    """Log density of colours ``(S, 6)``, measured with variance ``noise`` ``(S,)``, under one kit.

    ``mean`` ``(6,)``, ``cov`` ``(6, 6)``. Unknown legs are left out, as in `log_any`, so that
    differences between the two stay fair; 0 where the shirt is unknown.
    """
    out = np.zeros(len(kit))
    for rows, dims in _patterns(kit):
        value, turn = np.linalg.eigh(cov[np.ix_(dims, dims)])
        spread = value[None] + noise[rows, None]
        distance2 = (((kit[rows][:, dims] - mean[dims]) @ turn) ** 2 / spread).sum(axis=1)
        n = len(dims)
        constant = gammaln((_TAIL + n) / 2) - gammaln(_TAIL / 2) - 0.5 * n * np.log(_TAIL * np.pi)
        tail = -0.5 * (_TAIL + n) * np.log1p(distance2 / _TAIL)
        out[rows] = constant - 0.5 * np.log(spread).sum(axis=1) + tail
    return out


def log_any(kit: Array) -> Array:
    """Log density of colours ``(S, 6)`` among all that people wear; 0 where the shirt is unknown."""
    out = np.zeros(len(kit))
    for rows, dims in _patterns(kit):
        z = (kit[rows][:, dims] - _ANY_MEAN[dims]) / _ANY_STD[dims]
        constant = -0.5 * len(dims) * np.log(2 * np.pi) - np.log(_ANY_STD[dims]).sum()
        out[rows] = constant - 0.5 * np.minimum((z * z).sum(axis=1), 4.0 * len(dims))
    return out


def known(kit: Array) -> NDArray[np.bool_]:
    """Say whose shirt colour is known."""
    return np.asarray(~np.isnan(kit[:, :3]).any(axis=1))


def _patterns(kit: Array) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    shirt, legs = known(kit), ~np.isnan(kit[:, 3:]).any(axis=1)
    both, one = np.flatnonzero(shirt & legs), np.flatnonzero(shirt & ~legs)
    return [(rows, np.arange(n)) for rows, n in ((both, 6), (one, 3)) if len(rows)]
