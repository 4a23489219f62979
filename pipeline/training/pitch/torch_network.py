"""The pitch network in torch: read from ONNX to go on training, written as ONNX again."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from pipeline.core.errors import UserError, WeightsError
from pipeline.core.files import whole_file
from pipeline.networks.openvino_graph import read_graph
from pipeline.networks.pitch_network import INPUT_HEIGHT, INPUT_WIDTH, N_KEYPOINTS, PitchNet
from pipeline.networks.weights import resolve

_OPSET = 17
_LEVELS = {2: 32, 16: 48, 19: 48, 22: 48}
"""Layers of the backbone and neck whose output is used (strides 4 to 32), and channels taken from each."""
_HEAD = 64


class PitchNetwork(nn.Module):  # type: ignore[misc]
    """YOLO11n's backbone and neck, its outputs of strides 4 to 32 joined at stride 4, two 3 x 3 convolutions.

    ``(N, 3, 288, 512)`` RGB in 0..1 to ``(N, 33, 72, 128)`` before the sigmoid. Batch normalisation
    is folded into the convolutions, as in the bundled network: with small batches its statistics are
    better left alone, and a step costs less.
    """

    def __init__(self) -> None:
        super().__init__()
        layers = _fused_yolo()
        self.body = layers
        widths = [_width(layers[i]) for i in _LEVELS]
        self.levels = nn.ModuleList(
            _block(given, taken, 1) for given, taken in zip(widths, _LEVELS.values(), strict=True)
        )
        self.head = nn.Sequential(
            _block(sum(_LEVELS.values()), _HEAD, 3),
            _block(_HEAD, _HEAD, 3),
            nn.Conv2d(_HEAD, N_KEYPOINTS + 1, 1),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Compute the responses before the sigmoid."""
        outputs: list[torch.Tensor] = []
        for layer in self.body:
            source = layer.f
            if isinstance(source, list):
                x = layer([outputs[-1] if i == -1 else outputs[i] for i in source])
            else:
                x = layer(x if source == -1 else outputs[source])
            outputs.append(x)
        parts = [block(outputs[i]) for i, block in zip(_LEVELS, self.levels, strict=True)]
        size = parts[0].shape[2:]
        parts[1:] = [nn.functional.interpolate(p, size=size, mode="bilinear") for p in parts[1:]]
        joined: torch.Tensor = self.head(torch.cat(parts, 1))
        return joined


def read_network(weights: str) -> PitchNetwork:
    """Read a pitch network to go on training from.

    Parameters
    ----------
    weights
        The name of a bundled network, or the path of an ``.onnx`` that `write_onnx` or the bundled one's
        training wrote.

    Raises
    ------
    WeightsError
        If it is another kind of file or network.
    """
    found = resolve(weights)
    if found.kind != "onnx":
        raise WeightsError(
            f"{weights}: the pitch network goes on from an .onnx; give one that training wrote"
        )
    values = _convolutions(found.path)
    network = PitchNetwork()
    ours = _in_order(network)
    if [v[0].shape for v in values] != [tuple(c.weight.shape) for c in ours]:
        raise WeightsError(
            f"{weights}: not a pitch network, or one of another structure; give the bundled one"
        )
    with torch.no_grad():
        for layer, (weight, bias) in zip(ours, values, strict=True):
            layer.weight.copy_(torch.from_numpy(weight))
            layer.bias.copy_(torch.from_numpy(bias))
    return network


def write_onnx(network: PitchNetwork, path: Path) -> None:
    """Write a network as `pipeline.networks.pitch_network.PitchNet` reads it, for any number of pictures."""
    whole = nn.Sequential(network, nn.Sigmoid()).float().eval().cpu()
    picture = torch.zeros(1, 3, INPUT_HEIGHT, INPUT_WIDTH)
    with whole_file(path) as part, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            whole,
            (picture,),
            str(part),
            dynamo=False,
            opset_version=_OPSET,
            input_names=["image"],
            output_names=["heatmaps"],
            dynamic_axes={"image": {0: "batch"}, "heatmaps": {0: "batch"}},
        )


def largest_gap(network: PitchNetwork, path: Path, pictures_bgr: list[Any]) -> float:
    """Give the largest difference of a response in torch and in the file, on pictures ``(288, 512, 3)``."""
    written, gap = PitchNet(str(path), threads=1), 0.0
    network.float().eval()
    for picture in pictures_bgr:
        with torch.no_grad():
            ours = network(as_input(picture[None])).sigmoid()[0].numpy()
        gap = max(gap, float(np.abs(ours - written.heatmaps(picture)).max()))
    return gap


def as_input(pictures_bgr: Any) -> torch.Tensor:
    """Make input of pictures ``(N, 288, 512, 3)`` uint8 BGR."""
    rgb = np.ascontiguousarray(pictures_bgr[..., ::-1].transpose(0, 3, 1, 2))
    return torch.from_numpy(rgb).float() / 255


def _fused_yolo() -> nn.ModuleList:
    """YOLO11n's layers up to the detection head, batch normalisation folded in."""
    from ultralytics.nn.tasks import DetectionModel

    model = DetectionModel("yolo11n.yaml", verbose=False).eval().fuse(verbose=False)
    layers = nn.ModuleList(model.model[: max(_LEVELS) + 1])
    for parameter in layers.parameters():
        parameter.requires_grad_(True)
    return layers


def _width(layer: Any) -> int:
    return int(layer.cv2.conv.out_channels)


def _block(given: int, taken: int, size: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(given, taken, size, padding=size // 2), nn.SiLU())


def _in_order(network: PitchNetwork) -> list[nn.Conv2d]:
    """The convolutions in the order in which they are computed, which is that of a written file."""
    out: list[nn.Conv2d] = []
    layers = [m for m in network.modules() if isinstance(m, nn.Conv2d)]
    hooks = [m.register_forward_hook(lambda layer, *_: out.append(layer)) for m in layers]
    with torch.no_grad():
        network(torch.zeros(1, 3, 64, 64))
    for hook in hooks:
        hook.remove()
    return out


def _convolutions(path: Path) -> list[tuple[Any, Any]]:
    """Weights and biases of a file's convolutions, in order."""
    try:
        import onnx
        from onnx import numpy_helper
    except ImportError as error:
        raise UserError("training the pitch network needs the package onnx: pip install onnx") from error
    read_graph(path, "--start")
    graph = onnx.load(str(path)).graph
    values = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    nodes = [n for n in graph.node if n.op_type == "Conv" and len(n.input) == 3]
    return [(values[n.input[1]].copy(), values[n.input[2]].copy()) for n in nodes if n.input[1] in values]
