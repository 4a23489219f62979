"""Where labelled pictures show the pitch: beyond what people marked, as far as their marks pin it down."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.covariance import offsets_px2
from pipeline.calibration.evaluation.jaccard import label_spread
from pipeline.calibration.evaluation.view_errors import LABEL_SIGMA
from pipeline.calibration.initial_views.single_view import through_points
from pipeline.core.geometry import transform
from pipeline.core.pitch import Pitch, SeenPitch
from pipeline.datasets.pitch_labels import LabelledPicture

Array = NDArray[np.float64]

_NOMINAL_PX = np.array([1280.0, 720.0])
"""Marks are compared in a picture of this size, whatever its own: all are 16 : 9, or nearly."""
_FEWEST = 4
_SURE_PX = 4.0
"""Standard deviation up to which a place that follows from other marks is taken for known."""
_WORST_FIT_PX = 8.0
"""Marks that are further than this from any one view, root mean square, carry none."""


def seen_pitch(picture: LabelledPicture, pitch: Pitch) -> SeenPitch:
    """Say where a picture shows landmarks and lines.

    A rendered picture's view is exact. Otherwise the homography through the marks gives the lines and the
    landmarks that nobody marked, where the marks pin them down: the uncertainty of marking, carried there,
    stays under `_SURE_PX` at 1280 x 720. With under four marks, all on one line or at odds, only the marks
    are known.

    Parameters
    ----------
    pitch
        The size of the pitch in pictures that were not rendered.
    """
    if picture.view is not None:
        view, shown = picture.view.shares_from_pitch, picture.view.pitch
        lines = tuple(transform(line, view) for line in shown.lines_m())
        certain = tuple(np.ones(len(line), bool) for line in lines)
        return SeenPitch(transform(shown.keypoints_m(), view), np.ones(32, bool), lines, certain, True)
    marked = np.isfinite(picture.keypoints[:, 0])
    fitted = _fit(picture.keypoints, marked, pitch)
    if fitted is None:
        return SeenPitch(picture.keypoints, marked, (), (), False)
    view, spread = fitted
    places = transform(pitch.keypoints_m(), view)
    sure = _sigma_px(places, spread) < _SURE_PX
    known = marked | sure | _surely_outside(places, spread)
    landmarks = np.where(marked[:, None], picture.keypoints, places / _NOMINAL_PX)
    landmarks[~marked & ~sure] = np.nan
    lines = tuple(transform(line, view) for line in pitch.lines_m())
    certain = tuple(_sigma_px(line, spread) < _SURE_PX for line in lines)
    return SeenPitch(landmarks, known, tuple(line / _NOMINAL_PX for line in lines), certain, True)


def _fit(keypoints: Array, marked: NDArray[np.bool_], pitch: Pitch) -> tuple[Array, Array] | None:
    """The view through the marks, to nominal px, and its spread."""
    if marked.sum() < _FEWEST:
        return None
    pixels, metres = keypoints[marked] * _NOMINAL_PX, pitch.keypoints_m()[marked]
    view = through_points(metres, pixels)
    if view is None or np.linalg.det(view) >= 0:
        return None
    misfit = transform(metres, view) - pixels
    if not np.sqrt((misfit**2).sum(axis=1).mean()) < _WORST_FIT_PX:
        return None
    return view, label_spread(pixels, LABEL_SIGMA * _NOMINAL_PX[0])


def _sigma_px(points: Array, spread: Array) -> Array:
    """Standard deviation along an axis of where each point is; NaN behind the camera."""
    return np.asarray(np.sqrt(np.trace(offsets_px2(points, spread), axis1=1, axis2=2) / 2))


def _surely_outside(points: Array, spread: Array) -> NDArray[np.bool_]:
    """Points further outside than they are uncertain; those behind the camera too."""
    with np.errstate(invalid="ignore"):
        beyond = np.maximum(np.maximum(-points, points - _NOMINAL_PX), 0).max(axis=1)
        return np.asarray(~(beyond <= 3 * _sigma_px(points, spread)))
