"""The number reader: whether a shirt number can be read on somebody's upper body, and which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.appearance.upper_body import INPUT_PX
from pipeline.core.errors import WeightsError
from pipeline.networks.openvino_graph import compiled_f32, fed_with_pictures, read_graph, sizes
from pipeline.networks.weights import resolve

N_OUTPUTS = 21
N_NUMBERS = 100
_BATCH = 32


@dataclass(frozen=True, slots=True)
class NumberReadings:
    """What the network says about ``N`` crops.

    ``legible`` is ``(N,)``, the probability that a number can be read; ``number`` is ``(N, 100)``, the
    probability of each number if it can. 0 is never a number.
    """

    legible: NDArray[np.float64]
    number: NDArray[np.float64]


class NumberReader:
    """The network on the CPU, through OpenVINO.

    Parameters
    ----------
    weights
        The name of a bundled network, or a path to ``.onnx`` or OpenVINO ``.xml``, as
        `pipeline.training.shirt_numbers` writes them.
    threads
        CPU threads; 0 is all cores.

    Raises
    ------
    WeightsError
        If the file is missing, unreadable, or another kind of network.
    """

    def __init__(self, weights: str, threads: int = 0) -> None:
        self._request = _compile(weights, threads)

    def read(self, crops_bgr: NDArray[np.uint8]) -> NumberReadings:
        """Read ``(N, 48, 48, 3)`` BGR crops as `pipeline.appearance.upper_body.cut_square` makes them."""
        return readings(self.logits(crops_bgr))

    def logits(self, crops_bgr: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Give the calibrated outputs ``(N, 21)`` before sigmoid and softmax."""
        out = [np.zeros((0, N_OUTPUTS))]
        for at in range(0, len(crops_bgr), _BATCH):
            self._request.infer([np.ascontiguousarray(crops_bgr[at : at + _BATCH])])
            out.append(np.array(self._request.get_output_tensor(0).data, dtype=np.float64))
        return np.concatenate(out)


def readings(logits: NDArray[np.float64]) -> NumberReadings:
    """Turn outputs ``(N, 21)`` into probabilities: legible, tens digit (0 is none), units digit."""
    tens, units = _softmax(logits[:, 1:11]), _softmax(logits[:, 11:])
    number = (tens[:, :, None] * units[:, None, :]).reshape(-1, N_NUMBERS)
    number[:, 0] = 0
    number /= np.maximum(number.sum(axis=1, keepdims=True), 1e-12)
    return NumberReadings(1 / (1 + np.exp(-np.clip(logits[:, 0], -30, 30))), number)


def _softmax(x: NDArray[np.float64]) -> NDArray[np.float64]:
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def _compile(weights: str, threads: int) -> Any:
    graph = read_graph(resolve(weights).path, "appearance.weights")
    _check(graph, weights)
    return compiled_f32(fed_with_pictures(graph), threads)


def _check(graph: Any, weights: str) -> None:
    outputs = sizes(graph.outputs)
    inputs = sizes(graph.inputs)
    wanted = (3, INPUT_PX, INPUT_PX)
    if [o[1:] for o in outputs] != [(N_OUTPUTS,)] or [i[1:] for i in inputs] != [wanted]:
        raise WeightsError(
            f"appearance.weights {weights}: not a number network (input {inputs}, output {outputs}; expected "
            f"(N, 3, {INPUT_PX}, {INPUT_PX}) and (N, {N_OUTPUTS}))"
        )
