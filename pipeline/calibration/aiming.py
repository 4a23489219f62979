"""Aiming a camera whose place is known: at two landmarks, or by following its motion and the lines. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera import aim, image_from_pitch
from pipeline.calibration.closeness import closeness
from pipeline.calibration.evidence import Evidence
from pipeline.calibration.fit import settle
from pipeline.calibration.markings import markings
from pipeline.calibration.residuals import alone
from pipeline.calibration.single import AGREE
from pipeline.calibration.support import line_support
from pipeline.calibration.views import AimedCamera
from pipeline.geometry import transform
from pipeline.pitch import Pitch

Array = NDArray[np.float64]

_MIN_SUPPORT = 0.7
_LOST_SUPPORT = 0.6
"""A followed view whose markings are seen less than this has lost the lines."""
_DRAWN, _FITTED, _MIN_POINTS = 3_000, 4, 60
_AROUND = np.array([0.07, 0.05, 0.15, 0.0])
"""How far around a lost view to look: pan, tilt (rad) and zoom (log)."""
_APART = 0.08
"""Two landmarks aim a camera only if they are this share of the picture's longer side apart."""
_FOCAL = (0.4, 15.0)
_REACHES = (0.02, 0.01)
_LOOSE = np.array([0.004, 0.004, 0.008, 0.008])
"""How far pan, tilt (rad), zoom (log) and shift stray from where the motion puts them, in one key frame step."""


def shift_sigma(width_px: int, height_px: int) -> float:
    """How far off the middle a principal point may be, in focal lengths.

    A picture narrower than 3 : 2 was likely cut from one of 16 : 9; anything else is taken whole.
    """
    return 0.1 if width_px < 1.5 * height_px else 1e-4


def aim_at_landmarks(evidence: Evidence, shared: Array, pitch: Pitch) -> Array | None:
    """Aim a camera that stands at ``shared`` by two landmarks of a picture; the lines must confirm it.

    Returns
    -------
    ``image_from_pitch`` of the pair whose view the painted lines confirm best, or None.
    """
    unit = max(evidence.width_px, evidence.height_px)
    centre = (evidence.width_px / 2, evidence.height_px / 2)
    metres = pitch.keypoints_m()[evidence.keypoint]
    pairs = [
        (i, j)
        for i, j in combinations(range(len(metres)), 2)
        if np.linalg.norm(evidence.keypoints_px[i] - evidence.keypoints_px[j]) > _APART * unit
    ]
    if not pairs:
        return None
    rays = np.c_[metres, np.zeros(len(metres))] - shared[:3]
    rays /= np.linalg.norm(rays, axis=1, keepdims=True)
    own = np.array([_from_pair(rays[[i, j]], evidence.keypoints_px[[i, j]] - centre) for i, j in pairs])
    focal = np.exp(own[:, 2]) / unit
    real = (focal > _FOCAL[0]) & (focal < _FOCAL[1])
    if not real.any():
        return None
    chosen = [_only(evidence, [i, j]) for (i, j), good in zip(pairs, real, strict=True) if good]
    sigma = np.array([np.inf, np.inf, np.inf, shift_sigma(evidence.width_px, evidence.height_px)])
    camera = AimedCamera(own[real], shared, centre, np.zeros_like(own[real]), sigma)
    own = settle(camera, alone(chosen, pitch.keypoints_m()), None, 0.0, rounds=5)[0].own
    best, worth = None, 0.0
    for view in image_from_pitch(own, shared, centre):
        gap = np.linalg.norm(transform(metres, view) - evidence.keypoints_px, axis=1)
        agree = float((gap < 1.5 * AGREE * unit).mean())
        support = line_support(view, evidence, pitch)
        if agree * len(metres) >= 2 and support > _MIN_SUPPORT and agree + support > worth:
            best, worth = view, agree + support
    return best


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
    for order, step, reach, other in ((range(1, n), 1, ahead, behind), (range(n - 2, -1, -1), -1, behind, ahead)):
        for k in order:
            if known[k] or reach[k] >= far or reach[k] > other[k] or (step == -1 and reach[k] == other[k]):
                continue
            link = links[k - 1] if step == 1 else np.linalg.inv(links[k])
            out[k] = _held(link @ out[k - step], evidence[k], shared, pitch)
            if line_support(out[k], evidence[k], pitch) < _LOST_SUPPORT:
                out[k] = _found_again(out[k], evidence[k], shared, pitch)
    return out


def _only(evidence: Evidence, which: list[int]) -> Evidence:
    """Evidence with only some of its landmarks, and those certain."""
    return replace(
        evidence,
        keypoint=evidence.keypoint[which],
        keypoints_px=evidence.keypoints_px[which],
        score=np.ones(len(which)),
    )


def _steps(distance: NDArray[np.int64], links: Array, step: int) -> NDArray[np.int64]:
    out = distance.copy()
    n = len(out)
    for k in range(1, n) if step == 1 else range(n - 2, -1, -1):
        link = links[k - 1] if step == 1 else links[k]
        if np.isfinite(link).all():
            out[k] = min(out[k], out[k - step] + 1)
    return out


def _held(view: Array, evidence: Evidence, shared: Array, pitch: Pitch) -> Array:
    """A carried view, aimed at the lines and landmarks near by."""
    centre = (evidence.width_px / 2, evidence.height_px / 2)
    off = shift_sigma(evidence.width_px, evidence.height_px)
    own = aim(view[None], shared, centre, off > 0.01)
    camera = AimedCamera(own, shared, centre, own, np.minimum(_LOOSE, [1, 1, 1, off]))
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
    off = shift_sigma(evidence.width_px, evidence.height_px)
    own = aim(view[None], shared, centre, off > 0.01) + drawn
    worth = closeness(image_from_pitch(own, shared, centre), evidence, pitch)
    best, best_support = view, max(line_support(view, evidence, pitch), _MIN_SUPPORT)
    for k in np.argsort(-worth)[:_FITTED]:
        trial = _held(image_from_pitch(own[k], shared, centre)[0], evidence, shared, pitch)
        support = line_support(trial, evidence, pitch)
        if support > best_support:
            best, best_support = trial, support
    return best


def _from_pair(rays: Array, offsets_px: Array) -> Array:
    """Pan, tilt, log focal length of a level camera that sees two rays at two offsets from its centre."""
    angle = np.arccos(np.clip(rays[0] @ rays[1], -1, 1))
    gap = float(np.linalg.norm(offsets_px[0] - offsets_px[1]))
    focal = gap / max(2 * np.tan(angle / 2), 1e-6)
    for _ in range(3):
        seen = np.c_[offsets_px, np.full(2, focal)]
        seen /= np.linalg.norm(seen, axis=1, keepdims=True)
        focal *= np.arccos(np.clip(seen[0] @ seen[1], -1, 1)) / max(angle, 1e-6)
    ray, offset = rays.mean(axis=0), offsets_px.mean(axis=0)
    pan = np.arctan2(-ray[0], ray[1]) + np.arctan2(offset[0], focal)
    tilt = np.arctan2(-ray[2], np.hypot(ray[0], ray[1])) - np.arctan2(offset[1], np.hypot(focal, offset[0]))
    return np.array([pan, tilt, np.log(max(focal, 1e-3)), 0.0])
