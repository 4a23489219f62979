"""What one picture shows of the pitch: landmarks from the network, and points on painted lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.homography import inverted
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_MAX_WIDTH = 1280
_MIN_STRENGTH = 2.0
"""Least curvature of brightness across a line, grey levels per px^2."""
_MIN_RESPONSE = 0.12
"""Least response of the network's line map at a line point."""
_REACH_PX = 0.6
"""A ridge belongs to the pixel if its crest is no further than this from the pixel's middle."""
_EDGE = 8
_SECOND, _SMOOTH, _SLOPE = np.array([1, -2, 1.0]), np.array([0.25, 0.5, 0.25]), np.array([-0.5, 0, 0.5])
_KERNELS = np.stack(
    [
        np.outer(down, along).ravel()
        for along, down in (
            (_SECOND, _SMOOTH),
            (_SMOOTH, _SECOND),
            (_SLOPE, _SLOPE),
            (_SLOPE, _SMOOTH),
            (_SMOOTH, _SLOPE),
        )
    ]
)
"""Derivatives xx, yy, xy, x, y of a picture as 3 x 3 kernels, row by row."""
_MAX_POINTS = 256
_BINS = 200
"""Line points are thinned to one in each square of 1/200 of the picture's longer side."""


class Reading(Protocol):
    """What the pitch network says (see `pipeline.networks.pitch_network.PitchReading`)."""

    @property
    def keypoints_px(self) -> Array:
        """``(32, 2)``, NaN where not located."""

    @property
    def score(self) -> NDArray[np.float32]:
        """``(32,)``."""

    @property
    def lines(self) -> NDArray[np.float32]:
        """``(72, 128)`` response to painted lines."""

    @property
    def lines_from_image(self) -> Array:
        """``(3, 3)`` from frame pixels to cells of ``lines``."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The pitch in one picture of ``width_px`` x ``height_px``.

    ``keypoints_px`` is ``(K, 2)``, with ``keypoint`` ``(K,)`` their numbers (order of
    `pipeline.core.pitch.Pitch.keypoints_m`) and ``score`` ``(K,)``. ``line_px`` is ``(N, 2)``: points in the
    middle of painted lines, and ``line_normal`` ``(N, 2)`` the unit direction across the line there.
    ``line_map`` is ``(36, 64)`` uint8, the network's response to lines (255 is certain) in cells that
    ``map_from_image`` ``(3, 3)`` gives.
    """

    frame: int
    time_s: float
    width_px: int
    height_px: int
    keypoint: NDArray[np.int64]
    keypoints_px: Array
    score: Array
    line_px: Array
    line_normal: Array
    line_map: NDArray[np.uint8]
    map_from_image: Array


def painted(evidence: Evidence, pitch: Pitch) -> Evidence:
    """Leave out landmarks that the pitch does not have."""
    there = np.isfinite(pitch.keypoints_m()[evidence.keypoint, 0])
    if there.all():
        return evidence
    return replace(
        evidence,
        keypoint=evidence.keypoint[there],
        keypoints_px=evidence.keypoints_px[there],
        score=evidence.score[there],
    )


def collect(
    frame: int,
    time_s: float,
    image_bgr: NDArray[np.uint8],
    reading: Reading,
    boxes_px: NDArray[np.floating],
    min_score: float,
) -> Evidence:
    """Gather the evidence of one picture.

    Parameters
    ----------
    reading
        What the pitch network says about it.
    boxes_px
        ``(P, 4)`` xyxy of people, whose limbs must not pass for lines.
    min_score
        Landmarks below this are left out.
    """
    sure = np.flatnonzero((reading.score >= min_score) & np.isfinite(reading.keypoints_px[:, 0]))
    points, normals = line_points(image_bgr, reading.lines, reading.lines_from_image, boxes_px)
    rows, columns = reading.lines.shape
    pooled = reading.lines.reshape(rows // 2, 2, columns // 2, 2).max(axis=(1, 3))
    halve = np.array([[0.5, 0, -0.25], [0, 0.5, -0.25], [0, 0, 1]])
    return Evidence(
        frame,
        time_s,
        image_bgr.shape[1],
        image_bgr.shape[0],
        sure,
        reading.keypoints_px[sure],
        reading.score[sure].astype(np.float64),
        points,
        normals,
        np.asarray(np.clip(pooled * 255, 0, 255), dtype=np.uint8),
        halve @ reading.lines_from_image,
    )


def line_points(
    image_bgr: NDArray[np.uint8],
    lines: NDArray[np.float32],
    lines_from_image: Array,
    boxes_px: NDArray[np.floating],
) -> tuple[Array, Array]:
    """Find points in the middle of painted lines, to a fraction of a pixel.

    Ridges of brightness (red and blue, where white stands out from grass most) that the network's
    line map agrees with, outside people.

    Parameters
    ----------
    image_bgr
        ``(H, W, 3)`` uint8.
    lines, lines_from_image
        The network's line map and the map from frame pixels to its cells (see `PitchReading`).
    boxes_px
        ``(P, 4)`` xyxy of people, whose limbs must not pass for lines.

    Returns
    -------
    Points ``(N, 2)`` px and unit normals ``(N, 2)``; N is at most a few hundred, spread evenly.
    """
    height, width = image_bgr.shape[:2]
    scale = min(1.0, _MAX_WIDTH / max(width, height))
    small = (
        image_bgr
        if scale == 1
        else cv2.resize(image_bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    )
    small_from_image = np.array([[scale, 0, (scale - 1) / 2], [0, scale, (scale - 1) / 2], [0, 0, 1.0]])
    cells = lines_from_image @ inverted(small_from_image)
    size = (small.shape[1], small.shape[0])
    response = cv2.warpAffine(lines, cells[:2], size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    people = (np.asarray(boxes_px, dtype=np.float64).reshape(-1, 4) * scale).astype(int)
    for x1, y1, x2, y2 in np.maximum(people, 0):
        response[y1 : y2 + 1, x1 : x2 + 1] = 0
    points, normals, strength = _ridges(small, response > _MIN_RESPONSE)
    keep = _thin(points, strength, max(size) / _BINS)
    points, normals = points[keep], normals[keep]
    return (points - small_from_image[:2, 2]) / scale, normals


def _ridges(image: NDArray[np.uint8], where: NDArray[np.bool_]) -> tuple[Array, Array, Array]:
    """Bright ridges inside ``where``: sub-pixel points, normals and strengths (Steger 1998)."""
    rows, columns = np.flatnonzero(where.any(axis=1)), np.flatnonzero(where.any(axis=0))
    if len(rows) == 0:
        return np.zeros((0, 2)), np.zeros((0, 2)), np.zeros(0)
    top, left = max(0, rows[0] - _EDGE), max(0, columns[0] - _EDGE)
    part = np.s_[top : rows[-1] + _EDGE + 1, left : columns[-1] + _EDGE + 1]
    red_blue = cv2.transform(image[part], np.array([[0.5, 0, 0.5]])).astype(np.float32)
    grey = cv2.GaussianBlur(red_blue, (0, 0), 0.9 + 0.4 * max(image.shape[:2]) / _MAX_WIDTH)
    bend = cv2.filter2D(grey, -1, (_KERNELS[0] + _KERNELS[1]).reshape(3, 3))
    candidate = (bend < -_MIN_STRENGTH / 2) & where[part]
    candidate[[0, -1]], candidate[:, [0, -1]] = False, False
    y, x = np.nonzero(candidate)
    around = np.stack([grey[y + dy, x + dx] for dy in (-1, 0, 1) for dx in (-1, 0, 1)])
    xx, yy, xy, dx, dy = _KERNELS @ around.astype(np.float64)
    half = (xx - yy) / 2
    radius = np.hypot(half, xy)
    across, along = (xx + yy) / 2 - radius, (xx + yy) / 2 + radius
    angle = 0.5 * np.arctan2(xy, half) + np.pi / 2
    normal = np.column_stack([np.cos(angle), np.sin(angle)])
    with np.errstate(divide="ignore", invalid="ignore"):
        offset = -(dx * normal[:, 0] + dy * normal[:, 1]) / across
    keep = (across < -_MIN_STRENGTH) & (-across > 2 * np.abs(along)) & (np.abs(offset) < _REACH_PX)
    points = np.column_stack([x + left, y + top]) + offset[:, None] * normal
    return points[keep], normal[keep], -across[keep]


def _thin(points: Array, strength: Array, bin_px: float) -> NDArray[np.intp]:
    """Keep the strongest point of each square bin, and at most `_MAX_POINTS` of those, evenly."""
    bins = np.floor(points / bin_px).astype(np.int64)
    order = np.lexsort((-strength, bins[:, 1], bins[:, 0]))
    ordered = bins[order]
    first = np.ones(len(order), bool)
    first[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    keep = order[first]
    if len(keep) <= _MAX_POINTS:
        return keep
    return np.asarray(keep[np.linspace(0, len(keep) - 1, _MAX_POINTS).astype(int)])
