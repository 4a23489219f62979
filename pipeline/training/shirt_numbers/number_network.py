"""The number network in torch, and its ONNX: an upper body of 48 x 48 px to legibility and two digits."""

from __future__ import annotations

import math
import warnings
from pathlib import Path

import torch
from numpy.typing import NDArray
from torch import nn

from pipeline.appearance.upper_body import INPUT_PX
from pipeline.core.files import whole_file
from pipeline.networks.shirt_numbers.number_reader import N_OUTPUTS

_OPSET = 17
_ANGLES = 8
_WIDTHS = (32, 64, 96)
_JOINED = 128


class NumberNetwork(nn.Module):  # type: ignore[misc]
    """Edges by direction, then convolutions at strides 4 and 8; the place decides which digit is which.

    ``(N, 3, 48, 48)`` RGB in 0..1 to ``(N, 21)``: a logit for legible, ten for the tens digit (0 is none),
    ten for the units digit. ``scale`` and ``shift`` of each of the three groups calibrate them. The edges are
    computed, not learned: dark on light and light on dark are one, and little data go far.
    """

    def __init__(self) -> None:
        super().__init__()
        first, middle, last = _WIDTHS
        self.edges = _Edges()
        self.body = nn.Sequential(
            _conv(_ANGLES, first, 2), _conv(first, middle, 1), _conv(middle, last, 2), _conv(last, last, 1)
        )
        self.head = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(0.2),
            nn.Linear(last * (INPUT_PX // 8) ** 2, _JOINED),
            nn.ReLU(True),
            nn.Linear(_JOINED, N_OUTPUTS),
        )
        self.register_buffer("scale", torch.ones(3))
        self.register_buffer("shift", torch.zeros(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Compute the calibrated logits."""
        raw = self.raw(x)
        legible = raw[:, :1] * self.scale[0] + self.shift
        return torch.cat([legible, raw[:, 1:11] * self.scale[1], raw[:, 11:] * self.scale[2]], 1)

    def raw(self, x: torch.Tensor) -> torch.Tensor:
        """Compute the logits before calibration, ``(N, 21)``."""
        return self.head(self.body(self.edges(x))).float()


class _Edges(nn.Module):  # type: ignore[misc]
    """Strength of edges in 8 directions at stride 2, over the strength around; nothing is learned.

    Of brightness and of red against green, so that red on green counts too.
    """

    def __init__(self) -> None:
        super().__init__()
        side = torch.tensor([3.0, 10.0, 3.0]) / 32
        across = side[:, None] * torch.tensor([-1.0, 0.0, 1.0])[None]
        planes = torch.tensor([[0.3, 0.59, 0.11], [0.5, -0.5, 0.0]])
        angles = torch.arange(_ANGLES) * math.pi / _ANGLES
        ways = torch.cos(angles)[:, None, None] * across + torch.sin(angles)[:, None, None] * across.T
        kernel = planes[None, :, :, None, None] * ways[:, None, None]
        self.register_buffer("kernel", kernel.reshape(2 * _ANGLES, 3, 3, 3))

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """``(N, 3, H, W)`` to ``(N, 8, H / 2, W / 2)``."""
        found = nn.functional.conv2d(nn.functional.pad(x, [1, 1, 1, 1], mode="replicate"), self.kernel).abs()
        each = nn.functional.avg_pool2d(found, 2)
        both = each[:, 0::2] + each[:, 1::2]
        around = nn.functional.avg_pool2d(both.mean(1, keepdim=True), 9, 1, 4)
        return both / (around + 0.01)


def _conv(given: int, taken: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(given, taken, 3, stride, 1, bias=False), nn.BatchNorm2d(taken), nn.ReLU(True)
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
