"""What one picture shows of the pitch: landmarks from the network, and points on painted lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model.homography import inverted
from pipeline.calibration.evidence.ridges import ridges, thinned
from pipeline.core.camera_lens import STRAIGHT, Lens
from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]

_MAX_WIDTH = 1280
_MIN_RESPONSE = 0.12
"""Least response of the network's line map at a line point."""
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
    ``map_from_image`` ``(3, 3)`` gives. ``lens``: how the picture is bent; landmarks and line points are
    those of the straightened picture then, while the map stays that of the picture itself.
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
    lens: Lens = STRAIGHT


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


def straightened(evidence: Evidence, lens: Lens) -> Evidence:
    """The evidence as the picture without the bend of its lens would give it.

    What a pinhole could not show is left out.
    """
    if not lens.bends:
        return evidence
    keypoints, (points, normals) = (
        lens.straight(evidence.keypoints_px),
        lens.straight_lines(evidence.line_px, evidence.line_normal),
    )
    shown = np.isfinite(keypoints).all(axis=1)
    there = np.isfinite(points).all(axis=1) & np.isfinite(normals).all(axis=1)
    return replace(
        evidence,
        keypoint=evidence.keypoint[shown],
        keypoints_px=keypoints[shown],
        score=evidence.score[shown],
        line_px=points[there],
        line_normal=normals[there],
        lens=lens,
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
    points, normals, strength = ridges(small, response > _MIN_RESPONSE, 0.9 + 0.4 * max(size) / _MAX_WIDTH)
    keep = thinned(points, strength, max(size) / _BINS)
    points, normals = points[keep], normals[keep]
    return (points - small_from_image[:2, 2]) / scale, normals
