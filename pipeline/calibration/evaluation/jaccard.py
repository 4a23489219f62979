"""The Jaccard index of projected markings (JaC), after the SoccerNet camera calibration task. No I/O.

There: a marking is found when all its annotated points lie within t px (at 960 x 540) of where the view
projects it; one that is projected but not annotated, or annotated and projected elsewhere, is a false one;
one that is annotated but not projected is missed. A picture's index is found / (found + false + missed); the
score is the mean over pictures with a view.

Here people marked landmarks, not markings. What is annotated follows from the view through a picture's own
labels: a marking's points in the picture, a metre apart, as far as the labels pin them down (a standard
deviation under t / 2). Markings that the labels leave more uncertain count neither way. The 20 markings on
the ground count; goal frames have no labels. A view of the wrong end is wrong: unlike there, the
better of the two ends is not chosen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.covariance import offsets_px2
from pipeline.calibration.camera_model.homography import inverted
from pipeline.core.geometry import transform
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

WIDTH_PX = 960
_N_MARKINGS = 20
"""Of `Pitch.lines_m`: all but the corner arcs."""
_STEP_M, _FINE_M = 1.0, 0.25
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Confusion:
    """Markings of one picture that were found, are false, or were missed."""

    found: int
    false: int
    missed: int

    @property
    def index(self) -> float:
        """The Jaccard index, 0 to 1; NaN where there is nothing to count."""
        total = self.found + self.false + self.missed
        return self.found / total if total else float("nan")


def confusion(
    view: Array, truth: Array, truth_spread: Array, size_px: tuple[int, int], limit_px: float, pitch: Pitch
) -> Confusion:
    """Compare where two views put the markings.

    Parameters
    ----------
    view, truth
        image_from_pitch, ``(3, 3)``, oriented.
    truth_spread
        ``(8, 8)``: how certain ``truth`` is.
    limit_px
        Largest distance, in px of a picture `WIDTH_PX` wide.
    """
    scale = WIDTH_PX / size_px[0]
    found = false = missed = 0
    for coarse, fine in zip(pitch.lines_m(_STEP_M)[:_N_MARKINGS], pitch.lines_m(_FINE_M), strict=False):
        projected, annotated = transform(fine, view), _inside(transform(coarse, truth), size_px)
        shown = len(_inside(projected, size_px)) >= _FEWEST
        spread = scale**2 * np.trace(offsets_px2(annotated, truth_spread), axis1=1, axis2=2) / 2
        certain = annotated[spread < (limit_px / 2) ** 2]
        if len(certain) < _FEWEST:
            false += shown and len(annotated) == 0 and _surely_outside(fine, truth, truth_spread, size_px)
        elif not shown:
            missed += 1
        elif (_distances(certain, projected) * scale < limit_px).all():
            found += 1
        else:
            false += 1
    return Confusion(found, int(false), missed)


def label_spread(pixels: Array, sigma_px: float) -> Array:
    """Spread ``(8, 8)`` of the view fitted to hand-marked points (N >= 4) that are off by ``sigma_px``."""
    x, y = pixels.T / 1000
    one, zero = np.ones_like(x), np.zeros_like(x)
    rows = np.concatenate(
        [
            np.column_stack([x, y, one, zero, zero, zero, -x * x, -x * y]),
            np.column_stack([zero, zero, zero, x, y, one, -x * y, -y * y]),
        ]
    )
    return np.asarray(inverted(rows.T @ rows + 1e-9 * np.eye(8)) * (sigma_px / 1000) ** 2)


def _surely_outside(fine: Array, truth: Array, spread: Array, size_px: tuple[int, int]) -> bool:
    """Whether a marking that the labels do not put into the picture is certainly not just beyond its edge."""
    at = transform(fine, truth)
    at = at[np.isfinite(at[:, 0])]
    if len(at) == 0:
        return True
    sigma = np.sqrt(np.trace(offsets_px2(at, spread), axis1=1, axis2=2))
    beyond = np.maximum(np.maximum(-at, at - np.array(size_px)), 0)
    return bool((np.linalg.norm(beyond, axis=1) > 2 * sigma).all())


def _inside(points: Array, size_px: tuple[int, int]) -> Array:
    with np.errstate(invalid="ignore"):
        keep = ((points >= 0) & (points < size_px)).all(axis=1)
    return np.asarray(points[keep])


def _distances(points: Array, line: Array) -> Array:
    """Distance of each of ``(N, 2)`` to a polyline; its parts behind the camera (NaN) are left out."""
    a, b = line[:-1], line[1:]
    ok = np.isfinite(a[:, 0]) & np.isfinite(b[:, 0])
    a, along = a[ok], (b - a)[ok]
    share = ((points[:, None] - a) * along).sum(axis=2) / np.maximum((along**2).sum(axis=1), 1e-12)
    nearest = a + np.clip(share, 0, 1)[..., None] * along
    return np.asarray(np.linalg.norm(points[:, None] - nearest, axis=2).min(axis=1, initial=np.inf))
