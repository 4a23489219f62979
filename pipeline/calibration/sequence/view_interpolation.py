"""Views of the frames between two key frames, from the motion on both sides. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm, logm

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.initial_views.single_view import apart_m
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_BLIND_SHARE = 0.1
"""Without motion, how far off a frame between two views may be, as a share of how far apart these are."""


@dataclass(frozen=True, slots=True)
class Between:
    """``views`` ``(m, 3, 3)`` image_from_pitch; ``off_m`` ``(m,)``: how far the two sides disagree in each
    frame, metres over the visible pitch; ``followed``: the motion is known all the way.
    """

    views: Array
    off_m: Array
    followed: bool


def between(
    before: Array, after: Array, motion: Array, share: Array, size_px: tuple[int, int], pitch: Pitch
) -> Between:
    """Carry both views to each frame between them and blend the two.

    Parameters
    ----------
    before, after
        ``(3, 3)`` image_from_pitch of the two key frames.
    motion
        ``(m + 1, 3, 3)`` image_from_previous of the frames between and of the second key frame.
    share
        ``(m,)``: how far along in time each frame is, 0 to 1.
    """
    unknown = np.flatnonzero(~np.isfinite(motion).all(axis=(1, 2)))
    if len(unknown):
        motion, moved_m = _bridged(before, after, motion, unknown, size_px, pitch)
    forward, backward = np.empty((len(share), 3, 3)), np.empty((len(share), 3, 3))
    view = before
    for j in range(len(share)):
        view = forward[j] = motion[j] @ view
    view = after
    for j in range(len(share) - 1, -1, -1):
        view = backward[j] = inverted(motion[j + 1]) @ view
    forward, backward = _unit(forward), _unit(backward)
    views = (1 - share)[:, None, None] * forward + share[:, None, None] * backward
    if len(unknown):
        return Between(views, np.full(len(share), _BLIND_SHARE * moved_m * 2), False)
    off = [apart_m(f, b, size_px, pitch) for f, b in zip(forward, backward, strict=True)]
    return Between(views, np.array(off), True)


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
