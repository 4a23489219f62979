"""What is painted inside a pitch's outline, in metres: its straight and round pieces. No I/O."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marks:
    """The markings of a kind of pitch, metres; None for what is not painted.

    ``penalty_area_m`` and ``goal_area_m`` are depth and width of rectangles. ``area_radius_m`` is instead
    that of a round penalty area: quarter circles about the goalposts with a line between them
    (``around_posts``, futsal), or a half circle about the middle of the goal (small-sided football).
    ``penalty_arc`` is part of a circle of ``circle_radius_m`` about the penalty spot, outside the penalty
    area. ``second_spot_m`` is futsal's. ``lines`` and ``arcs`` are further ones: ``x1, y1, x2, y2`` and ``x,
    y, radius, from, to`` (degrees, counterclockwise from the x axis).
    """

    penalty_area_m: tuple[float, float] | None = (16.5, 40.32)
    goal_area_m: tuple[float, float] | None = (5.5, 18.32)
    penalty_spot_m: float | None = 11.0
    second_spot_m: float | None = None
    circle_radius_m: float | None = 9.15
    penalty_arc: bool = True
    corner_radius_m: float | None = 1.0
    halfway_line: bool = True
    goal_m: tuple[float, float] = (7.32, 2.44)
    area_radius_m: float | None = None
    around_posts: bool = True
    lines: tuple[tuple[float, float, float, float], ...] = ()
    arcs: tuple[tuple[float, float, float, float, float], ...] = ()

    @property
    def arc_half_width_m(self) -> float | None:
        """Where the penalty arc meets the penalty area's line, metres off the middle; None without an arc."""
        area, spot, radius = self.penalty_area_m, self.penalty_spot_m, self.circle_radius_m
        if not self.penalty_arc or area is None or spot is None or radius is None:
            return None
        beside = radius**2 - (area[0] - spot) ** 2
        return math.sqrt(beside) if beside > 0 else None

    @property
    def area_m(self) -> tuple[float, float] | None:
        """Depth and width of the penalty area, round ones as the rectangle about them."""
        if self.area_radius_m is None:
            return self.penalty_area_m
        return self.area_radius_m, 2 * self.area_radius_m + (self.goal_m[0] if self.around_posts else 0.0)


@dataclass(frozen=True, slots=True)
class Arc:
    """A round piece of line: ``centre_m``, ``radius_m``, ``start`` and ``end`` in radians, start < end.

    ``within_m`` is where line points may be taken for it: x from, y from, x to, y to.
    """

    centre_m: tuple[float, float]
    radius_m: float
    start: float
    end: float
    within_m: tuple[float, float, float, float]


Segment = tuple[float, float, float, float]
"""A straight piece of line: ``x1, y1, x2, y2``."""


def segments(marks: Marks, half_l: float, half_w: float) -> list[Segment]:
    """All straight lines of a pitch of these halves of length and width, its outline first."""
    out: list[Segment] = [(0.0, -half_w, 0.0, half_w)] if marks.halfway_line else []
    out += [(x, -half_w, x, half_w) for x in (-half_l, half_l)]
    out += [(-half_l, y, half_l, y) for y in (-half_w, half_w)]
    for side in (-1.0, 1.0):
        for area in (marks.penalty_area_m, marks.goal_area_m):
            if area is not None:
                x, half = side * (half_l - area[0]), area[1] / 2
                out.append((x, -half, x, half))
                out += [(side * half_l, y, x, y) for y in (-half, half)]
        if marks.area_radius_m is not None and marks.around_posts:
            x, half = side * (half_l - marks.area_radius_m), marks.goal_m[0] / 2
            out.append((x, -half, x, half))
    return out + list(marks.lines)


def circles(marks: Marks, half_l: float) -> list[Arc]:
    """All round lines but the corners' of a pitch of this half of the length."""
    out = []
    radius, margin = marks.circle_radius_m, 1.0
    if radius is not None:
        reach = radius + margin
        out.append(Arc((0.0, 0.0), radius, 0.0, 2 * math.pi, (-reach, -reach, reach, reach)))
    for side in (-1.0, 1.0):
        middle = math.pi if side > 0 else 0.0
        area, spot_m = marks.penalty_area_m, marks.penalty_spot_m
        if marks.arc_half_width_m is not None and area and spot_m is not None and radius is not None:
            spot, opening = side * (half_l - spot_m), math.acos((area[0] - spot_m) / radius)
            low, high = sorted((side * (half_l - area[0]), spot - side * (radius + margin)))
            box = (low, -radius - margin, high, radius + margin)
            out.append(Arc((spot, 0.0), radius, middle - opening, middle + opening, box))
        out += _round_area(marks, side, half_l)
    for x, y, r, start, end in marks.arcs:
        box = (x - r - margin, y - r - margin, x + r + margin, y + r + margin)
        out.append(Arc((x, y), r, math.radians(start), math.radians(end), box))
    return out


def corners(marks: Marks, half_l: float, half_w: float) -> list[Arc]:
    """The four arcs at the corners."""
    if marks.corner_radius_m is None:
        return []
    at = ((-half_l, -half_w), (half_l, -half_w), (half_l, half_w), (-half_l, half_w))
    quarter, r = math.pi / 2, marks.corner_radius_m
    return [
        Arc((x, y), r, i * quarter, (i + 1) * quarter, (x - r, y - r, x + r, y + r))
        for i, (x, y) in enumerate(at)
    ]


def _round_area(marks: Marks, side: float, half_l: float) -> list[Arc]:
    radius = marks.area_radius_m
    if radius is None:
        return []
    goal_line, reach, quarter = side * half_l, radius + 1.0, math.pi / 2
    low, high = sorted((goal_line, goal_line - side * reach))
    middle = math.pi if side > 0 else 0.0
    if not marks.around_posts:
        box = (low, -reach, high, reach)
        return [Arc((goal_line, 0.0), radius, middle - quarter, middle + quarter, box)]
    out = []
    for up in (-1.0, 1.0):
        post = up * marks.goal_m[0] / 2
        ends = sorted((post, post + up * reach))
        start, end = sorted((middle, middle - side * up * quarter))
        out.append(Arc((goal_line, post), radius, start, end, (low, ends[0], high, ends[1])))
    return out
