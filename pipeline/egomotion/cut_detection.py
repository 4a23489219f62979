"""Where the picture cuts to another camera, and where a frame just repeats the one before."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.egomotion.picture_difference import colour_distance, colours, largest_change, unexplained
from pipeline.egomotion.reduced_picture import Reduced, halved

Grey = NDArray[np.uint8]

_FLOW_PX = 240
_QUIET_LEVELS = 3.0
_STRUCTURE_WEIGHT = 0.4
_SAME_STRUCTURE = 0.3
_CUT_BASE = 0.28
_CUT_OF_USUAL = 0.9
_USUAL_AT_FIRST = 0.25
_CUT_HISTORY = 24
_DOUBT_OF_USUAL = 2.5

_BLANK_LEVELS = 6.0
_WHITE = 245
_WHITE_SHARE = 0.4
_MAX_BLANK_FRAMES = 60

_SURELY_LEVELS = 3.0
_AT_MOST_LEVELS = 14.0
_OF_USUAL = 0.4
_HISTORY = 250
_ENOUGH_HISTORY = 8


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is kept of a picture: it reduced, it reduced further, and its share of each colour."""

    grey: Grey
    tiny: Grey
    colours: NDArray[np.float32]


class ShotDetector:
    """Find cuts and repeated frames as they come.

    A cut is where the colours change, and neither the camera's nor anyone's motion explains the new
    picture from the one before; both count against what was usual in the last second, so that neither
    a fast pan nor footage of two frames a second is full of cuts. Under a flash the structure stays
    and there is no cut. Empty pictures (black, white) are none either; what comes after them is compared
    with what was before. Dissolves longer than some frames are not found.
    """

    def __init__(self) -> None:
        self._previous: Grey | None = None
        self._shown: _Shown | None = None
        self._n_blank = 0
        self._changes: deque[float] = deque(maxlen=_HISTORY)
        self._scores: deque[float] = deque(maxlen=_CUT_HISTORY)
        self.in_doubt = False
        """The newest picture may be a cut between two like views: so it is if no camera motion joins them."""

    def update(self, picture: Reduced) -> tuple[bool, bool]:
        """Judge the next picture.

        Returns
        -------
        cut
            It is the first of a new shot. Never true for the first picture of all.
        duplicate
            It repeats the one before, apart from coding noise: nothing new was observed.
        """
        self.in_doubt = False
        grey = picture.grey
        previous, self._previous = self._previous, grey
        comparable = previous is not None and previous.shape == grey.shape
        if previous is not None and comparable and self._is_duplicate(largest_change(previous, grey)):
            return False, True
        if is_blank(grey):
            self._n_blank += 1
            return False, False
        before, self._shown = (
            self._shown,
            _Shown(grey, halved(grey, _FLOW_PX)[0], colours(picture.samples_bgr)),
        )
        n_blank, self._n_blank = self._n_blank, 0
        if before is None:
            return False, False
        if n_blank > _MAX_BLANK_FRAMES or before.grey.shape != grey.shape:
            return True, False
        return self._is_cut(before, self._shown), False

    def _is_duplicate(self, change: float) -> bool:
        """Compare the change with what is usual in this footage: dim pictures change by few levels."""
        self._changes.append(change)
        limit = _SURELY_LEVELS
        if len(self._changes) >= _ENOUGH_HISTORY:
            usual = _upper_quartile(self._changes)
            limit = min(max(limit, _OF_USUAL * usual), _AT_MOST_LEVELS)
        return change <= limit

    def _is_cut(self, before: _Shown, now: _Shown) -> bool:
        score = colour_distance(before.colours, now.colours)
        difference = float(cv2.absdiff(before.tiny, now.tiny).mean())
        structure = unexplained(before.tiny, now.tiny) if difference > _QUIET_LEVELS else 0.0
        score += _STRUCTURE_WEIGHT * structure
        usual = _upper_quartile(self._scores) if self._scores else 0.0
        if len(self._scores) < _ENOUGH_HISTORY:
            usual = max(usual, _USUAL_AT_FIRST)
        if structure > _SAME_STRUCTURE and score > _CUT_BASE + _CUT_OF_USUAL * usual:
            return True
        self._scores.append(score)
        self.in_doubt = structure > _SAME_STRUCTURE and score > _DOUBT_OF_USUAL * usual
        return False


def _upper_quartile(values: deque[float]) -> float:
    """The same as ``np.percentile(values, 75)``, without its overhead, which is most of it for so few."""
    ordered = sorted(values)
    place = 0.75 * (len(ordered) - 1)
    low = int(place)
    share, below = place - low, ordered[low]
    step = ordered[min(low + 1, len(ordered) - 1)] - below
    return below + step * share if share < 0.5 else below + step - step * (1 - share)


def is_blank(grey: Grey) -> bool:
    """Say whether a picture shows nothing: one flat level, or mostly pure white (a flash)."""
    if float(cv2.meanStdDev(grey)[1].item()) < _BLANK_LEVELS:
        return True
    return cv2.countNonZero(cv2.inRange(grey, _WHITE, 255)) > _WHITE_SHARE * grey.size
