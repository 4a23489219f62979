"""Solving a chain of views, however long, with the error that follows from the evidence. No I/O."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.covariance import spreads
from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.camera_model.markings import Markings, offsets
from pipeline.calibration.initial_views.single_view import AGREE
from pipeline.calibration.solver.chain_least_squares import NormalEquations, covariances
from pipeline.calibration.solver.observations import Observations
from pipeline.calibration.solver.residuals import (
    KEYPOINT_SIGMA,
    LINE_SIGMA,
    MOTION_SIGMA,
    grounded,
    keypoint_distances,
    link_distances,
    match_lines,
    normal_equations,
)
from pipeline.calibration.solver.robust_fit import REACHES, refine
from pipeline.calibration.solver.view_parameters import FreeViews, StillCamera
from pipeline.calibration.uncertainty.view_error import ground_errors, honest_spreads
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_WINDOW, _OVERLAP = 300, 20
"""Key frames that are solved together, and how many of them neighbouring windows share."""
_TOUCH_POINTS = 25
_ENOUGH_POINTS, _ENOUGH_LANDMARKS = 30, 4
"""Line points, or else landmarks, that tell how well a picture's view fits it."""


@dataclass(frozen=True, slots=True)
class Solved:
    """Views of M key frames: see `pipeline.calibration.sequence.shot_views.ShotViews`."""

    views: Array
    spread: Array
    error_m: Array
    own_error_m: Array
    touch: NDArray[np.bool_]
    n_points: NDArray[np.int64]


def solve_chain(start: StillCamera | FreeViews, seen: Observations, marks: Markings, pitch: Pitch) -> Solved:
    """Fit all views to all evidence, window by window, and tell their errors."""
    parts = []
    for window, kept in _windows(seen.n):
        parts.append(_take(_solve(start.part(window), seen.part(window), marks, pitch), kept))
    return Solved(*(np.concatenate([getattr(p, name) for p in parts]) for name in Solved.__slots__))


def _solve(start: StillCamera | FreeViews, seen: Observations, marks: Markings, pitch: Pitch) -> Solved:
    views, system = refine(start, seen, marks)
    distance = link_distances(views.matrices(), seen)
    typical = float(np.nanmedian(distance)) if np.isfinite(distance).any() else 0.0
    if typical > MOTION_SIGMA * seen.unit_px:
        # the motion is less certain than thought: let the pictures speak
        seen = replace(seen, link_sigma_px=np.full_like(seen.link_sigma_px, typical))
        views, system = refine(views, seen, marks)
    return _solved(views, system, seen, marks, pitch)


def _solved(
    views: StillCamera | FreeViews, system: NormalEquations, seen: Observations, marks: Markings, pitch: Pitch
) -> Solved:
    matrices = views.matrices()
    by_own, by_shared = views.derivatives()
    own, cross, shared = covariances(system)
    full = np.concatenate(
        [
            np.concatenate([own, cross], axis=2),
            np.concatenate(
                [np.swapaxes(cross, 1, 2), np.broadcast_to(shared, (seen.n, *shared.shape))], axis=2
            ),
        ],
        axis=1,
    )
    misfit = misfits(matrices, seen, marks)
    formal = spreads(matrices, np.concatenate([by_own, by_shared], axis=1), full)
    spread = honest_spreads(formal, misfit, seen.unit_px)
    unlinked = replace(seen, links=np.full_like(seen.links, np.nan))
    matched = match_lines(matrices, seen, marks, REACHES[-1])
    alone = normal_equations(views, unlinked, marks, matched).diagonal
    alone = alone + 1e-6 * np.eye(alone.shape[1])
    own_spread = honest_spreads(spreads(matrices, by_own, inverted(alone)), misfit, seen.unit_px)
    agree = keypoint_distances(matrices, seen) < AGREE * seen.unit_px
    points = np.bincount(seen.keypoint_frame[agree], minlength=seen.n)
    lines = np.bincount(seen.line_frame[matched.point], minlength=seen.n)
    return Solved(
        matrices,
        spread,
        ground_errors(matrices, spread, seen.size_px, pitch, seen.lens),
        ground_errors(matrices, own_spread, seen.size_px, pitch, seen.lens),
        (points > 0) | (lines >= _TOUCH_POINTS),
        points.astype(np.int64),
    )


def misfits(matrices: Array, seen: Observations, marks: Markings) -> Array:
    """How far line points lie beside their markings in each picture: see `honest_spreads`.

    Told by the landmarks where there are hardly any line points, and by the rest of the shot where there
    are neither.
    """
    matched = match_lines(matrices, seen, marks, REACHES[0])
    frame = seen.line_frame[matched.point]
    inverse = inverted(matrices)[frame]
    beside = offsets(grounded(inverse, seen.line_px[matched.point]), inverse, marks, matched.marking)
    distance, apart = np.abs(beside.residual_px), keypoint_distances(matrices, seen)
    out = np.full(seen.n, np.nan)
    for k in range(seen.n):
        on, landmarks = distance[frame == k], apart[seen.keypoint_frame == k]
        if len(on) >= _ENOUGH_POINTS:
            out[k] = np.median(on) * 1.483 / seen.unit_px
        elif len(landmarks) >= _ENOUGH_LANDMARKS:
            share = np.median(landmarks) / 1.177 / (KEYPOINT_SIGMA * seen.unit_px)
            out[k] = LINE_SIGMA * max(float(share), 1.0)
    usual = np.nanmedian(out) if np.isfinite(out).any() else LINE_SIGMA
    return np.asarray(np.where(np.isfinite(out), out, usual))


def _windows(n: int) -> Iterator[tuple[slice, slice]]:
    """Windows over n key frames, and the part of each that is kept."""
    if n <= _WINDOW:
        yield slice(0, n), slice(0, n)
        return
    step = _WINDOW - _OVERLAP
    starts = list(range(0, n - _OVERLAP, step))
    for start in starts:
        stop = min(start + _WINDOW, n)
        first = 0 if start == 0 else _OVERLAP // 2
        last = stop - start if stop == n else stop - start - _OVERLAP // 2
        yield slice(start, stop), slice(first, last)


def _take(solved: Solved, kept: slice) -> Solved:
    return Solved(*(getattr(solved, name)[kept] for name in Solved.__slots__))
