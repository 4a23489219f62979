"""The football pitch: its size, landmarks and painted lines in metres. No I/O.

Origin at the centre spot, x along the length, y up (kloppy's SecondSpectrum system).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.core.grounds.marks import Arc, Marks, Segment, circles, corners, segments

Array = NDArray[np.float64]

_USUAL_LENGTH_M, _USUAL_WIDTH_M = 105.0, 68.0
_USUAL_PLAYERS = 11
_LAWS = Marks()

MIRRORED_KEYPOINT: tuple[int, ...] = (
    *(24, 25, 26, 27, 28, 29, 22, 23, 21, 17, 18, 19, 20),
    *(13, 14, 15, 16, 9, 10, 11, 12, 8, 6, 7, 0, 1, 2, 3, 4, 5, 31, 30),
)
"""For each of the 32 keypoints, the one that a left-right mirrored picture shows in its place."""


@dataclass(frozen=True, slots=True)
class Pitch:
    """A pitch: its size in metres, what is painted on it, players of a team with their goalkeeper."""

    length_m: float = 105.0
    width_m: float = 68.0
    marks: Marks = _LAWS
    players: int = 11

    @property
    def outfield(self) -> int:
        """Players of a team without the goalkeeper."""
        return self.players - 1

    def fewest(self, of_eleven: int, may_lack: int = 2) -> int:
        """Say how many outfield players must be in view where ``of_eleven`` must of a team of eleven.

        In a smaller team as many, but at most all but ``may_lack``, and at least three.
        """
        if self.players >= _USUAL_PLAYERS:
            return of_eleven
        return min(of_eleven, max(3, self.outfield - may_lack))

    @property
    def scale(self) -> float:
        """How long the pitch is beside one of 105 m, for distances that are habits rather than laws."""
        return self.length_m / _USUAL_LENGTH_M

    @property
    def box_m(self) -> tuple[float, float]:
        """Depth and width of the penalty area; where none is painted, in proportion to the pitch."""
        area = self.marks.area_m
        if area is None:
            area = (16.5 * self.scale, 40.32 * self.width_m / _USUAL_WIDTH_M)
        return area

    @property
    def lanes_m(self) -> tuple[float, float]:
        """How far from the middle the centre ends and the wings begin: half the widths of goal area and
        penalty area; in proportion where one is not painted.
        """
        half = self.width_m / 2
        wing = min(self.box_m[1] / 2, 0.8 * half)
        area = self.marks.goal_area_m
        return (9.16 * wing / 20.16 if area is None else min(area[1] / 2, 0.8 * wing)), wing

    def of_eleven(self, metres: float) -> float:
        """Turn a distance along a pitch for eleven a side into this one's: less only in smaller games."""
        return metres if self.players >= _USUAL_PLAYERS else metres * self.scale

    def keypoints_m(self) -> Array:
        """The public 32 keypoints (roboflow's order), shape ``(32, 2)`` m; NaN for what is not there."""
        half_l, half_w = self.length_m / 2, self.width_m / 2
        nan, marks = float("nan"), self.marks
        depth, pen = _halved(marks.penalty_area_m)
        goal_depth, goal = _halved(marks.goal_area_m)
        arc = marks.arc_half_width_m or nan
        spot_x = nan if marks.penalty_spot_m is None else marks.penalty_spot_m
        goal_line = [(0.0, y) for y in (half_w, pen, goal, -goal, -pen, -half_w)]
        goal_area = [(goal_depth, goal), (goal_depth, -goal)]
        area = [(depth, y) for y in (pen, arc, -arc, -pen)]
        left = np.array([*goal_line, *goal_area, (spot_x, 0.0), *area])
        left[:, 0] -= half_l
        radius = nan if marks.circle_radius_m is None else marks.circle_radius_m
        middle_x = 0.0 if marks.halfway_line else nan
        middle = np.array([(middle_x, y) for y in (half_w, radius, -radius, -half_w)])
        right = np.array([*area, (spot_x, 0.0), *goal_area, *goal_line])
        right[:, 0] = half_l - right[:, 0]
        out = np.concatenate([left, middle, right, np.array([(-radius, 0.0), (radius, 0.0)])])
        out[np.isnan(out).any(axis=1)] = np.nan
        return out

    def segments_m(self) -> list[Segment]:
        """All straight lines as ``x1, y1, x2, y2``, metres."""
        return segments(self.marks, self.length_m / 2, self.width_m / 2)

    def arcs_m(self) -> list[Arc]:
        """All round lines but the corners'."""
        return circles(self.marks, self.length_m / 2)

    def lines_m(self, step_m: float = 0.5) -> list[Array]:
        """Every painted line as a polyline of points at most ``step_m`` apart, each ``(N, 2)``, metres."""
        round_ones = [*self.arcs_m(), *corners(self.marks, self.length_m / 2, self.width_m / 2)]
        straight = [_segment(s[:2], s[2:], step_m) for s in self.segments_m()]
        return straight + [_arc(a.centre_m, a.radius_m, a.start, a.end, step_m) for a in round_ones]

    def spots_m(self) -> Array:
        """Centre spot and penalty spots, shape ``(S, 2)``, metres."""
        spots = [(0.0, 0.0)] if self.marks.halfway_line else []
        for from_line in (self.marks.penalty_spot_m, self.marks.second_spot_m):
            if from_line is not None:
                spots += [(-(self.length_m / 2 - from_line), 0.0), (self.length_m / 2 - from_line, 0.0)]
        return np.array(spots).reshape(-1, 2)

    def contains(self, points_m: Array, margin_m: float = 0.0) -> NDArray[np.bool_]:
        """Say which points ``(N, 2)`` lie on the pitch or within ``margin_m`` of it; NaN is outside."""
        limit = np.array([self.length_m / 2 + margin_m, self.width_m / 2 + margin_m])
        return np.asarray((np.abs(points_m) <= limit).all(axis=1))


@dataclass(frozen=True, slots=True)
class SeenPitch:
    """Where a picture shows the pitch, as shares of its width and height.

    ``landmarks`` ``(32, 2)``, order of `Pitch.keypoints_m`: some beyond the picture, NaN where unknown or
    behind the camera. ``known`` ``(32,)``: whether it is known where a landmark is, or that the picture does
    not show it. ``lines`` are polylines ``(N, 2)``, NaN behind the camera, ``certain`` ``(N,)`` which of
    their points are sure to lie on the paint. ``has_view`` is False where landmarks alone are known: then
    there are no lines, and any could be anywhere.
    """

    landmarks: Array
    known: NDArray[np.bool_]
    lines: tuple[Array, ...]
    certain: tuple[NDArray[np.bool_], ...]
    has_view: bool


def _halved(area_m: tuple[float, float] | None) -> tuple[float, float]:
    """Depth and half the width of an area; NaN without."""
    return (float("nan"), float("nan")) if area_m is None else (area_m[0], area_m[1] / 2)


def _segment(start: object, end: object, step_m: float) -> Array:
    a, b = np.asarray(start, float), np.asarray(end, float)
    n = max(2, int(np.ceil(np.hypot(*(b - a)) / step_m)) + 1)
    return np.linspace(a, b, n)


def _arc(centre: tuple[float, float], radius: float, start: float, end: float, step_m: float) -> Array:
    n = max(5, int(np.ceil(radius * abs(end - start) / step_m)) + 1)
    angles = np.linspace(start, end, n)
    return np.column_stack([centre[0] + radius * np.cos(angles), centre[1] + radius * np.sin(angles)])
