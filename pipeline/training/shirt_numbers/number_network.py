"""The number network in torch, and its ONNX: an upper body of 48 x 48 px to legibility and two digits."""

from __future__ import annotations

import warnings
from pathlib import Path

import torch
from numpy.typing import NDArray
from torch import nn

from pipeline.appearance.upper_body import INPUT_PX
from pipeline.core.files import whole_file
from pipeline.networks.shirt_numbers.number_reader import N_OUTPUTS

_OPSET = 17
_WIDTHS, _DEPTHS = (32, 64, 96), (0, 1, 2)
_SEEN, _JOINED = 48, 160


class NumberNetwork(nn.Module):  # type: ignore[misc]
    """Residual convolutions at strides 2, 4 and 8; what is left of the place decides which digit is which.

    ``(N, 3, 48, 48)`` RGB in 0..1 to ``(N, 21)``: a logit for legible, ten for the tens digit (0 is none),
    ten for the units digit. ``scale`` and ``shift`` of each of the three groups calibrate them.
    """

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        given = 3
        for width, depth in zip(_WIDTHS, _DEPTHS, strict=True):
            layers += [_conv(given, width, 2, 3 if layers else 5), *(_Residual(width) for _ in range(depth))]
            given = width
        self.body = nn.Sequential(*layers)
        cells = (INPUT_PX // 8) ** 2
        self.head = nn.Sequential(
            nn.Conv2d(given, _SEEN, 1),
            nn.ReLU(True),
            nn.Flatten(),
            nn.Dropout(0.2),
            nn.Linear(_SEEN * cells, _JOINED),
            nn.ReLU(True),
            nn.Linear(_JOINED, N_OUTPUTS),
        )
        self.register_buffer("scale", torch.ones(3))
        self.register_buffer("shift", torch.zeros(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Compute the calibrated logits."""
        raw = self.head(self.body(x - 0.45)).float()
        legible = raw[:, :1] * self.scale[0] + self.shift
        return torch.cat([legible, raw[:, 1:11] * self.scale[1], raw[:, 11:] * self.scale[2]], 1)


class _Residual(nn.Module):  # type: ignore[misc]
    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = _conv(width, width, 1)
        self.second = nn.Sequential(nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.functional.relu(x + self.second(self.first(x)))


def _conv(given: int, taken: int, stride: int, size: int = 3) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(given, taken, size, stride, size // 2, bias=False), nn.BatchNorm2d(taken), nn.ReLU(True)
    )


def losses(
    logits: torch.Tensor, legible: torch.Tensor, number: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """The losses of legibility and digits.

    Parameters
    ----------
    logits
        ``(N, 21)``.
    legible
        ``(N,)`` 1, 0, or -1 where nobody asks.
    number
        ``(N,)`` 1 to 99, or -1 for none. What cannot be read teaches the digits little: to be unsure.
    """
    asked = legible >= 0
    judged = nn.functional.binary_cross_entropy_with_logits(
        logits[:, 0], legible.clamp(min=0).float(), reduction="none"
    )
    weight = torch.where(legible == 0, 0.2, torch.where(legible == 1, 1.0, 0.6)) * (number > 0)
    n = number.clamp(min=0).long()
    digits = nn.functional.cross_entropy(logits[:, 1:11], n // 10, reduction="none")
    digits = digits + nn.functional.cross_entropy(logits[:, 11:], n % 10, reduction="none")
    mean = (judged * asked).sum() / asked.sum().clamp(min=1)
    return mean, (digits * weight).sum() / weight.sum().clamp(min=1e-6)


def as_input(pictures_bgr: NDArray) -> torch.Tensor:  # type: ignore[type-arg]
    """Make input of pictures ``(N, 48, 48, 3)`` uint8 BGR."""
    return torch.from_numpy(pictures_bgr[..., ::-1].transpose(0, 3, 1, 2).copy()).float() / 255


def write_onnx(network: NumberNetwork, path: Path) -> None:
    """Write a network as `number_reader` reads it, for any number of crops."""
    whole = network.float().eval().cpu()
    with whole_file(path) as part, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            whole,
            (torch.zeros(1, 3, INPUT_PX, INPUT_PX),),
            str(part),
            dynamo=False,
            opset_version=_OPSET,
            input_names=["torso"],
            output_names=["logits"],
            dynamic_axes={"torso": {0: "batch"}, "logits": {0: "batch"}},
        )
