"""Make the network's probabilities mean what they say, on crops it was not trained on."""

from __future__ import annotations

import torch

from pipeline.training.shirt_numbers.number_loop import Answered
from pipeline.training.shirt_numbers.number_network import NumberNetwork, as_input

_BATCH = 256
_STEPS, _LR = 300, 0.05


@torch.no_grad()  # type: ignore[untyped-decorator]
def raw_outputs(network: NumberNetwork, data: Answered) -> torch.Tensor:
    """Outputs ``(N, 21)`` before calibration."""
    network.float().eval()
    parts = [as_input(data.pictures[i : i + _BATCH]) for i in range(0, len(data), _BATCH)]
    return torch.cat([network.raw(x) for x in parts])


def calibrate(network: NumberNetwork, *sets: Answered) -> None:
    """Set the network's scales and shift to what explains held-out crops best (least cross-entropy).

    Legibility learns from all crops that are judged; the digits' scales from legible ones. Each of ``sets``
    counts as much as another, so that a few hundred real crops are not lost among thousands of painted ones.
    """
    raws = [raw_outputs(network, data) for data in sets]
    log_scale = torch.zeros(3, requires_grad=True)
    shift = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.Adam([log_scale, shift], _LR)
    for _ in range(_STEPS):
        losses = [_loss(raw, data, log_scale.exp(), shift) for raw, data in zip(raws, sets, strict=True)]
        optimiser.zero_grad()
        torch.stack(losses).mean().backward()
        optimiser.step()
    network.scale.copy_(log_scale.exp().detach())
    network.shift.copy_(shift.detach())


def _loss(raw: torch.Tensor, data: Answered, scale: torch.Tensor, shift: torch.Tensor) -> torch.Tensor:
    legible, number = torch.from_numpy(data.legible).long(), torch.from_numpy(data.number).long()
    judged, read = legible >= 0, (legible == 1) & (number > 0)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(
        raw[judged, 0] * scale[0] + shift, legible[judged].float()
    )
    tens, units = number[read] // 10, number[read] % 10
    loss = loss + torch.nn.functional.cross_entropy(raw[read, 1:11] * scale[1], tens)
    return loss + torch.nn.functional.cross_entropy(raw[read, 11:] * scale[2], units)
