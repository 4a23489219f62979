"""The pitch network: where 32 landmarks of the pitch and its painted lines are in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.errors import WeightsError
from pipeline.networks.openvino_graph import compiled_f32, fed_with_pictures, read_graph, sizes
from pipeline.networks.weights import resolve

N_KEYPOINTS = 32
INPUT_WIDTH, INPUT_HEIGHT = 512, 288
STRIDE = 4
_WINDOW = 2
"""Cells on each side of the peak that its centroid is taken over (5 x 5)."""
_FLOOR = 0.02
"""Landmarks whose peak is lower than this are not even located."""


@dataclass(frozen=True, slots=True)
class PitchReading:
    """What the network says about one picture.

    ``keypoints_px`` is ``(32, 2)`` float64 in frame pixels (order of `Pitch.keypoints_m`), NaN where the
    response is negligible or its peak lies outside the picture; ``score`` is ``(32,)`` float32 in 0..1.
    ``lines`` is ``(72, 128)`` float32 in 0..1, the response to any painted line, and
    ``lines_from_image`` the ``(3, 3)`` affine map from frame pixels to its cells.
    """

    keypoints_px: NDArray[np.float64]
    score: NDArray[np.float32]
    lines: NDArray[np.float32]
    lines_from_image: NDArray[np.float64]


class PitchNet:
    """The network on the CPU, through OpenVINO. One picture at a time.

    Parameters
    ----------
    weights
        The name of a bundled network, or a path to ``.onnx`` or OpenVINO ``.xml`` with the same
        input and output as the bundled one.
    threads
        CPU threads; 0 is all cores.

    Raises
    ------
    WeightsError
        If the file is missing, unreadable, or another kind of network.
    """

    def __init__(self, weights: str = "pitch-lines-n", threads: int = 0) -> None:
        self._request = _compile(weights, threads)

    def read(self, image_bgr: NDArray[np.uint8]) -> PitchReading:
        """Locate the landmarks and lines of a ``(H, W, 3)`` BGR picture of any shape."""
        picture, input_from_image = fit_input(image_bgr)
        return reading(self.heatmaps(picture), input_from_image, image_bgr.shape[1], image_bgr.shape[0])

    def heatmaps(self, picture_bgr: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Give the responses ``(33, 72, 128)`` to a picture that already is ``(288, 512, 3)``."""
        self._request.infer([picture_bgr[None]], share_inputs=True)
        return np.array(self._request.get_output_tensor(0).data[0], dtype=np.float32)


def fit_input(image_bgr: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Scale a picture into the network's input, keeping its aspect; grey bars fill the rest.

    Returns
    -------
    The ``(288, 512, 3)`` uint8 input (still BGR) and the ``(3, 3)`` map from frame pixels to input pixels.
    """
    height, width = image_bgr.shape[:2]
    scale = min(INPUT_WIDTH / width, INPUT_HEIGHT / height)
    w, h = max(1, round(width * scale)), max(1, round(height * scale))
    left, top = (INPUT_WIDTH - w) // 2, (INPUT_HEIGHT - h) // 2
    smaller = scale < 1
    resized = cv2.resize(image_bgr, (w, h), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR)
    out = np.full((INPUT_HEIGHT, INPUT_WIDTH, 3), 114, np.uint8)
    out[top : top + h, left : left + w] = resized
    sx, sy = w / width, h / height
    matrix = np.array([[sx, 0, left + (sx - 1) / 2], [0, sy, top + (sy - 1) / 2], [0, 0, 1]])
    return out, matrix


def reading(
    heatmaps: NDArray[np.float32], input_from_image: NDArray[np.float64], width_px: int, height_px: int
) -> PitchReading:
    """Decode the network's ``(33, 72, 128)`` output for a frame of ``width_px`` x ``height_px``.

    A landmark is the centroid of the squared response in 5 x 5 cells around its peak; cell ``c`` is
    centred at input pixel ``4 c + 1.5``.
    """
    cells, score = peaks(heatmaps[:N_KEYPOINTS])
    input_from_cells = np.array([[STRIDE, 0, 1.5], [0, STRIDE, 1.5], [0, 0, 1.0]])
    image_from_cells = np.linalg.inv(input_from_image) @ input_from_cells
    points = cells * image_from_cells[[0, 1], [0, 1]] + image_from_cells[:2, 2]
    inside = (points > -1).all(axis=1) & (points[:, 0] < width_px) & (points[:, 1] < height_px)
    points[~inside | (score < _FLOOR)] = np.nan
    return PitchReading(points, score, heatmaps[N_KEYPOINTS], np.linalg.inv(image_from_cells))


def peaks(maps: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Sub-cell peak positions ``(N, 2)`` as x, y and their heights ``(N,)`` of ``(N, H, W)`` maps."""
    n, _, width = maps.shape
    flat = maps.reshape(n, -1)
    best = flat.argmax(axis=1)
    score = flat[np.arange(n), best]
    padded = np.pad(maps, ((0, 0), (_WINDOW, _WINDOW), (_WINDOW, _WINDOW)))
    row, column = np.divmod(best, width)
    offsets = np.arange(-_WINDOW, _WINDOW + 1)
    patch = padded[
        np.arange(n)[:, None, None],
        row[:, None, None] + _WINDOW + offsets[None, :, None],
        column[:, None, None] + _WINDOW + offsets[None, None, :],
    ].astype(np.float64)
    weight = patch**2
    total = np.maximum(weight.sum(axis=(1, 2)), 1e-12)
    x = column + (weight * offsets[None, None, :]).sum(axis=(1, 2)) / total
    y = row + (weight * offsets[None, :, None]).sum(axis=(1, 2)) / total
    return np.column_stack([x, y]), score


def _compile(weights: str, threads: int) -> Any:
    graph = read_graph(resolve(weights).path, "calibrate.weights")
    _check(graph, weights)
    graph.reshape([1, 3, INPUT_HEIGHT, INPUT_WIDTH])
    return compiled_f32(fed_with_pictures(graph), threads)


def _check(graph: Any, weights: str) -> None:
    expected = (N_KEYPOINTS + 1, INPUT_HEIGHT // STRIDE, INPUT_WIDTH // STRIDE)
    shapes = sizes(graph.outputs)
    inputs = sizes(graph.inputs)
    if [s[1:] for s in shapes] != [expected] or [i[1:] for i in inputs] != [(3, INPUT_HEIGHT, INPUT_WIDTH)]:
        raise WeightsError(
            f"calibrate.weights {weights}: not a pitch network (input {inputs}, output {shapes}; expected "
            f"(N, 3, {INPUT_HEIGHT}, {INPUT_WIDTH}) and (N, {', '.join(map(str, expected))}))"
        )
