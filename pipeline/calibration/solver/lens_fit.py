"""The lens of a camera that stands still, fitted together with where it looks. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.camera_model.markings import Markings, Matches, offsets
from pipeline.calibration.solver.observations import Observations
from pipeline.calibration.solver.residuals import KEYPOINT_SIGMA, LINE_SIGMA, grounded
from pipeline.calibration.solver.view_parameters import StillCamera
from pipeline.core.camera_lens import Lens

Array = NDArray[np.float64]

_K_SIGMA = np.array([0.4, 0.1])
"""How strongly lenses bend: k1 and k2."""
_FOCAL_SIGMA, _CENTRE_SIGMA = 0.5, 0.2
"""Of a panorama: its focal length, as a share, and how far its horizon lies from the middle, in heights."""
_WHOLE = 1e3
"""How strongly a lens must show the whole picture: per focal length that it falls short."""
_ROBUST, _FAR = 2.0, 50.0
_ROUNDS = 30
_MOST = 400
"""Line points that are looked at, at most."""


@dataclass(frozen=True, slots=True)
class LensFit:
    """A camera, its lens, and ``cost``: the robust sum of squares, in variances; infinite if it failed."""

    camera: StillCamera
    lens: Lens
    cost: float


def fit_lens(
    camera: StillCamera, lens: Lens, seen: Observations, marks: Markings, matched: Matches
) -> LensFit:
    """Fit a camera and a lens, of the kind that ``lens`` is, to landmarks and lines.

    Parameters
    ----------
    camera
        To begin with, of the straight picture.
    seen
        In px of the picture as it is; links are not looked at.
    matched
        Which of its line points lie on which of ``marks``.
    """
    n, matched = len(camera.own), _some(matched)
    start = np.concatenate([camera.own.ravel(), camera.shared, _numbers(lens)])

    def unpacked(values: Array) -> tuple[StillCamera, Lens]:
        own, shared = values[: 4 * n].reshape(n, 4), values[4 * n : 4 * n + 6]
        bent = _lens(lens, values[4 * n + 6 :], seen.size_px)
        return replace(camera, own=own, shared=shared, centre_px=_centre(camera, bent)), bent

    def residuals(values: Array) -> Array:
        return _residuals(*unpacked(values), seen, marks, matched)

    try:
        found = least_squares(residuals, start, x_scale="jac", max_nfev=_ROUNDS)
    except np.linalg.LinAlgError:  # it ran away to a camera that sees nothing
        return LensFit(camera, lens, np.inf)
    moved, bent = unpacked(found.x)
    return LensFit(moved, bent, float(2 * found.cost))


def _some(matched: Matches) -> Matches:
    """At most `_MOST` of the matches, evenly."""
    every = max(1, -(-len(matched.point) // _MOST))
    return Matches(matched.point[::every], matched.marking[::every])


def misfit(camera: StillCamera, lens: Lens, seen: Observations, marks: Markings, matched: Matches) -> float:
    """The robust sum of squares of a camera and a lens, in variances: see `fit_lens`."""
    return float((_residuals(camera, lens, seen, marks, _some(matched)) ** 2).sum())


def in_focal_lengths(lens: Lens, camera: StillCamera) -> Lens:
    """The same radial lens, told in focal lengths of the camera behind it."""
    if lens.kind != "radial":
        return lens
    with np.errstate(over="ignore", invalid="ignore"):  # a fit may run away; then it is infinite, and dropped
        focal = np.exp(np.median(camera.own[:, 2]))
        share = np.square(focal / lens.focal_px)
        k1, k2 = float(lens.k1 * share), float(lens.k2 * share**2)
    return Lens("radial", lens.centre_px, float(focal), k1, k2)


def bends_px(lens: Lens, points_px: Array) -> float:
    """How much of a lens a change of zoom cannot make up for: px, between straight and real picture."""
    straight = lens.straight(points_px) - lens.centre_px
    bent = points_px - lens.centre_px
    zoom = float(np.nansum(straight * bent) / max(float(np.nansum(straight**2)), 1e-9))
    return float(np.nanmax(np.linalg.norm(bent - zoom * straight, axis=1), initial=0.0))


def _residuals(
    camera: StillCamera, lens: Lens, seen: Observations, marks: Markings, matched: Matches
) -> Array:
    beside = _beside(camera.matrices(), lens, seen, marks, matched)
    place = (camera.shared - camera.expected) / camera.sigma
    return np.concatenate(
        [_robust(beside), place, camera.own[:, 3] / camera.shift_sigma, _prior(lens, seen.size_px)]
    )


def _beside(matrices: Array, lens: Lens, seen: Observations, marks: Markings, matched: Matches) -> Array:
    """Residuals of landmarks (2 each) and lines, in standard deviations."""
    ground = np.c_[seen.keypoint_m, np.ones(len(seen.keypoint_m))]
    at = np.einsum("kij,kj->ki", matrices[seen.keypoint_frame], ground)
    with np.errstate(divide="ignore", invalid="ignore"):
        shown = np.where(at[:, 2:] > 1e-9, at[:, :2] / at[:, 2:], np.nan)
    marked = (lens.bent(shown) - seen.keypoint_px) / (KEYPOINT_SIGMA * seen.unit_px)
    marked = marked * np.sqrt(seen.keypoint_weight)[:, None]
    points = seen.line_px[matched.point]
    straight = lens.straight(points)
    inverse = inverted(matrices)[seen.line_frame[matched.point]]
    line = offsets(grounded(inverse, straight), inverse, marks, matched.marking)
    # from px of the straight picture to those of the real one, across the line
    across = np.einsum("mi,mij->mj", line.gradient[:, :2], lens.stretch(points))
    beside = line.residual_px / np.maximum(np.linalg.norm(across, axis=1), 1e-6)
    return np.concatenate([marked.ravel(), beside / (LINE_SIGMA * seen.unit_px)])


def _robust(residual: Array) -> Array:
    """Square roots of Cauchy's cost, with the sign of the residual."""
    bounded = np.clip(np.nan_to_num(residual, nan=_FAR), -1e6, 1e6)
    return np.asarray(np.sign(bounded) * _ROBUST * np.sqrt(np.log1p((bounded / _ROBUST) ** 2)))


def _numbers(lens: Lens) -> Array:
    if lens.kind == "radial":
        return np.array([lens.k1, lens.k2])
    return np.array([np.log(lens.focal_px), lens.centre_px[1]]) if lens.kind == "cylinder" else np.zeros(0)


def _lens(like: Lens, numbers: Array, size_px: tuple[int, int]) -> Lens:
    if like.kind == "radial":
        return replace(like, k1=float(numbers[0]), k2=float(numbers[1]))
    if like.kind == "cylinder":
        return replace(
            like, focal_px=float(np.exp(numbers[0])), centre_px=(like.centre_px[0], float(numbers[1]))
        )
    return like


def _centre(camera: StillCamera, lens: Lens) -> tuple[float, float]:
    return lens.centre_px if lens.bends else camera.centre_px


def _prior(lens: Lens, size_px: tuple[int, int]) -> Array:
    if lens.kind == "radial":
        corner = float(np.hypot(*size_px)) / 2 / lens.focal_px
        short = _WHOLE * max(0.0, 1.02 * corner - lens.reach)
        return np.array([lens.k1 / _K_SIGMA[0], lens.k2 / _K_SIGMA[1], short])
    if lens.kind == "cylinder":
        middle = (lens.centre_px[1] - size_px[1] / 2) / size_px[1]
        return np.array([np.log(lens.focal_px / size_px[0]) / _FOCAL_SIGMA, middle / _CENTRE_SIGMA])
    return np.zeros(0)
