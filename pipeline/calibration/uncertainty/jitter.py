"""How steady views are from frame to frame: what someone who stands still would seem to do. No I/O."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.initial_views.single_view import picture_grid
from pipeline.core.geometry import to_pitch, transform
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]


def jitter_m(pitch_from_image: Array, motion: Array, size_px: tuple[int, int], pitch: Pitch) -> Array:
    """How far points that stand still on the visible pitch seem to move from one frame to the next.

    A point of the pitch is shown in a frame where its view says; the measured camera motion carries that
    place into the next picture, whose view puts it back on the pitch: the distance is what the two views
    differ by beyond the camera's motion.

    Parameters
    ----------
    pitch_from_image
        ``(N, 3, 3)`` of successive frames, NaN where there is none.
    motion
        ``(N, 3, 3)`` image_from_previous, NaN at cuts and where unknown.

    Returns
    -------
    ``(N,)`` metres: the median over the pitch that a frame shows, against the frame before; NaN without both
    views or without motion.
    """
    grid = picture_grid(*size_px)
    out = np.full(len(motion), np.nan)
    known = np.isfinite(pitch_from_image[:, 0, 0])
    for k in np.flatnonzero(known[1:] & known[:-1] & np.isfinite(motion[1:, 0, 0])) + 1:
        before = to_pitch(grid, pitch_from_image[k - 1])
        after = to_pitch(transform(grid, motion[k]), pitch_from_image[k])
        on = pitch.contains(before) & np.isfinite(after[:, 0])
        if on.any():
            out[k] = np.median(np.linalg.norm(after[on] - before[on], axis=1))
    return out


def side_flips(pitch_from_image: Array, shot: NDArray[np.int64], size_px: tuple[int, int]) -> int:
    """Count successive views of one shot that disagree on which way along the pitch is right.

    Parameters
    ----------
    pitch_from_image
        ``(N, 3, 3)``, NaN where there is none: those are passed over.
    """
    known = np.flatnonzero(np.isfinite(pitch_from_image[:, 0, 0]))
    centre = np.array([[size_px[0] / 2, size_px[1] * 0.6], [size_px[0] / 2 + 8, size_px[1] * 0.6]])
    ways = [np.diff(to_pitch(centre, view), axis=0)[0] for view in pitch_from_image[known]]
    pairs = zip(known[:-1], known[1:], ways[:-1], ways[1:], strict=True)
    return sum(bool(shot[a] == shot[b] and one @ other < 0) for a, b, one, other in pairs)
