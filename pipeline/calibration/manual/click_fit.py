"""The view behind points that a person clicked: a real camera where one explains them. No I/O.

A camera with square pixels and its axis through the middle of the picture has fewer unknowns than a
homography, so a few clicks tell it better, above all beside them. Where clicks contradict it, a camera behind
a lens that bends and, for very wide pictures, a cylinder are tried; and where they contradict all of them (a
picture cut from a wider one, or squeezed), the homography stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.covariance import spreads
from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.camera_model.markings import Markings, Matches, offsets
from pipeline.calibration.camera_model.pinhole import decompose
from pipeline.calibration.initial_views.orientation import shift_sigma
from pipeline.calibration.solver.chain_least_squares import covariances
from pipeline.calibration.solver.lens_fit import fit_lens, in_focal_lengths
from pipeline.calibration.solver.observations import Observations
from pipeline.calibration.solver.residuals import (
    KEYPOINT_SIGMA,
    grounded,
    normal_equations,
)
from pipeline.calibration.solver.robust_fit import settle_matched
from pipeline.calibration.solver.view_parameters import FreeViews, StillCamera
from pipeline.core.camera_lens import STRAIGHT, Lens, middle_px
from pipeline.core.geometry import transform

Array = NDArray[np.float64]

_FREE, _CAMERA, _BENT = 8, 7, 9
"""Unknowns of a homography; of a camera: place, pan, tilt, zoom and a little roll; and with its lens."""
_SIGMA = np.array([1e3, 1e3, 1e3, 0.02, 1e-4, 1e-4])
"""Nothing is known of the camera's place; it stands nearly upright."""
_A_NUMBER = 4.0
"""Squared misfit, in variances of a click, that one more unknown must save."""
_CONTRADICTED = 3.0
"""Clicks this many times as far beside the view as people click at best speak for a lens that bends."""
_SPARE = 3
"""What clicks must tell beyond the unknowns before a lens is believed."""
_BENDS, _PANORAMA = (-0.15, 0.15), 2.2
"""k1 of lenses to begin with, and how wide, over their height, pictures are that may be stitched."""


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
    """``view`` ``(3, 3)`` image_from_pitch of the straight picture, ``spread`` ``(8, 8)``; ``apart_px``
    ``(n + l,)``: how far clicks on places, then those on lines, are from where the view puts them.
    ``camera``: what was fitted, None for a homography.
    """

    view: Array
    spread: Array
    apart_px: Array
    camera: StillCamera | None
    lens: Lens = STRAIGHT

    @property
    def unknowns(self) -> int:
        """How many numbers were fitted."""
        return _BENT if self.lens.bends else _FREE if self.camera is None else _CAMERA


def fit_clicks(view: Array, clicks: Clicks, size_px: tuple[int, int], hand_px: float) -> ClickFit:
    """Fit the view to clicks.

    Parameters
    ----------
    view
        ``(3, 3)``: a homography through the places to begin with.
    hand_px
        How well people click at best, a standard deviation along each axis.
    """
    seen = observed(clicks, size_px)
    found = [_free(view, clicks, seen, hand_px)]
    camera = nearest_camera(found[0].view, size_px)
    if camera is not None and (fitted := _camera(camera, clicks, seen, hand_px)) is not None:
        found.append(fitted)
    best = _likeliest(found, clicks, hand_px)
    told = clicks.told - _BENT
    if told < _SPARE or _variance_px2(best, clicks) < (_CONTRADICTED * hand_px) ** 2:
        return best
    found += bent_fits(found[0].view, clicks, size_px, hand_px)
    return _likeliest(found, clicks, hand_px)


def _likeliest(found: list[ClickFit], clicks: Clicks, hand_px: float) -> ClickFit:
    """The fit with least misfit for its unknowns."""
    variance = max(hand_px**2, min(_variance_px2(f, clicks) for f in found))
    return min(found, key=lambda f: float((f.apart_px**2).sum()) / variance + _A_NUMBER * f.unknowns)


def _variance_px2(found: ClickFit, clicks: Clicks) -> float:
    return float((found.apart_px**2).sum()) / max(clicks.told - found.unknowns, 1)


def _free(view: Array, clicks: Clicks, seen: Observations, hand_px: float) -> ClickFit:
    views = FreeViews(view[None], middle_px(seen.size_px), max(seen.size_px) / 2)
    views, system = settle_matched(views, seen, clicks.marks, clicks.matched)
    apart = clicks_beside(views.matrices()[0], STRAIGHT, clicks)
    covariance = inverted(system.diagonal) * _variance(apart, clicks.told - _FREE, seen, hand_px)
    return ClickFit(
        views.matrices()[0], spreads(views.matrices(), views.derivatives()[0], covariance)[0], apart, None
    )


def nearest_camera(view: Array, size_px: tuple[int, int], lens: Lens = STRAIGHT) -> StillCamera | None:
    """The camera nearest to a view; None where no real one is."""
    centre = lens.centre_px if lens.bends else middle_px(size_px)
    near = decompose(inverted(view), centre)
    if near is None or near.position_m[2] <= 0:
        return None
    shared = np.array([*near.position_m, np.clip(near.roll, -0.1, 0.1), 0.0, 0.0])
    own = np.array([[near.pan, near.tilt, np.log(near.focal_px), 0.0]])
    return StillCamera(own, shared, centre, shared * [1, 1, 1, 0, 0, 0], _SIGMA, shift_sigma(*size_px))


def _camera(start: StillCamera, clicks: Clicks, seen: Observations, hand_px: float) -> ClickFit | None:
    """A camera, fitted; None where it looks away."""
    camera, _ = settle_matched(start, seen, clicks.marks, clicks.matched, rounds=40)
    fitted = _told(camera, STRAIGHT, clicks, seen, hand_px)
    return fitted if np.isfinite(fitted.apart_px).all() else None


def bent_fits(view: Array, clicks: Clicks, size_px: tuple[int, int], hand_px: float) -> list[ClickFit]:
    """What cameras behind bent lenses of each kind make of clicks, whether or not these speak for one."""
    seen = observed(clicks, size_px)
    found = _bent(nearest_camera(view, size_px), clicks, seen, hand_px)
    return [fit for fit in found if np.isfinite(fit.apart_px).all()]


def _bent(
    camera: StillCamera | None, clicks: Clicks, seen: Observations, hand_px: float
) -> Iterator[ClickFit]:
    """The camera behind lenses of each kind that may be."""
    width, height = seen.size_px
    start = camera or _usual(clicks, seen)
    if width > _PANORAMA * height:
        lens = Lens("cylinder", middle_px(seen.size_px), width / 2.0)
        found = fit_lens(start, lens, seen, clicks.marks, clicks.matched)
        yield _told(found.camera, found.lens, clicks, seen, hand_px)
    for k1 in _BENDS:
        lens = Lens("radial", middle_px(seen.size_px), float(np.exp(start.own[0, 2])), k1)
        found = fit_lens(start, lens, seen, clicks.marks, clicks.matched)
        told = in_focal_lengths(found.lens, found.camera)
        if np.isfinite((found.cost, told.focal_px, told.k1, told.k2)).all():
            yield _told(found.camera, told, clicks, seen, hand_px)


def _usual(clicks: Clicks, seen: Observations) -> StillCamera:
    """A camera above the touchline, to begin with where the clicks lead to none."""
    shared = np.array([0.0, -60.0, 15.0, 0.0, 0.0, 0.0])
    own = np.array([[0.0, 0.2, np.log(0.5 * seen.size_px[0]), 0.0]])
    centre = middle_px(seen.size_px)
    return StillCamera(own, shared, centre, shared * 0, _SIGMA, shift_sigma(*seen.size_px))


def _told(camera: StillCamera, lens: Lens, clicks: Clicks, seen: Observations, hand_px: float) -> ClickFit:
    """What clicks tell of a camera that was fitted to them: how far beside they lie, and how uncertain it is.

    The lens is taken for known: what it leaves open shows in the misfit.
    """
    matrices = camera.matrices()
    apart = clicks_beside(matrices[0], lens, clicks)
    straight = replace(seen, keypoint_px=lens.straight(seen.keypoint_px), line_px=lens.straight(seen.line_px))
    system = normal_equations(camera, straight, clicks.marks, clicks.matched)
    inner, cross, outer = covariances(system)
    full = np.block([[inner[0], cross[0]], [cross[0].T, outer]])
    by_own, by_shared = camera.derivatives()
    unknowns = _BENT if lens.bends else _CAMERA
    covariance = full[None] * _variance(apart, clicks.told - unknowns, seen, hand_px)
    spread = spreads(matrices, np.concatenate([by_own, by_shared], axis=1), covariance)
    return ClickFit(matrices[0], spread[0], apart, camera, lens)


def _variance(apart: Array, left: int, seen: Observations, hand_px: float) -> float:
    """How much worse people clicked than the fit took landmarks to be found, as a factor of variance."""
    told = float((apart**2).sum()) / left if left > 0 else 0.0
    return max(hand_px**2, told) / (KEYPOINT_SIGMA * seen.unit_px) ** 2


def clicks_beside(view: Array, lens: Lens, clicks: Clicks) -> Array:
    """How far, px, clicks on places, then those on lines, are from where a view puts them: ``(n + l,)``."""
    shown = lens.bent(transform(clicks.metres, view))
    inverse = np.repeat(inverted(view)[None], len(clicks.marking), axis=0)
    line = offsets(grounded(inverse, lens.straight(clicks.line_px)), inverse, clicks.marks, clicks.marking)
    scale = np.sqrt(np.abs(np.linalg.det(lens.stretch(clicks.line_px))))
    apart = np.concatenate([np.linalg.norm(shown - clicks.pixels, axis=1), np.abs(line.residual_px) / scale])
    return np.asarray(np.nan_to_num(apart, nan=np.inf))


def observed(clicks: Clicks, size_px: tuple[int, int]) -> Observations:
    """Lay clicks out for least squares."""
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
