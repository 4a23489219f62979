"""The painted markings as conics and lines, and how far image points lie from them. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_SAME_WAY = 0.9
"""Cosine of the largest angle between a line point's direction and its marking's."""
_ALONG_M, _ACROSS_M, _WIDE_M = 1.0, 6.0, 45.0
"""How far beyond the end of a marking, and off to its side, a point may still belong to it; the
latter on pitches from `_WIDE_M` wide, less on narrower ones."""


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

    def conics(self) -> Array:
        """The circles as symmetric matrices, ``(C, 3, 3)``."""
        x, y, radius = self.circles.T
        one, zero = np.ones_like(x), np.zeros_like(x)
        rows = [[one, zero, -x], [zero, one, -y], [-x, -y, x * x + y * y - radius * radius]]
        return np.moveaxis(np.array(rows), 2, 0)


@dataclass(frozen=True, slots=True)
class Matches:
    """Which image points lie on which markings: ``point`` ``(M,)`` indices of points, in order, and
    ``marking`` ``(M,)`` of markings (lines first, then circles).
    """

    point: NDArray[np.intp]
    marking: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Offsets:
    """How far points are from their markings: ``residual_px`` ``(M,)`` signed distances across them,
    ``gradient`` ``(M, 3)`` such that a small change ``dG`` of ``image_from_pitch`` changes the residual by
    ``-gradient . dG . ground``, with ``ground`` ``(M, 3)`` the point on the pitch, homogeneous.
    """

    residual_px: Array
    gradient: Array
    ground: Array


def markings(pitch: Pitch) -> Markings:
    """Describe the markings of ``pitch``; corner arcs are left out, they are too small to lean on."""
    across = _ACROSS_M * min(1.0, pitch.width_m / _WIDE_M)
    lines, boxes = [], []
    for x1, y1, x2, y2 in pitch.segments_m():
        along = np.array([x2 - x1, y2 - y1]) / max(np.hypot(x2 - x1, y2 - y1), 1e-9)
        normal = np.array([along[1], -along[0]])
        normal = normal * (1.0 if normal.sum() >= 0 else -1.0)
        lines.append((*normal, -(normal @ [x1, y1])))
        margin = np.abs(along) * _ALONG_M + np.abs(normal) * across
        low, high = np.minimum([x1, y1], [x2, y2]) - margin, np.maximum([x1, y1], [x2, y2]) + margin
        boxes.append((*low, *high))
    arcs = pitch.arcs_m()
    boxes += [arc.within_m for arc in arcs]
    circles = np.array([(*arc.centre_m, arc.radius_m) for arc in arcs]).reshape(-1, 3)
    return Markings(np.array(lines), circles, np.array(boxes))


def match(
    points_px: Array, normals: Array, ground: Array, pitch_from_image: Array, marks: Markings, reach_px: float
) -> Matches:
    """Match line points to the nearest marking that runs their way.

    Parameters
    ----------
    points_px, normals
        ``(N, 2)``: points on painted lines, and the unit direction across the line there.
    ground
        ``(N, 3)``: the points on the pitch, homogeneous.
    pitch_from_image
        ``(N, 3, 3)``: the view of each point.
    reach_px
        Points further than this from every marking are left out.
    """
    point, marking = _possible(ground, marks)
    view = pitch_from_image[point]
    found = offsets(ground[point], view, marks, marking)
    distance = np.abs(found.residual_px)
    along = np.abs((found.gradient[:, :2] * normals[point]).sum(axis=1))
    fits = (distance < reach_px) & (along > _SAME_WAY)
    point, marking, distance = point[fits], marking[fits], distance[fits]
    order = np.lexsort((distance, point))
    first = np.ones(len(order), bool)
    first[1:] = point[order][1:] != point[order][:-1]
    return Matches(point[order][first], marking[order][first])


def offsets(ground: Array, pitch_from_image: Array, marks: Markings, marking: NDArray[np.intp]) -> Offsets:
    """Measure matched points against their markings.

    Parameters
    ----------
    ground
        ``(M, 3)``: the points on the pitch, homogeneous.
    pitch_from_image
        ``(M, 3, 3)``: the view of each point.
    marking
        ``(M,)``: which marking each belongs to.
    """
    n_lines = len(marks.lines)
    straight = marking < n_lines
    pitch_gradient = np.empty((len(marking), 3))
    pitch_gradient[straight] = marks.lines[marking[straight]]
    value = np.empty(len(marking))
    value[straight] = (ground[straight] * pitch_gradient[straight]).sum(axis=1)
    for i, conic in enumerate(marks.conics()):
        on = marking == n_lines + i
        half = ground[on] @ conic
        value[on] = (half * ground[on]).sum(axis=1)
        pitch_gradient[on] = 2 * half
    gradient = (pitch_gradient[:, None] @ pitch_from_image)[:, 0]
    slope = np.sqrt(gradient[:, 0] ** 2 + gradient[:, 1] ** 2) + 1e-12
    return Offsets(value / slope, gradient / slope[:, None], ground)


def _possible(ground: Array, marks: Markings) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of points (homogeneous, on the pitch) and markings that exist there; none beyond the horizon."""
    w = np.where(ground[:, 2] > 1e-12, ground[:, 2], np.nan)
    x, y = ground[:, 0] / w, ground[:, 1] / w
    pairs = [
        np.flatnonzero((x >= box[0]) & (x <= box[2]) & (y >= box[1]) & (y <= box[3])) for box in marks.boxes
    ]
    marking = np.repeat(np.arange(len(pairs)), [len(p) for p in pairs])
    return np.concatenate(pairs), marking
