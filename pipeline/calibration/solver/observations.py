"""The evidence of a shot's key frames, laid out flat for least squares. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.evidence.pitch_evidence import Evidence
from pipeline.core.camera_lens import STRAIGHT, Lens

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Observations:
    """The evidence of N key frames, flat. ``*_frame`` index the key frames, in order.

    ``links`` is ``(N - 1, 3, 3)``: homography from each key frame's picture to the next one's, NaN where
    unknown, and ``link_sigma_px`` ``(N - 1,)`` its standard deviation. All are of the pictures as ``lens``
    straightens them.
    """

    size_px: tuple[int, int]
    keypoint_frame: NDArray[np.intp]
    keypoint_m: Array
    keypoint_px: Array
    keypoint_weight: Array
    line_frame: NDArray[np.intp]
    line_px: Array
    line_normal: Array
    links: Array
    link_sigma_px: Array
    lens: Lens = STRAIGHT

    @property
    def n(self) -> int:
        """Number of key frames."""
        return len(self.links) + 1

    @property
    def unit_px(self) -> float:
        """The picture's longer side."""
        return float(max(self.size_px))

    def part(self, which: slice) -> Observations:
        """Only the key frames ``which`` (contiguous)."""
        start, stop, _ = which.indices(self.n)
        points = (self.keypoint_frame >= start) & (self.keypoint_frame < stop)
        lines = (self.line_frame >= start) & (self.line_frame < stop)
        return Observations(
            self.size_px,
            self.keypoint_frame[points] - start,
            self.keypoint_m[points],
            self.keypoint_px[points],
            self.keypoint_weight[points],
            self.line_frame[lines] - start,
            self.line_px[lines],
            self.line_normal[lines],
            self.links[start : stop - 1],
            self.link_sigma_px[start : stop - 1],
            self.lens,
        )


def gather(
    evidence: Sequence[Evidence], landmarks_m: Array, links: Array, link_sigma_px: Array
) -> Observations:
    """Flatten the evidence of one shot's key frames; ``landmarks_m`` is ``Pitch.keypoints_m()``."""
    first = evidence[0]
    rows = np.repeat(np.arange(len(evidence)), [len(e.keypoint) for e in evidence])
    points = np.repeat(np.arange(len(evidence)), [len(e.line_px) for e in evidence])
    numbers = np.concatenate([e.keypoint for e in evidence])
    score = np.concatenate([e.score for e in evidence])
    return Observations(
        (first.width_px, first.height_px),
        rows,
        landmarks_m[numbers],
        np.concatenate([e.keypoints_px for e in evidence]),
        np.clip(score / 0.7, 0.3, 1.0) ** 2,
        points,
        np.concatenate([e.line_px for e in evidence]),
        np.concatenate([e.line_normal for e in evidence]),
        links,
        link_sigma_px,
        first.lens,
    )


def alone(evidence: Sequence[Evidence], landmarks_m: Array) -> Observations:
    """Like `gather`, without links between the pictures."""
    n = len(evidence) - 1
    return gather(evidence, landmarks_m, np.full((n, 3, 3), np.nan), np.ones(n))
