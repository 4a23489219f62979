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


def calibrate(network: NumberNetwork, data: Answered) -> None:
    """Set the network's scales and shift to what explains held-out crops best (least cross-entropy).

    Legibility learns from all crops that are judged; the digits' scales from legible ones.
    """
    raw = raw_outputs(network, data)
    legible, number = torch.from_numpy(data.legible).long(), torch.from_numpy(data.number).long()
    judged, read = legible >= 0, (legible == 1) & (number > 0)
    log_scale = torch.zeros(3, requires_grad=True)
    shift = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.Adam([log_scale, shift], _LR)
    for _ in range(_STEPS):
        scale = log_scale.exp()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(
            raw[judged, 0] * scale[0] + shift, legible[judged].float()
        )
        digits = number[read].clamp(min=0)
        loss = loss + torch.nn.functional.cross_entropy(raw[read, 1:11] * scale[1], digits // 10)
        loss = loss + torch.nn.functional.cross_entropy(raw[read, 11:] * scale[2], digits % 10)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    network.scale.copy_(log_scale.exp().detach())
    network.shift.copy_(shift.detach())
