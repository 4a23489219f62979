"""From views of key frames to a view of every frame of a shot, each with its source and error. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.covariance import carried, even
from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.camera_model.many_views import medians, on_ground
from pipeline.calibration.initial_views.single_view import picture_grid
from pipeline.calibration.sequence.view_interpolation import blended, both_sides
from pipeline.calibration.solver.residuals import KEY_STEP_S, MOTION_SIGMA
from pipeline.calibration.uncertainty.view_error import ground_errors
from pipeline.core.camera_lens import STRAIGHT, Lens
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Keys:
    """The key frames of a shot that have a view.

    ``row`` ``(K,)``: their place among the shot's frames, growing. ``views`` ``(K, 3, 3)``
    image_from_pitch, ``spread`` ``(K, 8, 8)``, ``measured`` ``(K,)``: the picture alone carries the view,
    ``touch`` ``(K,)``: it shows at least something of the pitch.
    """

    row: NDArray[np.intp]
    views: Array
    spread: Array
    measured: NDArray[np.bool_]
    touch: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Limits:
    """How far views are carried: the longest time without sight of the pitch, and the largest error."""

    max_gap_s: float
    max_error_m: float


@dataclass(frozen=True, slots=True)
class FilledViews:
    """For each of a shot's N frames: ``views`` ``(N, 3, 3)`` image_from_pitch and ``spread`` ``(N, 8, 8)``,
    NaN without; ``error_m`` ``(N,)``, infinite without; ``source`` ``(N,)``: measured, tracked, interpolated
    or none.
    """

    views: Array
    spread: Array
    error_m: Array
    source: NDArray[np.str_]


def fill(
    time_s: Array,
    motion: Array,
    keys: Keys,
    size_px: tuple[int, int],
    pitch: Pitch,
    limits: Limits,
    lens: Lens = STRAIGHT,
) -> FilledViews:
    """Give every frame of a shot a view where the motion, or two key frames around it, allow.

    Parameters
    ----------
    time_s
        ``(N,)`` of the shot's frames.
    motion
        ``(N, 3, 3)`` image_from_previous, of straightened pictures, NaN where unknown.
    lens
        How the pictures are bent.
    """
    out = FilledViews(
        np.full((len(time_s), 3, 3), np.nan),
        np.full((len(time_s), 8, 8), np.nan),
        np.full(len(time_s), np.inf),
        np.full(len(time_s), "none", dtype="<U12"),
    )
    out.views[keys.row], out.spread[keys.row] = keys.views, keys.spread
    out.source[keys.row] = np.where(keys.measured, "measured", "tracked")
    _put_between(out, time_s, motion, keys, size_px, pitch)
    if len(keys.row):
        _carry(out, time_s, motion, keys.row[-1], 1, size_px, pitch)
        _carry(out, time_s, motion, keys.row[0], -1, size_px, pitch)
    seen = np.flatnonzero(np.isfinite(out.views[:, 0, 0]))
    out.error_m[seen] = ground_errors(out.views[seen], out.spread[seen], size_px, pitch, lens)
    lost = ~(_in_sight(time_s, keys, limits.max_gap_s) & (out.error_m <= limits.max_error_m))
    out.views[lost], out.spread[lost], out.error_m[lost], out.source[lost] = np.nan, np.nan, np.inf, "none"
    return out


def _put_between(
    out: FilledViews, time_s: Array, motion: Array, keys: Keys, size_px: tuple[int, int], pitch: Pitch
) -> None:
    """Fill the frames between key frames."""
    back = _inverted_known(motion)
    n = len(time_s)
    forward, backward, moved_m = np.full((n, 3, 3), np.nan), np.full((n, 3, 3), np.nan), np.full(n, np.nan)
    for i, (a, b) in enumerate(zip(keys.row[:-1].tolist(), keys.row[1:].tolist(), strict=True)):
        inner, along = slice(a + 1, b), slice(a + 1, b + 1)
        found = both_sides(keys.views[i], keys.views[i + 1], motion[along], back[along], size_px, pitch)
        forward[inner], backward[inner] = found.forward, found.backward
        out.source[inner] = "tracked" if found.moved_m is None else "interpolated"
        moved_m[inner] = np.nan if found.moved_m is None else found.moved_m
    row = np.flatnonzero(np.isfinite(forward[:, 0, 0]))
    if not len(row):
        return
    key = np.searchsorted(keys.row, row) - 1
    first_s, last_s = time_s[keys.row[key]], time_s[keys.row[key + 1]]
    share = (time_s[row] - first_s) / np.maximum(last_s - first_s, 1e-9)
    views, off_m = blended(forward[row], backward[row], share, moved_m[row], size_px, pitch)
    out.views[row] = views
    out.spread[row] = _blended_spread(keys, key, views, off_m, share, size_px, pitch)


def _inverted_known(motion: Array) -> Array:
    out = np.full_like(motion, np.nan)
    known = np.isfinite(motion).all(axis=(1, 2))
    out[known] = inverted(motion[known])
    return out


def _carry(
    out: FilledViews,
    time_s: Array,
    motion: Array,
    start: int,
    step: int,
    size_px: tuple[int, int],
    pitch: Pitch,
) -> None:
    """Follow the motion away from the first or last key frame, with a growing error, until it is unknown."""
    k = start
    while 0 <= k + step < len(time_s):
        link = motion[k + 1] if step == 1 else motion[k]
        if not np.isfinite(link).all():
            return
        out.views[k + step] = (link if step == 1 else inverted(link)) @ out.views[k]
        k += step
        drift_px = MOTION_SIGMA * max(size_px) * abs(time_s[k] - time_s[start]) / KEY_STEP_S
        moved = out.views[k] @ inverted(out.views[start])
        out.spread[k] = (carried(out.spread[start], moved[None]) + even(np.array([drift_px])))[0]
        out.source[k] = "tracked"


def _blended_spread(
    keys: Keys,
    i: NDArray[np.intp],
    views: Array,
    off_m: Array,
    share: Array,
    size_px: tuple[int, int],
    pitch: Pitch,
) -> Array:
    """Spreads of frames between key frames ``i`` and i + 1: theirs, carried there and weighed by time, and
    what the two sides disagree by.
    """
    back = inverted(keys.views)
    before = carried(keys.spread[i], views @ back[i])
    after = carried(keys.spread[i + 1], views @ back[i + 1])
    part = share[:, None, None]
    apart_px = 2 * share * (1 - share) * off_m / _metres_per_px(back, size_px, pitch)[i]
    return np.asarray((1 - part) * before + part * after + even(apart_px))


def _metres_per_px(pitch_from_image: Array, size_px: tuple[int, int], pitch: Pitch) -> Array:
    """Typical size of a pixel on the visible pitch by N views, metres; infinite if none is visible."""
    at, w = on_ground(picture_grid(*size_px), pitch_from_image)
    on = pitch.contains(at.reshape(-1, 2)).reshape(w.shape)
    by_px = pitch_from_image[:, None, :2, :2] - at[..., :, None] * pitch_from_image[:, None, 2:, :2]
    size = medians(np.sqrt(np.abs(np.linalg.det(by_px / w[..., None, None]))), on)
    return np.where(np.isnan(size), np.inf, size)


def _in_sight(time_s: Array, keys: Keys, max_gap_s: float) -> NDArray[np.bool_]:
    """Which frames lie in a gap of at most ``max_gap_s`` between sights, or half that after one."""
    sights = time_s[keys.row[keys.touch]]
    if len(sights) == 0:
        return np.zeros(len(time_s), bool)
    after = np.searchsorted(sights, time_s, side="left")
    later = np.where(after < len(sights), sights[np.minimum(after, len(sights) - 1)], np.inf)
    before = np.searchsorted(sights, time_s, side="right") - 1
    earlier = np.where(before >= 0, sights[np.maximum(before, 0)], -np.inf)
    gap = later - earlier
    one_sided = 2 * np.minimum(later - time_s, time_s - earlier)
    return np.asarray(np.where(np.isfinite(gap), gap, one_sided) <= max_gap_s + 1e-9)
