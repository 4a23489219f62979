"""Views of the frames between two key frames, from the motion on both sides. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm, logm

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.initial_views.single_view import apart_m, each_apart_m
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_BLIND_SHARE = 0.1
"""Without motion, how far off a frame between two views may be, as a share of how far apart these are."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What both sides say of each frame between two views: ``forward`` and ``backward`` ``(m, 3, 3)``.

    ``moved_m``: how far the picture moved where the motion is unknown, metres; None where it is known.
    """

    forward: Array
    backward: Array
    moved_m: float | None


def both_sides(
    before: Array, after: Array, motion: Array, back: Array, size_px: tuple[int, int], pitch: Pitch
) -> Sides:
    """Carry the views of two key frames to each of the m frames between them.

    Parameters
    ----------
    before, after
        ``(3, 3)`` image_from_pitch of the key frames.
    motion, back
        ``(m + 1, 3, 3)``: image_from_previous of the frames between and of the second key frame, NaN where
        unknown; and inverted.
    """
    unknown, moved_m = np.flatnonzero(~np.isfinite(motion).all(axis=(1, 2))), None
    if len(unknown):
        motion, moved_m = _bridged(before, after, motion, unknown, size_px, pitch)
        back = inverted(motion)
    m = len(motion) - 1
    forward, backward = np.empty((m, 3, 3)), np.empty((m, 3, 3))
    view = before
    for j in range(m):
        view = forward[j] = motion[j] @ view
    view = after
    for j in range(m - 1, -1, -1):
        view = backward[j] = back[j + 1] @ view
    return Sides(forward, backward, moved_m)


def blended(
    forward: Array,
    backward: Array,
    share: Array,
    moved_m: Array | None,
    size_px: tuple[int, int],
    pitch: Pitch,
) -> tuple[Array, Array]:
    """Blend what both sides say of m frames: views ``(m, 3, 3)``, and how far apart they are ``(m,)``, m.

    Parameters
    ----------
    forward, backward
        ``(m, 3, 3)`` image_from_pitch, as `Sides` has them.
    share
        ``(m,)``: how far along in time each frame is, 0 to 1.
    moved_m
        ``(m,)``: how far the picture moved unseen, NaN where the motion is known; None where it is for all.
    """
    forward, backward = _unit(forward), _unit(backward)
    views = (1 - share)[:, None, None] * forward + share[:, None, None] * backward
    off_m = each_apart_m(forward, backward, size_px, pitch)
    if moved_m is not None:
        off_m = np.where(np.isnan(moved_m), off_m, _BLIND_SHARE * moved_m * 2)
    return views, off_m


def _bridged(
    before: Array,
    after: Array,
    motion: Array,
    unknown: NDArray[np.intp],
    size_px: tuple[int, int],
    pitch: Pitch,
) -> tuple[Array, float]:
    """Fill unknown motion with the even motion from one view to the other; and how far that is, metres."""
    first, last = unknown[0], unknown[-1]
    start, end = before, after
    for j in range(first):
        start = motion[j] @ start
    for j in range(len(motion) - 1, last, -1):
        end = inverted(motion[j]) @ end
    total = _unit((end @ inverted(start))[None])[0]
    n = last - first + 1
    step = expm(logm(total) / n)
    if np.abs(step.imag).max() > 1e-6 * np.abs(step.real).max():
        step = np.eye(3) + (total - np.eye(3)) / n
    out = motion.copy()
    out[first : last + 1] = step.real
    return out, apart_m(start, end, size_px, pitch)


def _unit(views: Array) -> Array:
    """Scale homographies to determinant 1 or -1, so that near ones can be averaged."""
    return np.asarray(views / np.cbrt(np.abs(np.linalg.det(views)))[:, None, None])
