"""The few small pictures that are kept of each shot: around its cuts, and spread over it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

AROUND_S = 1.0
"""Pictures up to this long before and after a cut are kept, tiny."""
_STEP_S = 0.035
_TINY = (32, 18)
_SMALL = (320, 180)
_IN_SHOT = 7
_STILL_PERCENTILE = 25


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A picture made small twice: ``tiny`` ``(18, 32, 3)`` BGR and ``grey`` ``(180, 320)``, both uint8.

    None where it was not kept.
    """

    tiny: NDArray[np.uint8] | None
    grey: NDArray[np.uint8] | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which frames are looked at: around cuts, and ``(frame, shot)`` spread over each shot."""

    around: frozenset[int]
    within: dict[int, int]


@dataclass(frozen=True, slots=True)
class Glimpses:
    """What is kept.

    ``tiny``: by frame, ``(18, 32, 3)`` uint8 BGR. By shot: ``edges`` ``(180, 320)`` uint8, the upright
    outlines that stay where they are while the shot lasts; ``change``, by how many grey levels its pictures
    differ (absent where there is but one).
    """

    tiny: dict[int, NDArray[np.uint8]]
    edges: dict[int, NDArray[np.uint8]]
    change: dict[int, float]


def thumbnail(grey: NDArray[np.uint8], colour_bgr: NDArray[np.uint8]) -> Thumbnail:
    """Make a picture small, from what is reduced already: its grey ``(h, w)`` and colours ``(h', w', 3)``."""
    tiny = cv2.resize(colour_bgr, _TINY, interpolation=cv2.INTER_AREA)
    small = cv2.resize(grey, _SMALL, interpolation=cv2.INTER_AREA)
    return Thumbnail(np.asarray(tiny, np.uint8), np.asarray(small, np.uint8))


def spread(n: int) -> list[int]:
    """Choose some of ``n`` pictures of a shot, spread evenly, none at its ends if others are there."""
    return np.unique(np.linspace(0, n - 1, _IN_SHOT + 2).astype(int)[1:-1]).tolist() if n else []


def wanted(
    frame: NDArray[np.int64], time_s: Array, shot: NDArray[np.int64], part: NDArray[np.int64]
) -> Wanted:
    """Choose the frames to look at; ``(N,)`` each, in order of time.

    ``part`` says which part of the footage a frame lies in. Within a shot they are some of those that are
    spread over its pieces, part by part: who sees one part alone can keep them.
    """
    around: set[int] = set()
    starts = np.flatnonzero(np.diff(shot) != 0) + 1
    for row in starts.tolist():
        last_s = -np.inf
        near = np.flatnonzero(np.abs(time_s - time_s[row]) <= AROUND_S)
        for k in near.tolist():
            if time_s[k] - last_s >= _STEP_S or k in (row - 1, row):
                around.add(int(frame[k]))
                last_s = float(time_s[k])
    pieces = np.flatnonzero((np.diff(shot) != 0) | (np.diff(part) != 0)) + 1
    chosen: dict[int, list[int]] = {}
    for first, end in pairwise([0, *pieces.tolist(), len(shot)] if len(shot) else []):
        chosen.setdefault(int(shot[first]), []).extend(first + i for i in spread(end - first))
    within: dict[int, int] = {}
    for number, rows in chosen.items():
        few = np.unique(np.linspace(0, len(rows) - 1, min(len(rows), _IN_SHOT)).astype(int)).tolist()
        within |= {int(frame[rows[i]]): number for i in few}
    return Wanted(frozenset(around), within)


def glimpse(pictures: Iterable[tuple[int, Thumbnail]], which: Wanted) -> Glimpses:
    """Look at ``pictures`` (by frame) in order of time and keep what tells shots apart."""
    out = Glimpses({}, {}, {})
    held: list[NDArray[np.uint8]] = []
    shot = None
    for frame, picture in pictures:
        if frame in which.around and picture.tiny is not None:
            out.tiny[frame] = picture.tiny
        if frame not in which.within or picture.grey is None:
            continue
        if which.within[frame] != shot:
            _reduce(out, shot, held)
            shot, held = which.within[frame], []
        held.append(picture.grey)
    _reduce(out, shot, held)
    return out


def _reduce(out: Glimpses, shot: int | None, held: list[NDArray[np.uint8]]) -> None:
    if shot is None or not held:
        return
    outlines = np.array([_outlines(grey) for grey in held])
    out.edges[shot] = np.percentile(outlines, _STILL_PERCENTILE, axis=0).astype(np.uint8)
    if len(held) > 1:
        steps = np.abs(np.diff(np.array(held, np.int16), axis=0)).mean(axis=(1, 2))
        out.change[shot] = float(np.median(steps))


def _outlines(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Upright outlines alone: under a camera that pans, level ones of the scene stay in place too."""
    return np.asarray(np.minimum(np.abs(cv2.Sobel(grey, cv2.CV_32F, 1, 0)) / 4, 255), np.float32)
