"""All views of one camera shot, from the evidence of its key frames and the motion between them. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.camera_model.markings import markings
from pipeline.calibration.evidence.pitch_evidence import Evidence, painted
from pipeline.calibration.initial_views.few_landmarks import with_few_landmarks
from pipeline.calibration.initial_views.line_search import searched
from pipeline.calibration.initial_views.motion_following import follow
from pipeline.calibration.initial_views.shot_start import FirstViews, first_views, spread, supported
from pipeline.calibration.initial_views.single_view import plausible
from pipeline.calibration.initial_views.static_camera import Place, camera_at, find_place, orient_all
from pipeline.calibration.sequence.chain_solution import Solved, solve_chain
from pipeline.calibration.solver.line_support import explained, line_support, sharpness
from pipeline.calibration.solver.observations import gather
from pipeline.calibration.solver.residuals import MOTION_SIGMA
from pipeline.calibration.solver.view_parameters import FreeViews, StillCamera
from pipeline.core.camera_lens import STRAIGHT, Lens
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_MIN_SUPPORT, _TYPICAL_SUPPORT = 0.4, 0.65
"""Share of the markings that must be seen where the view puts them: in a picture, and in most of a shot."""
_DIM_SUPPORT, _DIM_EXPLAINED = 0.5, 0.75
"""The latter where markings are faint or in deep shadow: less of them, if they explain this share of the
line points that there are."""
_GOOD_SUPPORT, _GOOD_SHARPNESS = 0.6, 0.5
"""The same, and the share of near line points right on a marking, below which a view is aimed once more."""
_ALONE_EXPLAINED, _ALONE_SHARPNESS = 0.4, 0.5
"""The least of a single picture's line points that lie on markings, and, of those near one, right on it. Of
152 pictures of the training matches, whole and enlarged twice, none had less than 0.51 and 0.68."""
_MIN_TRUSTED = 0.4
"""Share of the single pictures' views that must agree with a camera that stands still, for it to be one."""


@dataclass(frozen=True, slots=True)
class ShotViews:
    """Views of a shot's N key frames.

    ``views`` ``(N, 3, 3)`` image_from_pitch and ``spread`` ``(N, 8, 8)``, NaN where there is none.
    ``error_m`` ``(N,)``: expected error given all evidence of the shot; ``own_error_m`` ``(N,)``: given only
    the frame's own picture and where the camera stands; both infinite without a view. ``touch`` ``(N,)``: the
    picture shows lines or landmarks where the view puts them. ``n_points`` ``(N,)``: landmarks that agree.
    ``place``: where the camera stands, None where it moved. ``lens``: how the pictures are bent.
    """

    views: Array
    spread: Array
    error_m: Array
    own_error_m: Array
    touch: NDArray[np.bool_]
    n_points: NDArray[np.int64]
    place: Place | None
    lens: Lens = STRAIGHT


def solve_shot(
    evidence: Sequence[Evidence],
    links: Array,
    pitch: Pitch,
    known: Sequence[Place] = (),
    search: bool = True,
) -> ShotViews | None:
    """Find the views of a shot's key frames, or None where it shows no pitch that can be told.

    Parameters
    ----------
    evidence
        Of the N key frames in order.
    links
        ``(N - 1, 3, 3)``: homography from each key frame's picture to the next one's, NaN where unknown.
    known
        Where cameras of other shots stand: tried too.
    search
        Search for a view from the lines alone where landmarks say nothing; takes seconds.
    """
    first = first_views([painted(e, pitch) for e in evidence], pitch)
    place = find_place(first, pitch, known)
    if place is None and not known:
        first = with_few_landmarks(first, pitch)
        place = find_place(first, pitch)
    if place is None and search:
        first = searched(first, pitch)
        place = find_place(first, pitch)
    for trial in [*([] if place is None else [place]), *known]:
        solved = _standing(first, trial, links, pitch)
        if solved is not None:
            return solved
    return _moving(first, links, pitch)


def _standing(first: FirstViews, place: Place, links: Array, pitch: Pitch) -> ShotViews | None:
    """Views of a camera that stands at ``place``, or None if the pictures contradict that.

    Key frames whose lines are not where the solution puts them are aimed once more, starting from their
    good neighbours, and all are solved again.
    """
    camera, rows, trusted = orient_all(first, place, links, pitch)
    if len(rows) == 0 or trusted.sum() < _MIN_TRUSTED * len(first.found):
        return None
    solved = _solve(first, camera, rows, links, pitch)
    sits = _sits(solved.views, [first.evidence[k] for k in rows], pitch)
    if sits.any() and not sits.all():
        known, views = np.zeros(len(first.views), bool), np.full_like(first.views, np.nan)
        known[rows[sits]], views[rows[sits]] = True, solved.views[sits]
        views = follow(views, known, links, first.evidence, place.shared, pitch)
        again = np.flatnonzero(np.isfinite(views[:, 0, 0]))
        camera = camera_at(views[again], first.evidence[0], place.shared, place.shared, place.sigma)
        other = _solve(first, camera, again, links, pitch)
        if _sits(other.views, [first.evidence[k] for k in again], pitch).sum() >= sits.sum():
            solved, rows = other, again
    return _checked(first, solved, rows, pitch, place)


def _moving(first: FirstViews, links: Array, pitch: Pitch) -> ShotViews | None:
    """Views of a camera that may move, each frame's by itself and tied by the motion; None without any."""
    views, known = spread(first.views, supported(first, links), links)
    rows = np.flatnonzero(known)
    if len(rows) == 0:
        return None
    like = first.evidence[0]
    start = FreeViews(views[rows], (like.width_px / 2, like.height_px / 2), like.width_px / 2)
    return _checked(first, _solve(first, start, rows, links, pitch), rows, pitch, None)


def _solve(
    first: FirstViews, start: StillCamera | FreeViews, rows: NDArray[np.intp], links: Array, pitch: Pitch
) -> Solved:
    chosen = [first.evidence[k] for k in rows]
    unit = max(chosen[0].width_px, chosen[0].height_px)
    between = joined(links, rows)
    seen = gather(chosen, pitch.keypoints_m(), between, np.full(len(between), MOTION_SIGMA * unit))
    return solve_chain(start, seen, markings(pitch), pitch)


def _sits(views: Array, evidence: Sequence[Evidence], pitch: Pitch) -> NDArray[np.bool_]:
    """Which views put the markings right on the painted lines, or show hardly any."""
    marks = markings(pitch)
    return np.array(
        [
            not line_support(v, e, pitch) < _GOOD_SUPPORT and not sharpness(v, e, marks) < _GOOD_SHARPNESS
            for v, e in zip(views, evidence, strict=True)
        ],
        dtype=bool,
    )


def _checked(
    first: FirstViews, solved: Solved, rows: NDArray[np.intp], pitch: Pitch, place: Place | None
) -> ShotViews | None:
    """Keep what the painted lines confirm; None if that is not most of the shot."""
    chosen = [first.evidence[k] for k in rows]
    support = np.array([line_support(v, e, pitch) for v, e in zip(solved.views, chosen, strict=True)])
    if not np.isfinite(support).any() or not _convincing(support, solved.views, chosen, pitch):
        return None
    good = ~(support < _MIN_SUPPORT) & np.isfinite(solved.error_m)
    if len(first.views) == 1:
        good &= [_alone_believed(v, e, pitch) for v, e in zip(solved.views, chosen, strict=True)]
    for k, (view, item) in enumerate(zip(solved.views, chosen, strict=True)):
        good[k] &= plausible(inverted(view), item.width_px, item.height_px, pitch)
    return _laid_out(solved, rows[good], good, len(first.views), place)


def _alone_believed(view: Array, item: Evidence, pitch: Pitch) -> bool:
    """Say whether a picture that stands for itself shows its lines where its view has them.

    No neighbour speaks for it, so its view must explain the lines that are seen and sit right on them.
    """
    marks = markings(pitch)
    few = explained(view, item, marks) < _ALONE_EXPLAINED
    return not (few or sharpness(view, item, marks) < _ALONE_SHARPNESS)


def _convincing(support: Array, views: Array, evidence: Sequence[Evidence], pitch: Pitch) -> bool:
    """Say whether the markings are where the views of a shot put them, taken together."""
    typical = float(np.nanmedian(support))
    if not _DIM_SUPPORT < typical < _TYPICAL_SUPPORT:
        return typical >= _TYPICAL_SUPPORT
    marks = markings(pitch)
    share = np.array([explained(v, e, marks) for v, e in zip(views, evidence, strict=True)])
    return bool(np.isfinite(share).any() and np.nanmedian(share) > _DIM_EXPLAINED)


def joined(links: Array, rows: NDArray[np.intp]) -> Array:
    """Products of ``links`` between successive ``rows``: ``(len(rows) - 1, 3, 3)``."""
    out = np.empty((max(len(rows) - 1, 0), 3, 3))
    for i, (a, b) in enumerate(pairwise(rows)):
        total = np.eye(3)
        for k in range(a, b):
            total = links[k] @ total
        out[i] = total
    return out


def _laid_out(
    solved: Solved, rows: NDArray[np.intp], good: NDArray[np.bool_], n: int, place: Place | None
) -> ShotViews:
    views, spread = np.full((n, 3, 3), np.nan), np.full((n, 8, 8), np.nan)
    error, own_error = np.full(n, np.inf), np.full(n, np.inf)
    touch, points = np.zeros(n, bool), np.zeros(n, np.int64)
    views[rows], spread[rows] = solved.views[good], solved.spread[good]
    error[rows], own_error[rows] = solved.error_m[good], solved.own_error_m[good]
    touch[rows], points[rows] = solved.touch[good], solved.n_points[good]
    return ShotViews(views, spread, error, own_error, touch, points, place)
