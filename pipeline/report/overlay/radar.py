"""The minimap in the corner of the overlay: pitch, people, what the camera sees, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.report.overlay.lettering import words
from pipeline.report.style.colours import Rgb

Image = NDArray[np.uint8]
_BORDER_M = 3.0
_PAPER = (34, 52, 38)
_HEAD = (22, 32, 25)
_LINE = (150, 172, 155)
_INK: Rgb = (236, 240, 236)
_FAINT: Rgb = (150, 160, 152)
_OPACITY = 0.84
_OVERSAMPLING = 2
_NO_VIEW = "no camera view"
_AA = cv2.LINE_AA
_DARK = 270
"""Colours with a smaller sum of red, green and blue get a light edge."""
_LAMPS: dict[str, Rgb] = {
    "measured": (120, 220, 130),
    "tracked": (190, 225, 120),
    "interpolated": (240, 190, 90),
    "none": (200, 110, 100),
}


@dataclass(frozen=True, slots=True)
class Dot:
    """A person or the ball on the pitch; ``sure`` is False for an interpolated position.

    ``called`` is written beside it; empty for nothing.
    """

    x_m: float
    y_m: float
    colour: Rgb
    sure: bool
    ball: bool = False
    called: str = ""


@dataclass(frozen=True, slots=True)
class RadarView:
    """The camera view behind the dots: where it comes from, its error, the outline of what it shows."""

    source: str
    error_m: float | None
    outline_m: NDArray[np.float64]


class Radar:
    """Draws the minimap into the lower left corner of frames of one size.

    Parameters
    ----------
    height, width
        Of the frames to draw on, px.
    unit
        Height of the text, px.
    """

    def __init__(self, pitch: Pitch, height: int, width: int, unit: int) -> None:
        length, across = pitch.length_m + 2 * _BORDER_M, pitch.width_m + 2 * _BORDER_M
        share = 0.27 if width < 3 * height else 0.42
        px_per_m = min(share * height / across, 0.5 * width / length)
        self._pitch, self._unit = pitch, unit
        self._head = round(unit * 1.9)
        self._map_size = (round(across * px_per_m), round(length * px_per_m))
        self._fine_per_m = px_per_m * _OVERSAMPLING
        gap = max(4, height // 60)
        self._corner = (gap, height - self._map_size[0] - self._head - gap)
        self._blank = {known: self._empty_map(known) for known in (True, False)}

    def draw(self, image: Image, dots: Sequence[Dot], view: RadarView, status: str) -> None:
        """Draw on ``image`` (BGR), in place. ``status`` is a short text for the head, such as the time."""
        known = view.source != "none"
        height, width = self._map_size
        fine = self._blank[known].copy()
        if known:
            self._draw_outline(fine, view)
            for dot in sorted(dots, key=lambda d: d.ball):
                self._draw_dot(fine, dot)
        panel = np.empty((self._head + height, width, 3), np.uint8)
        panel[: self._head] = _HEAD[::-1]
        panel[self._head :] = cv2.resize(fine, (width, height), interpolation=cv2.INTER_AREA)
        if known:
            self._draw_names(panel[self._head :], dots)
        self._draw_head(panel, view, status)
        if not known:
            text = words(_NO_VIEW, self._unit, _INK)
            text.lay(panel, (width - text.width) // 2, self._head + (height - text.height) // 2)
        left, top = self._corner
        window = image[top : top + panel.shape[0], left : left + panel.shape[1]]
        share = _OPACITY if known else _OPACITY * 0.75
        cv2.addWeighted(panel, share, window, 1 - share, 0, dst=window)

    def _draw_head(self, panel: Image, view: RadarView, status: str) -> None:
        unit, right = self._unit, self._map_size[1]
        text_px = max(7, round(unit * 0.85))
        top = (self._head - text_px) // 2
        head = words(status, text_px, _INK)
        head.lay(panel, unit // 2, top)
        about = [view.source] if view.source != "none" else []
        if view.error_m is not None:
            error = f"±{view.error_m:.1f}" if view.error_m >= 0.1 else "<0.1"
            about.insert(0, f"{view.source} {error} m")
        signs = [words(text, text_px, _FAINT) for text in about]
        if sign := next((s for s in signs if s.width < right - head.width - 3 * unit), None):
            right -= sign.width + unit // 2
            sign.lay(panel, right, top)
        cv2.circle(
            panel, (right - unit, self._head // 2), max(2, unit // 3), _LAMPS[view.source][::-1], -1, _AA
        )

    def _draw_outline(self, fine: Image, view: RadarView) -> None:
        if len(view.outline_m) < 3:
            return
        points = self._to_fine(view.outline_m)
        sure = view.source != "interpolated"
        light = fine.copy()
        cv2.fillPoly(light, [points], (255, 255, 255))
        share = 0.14 if sure else 0.07
        cv2.addWeighted(light, share, fine, 1 - share, 0, dst=fine)
        grey = 215 if sure else 110
        cv2.polylines(fine, [points], True, (grey, grey, grey), _OVERSAMPLING, _AA)

    def _draw_dot(self, fine: Image, dot: Dot) -> None:
        radius = max(2.6 * _OVERSAMPLING, 1.5 * self._fine_per_m) * (0.7 if dot.ball else 1.0)
        x, y = self._to_fine(np.array([[dot.x_m, dot.y_m]]))[0].tolist()
        bgr = tuple(round(c * (1.0 if dot.sure else 0.6)) for c in dot.colour[::-1])
        edge = (8, 8, 8) if sum(dot.colour) > _DARK else (190, 190, 190)
        cv2.circle(fine, (x, y), round(radius + _OVERSAMPLING), edge, -1, _AA)
        cv2.circle(fine, (x, y), round(radius), bgr, -1, _AA)

    def _draw_names(self, plan: Image, dots: Sequence[Dot]) -> None:
        """Write names beside the dots: on the side where the picture still goes on."""
        text_px = max(6, round(0.6 * self._unit))
        for dot in dots:
            if not dot.called or dot.ball:
                continue
            text = words(dot.called, text_px, _INK if dot.sure else _FAINT)
            x, y = (self._to_fine(np.array([[dot.x_m, dot.y_m]]))[0] // _OVERSAMPLING).tolist()
            gap = round(max(2.6, 1.5 * self._fine_per_m / _OVERSAMPLING)) + 2
            left = x + gap if x + gap + text.width <= plan.shape[1] else x - gap - text.width
            text.lay(plan, left, y - text.height // 2)

    def _empty_map(self, known: bool) -> Image:
        size = (self._map_size[0] * _OVERSAMPLING, self._map_size[1] * _OVERSAMPLING, 3)
        fine = np.full(size, _PAPER[::-1], np.uint8)
        line = tuple(round(c * (1.0 if known else 0.5)) for c in _LINE[::-1])
        lines = [self._to_fine(points) for points in self._pitch.lines_m()]
        cv2.polylines(fine, lines, False, line, _OVERSAMPLING, _AA)
        return fine

    def _to_fine(self, points_m: NDArray[np.float64]) -> NDArray[np.int32]:
        """Metres to px of the map before it is made smaller."""
        half = np.array([self._pitch.length_m / 2 + _BORDER_M, self._pitch.width_m / 2 + _BORDER_M])
        return np.asarray(np.rint((points_m * (1, -1) + half) * self._fine_per_m), np.int32)
