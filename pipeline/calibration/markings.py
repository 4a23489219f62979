"""The painted markings as conics and lines, and how far image points lie from them. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.pitch import (
    CIRCLE_RADIUS_M,
    GOAL_AREA_DEPTH_M,
    GOAL_AREA_WIDTH_M,
    PENALTY_AREA_DEPTH_M,
    PENALTY_AREA_WIDTH_M,
    PENALTY_SPOT_M,
    Pitch,
)

Array = NDArray[np.float64]

_AREAS = ((PENALTY_AREA_DEPTH_M, PENALTY_AREA_WIDTH_M), (GOAL_AREA_DEPTH_M, GOAL_AREA_WIDTH_M))
_ALONG_M, _ACROSS_M = 1.0, 6.0
"""How far beyond the end of a marking, and off to its side, a point may still belong to it."""


@dataclass(frozen=True, slots=True)
class Markings:
    """All straight and round markings of a pitch.

    ``lines`` is ``(L, 3)``: ``a x + b y + c = 0`` in metres with a unit normal; ``circles`` is
    ``(C, 3)``: centre and radius. ``boxes`` is ``(L + C, 4)``: the part of the plane in which each exists,
    as x from, y from, x to, y to.
    """

    lines: Array
    circles: Array
    boxes: Array


@dataclass(frozen=True, slots=True)
class Matches:
    """Image points matched to markings: ``residual_px`` ``(M,)`` signed distances across the marking,
    ``gradient`` ``(M, 3)`` such that a small change ``dG`` of ``image_from_pitch`` changes the residual by
    ``-gradient . dG . ground``, with ``ground`` ``(M, 3)`` the point on the pitch, homogeneous;
    ``index`` ``(M,)`` says which of the given points each is.
    """

    residual_px: Array
    gradient: Array
    ground: Array
    index: NDArray[np.intp]


def markings(pitch: Pitch) -> Markings:
    """Describe the markings of ``pitch``; corner arcs are left out, they are too small to lean on."""
    half_l, half_w = pitch.length_m / 2, pitch.width_m / 2
    lines, boxes = [], []

    def down(x: float, half: float) -> None:
        lines.append((1.0, 0.0, -x))
        boxes.append((x - _ACROSS_M, -half - _ALONG_M, x + _ACROSS_M, half + _ALONG_M))

    def along(y: float, start: float, end: float) -> None:
        lines.append((0.0, 1.0, -y))
        low, high = min(start, end), max(start, end)
        boxes.append((low - _ALONG_M, y - _ACROSS_M, high + _ALONG_M, y + _ACROSS_M))

    for x in (0.0, -half_l, half_l):
        down(x, half_w)
    for y in (-half_w, half_w):
        along(y, -half_l, half_l)
    for side in (-1.0, 1.0):
        for depth, width in _AREAS:
            x = side * (half_l - depth)
            down(x, width / 2)
            along(-width / 2, side * half_l, x)
            along(width / 2, side * half_l, x)
    reach = CIRCLE_RADIUS_M + _ALONG_M
    circles = [(0.0, 0.0, CIRCLE_RADIUS_M)]
    boxes.append((-reach, -reach, reach, reach))
    for side in (-1.0, 1.0):
        spot = side * (half_l - PENALTY_SPOT_M)
        circles.append((spot, 0.0, CIRCLE_RADIUS_M))
        ends = sorted((side * (half_l - PENALTY_AREA_DEPTH_M), spot - side * reach))
        boxes.append((ends[0], -reach, ends[1], reach))
    return Markings(np.array(lines), np.array(circles), np.array(boxes))


def match(
    points_px: Array, normals: Array, pitch_from_image: Array, marks: Markings, reach_px: float | Array
) -> Matches:
    """Match ridge points to the nearest marking that runs their way.

    Parameters
    ----------
    points_px, normals
        ``(N, 2)``: points on painted lines, and the unit direction across the line there.
    pitch_from_image
        ``(3, 3)``, or ``(N, 3, 3)`` when each point has a view of its own.
    reach_px
        Points further than this from every marking are left out; a number or ``(N,)``.
    """
    view = np.broadcast_to(pitch_from_image, (len(points_px), 3, 3))
    ground = np.einsum("nij,nj->ni", view, np.c_[points_px, np.ones(len(points_px))])
    value, pitch_gradient = _values(ground, marks)
    gradient = np.einsum("nki,nmk->nmi", view, pitch_gradient)
    slope = np.maximum(np.linalg.norm(gradient[..., :2], axis=2), 1e-12)
    distance = value / slope
    along = np.abs(np.einsum("nmi,ni->nm", gradient[..., :2], normals)) / slope
    reach = np.broadcast_to(np.asarray(reach_px, dtype=np.float64), (len(points_px),))[:, None]
    fits = (np.abs(distance) < reach) & (along > 0.9) & _exists(ground, marks)
    cost = np.where(fits, np.abs(distance), np.inf)
    best = cost.argmin(axis=1) if len(cost) else np.zeros(0, np.intp)
    rows = np.flatnonzero(np.isfinite(cost[np.arange(len(cost)), best]))
    chosen = best[rows]
    scaled = gradient[rows, chosen] / slope[rows, chosen, None]
    return Matches(distance[rows, chosen], scaled, ground[rows], rows)


def _values(ground: Array, marks: Markings) -> tuple[Array, Array]:
    """Implicit functions of all markings at homogeneous pitch points: ``(N, M)``, gradients ``(N, M, 3)``."""
    n, n_lines = len(ground), len(marks.lines)
    gradient = np.empty((n, n_lines + len(marks.circles), 3))
    gradient[:, :n_lines] = marks.lines
    value = np.empty(gradient.shape[:2])
    value[:, :n_lines] = ground @ marks.lines.T
    for i, (x, y, radius) in enumerate(marks.circles):
        conic = np.array([[1, 0, -x], [0, 1, -y], [-x, -y, x * x + y * y - radius * radius]])
        half = ground @ conic
        value[:, n_lines + i] = (half * ground).sum(axis=1)
        gradient[:, n_lines + i] = 2 * half
    return value, gradient


def _exists(ground: Array, marks: Markings) -> NDArray[np.bool_]:
    """Which markings exist at each homogeneous pitch point, ``(N, M)``; none beyond the horizon."""
    w = ground[:, 2:]
    with np.errstate(divide="ignore", invalid="ignore"):
        at = (ground[:, :2] / w)[:, None, :]
    inside = (at >= marks.boxes[:, :2]) & (at <= marks.boxes[:, 2:])
    return np.asarray(inside.all(axis=2) & (w > 1e-12))
