"""How long and wide the pitch is, from markings whose size the Laws fix. No I/O.

Areas and circles have one size on every pitch of a kind. Where a picture shows one of them with the
halfway line, a touchline or the other end, it tells the distance between. Pictures are fitted anew on pitches
of other sizes, each with a homography of its own; the size on which landmarks and lines fit best is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.camera_model.markings import Markings, markings, offsets
from pipeline.calibration.evidence.pitch_evidence import Evidence, painted
from pipeline.calibration.initial_views.single_view import through_points
from pipeline.calibration.solver.observations import Observations, alone
from pipeline.calibration.solver.residuals import KEYPOINT_SIGMA, LINE_SIGMA, grounded, match_lines
from pipeline.calibration.solver.robust_fit import settle
from pipeline.calibration.solver.view_parameters import FreeViews
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_PICTURES, _MIN_LANDMARKS = 8, 6
_COARSE_M, _FINE_M = 4.0, (2.0, 1.0, 0.5, 0.25)
_AGREE, _REACH = 0.012, 0.006
_CAP = 9.0
"""A landmark or line point costs at most this much, in squared sigmas."""
_DEPENDENT = 9.0
"""Points on one line err together: this many say as much as one independent one."""
_STEP_M = 0.5
_TOLD_M = 1.0
"""A size less certain than this is not told by the markings."""


@dataclass(frozen=True, slots=True)
class PitchSize:
    """What the markings say: metres with their standard deviations; None where they do not tell."""

    length_m: float | None
    length_sd_m: float | None
    width_m: float | None
    width_sd_m: float | None


def measured_size(
    evidence: Sequence[Evidence], pitch: Pitch, lengths_m: tuple[float, float], widths_m: tuple[float, float]
) -> PitchSize:
    """Measure length and width of the pitch.

    Parameters
    ----------
    evidence
        Of any pictures; those with most landmarks are used.
    pitch
        What is painted on it, and what size it is taken for.
    lengths_m, widths_m
        Between what to look.
    """
    items = sorted((painted(e, pitch) for e in evidence), key=lambda e: -len(e.keypoint))
    items = _spread_out([e for e in items if len(e.keypoint) >= _MIN_LANDMARKS])
    if not items:
        return PitchSize(None, None, None, None)
    best = _from_landmarks(items, pitch, lengths_m, widths_m)
    views = _views(items, best)
    good = [k for k, view in enumerate(views) if view is not None]
    if not good:
        return PitchSize(None, None, None, None)
    fit = _Fit([items[k] for k in good], np.array([views[k] for k in good]), best)
    size = _descended(fit, np.array([best.length_m, best.width_m]), lengths_m, widths_m)
    return _with_errors(fit, size, lengths_m, widths_m)


class _Fit:
    """Costs of sizes, each fitted from the views of the best one before."""

    def __init__(self, items: list[Evidence], views: Array, pitch: Pitch) -> None:
        self._items, self._views, self._pitch = items, views, pitch
        self._known: dict[tuple[float, float], float] = {}

    def cost(self, size_m: Array) -> float:
        """Misfit of all pictures on a pitch of this length and width, in squared sigmas."""
        key = (round(float(size_m[0]), 4), round(float(size_m[1]), 4))
        if key not in self._known:
            self._known[key] = self._fitted(replace(self._pitch, length_m=key[0], width_m=key[1]))
        return self._known[key]

    def _fitted(self, pitch: Pitch) -> float:
        like = self._items[0]
        seen, marks = alone(self._items, pitch.keypoints_m()), markings(pitch)
        free = FreeViews(self._views, (like.width_px / 2, like.height_px / 2), like.width_px / 2)
        for reach in (2 * _REACH, _REACH):
            free, _ = settle(free, seen, marks, reach, rounds=6)
        return _points_cost(free.matrices(), seen) + _lines_cost(free.matrices(), seen, marks)


def _points_cost(views: Array, seen: Observations) -> float:
    at = np.einsum(
        "kij,kj->ki", views[seen.keypoint_frame], np.c_[seen.keypoint_m, np.ones(len(seen.keypoint_m))]
    )
    apart = np.linalg.norm(at[:, :2] / at[:, 2:] - seen.keypoint_px, axis=1) / (KEYPOINT_SIGMA * seen.unit_px)
    return float(np.minimum(apart**2, _CAP).sum())


def _lines_cost(views: Array, seen: Observations, marks: Markings) -> float:
    matched = match_lines(views, seen, marks, _REACH)
    inverse = inverted(views)[seen.line_frame[matched.point]]
    beside = offsets(grounded(inverse, seen.line_px[matched.point]), inverse, marks, matched.marking)
    apart = beside.residual_px / (LINE_SIGMA * seen.unit_px)
    missed = len(seen.line_px) - len(matched.point)
    return float(np.minimum(apart**2, _CAP).sum()) + _CAP * missed


def _spread_out(items: list[Evidence]) -> list[Evidence]:
    """Some of the pictures, chosen so that together they show every landmark as often as can be."""
    seen = np.zeros(32)
    left, out = list(items), list[Evidence]()
    while left and len(out) < _PICTURES:
        worth = [float((1 / (1 + seen[e.keypoint])).sum()) for e in left]
        chosen = left.pop(int(np.argmax(worth)))
        seen[chosen.keypoint] += 1
        out.append(chosen)
    return out


def _from_landmarks(
    items: list[Evidence], pitch: Pitch, lengths_m: tuple[float, float], widths_m: tuple[float, float]
) -> Pitch:
    """The size, of a coarse grid and the given one, on which most landmarks agree."""
    grid = [np.arange(low, high + 1e-6, _COARSE_M) for low, high in (lengths_m, widths_m)]
    sizes = [(pitch.length_m, pitch.width_m), *product(*grid)]
    worth = []
    for length, width in sizes:
        trial = replace(pitch, length_m=float(length), width_m=float(width))
        worth.append(sum(_agreement(item, trial) for item in items))
    length, width = sizes[int(np.argmax(worth))]
    return replace(pitch, length_m=float(length), width_m=float(width))


def _agreement(item: Evidence, pitch: Pitch) -> float:
    view = _view(item, pitch)
    if view is None:
        return 0.0
    return float((item.score * np.maximum(1 - _apart(item, view, pitch) ** 2, 0)).sum())


def _apart(item: Evidence, view: Array, pitch: Pitch) -> Array:
    """How far landmarks are from where a view puts them, in shares of what still agrees."""
    metres = pitch.keypoints_m()[item.keypoint]
    at = np.c_[metres, np.ones(len(metres))] @ view.T
    off = np.linalg.norm(at[:, :2] / at[:, 2:] - item.keypoints_px, axis=1)
    return np.asarray(off / (_AGREE * max(item.width_px, item.height_px)))


def _view(item: Evidence, pitch: Pitch) -> Array | None:
    """A homography through the landmarks that agree, ``image_from_pitch``."""
    metres, limit = pitch.keypoints_m()[item.keypoint], _AGREE * max(item.width_px, item.height_px)
    found, inside = cv2.findHomography(metres, item.keypoints_px, cv2.RANSAC, limit)
    if found is None or inside.sum() < _MIN_LANDMARKS - 1:
        return None
    on = inside[:, 0] > 0
    return through_points(metres[on], item.keypoints_px[on])


def _views(items: list[Evidence], pitch: Pitch) -> list[Array | None]:
    views = [_view(item, pitch) for item in items]
    return [v if v is not None and np.linalg.det(v) < 0 else None for v in views]


def _descended(
    fit: _Fit, size: Array, lengths_m: tuple[float, float], widths_m: tuple[float, float]
) -> Array:
    low, high = np.array([lengths_m, widths_m]).T
    for step in (_COARSE_M, *_FINE_M):
        for _ in range(6):
            tried = [size] + [
                np.clip(size + sign * step * axis, low, high) for axis in np.eye(2) for sign in (-1, 1)
            ]
            best = tried[int(np.argmin([fit.cost(s) for s in tried]))]
            if np.array_equal(best, size):
                break
            size = best
    return size


def _with_errors(
    fit: _Fit, size: Array, lengths_m: tuple[float, float], widths_m: tuple[float, float]
) -> PitchSize:
    """The size with its standard deviations, from how the cost grows on both sides of it."""
    told: list[tuple[float | None, float | None]] = []
    for axis, (low, high) in zip(np.eye(2), (lengths_m, widths_m), strict=True):
        here = fit.cost(size)
        before, after = (fit.cost(size + sign * _STEP_M * axis) for sign in (-1, 1))
        bend = max((before + after - 2 * here) / _STEP_M**2 / 2, 1e-9)
        at = float(size @ axis) + (before - after) / (4 * _STEP_M * bend)
        sd = float(np.hypot(np.sqrt(_DEPENDENT / bend), _FINE_M[-1] / 2))
        told.append((at, sd) if sd < _TOLD_M and low < at < high else (None, None))
    return PitchSize(*told[0], *told[1])
