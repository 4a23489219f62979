"""A camera that stands still through a shot: where it stands, and a first aim for each key frame. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.markings import markings
from pipeline.calibration.evidence.pitch_evidence import Evidence
from pipeline.calibration.initial_views.motion_following import follow
from pipeline.calibration.initial_views.orientation import (
    orient_like,
    orientation_from_landmarks,
    shift_sigma,
)
from pipeline.calibration.initial_views.shot_start import FirstViews
from pipeline.calibration.initial_views.single_view import AGREE
from pipeline.calibration.solver.chain_least_squares import covariances
from pipeline.calibration.solver.observations import alone
from pipeline.calibration.solver.residuals import keypoint_distances
from pipeline.calibration.solver.robust_fit import refine, settle_landmarks
from pipeline.calibration.solver.view_parameters import StillCamera, Views
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_T = TypeVar("_T", bound=np.generic)
_WEAK = np.array([25.0, 25.0, 12.0, 0.02, 0.03, 0.03])
"""How well a camera's position (m), roll and lean (rad) are known beforehand."""
_LEAST = np.array([0.1, 0.1, 0.1, 0.001, 0.001, 0.001])
_TRIALS, _TRIED_ON, _FITTED_ON = 16, 48, 160
_TRUST = 0.6
"""Share of a picture's landmarks that must agree with the camera standing where it stands."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a camera stands: its shared parameters ``(6,)`` (see `pinhole.image_from_pitch`) and how well
    they are known, ``sigma`` ``(6,)``.
    """

    shared: Array
    sigma: Array


def find_place(first: FirstViews, pitch: Pitch, known: Sequence[Place] = ()) -> Place | None:
    """Find the one place from which most first views are taken, or None without any.

    Places of single views, and ``known`` ones of other shots, are tried; the one that most landmarks
    agree with is then fitted to the landmarks and lines of all views that agree.
    """
    usable = np.array([k for k in first.found if first.cameras[k] is not None], dtype=np.intp)
    if len(usable) == 0:
        return None
    sample = _evenly(usable, _TRIED_ON)
    best, prior = _best(first, sample, pitch, known)
    rows = _evenly(usable, _FITTED_ON)
    seen = alone([first.evidence[k] for k in rows], pitch.keypoints_m())
    sigma = _WEAK if prior is None else prior.sigma
    expected = _upright(best) if prior is None else best
    camera, _ = settle_landmarks(
        camera_at(first.views[rows], first.evidence[0], best, expected, sigma), seen, 25
    )
    keep = _shares(camera, first, rows, pitch) >= _TRUST
    if not keep.any():
        return None
    seen = alone([first.evidence[k] for k in rows[keep]], pitch.keypoints_m())
    camera, system = refine(replace(camera, own=camera.own[keep]), seen, markings(pitch))
    spread = np.sqrt(np.maximum(np.diag(covariances(system)[2]), 0))
    return Place(camera.shared, np.clip(2 * spread, _LEAST, np.maximum(_WEAK, _LEAST)))


def orient_all(
    first: FirstViews, place: Place, links: Array, pitch: Pitch
) -> tuple[StillCamera, NDArray[np.intp], NDArray[np.bool_]]:
    """Aim the camera for every key frame that its landmarks or the motion reach.

    Returns
    -------
    The camera, the key frames that it covers ``(M,)``, and ``(N,)`` whose own landmarks agreed.
    """
    views = np.full_like(first.views, np.nan)
    trusted = np.zeros(len(first.views), bool)
    if len(first.found):
        camera = orient_like(first.views[first.found], first.evidence[0], place.shared)
        seen = alone([first.evidence[k] for k in first.found], pitch.keypoints_m())
        camera, _ = settle_landmarks(camera, seen, rounds=10)
        trusted[first.found] = _shares(camera, first, first.found, pitch) >= _TRUST
        views[first.found] = camera.matrices()
    for k in np.flatnonzero(~trusted):
        view = orientation_from_landmarks(first.evidence[k], place.shared, pitch)
        if view is not None:
            views[k], trusted[k] = view, True
    views = follow(views, trusted, links, first.evidence, place.shared, pitch)
    rows = np.flatnonzero(np.isfinite(views[:, 0, 0]))
    if len(rows) == 0:
        rows = np.zeros(0, np.intp)
    return camera_at(views[rows], first.evidence[0], place.shared, place.shared, place.sigma), rows, trusted


def camera_at(views: Array, like: Evidence, shared: Array, expected: Array, sigma: Array) -> StillCamera:
    """A camera standing at ``shared``, oriented to see what ``views`` ``(N, 3, 3)`` see."""
    oriented = orient_like(views, like, shared)
    off = shift_sigma(like.width_px, like.height_px)
    return StillCamera(oriented.own, shared, oriented.centre_px, expected, sigma, off)


def _best(
    first: FirstViews, sample: NDArray[np.intp], pitch: Pitch, known: Sequence[Place]
) -> tuple[Array, Place | None]:
    """Of the places of single views, their median and known ones: the one that most landmarks agree with."""
    places = np.array([c.position_m for k in sample if (c := first.cameras[k]) is not None])
    trials: list[tuple[Array, Place | None]] = [(place.shared, place) for place in known]
    trials += [(_upright(p), None) for p in (np.median(places, axis=0), *_evenly(places, _TRIALS))]
    seen = alone([first.evidence[k] for k in sample], pitch.keypoints_m())
    scores = []
    for shared, _ in trials:
        camera, _ = settle_landmarks(
            orient_like(first.views[sample], first.evidence[0], shared), seen, rounds=5
        )
        distance = keypoint_distances(camera.matrices(), seen) / (AGREE * seen.unit_px)
        scores.append(float(np.maximum(1 - distance**2 / 4, 0).sum()))
    return trials[int(np.argmax(scores))]


def _shares(camera: Views, first: FirstViews, rows: NDArray[np.intp], pitch: Pitch) -> Array:
    """Share of each picture's landmarks that agree with the camera; 1 where it has none."""
    seen = alone([first.evidence[k] for k in rows], pitch.keypoints_m())
    agree = keypoint_distances(camera.matrices(), seen) < 1.5 * AGREE * seen.unit_px
    n = np.bincount(seen.keypoint_frame, minlength=len(rows))
    return np.asarray(
        np.where(n > 0, np.bincount(seen.keypoint_frame, agree, len(rows)) / np.maximum(n, 1), 1.0)
    )


def _evenly(values: NDArray[_T], n: int) -> NDArray[_T]:
    return np.asarray(values[np.linspace(0, len(values) - 1, min(n, len(values))).astype(int)])


def _upright(shared: Array) -> Array:
    return np.concatenate([shared[:3], np.zeros(3)])
