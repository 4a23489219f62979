"""The number network in torch, and its ONNX: an upper body of 48 x 48 px to legibility and two digits."""

from __future__ import annotations

import warnings
from pathlib import Path

import torch
from numpy.typing import NDArray
from torch import nn

from pipeline.appearance.upper_body import INPUT_PX
from pipeline.core.files import whole_file

_OPSET = 17
_WIDTHS = (32, 64, 128)
_MAP_PX = INPUT_PX // 4
_SQUEEZED, _HIDDEN = 24, 192
_LEAST_CONTRAST = 0.05
_WEIGHT_WITHOUT = 0.05
_SMOOTHED = 0.05


class NumberNetwork(nn.Module):  # type: ignore[misc]
    """Residual convolutions down to a 6 x 6 map, which is read as a whole: legibility and two digits.

    ``(N, 3, 48, 48)`` RGB in 0..1 to ``(N, 21)``: a logit for legible, ten for the tens digit (0 is none),
    ten for the units digit. ``scale`` and ``shift`` of each of the three groups calibrate them. Each cell of
    the 6 x 6 map sees all of the crop, so it knows whether another digit stands beside its own.
    ``digit_there`` says of each cell of the 12 x 12 map before it which digit is in it; only training asks
    for that, where the painter knows.
    """

    def __init__(self) -> None:
        super().__init__()
        first, middle, last = _WIDTHS
        self.body = nn.Sequential(
            nn.Conv2d(3, first, 6, 2, 2, bias=False),
            nn.BatchNorm2d(first),
            nn.ReLU(True),
            _Residual(first),
            _conv(first, middle, 2),
            _Residual(middle),
            _Residual(middle),
        )
        self.whole = nn.Sequential(
            _conv(middle, last, 2),
            _Residual(last),
            _Residual(last),
            nn.Conv2d(last, _SQUEEZED, 1, bias=False),
            nn.BatchNorm2d(_SQUEEZED),
            nn.ReLU(True),
            nn.Flatten(),
            nn.Linear(_SQUEEZED * (_MAP_PX // 2) ** 2, _HIDDEN),
            nn.ReLU(True),
            nn.Dropout(0.2),
        )
        self.legible = nn.Linear(_HIDDEN, 1)
        self.tens = nn.Linear(_HIDDEN, 10)
        self.units = nn.Linear(_HIDDEN, 10)
        self.digit_there = nn.Conv2d(middle, 11, 1)
        self.register_buffer("scale", torch.ones(3))
        self.register_buffer("shift", torch.zeros(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Compute the calibrated logits."""
        raw = self.raw(x)
        legible = raw[:, :1] * self.scale[0] + self.shift
        return torch.cat([legible, raw[:, 1:11] * self.scale[1], raw[:, 11:] * self.scale[2]], 1)

    def raw(self, x: torch.Tensor) -> torch.Tensor:
        """Compute the logits before calibration, ``(N, 21)``."""
        return self.answer(self.features(x))

    def features(self, x: torch.Tensor) -> torch.Tensor:
        """Compute the map, ``(N, 64, 12, 12)``."""
        x = x - x.mean((1, 2, 3), keepdim=True)
        x = x / (x.square().mean((1, 2, 3), keepdim=True).sqrt() + _LEAST_CONTRAST)
        return self.body(x)

    def answer(self, found: torch.Tensor) -> torch.Tensor:
        """Read the map, ``(N, 21)``."""
        seen = self.whole(found)
        return torch.cat([self.legible(seen), self.tens(seen), self.units(seen)], 1).float()


class _Residual(nn.Module):  # type: ignore[misc]
    """Two 3 x 3 convolutions that add to what they are given; at first nothing."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = _conv(width, width, 1)
        self.second = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.norm = nn.BatchNorm2d(width)
        nn.init.zeros_(self.norm.weight)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """``(N, C, H, W)`` to the same."""
        return torch.relu(x + self.norm(self.second(self.first(x))))


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
    weight = torch.where(legible == 0, 0.1, torch.where(legible == 1, 1.0, 0.5)) * (number > 0)
    n = number.clamp(min=0).long()
    tens, units = logits[:, 1:11], logits[:, 11:]
    digits = nn.functional.cross_entropy(tens, n // 10, reduction="none", label_smoothing=_SMOOTHED)
    digits = digits + nn.functional.cross_entropy(units, n % 10, reduction="none", label_smoothing=_SMOOTHED)
    mean = (judged * asked).sum() / asked.sum().clamp(min=1)
    return mean, (digits * weight).sum() / weight.sum().clamp(min=1e-6)


def cell_loss(there: torch.Tensor, cells: torch.Tensor) -> torch.Tensor:
    """The loss of what `NumberNetwork.digit_there` says of each cell.

    Parameters
    ----------
    there
        ``(N, 11, 12, 12)`` logits of the ten digits and of none.
    cells
        ``(N, 12, 12)`` which it is, or -1 where nobody asks. Those without a digit, the most, weigh less.
    """
    weight = torch.ones(11)
    weight[10] = _WEIGHT_WITHOUT
    total = nn.functional.cross_entropy(there, cells, weight, ignore_index=-1, reduction="sum")
    return total / weight[cells.clamp(min=0)][cells >= 0].sum().clamp(min=1)


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
