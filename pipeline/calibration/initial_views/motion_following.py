"""Following a camera whose place is known, by its motion and the painted lines. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.camera_model.markings import markings
from pipeline.calibration.camera_model.pinhole import image_from_pitch
from pipeline.calibration.evidence.chamfer import chamfer_score
from pipeline.calibration.evidence.pitch_evidence import Evidence
from pipeline.calibration.initial_views.orientation import orient_like, shift_sigma
from pipeline.calibration.solver.line_support import line_support
from pipeline.calibration.solver.observations import alone
from pipeline.calibration.solver.robust_fit import settle
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_MIN_SUPPORT = 0.7
_REACHES = (0.02, 0.01)
_LOOSE = np.array([0.004, 0.004, 0.008, 0.008])
"""How far pan, tilt (rad), zoom (log) and shift stray in one key frame from where the motion puts them."""
_LOST_SUPPORT = 0.6
"""A followed view whose markings are seen less than this has lost the lines."""
_DRAWN, _FITTED, _MIN_POINTS = 3_000, 4, 60
_AROUND = np.array([0.07, 0.05, 0.15, 0.0])
"""How far around a lost view to look: pan, tilt (rad) and zoom (log)."""


def follow(
    views: Array,
    known: NDArray[np.bool_],
    links: Array,
    evidence: Sequence[Evidence],
    shared: Array,
    pitch: Pitch,
) -> Array:
    """Carry known views to frames without one, step by step, holding on to the painted lines on the way.

    Parameters
    ----------
    views
        ``(N, 3, 3)`` image_from_pitch; those not ``known`` are ignored.
    links
        ``(N - 1, 3, 3)`` motion from each frame to the next, NaN where unknown.

    Returns
    -------
    ``(N, 3, 3)``, NaN where neither side reaches; each frame is reached from its nearer known side.
    """
    n = len(views)
    out = np.where(known[:, None, None], views, np.nan)
    far = n + 1
    distance = np.where(known, 0, far)
    ahead = _steps(distance, links, 1)
    behind = _steps(distance, links, -1)
    for order, step, reach, other in (
        (range(1, n), 1, ahead, behind),
        (range(n - 2, -1, -1), -1, behind, ahead),
    ):
        for k in order:
            if known[k] or reach[k] >= far or reach[k] > other[k] or (step == -1 and reach[k] == other[k]):
                continue
            link = links[k - 1] if step == 1 else inverted(links[k])
            out[k] = _held(link @ out[k - step], evidence[k], shared, pitch)
            if line_support(out[k], evidence[k], pitch) < _LOST_SUPPORT:
                out[k] = _found_again(out[k], evidence[k], shared, pitch)
    return out


def _steps(distance: NDArray[np.int64], links: Array, step: int) -> NDArray[np.int64]:
    out = distance.copy()
    n = len(out)
    for k in range(1, n) if step == 1 else range(n - 2, -1, -1):
        link = links[k - 1] if step == 1 else links[k]
        if np.isfinite(link).all():
            out[k] = min(out[k], out[k - step] + 1)
    return out


def _held(view: Array, evidence: Evidence, shared: Array, pitch: Pitch) -> Array:
    """A carried view, turned to the lines and landmarks near by."""
    oriented = orient_like(view[None], evidence, shared)
    off = shift_sigma(evidence.width_px, evidence.height_px)
    camera = replace(oriented, expected=oriented.own, sigma=np.minimum(_LOOSE, [1, 1, 1, off]))
    seen = alone([evidence], pitch.keypoints_m())
    for reach in _REACHES:
        camera, _ = settle(camera, seen, markings(pitch), reach, rounds=6)
    held = camera.matrices()[0]
    # people and shadows can pull a view off its lines: then the motion alone is better
    worse = line_support(held, evidence, pitch) < line_support(view, evidence, pitch) - 0.05
    return np.asarray(view if worse else held)


def _found_again(view: Array, evidence: Evidence, shared: Array, pitch: Pitch) -> Array:
    """Look around a view that lost the lines for an aim that meets them; the same view if there is none."""
    if len(evidence.line_px) < _MIN_POINTS:
        return view
    centre = (evidence.width_px / 2, evidence.height_px / 2)
    drawn = np.random.default_rng(0).uniform(-1, 1, (_DRAWN, 4)) * _AROUND
    own = orient_like(view[None], evidence, shared).own + drawn
    score = chamfer_score(image_from_pitch(own, shared, centre), evidence, pitch)
    best, best_support = view, max(line_support(view, evidence, pitch), _MIN_SUPPORT)
    for k in np.argsort(-score)[:_FITTED]:
        trial = _held(image_from_pitch(own[k], shared, centre)[0], evidence, shared, pitch)
        support = line_support(trial, evidence, pitch)
        if support > best_support:
            best, best_support = trial, support
    return best
