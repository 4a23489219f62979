"""The view behind points that a person clicked: a real camera where one explains them. No I/O.

A camera with square pixels and its axis through the middle of the picture has fewer unknowns than a
homography, so a few clicks tell it better, above all beside them. Where clicks contradict it (a picture cut
from a wider one, squeezed, stitched or bent by the lens), the homography stays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.covariance import spreads
from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.camera_model.markings import Markings, Matches, offsets
from pipeline.calibration.camera_model.pinhole import decompose
from pipeline.calibration.initial_views.orientation import shift_sigma
from pipeline.calibration.solver.chain_least_squares import covariances
from pipeline.calibration.solver.observations import Observations
from pipeline.calibration.solver.residuals import KEYPOINT_SIGMA, grounded, keypoint_distances
from pipeline.calibration.solver.robust_fit import settle_matched
from pipeline.calibration.solver.view_parameters import FreeViews, StillCamera

Array = NDArray[np.float64]

_FREE, _CAMERA = 8, 7
"""Unknowns of a homography, and of a camera: place, pan, tilt, zoom and a little roll."""
_SIGMA = np.array([1e3, 1e3, 1e3, 0.02, 1e-4, 1e-4])
"""Nothing is known of the camera's place; it stands nearly upright."""
_CONTRADICTED = 4.0
"""Squared misfit of the camera beyond the homography's, in variances of a click, that speaks against it."""


@dataclass(frozen=True, slots=True)
class Clicks:
    """What a person clicked: ``pixels`` ``(n, 2)`` of places ``metres`` ``(n, 2)``, n at least 4, and
    ``line_px`` ``(l, 2)`` anywhere on the markings ``marking`` ``(l,)`` of ``marks``.
    """

    metres: Array
    pixels: Array
    line_px: Array
    marking: NDArray[np.intp]
    marks: Markings

    @property
    def matched(self) -> Matches:
        """Which line click lies on which marking."""
        return Matches(np.arange(len(self.marking)), self.marking)

    @property
    def told(self) -> int:
        """How many numbers the clicks tell: two each, one on a line."""
        return 2 * len(self.metres) + len(self.marking)


@dataclass(frozen=True, slots=True)
class ClickFit:
    """``view`` ``(3, 3)`` image_from_pitch, ``spread`` ``(8, 8)``; ``apart_px`` ``(n + l,)``: how far clicks
    on places, then those on lines, are from where the view puts them.
    """

    view: Array
    spread: Array
    apart_px: Array
    is_camera: bool


def fit_clicks(view: Array, clicks: Clicks, size_px: tuple[int, int], hand_px: float) -> ClickFit:
    """Fit the view to clicks.

    Parameters
    ----------
    view
        ``(3, 3)``: a homography through the places to begin with.
    hand_px
        How well people click at best, a standard deviation along each axis.
    """
    seen = _observations(clicks, size_px)
    free = _free(view, clicks, seen, hand_px)
    camera = _camera(free.view, clicks, seen, hand_px)
    if camera is None:
        return free
    variance = max(hand_px**2, float((free.apart_px**2).sum()) / max(clicks.told - _FREE, 1))
    worse = float((camera.apart_px**2).sum() - (free.apart_px**2).sum())
    return camera if worse < _CONTRADICTED * variance else free


def _free(view: Array, clicks: Clicks, seen: Observations, hand_px: float) -> ClickFit:
    views = FreeViews(view[None], (seen.size_px[0] / 2, seen.size_px[1] / 2), max(seen.size_px) / 2)
    views, system = settle_matched(views, seen, clicks.marks, clicks.matched)
    apart = _apart(views.matrices(), clicks, seen)
    covariance = inverted(system.diagonal) * _variance(apart, clicks.told - _FREE, seen, hand_px)
    return ClickFit(
        views.matrices()[0], spreads(views.matrices(), views.derivatives()[0], covariance)[0], apart, False
    )


def _camera(view: Array, clicks: Clicks, seen: Observations, hand_px: float) -> ClickFit | None:
    """The camera nearest to a view, fitted; None where no real one is."""
    centre = (seen.size_px[0] / 2, seen.size_px[1] / 2)
    near = decompose(inverted(view), centre)
    if near is None or near.position_m[2] <= 0:
        return None
    shared = np.array([*near.position_m, np.clip(near.roll, -0.1, 0.1), 0.0, 0.0])
    own = np.array([[near.pan, near.tilt, np.log(near.focal_px), 0.0]])
    expected = shared * [1, 1, 1, 0, 0, 0]
    start = StillCamera(own, shared, centre, expected, _SIGMA, shift_sigma(*seen.size_px))
    camera, system = settle_matched(start, seen, clicks.marks, clicks.matched, rounds=40)
    matrices = camera.matrices()
    apart = _apart(matrices, clicks, seen)
    if not np.isfinite(apart).all():
        return None
    inner, cross, outer = covariances(system)
    full = np.block([[inner[0], cross[0]], [cross[0].T, outer]])
    by_own, by_shared = camera.derivatives()
    covariance = full[None] * _variance(apart, clicks.told - _CAMERA, seen, hand_px)
    spread = spreads(matrices, np.concatenate([by_own, by_shared], axis=1), covariance)
    return ClickFit(matrices[0], spread[0], apart, True)


def _variance(apart: Array, left: int, seen: Observations, hand_px: float) -> float:
    """How much worse people clicked than the fit took landmarks to be found, as a factor of variance."""
    told = float((apart**2).sum()) / left if left > 0 else 0.0
    return max(hand_px**2, told) / (KEYPOINT_SIGMA * seen.unit_px) ** 2


def _apart(matrices: Array, clicks: Clicks, seen: Observations) -> Array:
    inverse = np.repeat(inverted(matrices), len(clicks.marking), axis=0)
    beside = offsets(grounded(inverse, clicks.line_px), inverse, clicks.marks, clicks.marking)
    return np.concatenate([keypoint_distances(matrices, seen), np.abs(beside.residual_px)])


def _observations(clicks: Clicks, size_px: tuple[int, int]) -> Observations:
    n, lines = len(clicks.metres), len(clicks.line_px)
    return Observations(
        size_px,
        np.zeros(n, np.intp),
        clicks.metres,
        clicks.pixels,
        np.ones(n),
        np.zeros(lines, np.intp),
        clicks.line_px,
        np.zeros((lines, 2)),
        np.zeros((0, 3, 3)),
        np.zeros(0),
    )
