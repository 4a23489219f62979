"""A view told by hand, drawn onto the painted lines of the picture. No I/O.

Clicks say which line is which; where exactly the lines run, the picture says better. What comes out is
believed only if the lines that the view puts into the picture are seen there, far more of them than of lines
put a little beside, and the clicks still agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.covariance import offsets_px2
from pipeline.calibration.evidence.paint import Expected, Picture, Ridges, expected, paint_near, seen_share
from pipeline.calibration.manual.click_fit import ClickFit, Clicks, bent_fits, nearest_camera, observed
from pipeline.calibration.sequence.chain_solution import Solved, misfits, solve_chain
from pipeline.calibration.solver.lens_fit import bends_px, fit_lens, in_focal_lengths, misfit
from pipeline.calibration.solver.observations import Observations
from pipeline.calibration.solver.residuals import match_lines
from pipeline.calibration.solver.robust_fit import REACHES, settle
from pipeline.calibration.solver.view_parameters import FreeViews, StillCamera
from pipeline.core.camera_lens import Lens, middle_px
from pipeline.core.geometry import transform
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_SIGMAS, _WIDEST = 2.5, 0.03
"""Lines are looked for within so many standard deviations of the clicked view, at most this share of the
picture's longer side."""
_LEAST_POINTS = 40
_SEEN, _MOSTLY, _CLEARLY = 0.6, 0.8, 0.2
"""Least share of the expected lines that must be seen; below which a bent lens is tried; and by how much more
than where they are put a little beside."""
_BESIDE = 0.02
"""How far beside, as a share of the picture's longer side."""
_MOVED = 2.5
"""Clicks may end up this many times as far beside the view as they were, or as people click at best."""
_LOOSE = np.array([1e3, 1e3, 1e3, 0.05, 1e-4, 1e-4])
"""How little is known of the camera's place (m) and of its roll (rad)."""
_FREELY = 1.25
"""A homography must fit so many times better than a camera."""
_BEND_SHARE, _BEND_PX = 0.8, 1.5
"""A lens is believed if it leaves at most this share of the misfit and moves some line by so many px."""


@dataclass(frozen=True, slots=True)
class PaintFit:
    """``view`` ``(3, 3)`` image_from_pitch of the straight picture, ``spread`` ``(8, 8)``; ``seen``: share of
    the lines that are seen where the view puts them.
    """

    view: Array
    spread: Array
    lens: Lens
    seen: float


def fit_paint(
    clicked: ClickFit, clicks: Clicks, picture: Picture, pitch: Pitch, hand_px: float
) -> PaintFit | None:
    """Fit the clicked view to the lines of the picture; None where they do not bear it out.

    A real camera, with its lens, is tried where there may be one, and a homography where the clicks left one.
    """
    best = _best([clicked], clicks, picture, pitch, hand_px)
    if (best is None or best.seen < _MOSTLY) and not clicked.lens.bends:
        # through a bent lens only some lines can be followed: start from bent ones, then
        bent = bent_fits(clicked.view, clicks, picture.size_px, hand_px)
        other = _best([replace(f, spread=clicked.spread) for f in bent], clicks, picture, pitch, hand_px)
        best = other if other is not None and (best is None or other.seen > best.seen) else best
    return best if best is not None and best.seen > _SEEN else None


def _best(
    starts: Sequence[ClickFit], clicks: Clicks, picture: Picture, pitch: Pitch, hand_px: float
) -> PaintFit | None:
    """The fit with least misfit of those that the picture bears out."""
    found = []
    for clicked in starts:
        reach = _reach(clicked, picture, pitch)
        for views in _starts(clicked, picture.size_px):
            drawn = _drawn(views, clicked.lens, clicks, picture, pitch, reach)
            if drawn is not None and (fit := _believed(drawn, clicked, clicks, picture, pitch, hand_px)):
                found.append((drawn.misfit * (1.0 if isinstance(views, StillCamera) else _FREELY), fit))
    return min(found, key=lambda pair: pair[0])[1] if found else None


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A view drawn onto the lines of the picture, its lens, and how far the lines lie beside, a share."""

    solved: Solved
    lens: Lens
    misfit: float


def _drawn(
    views: StillCamera | FreeViews,
    lens: Lens,
    clicks: Clicks,
    picture: Picture,
    pitch: Pitch,
    first_px: float,
) -> _Drawn | None:
    """Follow the lines with a shrinking reach; None where there are hardly any."""
    unit = float(max(picture.size_px))
    first = first_px / unit
    for reach in (first, max(first / 2, REACHES[2]), *REACHES[2:]):
        found = _look(views, lens, picture, pitch, reach * unit)
        if len(found.points_px) < _LEAST_POINTS:
            return None
        seen = _observations(clicks, found, lens, picture.size_px)
        views, _ = settle(views, seen, clicks.marks, reach)
        if reach <= REACHES[2] and isinstance(views, StillCamera):
            views, lens = _with_lens(views, lens, clicks, found, reach, picture)
    found = _look(views, lens, picture, pitch, REACHES[2] * unit)
    seen = _observations(clicks, found, lens, picture.size_px)
    solved = solve_chain(views, seen, clicks.marks, pitch)
    return _Drawn(solved, lens, float(misfits(solved.views, seen, clicks.marks)[0]))


def _starts(clicked: ClickFit, size_px: tuple[int, int]) -> Iterator[StillCamera | FreeViews]:
    near = nearest_camera(clicked.view, size_px, clicked.lens)
    if near is not None:
        # a little roll is possible, and the clicks told how much as well as they could
        yield replace(near, sigma=_LOOSE)
    elif clicked.camera is not None:
        yield clicked.camera
    if clicked.camera is None:
        yield FreeViews(clicked.view[None], middle_px(size_px), max(size_px) / 2)


def _reach(clicked: ClickFit, picture: Picture, pitch: Pitch) -> float:
    """How far beside, px, lines may be from where the clicked view puts them."""
    lines = expected(clicked.view, clicked.lens, picture.size_px, pitch)
    if not len(lines.middle_px):
        return REACHES[-1] * max(picture.size_px)
    covariance = offsets_px2(clicked.lens.straight(lines.middle_px), clicked.spread)
    across = np.einsum("ni,nij,nj->n", lines.normal, covariance, lines.normal)
    low, high = REACHES[2] * max(picture.size_px), _WIDEST * max(picture.size_px)
    if not np.isfinite(across).any():  # the clicks do not tell how well they fix the view
        return high
    sigma = float(np.nanpercentile(np.sqrt(np.maximum(across, 0)), 90))
    return float(np.clip(_SIGMAS * sigma, low, high))


def _look(
    views: StillCamera | FreeViews, lens: Lens, picture: Picture, pitch: Pitch, reach_px: float
) -> Ridges:
    lines = expected(views.matrices()[0], lens, picture.size_px, pitch)
    return paint_near(picture, lines, reach_px).few(picture.size_px)


def _observations(clicks: Clicks, found: Ridges, lens: Lens, size_px: tuple[int, int]) -> Observations:
    """Clicks on places and line points of the picture, straightened."""
    straight, normals = lens.straight_lines(found.points_px, found.normal)
    known = np.isfinite(straight).all(axis=1) & np.isfinite(normals).all(axis=1)
    return replace(
        observed(clicks, size_px),
        keypoint_px=lens.straight(clicks.pixels),
        line_frame=np.zeros(int(known.sum()), np.intp),
        line_px=straight[known],
        line_normal=normals[known],
    )


def _with_lens(
    camera: StillCamera, lens: Lens, clicks: Clicks, found: Ridges, reach: float, picture: Picture
) -> tuple[StillCamera, Lens]:
    """Camera and lens fitted together, where that explains the lines far better than the lens so far."""
    size = picture.size_px
    straight = _observations(clicks, found, lens, size)
    matched = match_lines(camera.matrices(), straight, clicks.marks, reach)
    known = np.isfinite(lens.straight(found.points_px)).all(axis=1)
    seen = replace(straight, keypoint_px=clicks.pixels, line_px=found.points_px[known])
    start = lens
    if not lens.bends:
        start = Lens("radial", middle_px(size), float(np.exp(camera.own[0, 2])))
    fitted = fit_lens(camera, start, seen, clicks.marks, matched)
    bent = in_focal_lengths(fitted.lens, fitted.camera)
    if lens.bends:
        return fitted.camera, bent
    plain = misfit(camera, lens, seen, clicks.marks, matched)
    if fitted.cost > _BEND_SHARE * plain or bends_px(bent, found.points_px) < _BEND_PX:
        return camera, lens
    return fitted.camera, bent


def _believed(
    drawn: _Drawn, clicked: ClickFit, clicks: Clicks, picture: Picture, pitch: Pitch, hand_px: float
) -> PaintFit | None:
    view, lens = drawn.solved.views[0], drawn.lens
    if not np.isfinite(view).all() or not np.isfinite(drawn.solved.error_m[0]):
        return None
    beside_px = _BESIDE * max(picture.size_px)
    lines = expected(view, lens, picture.size_px, pitch)
    near = paint_near(picture, lines, 2 * beside_px)
    seen = seen_share(lines, near, picture)
    shifted = [seen_share(_shifted(lines, px), near, picture) for px in (beside_px, -beside_px)]
    if not seen > max(np.nan_to_num(shifted)) + _CLEARLY:
        return None
    apart = np.linalg.norm(lens.bent(transform(clicks.metres, view)) - clicks.pixels, axis=1)
    usual = max(hand_px, float(np.sqrt((clicked.apart_px**2).mean())))
    if not np.sqrt((apart**2).mean()) < _MOVED * usual * np.sqrt(2):
        return None
    return PaintFit(view, drawn.solved.spread[0], lens, seen)


def _shifted(lines: Expected, px: float) -> Expected:
    """The same lines, each a little beside where it is."""
    return replace(lines, middle_px=lines.middle_px + px * lines.normal)
