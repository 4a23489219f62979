"""The views of a whole video, shot by shot. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.evidence.pitch_evidence import Evidence
from pipeline.calibration.initial_views.static_camera import Place
from pipeline.calibration.sequence.bent_shots import solve_bent_shot, straight_motion
from pipeline.calibration.sequence.frame_views import FilledViews, Keys, Limits, fill
from pipeline.calibration.sequence.shot_views import ShotViews, joined, solve_shot
from pipeline.core.camera_lens import STRAIGHT, Lens
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_SURE_KEYS = 8
"""Measured key frames that a shot needs for its camera's place to be tried in other shots."""
_SAME_PLACE_M = 3.0
_SEARCHES, _SEARCH_KEYS = 3, 5
"""In how many shots, and of how many key frames at least, a view is searched from the lines alone."""


@dataclass(frozen=True, slots=True)
class Footage:
    """The processed frames of a video: ``frame`` ``(N,)`` their numbers, ``time_s`` ``(N,)``, ``shot``
    ``(N,)`` and ``motion`` ``(N, 3, 3)`` image_from_previous, NaN where unknown.
    """

    frame: NDArray[np.int64]
    time_s: Array
    shot: NDArray[np.int64]
    motion: Array


@dataclass(frozen=True, slots=True)
class VideoViews:
    """For each of N frames: ``pitch_from_image`` ``(N, 3, 3)`` and ``spread`` ``(N, 8, 8)`` float32 (see
    `pipeline.calibration.camera_model.covariance`), NaN without; ``error_m`` ``(N,)``, infinite without;
    ``source`` ``(N,)``; ``n_points`` ``(N,)``: landmarks that agree, in key frames. ``lens`` ``(N,)``: which
    of ``lens_kinds`` each frame's picture is bent by.
    """

    pitch_from_image: Array
    spread: NDArray[np.float32]
    error_m: Array
    source: NDArray[np.str_]
    n_points: NDArray[np.int64]
    lens: NDArray[np.int64]
    lens_kinds: list[Lens]

    @classmethod
    def empty(cls, n: int) -> VideoViews:
        """No view in any of ``n`` frames."""
        return cls(
            np.full((n, 3, 3), np.nan),
            np.full((n, 8, 8), np.nan, np.float32),
            np.full(n, np.inf),
            np.full(n, "none", "<U12"),
            np.zeros(n, np.int64),
            np.zeros(n, np.int64),
            [STRAIGHT],
        )

    def lenses(self) -> list[Lens]:
        """The lens of each frame."""
        return [self.lens_kinds[i] for i in self.lens]

    def bend(self, rows: NDArray[np.intp], lens: Lens) -> None:
        """Say by which lens the pictures of some frames are bent."""
        if lens not in self.lens_kinds:
            self.lens_kinds.append(lens)
        self.lens[rows] = self.lens_kinds.index(lens)

    def put(self, rows: NDArray[np.intp], filled: FilledViews) -> None:
        """Write the views of some frames, oriented and scaled to the largest element."""
        seen = np.isfinite(filled.views[:, 0, 0])
        matrices = inverted(filled.views[seen])
        self.pitch_from_image[rows[seen]] = matrices / np.abs(matrices).max(axis=(1, 2), keepdims=True)
        self.spread[rows] = filled.spread
        self.error_m[rows], self.source[rows] = filled.error_m, filled.source


def solve_video(
    footage: Footage,
    evidence: Sequence[Evidence],
    pitch: Pitch,
    limits: Limits,
    find_lens: bool = False,
) -> VideoViews:
    """Find the views of all frames.

    Shots are solved one by one; where a camera stood in one shot is tried in the others, since the main
    camera comes back again and again.

    Parameters
    ----------
    find_lens
        Also find how lenses bend the pictures.
    """
    solve = solve_bent_shot if find_lens else solve_shot
    out = VideoViews.empty(len(footage.frame))
    by_shot = _by_shot(footage, evidence)
    solved: dict[int, ShotViews | None] = {}
    places: list[Place] = []
    n_searches = _SEARCHES
    for shot in sorted(by_shot, key=lambda s: -sum(len(e.keypoint) for e in by_shot[s])):
        search = not places and n_searches > 0 and len(by_shot[shot]) >= _SEARCH_KEYS
        n_searches -= search
        found = solve(by_shot[shot], _links(footage, by_shot[shot]), pitch, places, search)
        solved[shot] = found
        if found is not None and found.place is not None and _is_sure(found, limits):
            known = [p for p in places if _apart(p, found.place) < _SAME_PLACE_M]
            places += [] if known else [found.place]
    for shot, found in solved.items():
        if found is not None:
            _write(out, footage, shot, by_shot[shot], found, pitch, limits)
    return out


def _write(
    out: VideoViews,
    footage: Footage,
    shot: int,
    evidence: Sequence[Evidence],
    found: ShotViews,
    pitch: Pitch,
    limits: Limits,
) -> None:
    rows = np.flatnonzero(footage.shot == shot)
    at = np.searchsorted(footage.frame[rows], [e.frame for e in evidence])
    good = np.isfinite(found.views[:, 0, 0]) & (found.error_m <= limits.max_error_m)
    measured = found.touch & (found.own_error_m <= limits.max_error_m)
    keys = Keys(at[good], found.views[good], found.spread[good], measured[good], found.touch[good])
    size = (evidence[0].width_px, evidence[0].height_px)
    motion = straight_motion(footage.motion[rows], found.lens, size)
    filled = fill(footage.time_s[rows], motion, keys, size, pitch, limits, found.lens)
    out.put(rows, filled)
    out.bend(rows, found.lens)
    out.n_points[rows[at]] = np.where(filled.source[at] == "none", 0, found.n_points)


def _by_shot(footage: Footage, evidence: Sequence[Evidence]) -> dict[int, list[Evidence]]:
    shots = footage.shot[np.searchsorted(footage.frame, [e.frame for e in evidence])]
    out: dict[int, list[Evidence]] = {}
    for item, shot in zip(evidence, shots, strict=True):
        out.setdefault(int(shot), []).append(item)
    return out


def _links(footage: Footage, evidence: Sequence[Evidence]) -> Array:
    """Motion from each key frame to the next, ``(K - 1, 3, 3)``."""
    rows = np.searchsorted(footage.frame, [e.frame for e in evidence])
    # `joined` multiplies the links from row a to row b; link k leads from frame k to frame k + 1
    return joined(footage.motion[1:], rows)


def _is_sure(found: ShotViews, limits: Limits) -> bool:
    return int((found.touch & (found.own_error_m <= limits.max_error_m)).sum()) >= _SURE_KEYS


def _apart(one: Place, other: Place) -> float:
    return float(np.linalg.norm(one.shared[:3] - other.shared[:3]))
