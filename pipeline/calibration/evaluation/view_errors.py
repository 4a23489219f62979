"""How far off views are on pictures with marked landmarks: one picture at a time, and summed up. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.covariance import ground_rms_m
from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.evaluation.jaccard import Confusion, confusion, label_spread
from pipeline.calibration.evidence.pitch_evidence import Evidence
from pipeline.calibration.initial_views.single_view import picture_grid, through_points
from pipeline.calibration.sequence.shot_views import solve_shot
from pipeline.calibration.uncertainty.view_error import MEDIAN_OF_RMS
from pipeline.core.geometry import to_image, to_pitch
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

KINDS = ("centre", "left", "right", "zoomed")
LABEL_SIGMA = 0.0012
"""How well people mark landmarks, as a share of the picture's longer side: what is left over when a
homography is fitted to all marks of a picture (in the shared pictures: 2.3 px at 1080p)."""
LIMITS_PX = (5.0, 10.0)
_FEWEST = 4
_ZOOMED_M, _END_M = 35.0, 18.0
"""Zoomed: less than this of the pitch is in the middle row. Otherwise left or right from this x on."""
_NONE = np.zeros(0)


@dataclass(frozen=True, slots=True)
class Offsets:
    """At some points of a picture: how far off the view puts them ``true_m``, the median to expect by the
    stated spread ``stated_m`` and by the uncertainty of the labels themselves ``label_m``, ``(P,)`` each.
    """

    true_m: Array
    stated_m: Array
    label_m: Array


@dataclass(frozen=True, slots=True)
class Measured:
    """One picture. ``view`` and ``truth`` (through its labels): image_from_pitch, None where there is none.

    ``kind`` is one of `KINDS`, or None where neither view tells. ``reprojected_px``: distances at the marked
    landmarks, px at 1080p. ``pitch``: over the visible pitch, ``feet``: at people's feet; ``jac`` for each of
    `LIMITS_PX`.
    """

    name: str
    n_labels: int
    kind: str | None
    view: Array | None
    truth: Array | None
    reprojected_px: Array
    landmarks_m: Array
    pitch: Offsets
    feet: Offsets
    jac: tuple[Confusion, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Numbers over some pictures, NaN where there is nothing to measure.

    ``complete`` of ``n`` pictures have a view. Errors are medians and 95th percentiles over all points;
    ``covered`` is the share of true errors under twice the stated one, ``covered_with_labels`` the same when
    the labels' own uncertainty joins the stated error; ``stated_m`` and ``true_m`` are medians.
    """

    name: str
    n: int
    complete: int
    reprojected_px: float
    landmarks_m: float
    pitch_m: float
    pitch_p95_m: float
    feet_m: float
    feet_p95_m: float
    n_feet: int
    jac: tuple[float, ...]
    covered: float
    covered_with_labels: float
    stated_m: float
    label_m: float
    feet_covered: float
    feet_covered_with_labels: float


def measure(
    name: str, evidence: Evidence, labels_px: Array, feet_px: Array, pitch: Pitch, zoom: float = 1.0
) -> Measured:
    """Solve one picture by itself and compare with its labels.

    Parameters
    ----------
    labels_px
        ``(32, 2)``, NaN where not marked. Those beyond the picture (of which this may be a part) help to tell
        the truth. Under four, or on one line, they carry no truth; nor do marks that show the pitch mirrored.
    feet_px
        ``(P, 2)``.
    zoom
        How much the picture was enlarged after it was labelled.
    """
    size = (evidence.width_px, evidence.height_px)
    solved = solve_shot([evidence], np.zeros((0, 3, 3)), pitch)
    has_view = solved is not None and bool(np.isfinite(solved.views[0]).all())
    view = solved.views[0] if solved is not None and has_view else None
    spread = solved.spread[0] if solved is not None else np.zeros((8, 8))
    marked = np.isfinite(labels_px[:, 0]) & np.isfinite(pitch.keypoints_m()[:, 0])
    metres, pixels = pitch.keypoints_m()[marked], labels_px[marked]
    truth = through_points(metres, pixels) if len(metres) >= _FEWEST else None
    if truth is not None and np.linalg.det(truth) >= 0:
        truth = None
    best = truth if truth is not None else view
    kind = None if best is None else _kind(inverted(best), size, pitch)
    nothing = Offsets(_NONE, _NONE, _NONE)
    inside = ((pixels >= 0) & (pixels <= size)).all(axis=1)
    n_labels = int(inside.sum())
    if view is None or truth is None:
        return Measured(name, n_labels, kind, view, truth, _NONE, _NONE, nothing, nothing, ())
    found, label = inverted(view), label_spread(pixels, zoom * LABEL_SIGMA * max(size))
    apart = np.linalg.norm(to_image(metres, found) - pixels, axis=1) * 1920 / size[0]
    grid = picture_grid(*size)
    on = pitch.contains(to_pitch(grid, inverted(truth)))
    jac = tuple(confusion(view, truth, label, size, limit, pitch) for limit in LIMITS_PX)
    return Measured(
        name,
        n_labels,
        kind,
        view,
        truth,
        np.nan_to_num(apart, nan=np.inf)[inside],
        np.nan_to_num(np.linalg.norm(to_pitch(pixels, found) - metres, axis=1), nan=np.inf)[inside],
        _offsets(grid[on], found, spread, inverted(truth), label),
        _offsets(feet_px, found, spread, inverted(truth), label),
        jac,
    )


def summarise(name: str, pictures: Sequence[Measured]) -> Summary:
    """Sum up some pictures."""
    pitch, feet = _joined([p.pitch for p in pictures]), _joined([p.feet for p in pictures])
    jac = np.array([[c.index for c in p.jac] for p in pictures if p.jac]).reshape(-1, len(LIMITS_PX))
    with_labels = np.hypot(pitch.stated_m, pitch.label_m)
    return Summary(
        name,
        len(pictures),
        sum(p.view is not None for p in pictures),
        _median(np.concatenate([_NONE, *(p.reprojected_px for p in pictures)])),
        _median(np.concatenate([_NONE, *(p.landmarks_m for p in pictures)])),
        _median(pitch.true_m),
        _percentile(pitch.true_m, 95),
        _median(feet.true_m),
        _percentile(feet.true_m, 95),
        len(feet.true_m),
        tuple(float(np.nanmean(column)) if np.isfinite(column).any() else float("nan") for column in jac.T),
        _share(pitch.true_m < 2 * pitch.stated_m),
        _share(pitch.true_m < 2 * with_labels),
        _median(pitch.stated_m),
        _median(pitch.label_m),
        _share(feet.true_m < 2 * feet.stated_m),
        _share(feet.true_m < 2 * np.hypot(feet.stated_m, feet.label_m)),
    )


def groups(pictures: Sequence[Measured]) -> list[Summary]:
    """Sum up all pictures, those with few labels, and each kind of view."""
    few = [p for p in pictures if 2 <= p.n_labels < _FEWEST]
    parts = [
        ("all", list(pictures)),
        (f"{_FEWEST} or more labels", [p for p in pictures if p.n_labels >= _FEWEST]),
    ]
    parts += [("2 or 3 labels", few), *((k, [p for p in pictures if p.kind == k]) for k in KINDS)]
    return [summarise(name, chosen) for name, chosen in parts if chosen]


def _kind(pitch_from_image: Array, size_px: tuple[int, int], pitch: Pitch) -> str | None:
    width, height = size_px
    row = np.column_stack([np.linspace(0, width, 25), np.full(25, height * 0.6)])
    ground = to_pitch(row, pitch_from_image)
    seen = ground[np.isfinite(ground[:, 0]) & pitch.contains(ground)]
    if len(seen) < 2:
        return None
    if np.linalg.norm(seen[-1] - seen[0]) < _ZOOMED_M:
        return "zoomed"
    x = float(np.median(seen[:, 0]))
    return "left" if x < -_END_M else "right" if x > _END_M else "centre"


def _offsets(points_px: Array, found: Array, spread: Array, truth: Array, label: Array) -> Offsets:
    if len(points_px) == 0:
        return Offsets(_NONE, _NONE, _NONE)
    apart = np.linalg.norm(to_pitch(points_px, found) - to_pitch(points_px, truth), axis=1)
    return Offsets(
        np.nan_to_num(apart, nan=np.inf),
        MEDIAN_OF_RMS * np.nan_to_num(ground_rms_m(points_px, found, spread), nan=np.inf),
        MEDIAN_OF_RMS * np.nan_to_num(ground_rms_m(points_px, truth, label), nan=np.inf),
    )


def _joined(parts: Sequence[Offsets]) -> Offsets:
    return Offsets(*(np.concatenate([_NONE, *(getattr(p, n) for p in parts)]) for n in Offsets.__slots__))


def _median(values: Array) -> float:
    return _percentile(values, 50)


def _percentile(values: Array, share: float) -> float:
    return float(np.percentile(values, share)) if len(values) else float("nan")


def _share(of: NDArray[np.bool_]) -> float:
    return float(of.mean()) if len(of) else float("nan")
