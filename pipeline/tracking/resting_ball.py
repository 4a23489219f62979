"""Ball candidates that never move: painted spots, things behind the line, caps in the crowd."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.tracking import kalman
from pipeline.tracking.detections import Shot

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_RADIUS_HEIGHTS = 0.15
_REST_S = 2.0
_SEEN_SHARE = 0.3
_FORGET_S = 15.0
"""A place that the camera comes back to later is a new one: motion adds up its errors."""


def resting(shot: Shot, motion: Array, height_px: float) -> NDArray[np.bool_]:
    """Say which ball candidates lie where one was seen, again and again, for two seconds or longer.

    Parameters
    ----------
    shot
        Its frames and the ball candidates only.
    motion
        Camera motion image_from_previous, ``(F, 3, 3)``, without NaN.
    height_px
        Usual height of a person in the shot.

    Returns
    -------
    ``(N,)``; a ball made ready for a free kick rests too.
    """
    place_of, first, last, hits = _places(shot, motion, _RADIUS_HEIGHTS * height_px)
    step_s = float(np.median(np.diff(shot.time_s))) if len(shot) > 1 else 1.0
    span_s = last - first
    often = hits >= _SEEN_SHARE * span_s / max(step_s, 1e-9)
    return np.asarray(((span_s >= _REST_S) & often)[place_of], np.bool_)


def _places(shot: Shot, motion: Array, radius_px: float) -> tuple[Ints, Array, Array, Ints]:
    """The place of each candidate ``(N,)``; of each place when it was first and last seen, and how often."""
    place_of = np.full(len(shot.found), -1, np.int64)
    first: list[float] = []
    last: list[float] = []
    hits: list[int] = []
    known, at = np.zeros(0, np.int64), np.zeros((0, 2))
    for i in range(len(shot)):
        at, _ = kalman.warp_points(at, motion[i])
        fresh = shot.time_s[i] - np.array([last[p] for p in known]) <= _FORGET_S
        known, at = known[fresh], at[fresh]
        for k in range(shot.bounds[i], shot.bounds[i + 1]):
            centre = shot.found.centre[k]
            far = np.linalg.norm(at - centre, axis=1)
            if len(far) and far.min() <= radius_px:
                near = int(far.argmin())
                number = int(known[near])
                hits[number] += 1
                # Follow slowly: a rolling ball must not drag its place along.
                at[near] += (centre - at[near]) / min(hits[number], 20)
            else:
                number = len(first)
                first.append(shot.time_s[i])
                hits.append(1)
                last.append(shot.time_s[i])
                known, at = np.append(known, number), np.vstack([at, centre])
            last[number] = shot.time_s[i]
            place_of[k] = number
    return place_of, np.array(first), np.array(last), np.array(hits, np.int64)
