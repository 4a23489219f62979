"""Crops varied anew whenever they are drawn: moved, stretched, other colours, negatives."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from pipeline.appearance.upper_body import INPUT_PX
from pipeline.training.shirt_numbers.number_network import as_input
from pipeline.training.shirt_numbers.painted_numbers import CELLS

_SHIFT, _STRETCH, _TURN_RAD, _SLANT = 0.09, 0.09, 0.09, 0.08
"""Shifts are in halves of a side, stretches in logarithms."""
_SWAPPED, _NEGATIVE, _GREY = 0.3, 0.2, 0.2
"""Shares with other colours, as negatives, and without colour: no kit may stand for a number."""
_NOISY, _NOISE = 0.3, 0.03
_ORDERS = np.array([(0, 1, 2), (2, 1, 0), (1, 0, 2), (0, 2, 1), (1, 2, 0), (2, 0, 1)])


def draw_moves(n: int, rng: np.random.Generator) -> torch.Tensor:
    """How ``n`` crops are moved, turned and stretched, ``(n, 2, 3)`` as `affine_grid` takes it."""
    angle, slant = rng.normal(0, _TURN_RAD, n), rng.normal(0, _SLANT, n)
    wide, high = np.exp(rng.normal(0, _STRETCH, (2, n)))
    shift = rng.normal(0, _SHIFT, (2, n))
    rows = [
        [wide * np.cos(angle), slant - high * np.sin(angle), shift[0]],
        [wide * np.sin(angle), high * np.cos(angle), shift[1]],
    ]
    return torch.from_numpy(np.array(rows).transpose(2, 0, 1).astype(np.float32))


def varied(pictures: NDArray[np.uint8], moves: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Make input of crops ``(N, 48, 48, 3)``, each moved, recoloured, and some as negatives."""
    n = len(pictures)
    where = nn.functional.affine_grid(moves, [n, 3, INPUT_PX, INPUT_PX], align_corners=False)
    x = nn.functional.grid_sample(as_input(pictures), where, padding_mode="border", align_corners=False)
    order = _ORDERS[np.where(rng.random(n) < _SWAPPED, rng.integers(0, 6, n), 0)]
    x = torch.gather(x, 1, torch.from_numpy(order)[:, :, None, None].expand(-1, -1, *x.shape[2:]))
    x = torch.where(_some(n, _GREY, rng), x.mean(1, keepdim=True), x)
    x = torch.where(_some(n, _NEGATIVE, rng), 1 - x, x)
    gain = torch.from_numpy(rng.uniform(0.8, 1.2, (n, 3, 1, 1)).astype(np.float32))
    lift = torch.from_numpy(rng.uniform(-0.08, 0.08, (n, 1, 1, 1)).astype(np.float32))
    noise = torch.randn_like(x) * (_NOISE * _some(n, _NOISY, rng))
    return (x * gain + lift + noise).clamp_(0, 1)


def moved_cells(cells: NDArray[np.int8], moves: torch.Tensor) -> torch.Tensor:
    """Move the answers of cells ``(N, 12, 12)`` as their crops are moved."""
    n = len(cells)
    where = nn.functional.affine_grid(moves, [n, 1, CELLS, CELLS], align_corners=False)
    given = torch.from_numpy(cells).float()[:, None]
    moved = nn.functional.grid_sample(given, where, "nearest", "border", align_corners=False)
    return moved[:, 0].round().long()


def _some(n: int, share: float, rng: np.random.Generator) -> torch.Tensor:
    return torch.from_numpy(rng.random(n) < share)[:, None, None, None]
