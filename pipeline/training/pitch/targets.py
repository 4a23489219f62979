"""What the pitch network should answer for a view of a labelled picture. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import MIRRORED_KEYPOINT, SeenPitch
from pipeline.networks.pitch_network import INPUT_HEIGHT, INPUT_WIDTH, N_KEYPOINTS, STRIDE

Array = NDArray[np.float64]

ROWS, COLUMNS = INPUT_HEIGHT // STRIDE, INPUT_WIDTH // STRIDE
LANDMARK_SIGMA, LINE_SIGMA = 1.5, 0.65
"""Width of a landmark's peak and of a line's ridge, cells."""
_DOUBT = 3.0
"""Cells around an uncertain line for which nothing is asked."""
_SUB = 3
_FAR_PX = 4000.0


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a picture that the network is shown: shares of its width and height, perhaps mirrored.

    May reach beyond the picture, where there is grey.
    """

    left: float
    top: float
    width: float
    height: float
    mirrored: bool = False


WHOLE = Window(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Target:
    """``heatmaps`` ``(33, 72, 128)`` float32 in 0..1, and ``asked`` of the same shape: where they count."""

    heatmaps: NDArray[np.float32]
    asked: NDArray[np.bool_]


def target(seen: SeenPitch, window: Window, size_px: tuple[int, int]) -> Target:
    """Draw what the network should answer to a window of a picture of ``size_px``, (width, height).

    A landmark is a Gaussian of `LANDMARK_SIGMA` cells, a line a ridge of `LINE_SIGMA`. Nothing is asked in
    the map of a landmark of which it is not known whether and where the picture shows it, nor of the lines
    where they are uncertain, or anywhere without a view.
    """
    heatmaps = np.zeros((N_KEYPOINTS + 1, ROWS, COLUMNS), np.float32)
    asked = np.zeros(heatmaps.shape, bool)
    order = MIRRORED_KEYPOINT if window.mirrored else range(N_KEYPOINTS)
    cells, shown = _cells(seen.landmarks, window, size_px), _inside(seen.landmarks)
    for k, source in enumerate(order):
        asked[k] = seen.known[source]
        if seen.known[source] and shown[source]:
            heatmaps[k] = _peak(cells[source])
    if seen.has_view:
        heatmaps[-1], asked[-1] = _lines(seen, window, size_px)
    return Target(heatmaps, asked)


def landmark_cells(seen: SeenPitch, window: Window, size_px: tuple[int, int]) -> Array:
    """Where the landmarks that the window shows are, ``(32, 2)`` cells (x, y); NaN for all others."""
    cells = _cells(seen.landmarks, window, size_px)
    with np.errstate(invalid="ignore"):
        within = ((cells > -0.5) & (cells < [COLUMNS - 0.5, ROWS - 0.5])).all(axis=1)
    cells[~(within & seen.known & _inside(seen.landmarks))] = np.nan
    return cells[list(MIRRORED_KEYPOINT)] if window.mirrored else cells


def _cells(shares: Array, window: Window, size_px: tuple[int, int]) -> Array:
    """Cells of places given as shares of a picture; cell ``c`` is centred at input pixel ``4 c + 1.5``.

    A share is that of a pixel's number, and pixels are numbered by their middles.
    """
    x, y = (shares + 0.5 / np.array(size_px)).T
    x, y = (x - window.left) / window.width, (y - window.top) / window.height
    return np.column_stack([(1 - x if window.mirrored else x) * COLUMNS, y * ROWS]) - 0.5


def _inside(shares: Array) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return np.asarray(((shares >= 0) & (shares < 1)).all(axis=1), np.bool_)


def _peak(at: Array) -> NDArray[np.float32]:
    x = np.exp(-((np.arange(COLUMNS) - at[0]) ** 2) / (2 * LANDMARK_SIGMA**2))
    y = np.exp(-((np.arange(ROWS) - at[1]) ** 2) / (2 * LANDMARK_SIGMA**2))
    peak = np.outer(y, x).astype(np.float32)
    inside = -0.5 < at[0] < COLUMNS - 0.5 and -0.5 < at[1] < ROWS - 0.5
    return peak if inside else np.zeros_like(peak)


def _lines(
    seen: SeenPitch, window: Window, size_px: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    paint, doubt = (np.full((INPUT_HEIGHT, INPUT_WIDTH), 255, np.uint8) for _ in range(2))
    for line, certain in zip(seen.lines, seen.certain, strict=True):
        pixels = (_cells(line, window, size_px) + 0.5) * STRIDE - 0.5
        with np.errstate(invalid="ignore"):
            near = np.asarray((np.abs(pixels) < _FAR_PX).all(axis=1))
        pixels[~near] = 0.0
        both, sure = near[1:] & near[:-1], certain[1:] & certain[:-1]
        _draw(paint, pixels, both & sure)
        _draw(doubt, pixels, both & ~sure)
    ridge = np.exp(-(_distance_cells(paint) ** 2) / (2 * LINE_SIGMA**2)) * _picture(window)
    return ridge.astype(np.float32), _distance_cells(doubt) > _DOUBT


def _picture(window: Window) -> NDArray[np.bool_]:
    """Cells that show the picture, not the grey beyond it."""
    x = window.left + (np.arange(COLUMNS) + 0.5) / COLUMNS * window.width
    y = window.top + (np.arange(ROWS) + 0.5) / ROWS * window.height
    inside: NDArray[np.bool_] = np.outer((y > 0) & (y < 1), (x > 0) & (x < 1))
    return inside[:, ::-1] if window.mirrored else inside


def _draw(canvas: NDArray[np.uint8], pixels: Array, pieces: NDArray[np.bool_]) -> None:
    """Draw the pieces of a polyline that are marked, in place."""
    at = np.round(pixels * (1 << _SUB)).astype(np.int32)
    segments = np.stack([at[:-1], at[1:]], axis=1)[pieces]
    cv2.polylines(canvas, list(segments), False, 0.0, 1, cv2.LINE_8, _SUB)


def _distance_cells(canvas: NDArray[np.uint8]) -> Array:
    """Distance of each cell's middle to what is drawn, in cells; large where nothing is."""
    if canvas.all():
        return np.full((ROWS, COLUMNS), np.inf)
    distance = cv2.distanceTransform(canvas, cv2.DIST_L2, cv2.DIST_MASK_5)
    middle = distance.reshape(ROWS, STRIDE, COLUMNS, STRIDE)[:, 1:3, :, 1:3].mean(axis=(1, 3))
    return np.asarray(middle / STRIDE)
