"""Tracklets that evidently join two people: cut where a person would have had to fly, or changed his kit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_MAX_MPS = 12.0
_JUMP_M = 2.5
"""Positions may jump this much between frames without anybody having been taken for another."""
_MIN_SIDE = 10
_CLEAR = 20.0


def jumps(track: Ints, time_s: Array, place_m: Array, error_m: Array) -> Bools:
    """Mark sightings that nobody could have reached from the one before: rows sorted by track and time.

    One wild position is no jump: the sighting after it must be far from the one before it, too.
    """
    n = len(track)
    if n < 3:
        return np.zeros(n, bool)
    near = _beyond(1, track, time_s, place_m, error_m)
    wide = _beyond(2, track, time_s, place_m, error_m)
    # wide[i] looks from i - 2 to i; where a track has nothing there, the near look decides
    first_two = np.append([True, True], track[2:] != track[:-2])
    following = np.append(np.where(first_two[1:], True, wide[1:]), True)
    out: Bools = near & np.where(first_two, True, wide) & following
    return out


def _beyond(step: int, track: Ints, time_s: Array, place_m: Array, error_m: Array) -> Bools:
    """Mark sightings that could not be reached from the one ``step`` before, of the same track."""
    far = np.linalg.norm(place_m[step:] - place_m[:-step], axis=1)
    slack = _JUMP_M + 2 * np.hypot(error_m[step:], error_m[:-step])
    beyond = far > _MAX_MPS * (time_s[step:] - time_s[:-step]) + slack
    return np.append(np.zeros(step, bool), (track[step:] == track[:-step]) & beyond)


def changes(value: Array, noise: float) -> int | None:
    """Find where a tracklet's colours ``(N, D)`` change for good; None if they do not.

    The best place for one change; taken only if it explains far more than chance and both sides are long.
    """
    n = len(value)
    if n < 2 * _MIN_SIDE:
        return None
    filled = np.where(np.isfinite(value), value, np.nanmedian(value, axis=0, keepdims=True))
    filled = np.nan_to_num(filled) / noise
    so_far = filled.cumsum(axis=0)
    size = np.arange(1, n + 1)[:, None]
    left, right = so_far[:-1] / size[:-1], (so_far[-1] - so_far[:-1]) / (n - size[:-1])
    # neighbouring frames are alike, so ten of them count as one look
    looks = (size[:-1] * (n - size[:-1]) / n)[:, 0] / 10
    gain = 0.5 * looks * ((left - right) ** 2).sum(axis=1)
    gain[: _MIN_SIDE - 1] = gain[n - _MIN_SIDE :] = 0
    at = int(gain.argmax())
    return at + 1 if gain[at] > _CLEAR else None
