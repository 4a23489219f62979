"""The ball: at most one a frame, on the most plausible path through all candidates of a shot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.tracking import kalman
from pipeline.tracking.detections import Shot
from pipeline.tracking.online import Links
from pipeline.tracking.resting_ball import resting

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

_SPEED_HEIGHTS = 18.0
"""A hard shot covers about this many body heights in a second (33 m/s)."""
_SLACK_HEIGHTS = 0.3
_GAP_COST_S = 1.0
_NEW_PATH = 1.2
_MIN_SCORE_SUM = 0.6
_RESTING = 0.3
"""What a candidate that never moves is worth: it is a painted spot more often than the ball."""


def link_ball(shot: Shot, motion: Array, height_px: float, max_gap_s: float) -> Links:
    """Pick the ball among candidates, by dynamic programming over the whole shot.

    A path earns its candidates' scores (little for those that never move) and pays for distance (as a share
    of how far a ball can fly in that time, camera motion removed), for time unseen, and for beginning anew.

    Parameters
    ----------
    shot
        Its frames and the ball candidates only.
    motion
        Camera motion image_from_previous, ``(F, 3, 3)``, without NaN.
    height_px
        Usual height of a person in the shot: the yardstick for speeds.
    max_gap_s
        A ball unseen for longer is a new track.
    """
    n = len(shot.found)
    gains = shot.found.score * np.where(resting(shot, motion, height_px), _RESTING, 1.0)
    best, parent = np.zeros(n), np.full(n, -1, np.int64)
    step_share = np.zeros(n)
    recent, places = np.zeros(0, np.int64), np.zeros((0, 2))
    times = shot.time_s[shot.frame_of()] if n else np.zeros(0)
    top, top_at = 0.0, -1
    starts = np.full(n, -1, np.int64)
    for i in range(len(shot)):
        if len(recent):
            places, _ = kalman.warp_points(places, motion[i])
            keep = shot.time_s[i] - times[recent] <= max_gap_s
            recent, places = recent[keep], places[keep]
        here = np.arange(shot.bounds[i], shot.bounds[i + 1])
        for k in here:
            gain = gains[k]
            best[k], starts[k] = top + gain - _NEW_PATH, top_at
            if len(recent):
                gap = shot.time_s[i] - times[recent]
                far = np.linalg.norm(places - shot.found.centre[k], axis=1) / height_px
                share = far / (_SLACK_HEIGHTS + _SPEED_HEIGHTS * gap)
                value = best[recent] + gain - share**2 - _GAP_COST_S * gap
                value[share > 1] = -np.inf
                j = int(value.argmax())
                if value[j] > best[k]:
                    best[k], parent[k], step_share[k] = value[j], recent[j], share[j]
        if len(here):
            k = int(here[best[here].argmax()])
            if best[k] > top:
                top, top_at = best[k], k
            recent, places = np.concatenate([recent, here]), np.concatenate([places, shot.found.centre[here]])
    return _read_back(top_at, parent, starts, step_share, gains, shot.found.score)


def _read_back(last: int, parent: Ints, before: Ints, share: Array, gains: Array, score: Array) -> Links:
    """Walk back from the end of the best chain of paths; number them in order of time."""
    paths: list[list[int]] = []
    at = last
    while at >= 0:
        path = [at]
        while parent[at] >= 0:
            at = int(parent[at])
            path.append(at)
        paths.append(path[::-1])
        at = int(before[at])
    track, link = np.full(len(score), -1, np.int64), np.zeros(len(score))
    for number, path in enumerate(reversed([p for p in paths if gains[p].sum() >= _MIN_SCORE_SUM])):
        track[path] = number
        link[path] = score[path] * (1 - share[path] ** 2)
    return Links(track, link)
