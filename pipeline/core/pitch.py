"""The football pitch: sizes from the Laws of the Game, landmarks and painted lines in metres. No I/O.

Origin at the centre spot, x along the length, y up (kloppy's SecondSpectrum system).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PENALTY_AREA_DEPTH_M = 16.5
PENALTY_AREA_WIDTH_M = 40.32
GOAL_AREA_DEPTH_M = 5.5
GOAL_AREA_WIDTH_M = 18.32
PENALTY_SPOT_M = 11.0
CIRCLE_RADIUS_M = 9.15
CORNER_RADIUS_M = 1.0
GOAL_WIDTH_M = 7.32
GOAL_HEIGHT_M = 2.44
ARC_HALF_WIDTH_M = 7.31
"""Where the penalty arc meets the penalty area's line: sqrt(9.15^2 - 5.5^2)."""

MIRRORED_KEYPOINT: tuple[int, ...] = (
    *(24, 25, 26, 27, 28, 29, 22, 23, 21, 17, 18, 19, 20),
    *(13, 14, 15, 16, 9, 10, 11, 12, 8, 6, 7, 0, 1, 2, 3, 4, 5, 31, 30),
)
"""For each of the 32 keypoints, the one that a left-right mirrored picture shows in its place."""


@dataclass(frozen=True, slots=True)
class Pitch:
    """A pitch's size in metres; the Laws allow 90-120 x 45-90."""

    length_m: float = 105.0
    width_m: float = 68.0

    def keypoints_m(self) -> Array:
        """The public 32 keypoints (roboflow's order), shape ``(32, 2)``, metres."""
        half_l, half_w = self.length_m / 2, self.width_m / 2
        pen, goal = PENALTY_AREA_WIDTH_M / 2, GOAL_AREA_WIDTH_M / 2
        goal_line = [(0.0, y) for y in (half_w, pen, goal, -goal, -pen, -half_w)]
        goal_area = [(GOAL_AREA_DEPTH_M, goal), (GOAL_AREA_DEPTH_M, -goal)]
        spot = [(PENALTY_SPOT_M, 0.0)]
        area = [(PENALTY_AREA_DEPTH_M, y) for y in (pen, ARC_HALF_WIDTH_M, -ARC_HALF_WIDTH_M, -pen)]
        left = np.array(goal_line + goal_area + spot + area)
        left[:, 0] -= half_l
        middle = np.array([(0.0, y) for y in (half_w, CIRCLE_RADIUS_M, -CIRCLE_RADIUS_M, -half_w)])
        right = np.array(area + spot + goal_area + goal_line)
        right[:, 0] = half_l - right[:, 0]
        circle = np.array([(-CIRCLE_RADIUS_M, 0.0), (CIRCLE_RADIUS_M, 0.0)])
        return np.concatenate([left, middle, right, circle])

    def lines_m(self, step_m: float = 0.5) -> list[Array]:
        """Every painted line as a polyline of points at most ``step_m`` apart, each ``(N, 2)``, metres."""
        half_l, half_w = self.length_m / 2, self.width_m / 2
        corners = np.array([(-half_l, -half_w), (half_l, -half_w), (half_l, half_w), (-half_l, half_w)])
        lines = [_segment(corners[i], corners[(i + 1) % 4], step_m) for i in range(4)]
        lines.append(_segment((0, -half_w), (0, half_w), step_m))
        lines.append(_arc((0, 0), CIRCLE_RADIUS_M, 0, 2 * np.pi, step_m))
        for side in (-1.0, 1.0):
            for depth, width in (
                (PENALTY_AREA_DEPTH_M, PENALTY_AREA_WIDTH_M),
                (GOAL_AREA_DEPTH_M, GOAL_AREA_WIDTH_M),
            ):
                goal_x, x = side * half_l, side * (half_l - depth)
                lines.append(_segment((goal_x, width / 2), (x, width / 2), step_m))
                lines.append(_segment((x, width / 2), (x, -width / 2), step_m))
                lines.append(_segment((x, -width / 2), (goal_x, -width / 2), step_m))
            opening = np.arccos((PENALTY_AREA_DEPTH_M - PENALTY_SPOT_M) / CIRCLE_RADIUS_M)
            middle = np.pi if side > 0 else 0.0
            spot = (side * (half_l - PENALTY_SPOT_M), 0.0)
            lines.append(_arc(spot, CIRCLE_RADIUS_M, middle - opening, middle + opening, step_m))
        for i, (x, y) in enumerate(corners):
            start = i * np.pi / 2
            lines.append(_arc((x, y), CORNER_RADIUS_M, start, start + np.pi / 2, step_m))
        return lines

    def spots_m(self) -> Array:
        """Centre spot and both penalty spots, shape ``(3, 2)``, metres."""
        x = self.length_m / 2 - PENALTY_SPOT_M
        return np.array([(0.0, 0.0), (-x, 0.0), (x, 0.0)])

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


def _segment(start: object, end: object, step_m: float) -> Array:
    a, b = np.asarray(start, float), np.asarray(end, float)
    n = max(2, int(np.ceil(np.hypot(*(b - a)) / step_m)) + 1)
    return np.linspace(a, b, n)


def _arc(centre: tuple[float, float], radius: float, start: float, end: float, step_m: float) -> Array:
    n = max(5, int(np.ceil(radius * abs(end - start) / step_m)) + 1)
    angles = np.linspace(start, end, n)
    return np.column_stack([centre[0] + radius * np.cos(angles), centre[1] + radius * np.sin(angles)])
