"""Shots whose lens bends the picture: the bend found from the lines, the shot solved without it. No I/O.

Lines that are straight on the pitch must be so in the picture, and where they run must fit one camera. A bend
is believed where it leaves far less of the misfit and cannot be made up for by another zoom; where the
pictures show no view as they are, a few usual bends are tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.camera_model.markings import Markings, markings
from pipeline.calibration.camera_model.pinhole import decompose
from pipeline.calibration.evidence.pitch_evidence import Evidence, painted, straightened
from pipeline.calibration.initial_views.orientation import shift_sigma
from pipeline.calibration.initial_views.single_view import picture_grid
from pipeline.calibration.initial_views.static_camera import Place
from pipeline.calibration.sequence.shot_views import ShotViews, solve_shot
from pipeline.calibration.solver.lens_fit import LensFit, bends_px, fit_lens, in_focal_lengths, misfit
from pipeline.calibration.solver.line_support import explained, line_support
from pipeline.calibration.solver.observations import alone
from pipeline.calibration.solver.residuals import match_lines
from pipeline.calibration.solver.view_parameters import StillCamera
from pipeline.core.camera_lens import Lens, middle_px
from pipeline.core.geometry import transform
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_PICTURES = 4
_REACH = 0.012
_LEAST_POINTS = 100
"""Line points on markings, over all pictures, that can tell a lens."""
_MISFIT_SHARE, _BEND_SHARE = 0.7, 0.003
"""A lens is believed that leaves at most this share of the misfit and moves some line point by this share of
the picture's longer side."""
_ROUNDS = 3
_TRIED, _TRIED_FOCAL = (-0.25, -0.1), 0.6
"""k1, for a focal length of so many picture widths, tried where there is no view."""
_LANDMARKS, _LINE_POINTS = 5, 80
"""What pictures must show, in the median, for that."""
_FEWEST = 8
_SIGMA = np.array([15.0, 15.0, 8.0, 0.05, 1e-3, 1e-3])


def solve_bent_shot(
    evidence: Sequence[Evidence],
    links: Array,
    pitch: Pitch,
    known: Sequence[Place] = (),
    search: bool = True,
) -> ShotViews | None:
    """Find the views of a shot as `solve_shot` does, and its lens where that bends the picture.

    Parameters
    ----------
    evidence, links
        Of the pictures as they are.
    """
    plain = solve_shot(evidence, links, pitch, known, search)
    start = plain
    if plain is None or not np.isfinite(plain.views[:, 0, 0]).any():
        start = _tried(evidence, links, pitch)
        if start is None:
            return plain
    if start is None:
        return None
    found = start
    for _ in range(_ROUNDS):
        lens = fitted_lens(evidence, found, pitch)
        if lens is None or lens == found.lens:
            break
        again = _through(lens, evidence, links, pitch, found.place)
        if again is None or _worth(again, evidence, pitch) < _worth(found, evidence, pitch) - 0.02:
            break
        found = again
    return found


def fitted_lens(evidence: Sequence[Evidence], found: ShotViews, pitch: Pitch) -> Lens | None:
    """Fit a lens to pictures with a view; None where they speak for none beyond the one that they have."""
    rows = np.flatnonzero(np.isfinite(found.views[:, 0, 0]))
    rows = rows[np.argsort([-len(evidence[int(k)].line_px) for k in rows], kind="stable")][:_PICTURES]
    rows = np.sort(rows)
    if not len(rows):
        return None
    chosen = [painted(evidence[int(k)], pitch) for k in rows]
    size = (chosen[0].width_px, chosen[0].height_px)
    camera = _camera(found.views[rows], found.lens, size)
    if camera is None:
        return None
    marks = markings(pitch)
    straight = [straightened(item, found.lens) for item in chosen]
    fits = _fits(camera, found.lens, chosen, straight, marks, pitch)
    if fits is None:
        return None
    fitted, plain = fits
    lens = in_focal_lengths(fitted.lens, fitted.camera)
    points = np.concatenate([item.line_px for item in chosen])
    if found.lens.bends:
        return lens if fitted.cost < 0.98 * plain else None
    believed = fitted.cost < _MISFIT_SHARE * plain and bends_px(lens, points) > _BEND_SHARE * max(size)
    return lens if believed else None


def _fits(
    camera: StillCamera,
    lens: Lens,
    chosen: Sequence[Evidence],
    straight: Sequence[Evidence],
    marks: Markings,
    pitch: Pitch,
) -> tuple[LensFit, float] | None:
    """The camera with a lens, and the misfit without one more; None with too few line points."""
    landmarks = pitch.keypoints_m()
    matched = match_lines(camera.matrices(), alone(straight, landmarks), marks, _REACH)
    seen = alone(chosen, landmarks)
    if len(matched.point) < _LEAST_POINTS or len(seen.line_px) != sum(len(s.line_px) for s in straight):
        return None
    size = seen.size_px
    focal = float(np.exp(np.median(camera.own[:, 2])))
    start = lens if lens.bends else Lens("radial", middle_px(size), focal)
    like = fit_lens(camera, lens, seen, marks, matched)
    return fit_lens(camera, start, seen, marks, matched), misfit(like.camera, like.lens, seen, marks, matched)


def _camera(views: Array, lens: Lens, size_px: tuple[int, int]) -> StillCamera | None:
    """One camera that stands still behind views, as nearly as can be."""
    centre = lens.centre_px if lens.bends else middle_px(size_px)
    near = [decompose(inverted(view), centre) for view in views]
    cameras = [camera for camera in near if camera is not None]
    if len(cameras) < len(views):
        return None
    place = np.median([camera.position_m for camera in cameras], axis=0)
    roll = float(np.median([camera.roll for camera in cameras]))
    shared = np.array([*place, np.clip(roll, -0.1, 0.1), 0.0, 0.0])
    own = np.array([[c.pan, c.tilt, np.log(c.focal_px), 0.0] for c in cameras])
    return StillCamera(own, shared, centre, shared * [1, 1, 1, 0, 0, 0], _SIGMA, shift_sigma(*size_px))


def _through(
    lens: Lens, evidence: Sequence[Evidence], links: Array, pitch: Pitch, place: Place | None
) -> ShotViews | None:
    """Views of a shot seen through a lens."""
    size = (evidence[0].width_px, evidence[0].height_px)
    straight = [straightened(item, lens) for item in evidence]
    solved = solve_shot(straight, straight_motion(links, lens, size), pitch, (), False)
    return None if solved is None else replace(solved, lens=lens)


def _tried(evidence: Sequence[Evidence], links: Array, pitch: Pitch) -> ShotViews | None:
    """The best of a few usual bends, None where they show no view either, or the pictures too little."""
    landmarks = float(np.median([len(painted(e, pitch).keypoint) for e in evidence]))
    points = float(np.median([len(e.line_px) for e in evidence]))
    if landmarks < _LANDMARKS or points < _LINE_POINTS:
        return None
    size = (evidence[0].width_px, evidence[0].height_px)
    focal = _TRIED_FOCAL * size[0]
    bends = [Lens("radial", middle_px(size), focal, k1) for k1 in _TRIED]
    found = [_through(lens, evidence, links, pitch, None) for lens in bends]
    worth = [(_worth(f, evidence, pitch), f) for f in found if f is not None]
    return max(worth, key=lambda pair: pair[0])[1] if worth else None


def _worth(found: ShotViews, evidence: Sequence[Evidence], pitch: Pitch) -> float:
    """How well views explain their pictures, on average: 0 to 2, pictures without one count 0."""
    marks, out = markings(pitch), 0.0
    for view, item in zip(found.views, evidence, strict=True):
        if np.isfinite(view).all():
            straight = straightened(item, found.lens)
            out += float(np.nansum((line_support(view, straight, pitch), explained(view, straight, marks))))
    return out / max(len(evidence), 1)


def straight_motion(motion: Array, lens: Lens, size_px: tuple[int, int]) -> Array:
    """Camera motion ``(N, 3, 3)`` between pictures as they are, carried over to straightened ones."""
    if not lens.bends:
        return motion
    out = np.full_like(motion, np.nan)
    grid = picture_grid(*size_px)
    before = lens.straight(grid)
    for k in np.flatnonzero(np.isfinite(motion).all(axis=(1, 2))):
        after = lens.straight(transform(grid, motion[k]))
        both = np.isfinite(before).all(axis=1) & np.isfinite(after).all(axis=1)
        if both.sum() >= _FEWEST:
            matrix, _ = cv2.findHomography(before[both], after[both], 0)
            out[k] = np.nan if matrix is None else matrix
    return out
