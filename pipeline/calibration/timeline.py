"""From views of key frames to a view for every frame: carried by motion, or interpolated. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.accuracy import metres_per_px
from pipeline.calibration.matrices import inverted
from pipeline.calibration.residuals import MOTION_SIGMA
from pipeline.calibration.shot import ShotViews
from pipeline.calibration.single import picture_grid
from pipeline.geometry import orient, to_image, to_pitch, transform
from pipeline.pitch import Pitch
from pipeline.types import CameraView, ViewSource

Array = NDArray[np.float64]

_BLIND_SHARE = 0.1
"""Error of interpolating without motion, as a share of how far the picture moved."""
_MEASURED_M = 2.0
"""A key frame whose own picture fixes its view worse than this is carried by its neighbours: tracked."""


@dataclass(frozen=True, slots=True)
class ShotFrames:
    """All N frames of a shot: numbers, times, and ``motion`` ``(N, 3, 3)`` image_from_previous (NaN unknown).

    ``keys`` ``(K,)`` are the rows of the key frames, in order.
    """

    frame: NDArray[np.int64]
    time_s: Array
    motion: Array
    keys: NDArray[np.intp]
    size_px: tuple[int, int]


def links(shot: ShotFrames) -> Array:
    """Homographies between successive key frames, ``(K - 1, 3, 3)``, NaN where motion is unknown."""
    out = np.empty((max(len(shot.keys) - 1, 0), 3, 3))
    for i, (a, b) in enumerate(zip(shot.keys[:-1], shot.keys[1:], strict=True)):
        out[i] = _product(shot.motion[a + 1 : b + 1])
    return out


def every_frame(
    solved: ShotViews | None, shot: ShotFrames, max_gap_s: float, max_error_m: float, pitch: Pitch
) -> list[CameraView]:
    """Give every frame of a shot its view.

    A key frame whose picture shows the pitch well enough is ``measured``; frames that camera motion ties to
    such a frame are ``tracked``; frames between two views without known motion are ``interpolated``.
    The error grows with the distance to the nearest key frames. Views worse than ``max_error_m``, or
    further than ``max_gap_s`` from a key frame with a view, are ``none``.
    """
    n = len(shot.frame)
    if solved is None:
        return [CameraView(int(f), None, None, "none") for f in shot.frame]
    has = np.isfinite(solved.error_m)
    rows = shot.keys[has]
    place = dict(zip(rows.tolist(), np.flatnonzero(has).tolist(), strict=True))
    out = []
    for row in range(n):
        k = place.get(row)
        if k is not None:
            sure = bool(solved.touch[k]) and solved.own_error_m[k] <= _MEASURED_M
            source: ViewSource = "measured" if sure else "tracked"
            found: _Found = (solved.views[k], float(solved.error_m[k]), source)
        else:
            found = _between(row, rows, place, solved, shot, max_gap_s, pitch)
        out.append(_as_view(int(shot.frame[row]), found, shot.size_px, max_error_m, pitch))
    return out


_Found = tuple[Array, float, ViewSource] | None


def _between(
    row: int,
    rows: NDArray[np.intp],
    place: dict[int, int],
    solved: ShotViews,
    shot: ShotFrames,
    max_gap_s: float,
    pitch: Pitch,
) -> _Found:
    at = int(np.searchsorted(rows, row))
    before = int(rows[at - 1]) if at > 0 else None
    after = int(rows[at]) if at < len(rows) else None
    if before is not None and abs(shot.time_s[row] - shot.time_s[before]) > max_gap_s:
        before = None
    if after is not None and abs(shot.time_s[after] - shot.time_s[row]) > max_gap_s:
        after = None
    forward = (
        None if before is None else _carried(solved.views[place[before]], shot.motion[before + 1 : row + 1])
    )
    backward = None
    if after is not None:
        total = _product(shot.motion[row + 1 : after + 1])
        if np.isfinite(total).all():
            backward = _inverse(total) @ solved.views[place[after]]
    if before is not None and after is not None:
        if forward is not None and backward is not None:
            share = (row - before) / (after - before)
            between = _blend(forward, backward, share, shot.size_px)
            error = _blend_error(solved, place[before], place[after], share)
            drift = _drift(between, (row - before) * (1 - share), shot, pitch)
            return between, float(np.hypot(error, drift)), "tracked"
        if forward is None and backward is None and shot.time_s[after] - shot.time_s[before] <= max_gap_s:
            return _blind(row, before, after, place, solved, shot, pitch)
    for view, key in ((forward, before), (backward, after)):
        if view is not None and key is not None:
            drift = _drift(view, abs(row - key), shot, pitch)
            return view, float(np.hypot(solved.error_m[place[key]], drift)), "tracked"
    return None


def _blind(
    row: int,
    before: int,
    after: int,
    place: dict[int, int],
    solved: ShotViews,
    shot: ShotFrames,
    pitch: Pitch,
) -> _Found:
    first, second = solved.views[place[before]], solved.views[place[after]]
    share = float((shot.time_s[row] - shot.time_s[before]) / (shot.time_s[after] - shot.time_s[before]))
    view = _blend(first, second, share, shot.size_px)
    moved = float(np.abs(_corners_moved(first, second, shot.size_px)).max())
    error = _blend_error(solved, place[before], place[after], share)
    return (
        view,
        float(np.hypot(error, _BLIND_SHARE * moved * _scale(view, shot.size_px, pitch))),
        "interpolated",
    )


def _carried(view: Array, motion: Array) -> Array | None:
    total = _product(motion)
    return np.asarray(total @ view) if np.isfinite(total).all() else None


def _product(motion: Array) -> Array:
    total: Array = np.eye(3)
    for step in motion:
        total = np.asarray(step @ total, dtype=np.float64)
    return total


def _inverse(view: Array) -> Array:
    return inverted(view)


def _corners(size_px: tuple[int, int]) -> Array:
    width, height = size_px
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], float)


def _corners_moved(first: Array, second: Array, size_px: tuple[int, int]) -> Array:
    corners = _corners(size_px)
    between = second @ inverted(first)
    moved = transform(corners, orient(between, (size_px[0] / 2, size_px[1] / 2))) - corners
    return np.nan_to_num(moved, nan=np.inf)


def _blend(first: Array, second: Array, share: float, size_px: tuple[int, int]) -> Array:
    """Part of the way from one view to another: the picture's corners move evenly."""
    moved = _corners_moved(first, second, size_px)
    if not np.isfinite(moved).all():
        return first if share < 0.5 else second
    corners = _corners(size_px)
    part = cv2.getPerspectiveTransform(
        corners.astype(np.float32), (corners + share * moved).astype(np.float32)
    )
    return np.asarray(part @ first, dtype=np.float64)


def _blend_error(solved: ShotViews, before: int, after: int, share: float) -> float:
    return float((1 - share) * solved.error_m[before] + share * solved.error_m[after])


def _drift(view: Array, steps: float, shot: ShotFrames, pitch: Pitch) -> float:
    """Error that unknown drift of the measured motion adds over ``steps`` frames, m."""
    per_link = max(np.diff(shot.keys).mean() if len(shot.keys) > 1 else 1.0, 1.0)
    drift_px = MOTION_SIGMA * max(shot.size_px) * np.sqrt(max(steps, 0.0) / per_link)
    return float(drift_px * _scale(view, shot.size_px, pitch))


def _scale(view: Array, size_px: tuple[int, int], pitch: Pitch) -> float:
    """Metres a pixel, median over the visible pitch; 0 where none is visible."""
    grid = picture_grid(*size_px)
    pitch_from_image = _inverse(view)
    grid = grid[pitch.contains(to_pitch(grid, pitch_from_image))]
    if not len(grid):
        return 0.0
    return float(np.median(np.sqrt(np.abs(np.linalg.det(metres_per_px(grid, pitch_from_image))))))


def _as_view(
    frame: int, found: _Found, size_px: tuple[int, int], max_error_m: float, pitch: Pitch
) -> CameraView:
    nothing = CameraView(frame, None, None, "none")
    if found is None or not np.isfinite(found[0]).all() or not found[1] <= max_error_m:
        return nothing
    image_from_pitch, error_m, source = found
    pitch_from_image = _inverse(image_from_pitch)
    seen = _visible_point(pitch_from_image, size_px, pitch)
    if seen is None:
        return nothing
    return CameraView(frame, orient(pitch_from_image, seen), float(error_m), source)


def _visible_point(
    pitch_from_image: Array, size_px: tuple[int, int], pitch: Pitch
) -> tuple[float, float] | None:
    """Find a pixel that shows the pitch; None if the view shows none of it."""
    grid = picture_grid(*size_px)
    for sign in (1.0, -1.0):
        ground = to_pitch(grid, sign * pitch_from_image)
        inside = np.flatnonzero(pitch.contains(ground))
        back = to_image(ground[inside], sign * pitch_from_image)
        if len(inside) and np.isfinite(back).all():
            return float(grid[inside[-1], 0]), float(grid[inside[-1], 1])
    return None
