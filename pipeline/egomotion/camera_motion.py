"""How the camera moved between two pictures."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.egomotion.corner_points import corners, follow
from pipeline.egomotion.edge_alignment import Edges, align, find_edges
from pipeline.egomotion.motion_fit import fit_motion
from pipeline.egomotion.reduced_picture import Reduced, original_from_small

Matrix = NDArray[np.float64]

_MARGIN_PX = 3
_MAX_FRAMES = 30
_MAX_SHIFT = 0.2
_MIN_KEPT = 0.6


@dataclass(frozen=True, slots=True)
class _Reference:
    """The picture that later ones are compared with.

    ``points`` ``(N, 2)`` px are followed from it; ``n_agreed`` of them agreed the first time, 0 before
    that; ``latest`` is the motion ``(3, 3)`` from it to the newest picture, ``n_frames`` pictures later.
    """

    grey: NDArray[np.uint8]
    points: NDArray[np.float64]
    edges: Edges
    latest: Matrix
    n_agreed: int = 0
    n_frames: int = 0


class MotionEstimator:
    """Find the camera's motion from picture to picture, as seen on the ground and the stands.

    Points in a grid are followed by optical flow on a reduced picture, and a homography is fitted to
    them by consensus. People are left out; what stands still on the screen while the rest moves (score
    bugs, logos) has no vote. Points are followed from a reference picture that is kept for up to a
    second, not from the picture before, so that the product of motions over some seconds hardly drifts.
    """

    def __init__(self) -> None:
        self._reference: _Reference | None = None
        self._grey: NDArray[np.uint8] | None = None
        self._hidden: NDArray[np.bool_] | None = None
        self._last_motion: Matrix = np.eye(3)

    def update(self, picture: Reduced, boxes_px: NDArray[np.floating]) -> Matrix | None:
        """Give the motion since the picture of the call before.

        Parameters
        ----------
        boxes_px
            ``(N, 4)`` xyxy of the people and the ball in this picture, px of the full one; N may be 0.

        Returns
        -------
        ``(3, 3)`` homography ``image_from_previous`` in px of the full picture, with a 1 in the last
        corner. None for the first picture and wherever it cannot be measured: at a cut, in the
        dark, in blur.
        """
        grey, factor = picture.grey, picture.factor
        hidden = _covered(grey.shape, boxes_px, factor)
        motion = None
        if self._grey is not None and self._grey.shape == grey.shape:
            motion = self._from_reference(grey, hidden)
            if motion is None:
                motion = self._from_previous(grey, hidden)
        if motion is None:
            self._reference, self._last_motion = None, np.eye(3)
        else:
            self._last_motion = motion
        self._grey, self._hidden = grey, hidden
        return None if motion is None else _scaled(motion, factor)

    def _from_reference(self, grey: NDArray[np.uint8], hidden: NDArray[np.bool_]) -> Matrix | None:
        """Motion since the picture before, through the reference; in px of the reduced picture."""
        reference = self._reference
        if reference is None:
            return None
        fitted = _follow_and_fit(reference, grey, hidden, self._last_motion @ reference.latest)
        if fitted is None:
            return None
        latest, n_agreed = fitted
        motion = latest @ np.linalg.inv(reference.latest)
        n_agreed_first = reference.n_agreed or n_agreed
        self._reference = replace(
            reference, latest=latest, n_agreed=n_agreed_first, n_frames=reference.n_frames + 1
        )
        shift_px = np.abs(latest[:2, 2] + (latest[:2, :2] - np.eye(2)) @ _middle(grey)).max()
        worn = n_agreed < _MIN_KEPT * n_agreed_first or shift_px > _MAX_SHIFT * max(grey.shape)
        if worn or self._reference.n_frames >= _MAX_FRAMES:
            self._reference = _reference(grey, hidden)
        motion /= motion[2, 2]
        return motion

    def _from_previous(self, grey: NDArray[np.uint8], hidden: NDArray[np.bool_]) -> Matrix | None:
        """Motion since the picture before, which becomes the reference."""
        if self._grey is None:
            return None
        reference = _reference(self._grey, self._hidden)
        for guess in (self._last_motion, None):
            fitted = _follow_and_fit(reference, grey, hidden, guess)
            if fitted is not None:
                self._reference = replace(reference, latest=fitted[0], n_agreed=fitted[1], n_frames=1)
                return fitted[0]
        return None


def _reference(grey: NDArray[np.uint8], hidden: NDArray[np.bool_] | None) -> _Reference:
    return _Reference(grey, corners(grey, hidden), find_edges(grey, hidden), np.eye(3))


def _follow_and_fit(
    reference: _Reference, grey: NDArray[np.uint8], hidden: NDArray[np.bool_], guess: Matrix | None
) -> tuple[Matrix, int] | None:
    """Motion from the reference to ``grey``, and how many points agree with it."""
    start = None if guess is None else _moved(reference.points, guess)
    ends, found = follow(reference.grey, grey, reference.points, start)
    column, row = ends[found].astype(int).T
    found[found] = ~hidden[row, column]
    fitted = fit_motion(reference.points[found], ends[found], _size(grey))
    if fitted is None:
        return None
    return align(reference.edges, grey, fitted[0]), int(fitted[1].sum())


def _scaled(motion: Matrix, factor: int) -> Matrix:
    full = original_from_small(factor)
    scaled: Matrix = full @ motion @ np.linalg.inv(full)
    scaled /= scaled[2, 2]
    return scaled


def _middle(grey: NDArray[np.uint8]) -> NDArray[np.float64]:
    return np.array(_size(grey)) / 2


def _size(grey: NDArray[np.uint8]) -> tuple[int, int]:
    return grey.shape[1], grey.shape[0]


def _moved(points: Matrix, motion: Matrix) -> Matrix:
    moved: Matrix = cv2.perspectiveTransform(points[:, None], motion)[:, 0] if len(points) else points
    return moved


def _covered(shape: tuple[int, ...], boxes_px: NDArray[np.floating], factor: int) -> NDArray[np.bool_]:
    """Mask ``(h, w)`` of the reduced picture where people are, with a margin."""
    mask = np.zeros(shape, bool)
    corners = (np.asarray(boxes_px, np.float64).reshape(-1, 4) / factor).astype(int)
    margin = np.array([-_MARGIN_PX, -_MARGIN_PX, _MARGIN_PX + 1, _MARGIN_PX + 1])
    for left, top, right, bottom in np.maximum(corners + margin, 0).tolist():
        mask[top:bottom, left:right] = True
    return mask
