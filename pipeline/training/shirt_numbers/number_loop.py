"""Train the number network on crops with answers, by the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from pipeline.appearance.upper_body import INPUT_PX
from pipeline.training.cpu_bfloat16 import has_bfloat16
from pipeline.training.shirt_numbers.number_network import NumberNetwork, as_input, cell_loss, losses
from pipeline.training.shirt_numbers.painted_numbers import CELLS, UNKNOWN

_WARM_UP_STEPS, _LEAST_LR = 150, 0.02
_LONGEST_MEMORY = 0.995
"""Share of the averaged weights that a step leaves as they were."""
_WEIGHT_DECAY, _MAX_NORM = 0.02, 5.0
_SHIFT, _STRETCH, _TURN_RAD, _SLANT = 0.06, 0.06, 0.08, 0.06
_SWAPPED, _NEGATIVE = 0.3, 0.2
"""How crops are varied: shifts in halves of a side; shares with other colours and as negatives."""

Told = Callable[[int, float, float, float], None]


@dataclass(frozen=True, slots=True)
class Answered:
    """Crops ``(N, 48, 48, 3)`` uint8 BGR with ``legible`` (1, 0, -1 unasked) and ``number`` (-1 none).

    ``cells`` is ``(N, 12, 12)``, see `Sample`, or None where nobody asks.
    """

    pictures: NDArray[np.uint8]
    legible: NDArray[np.int8]
    number: NDArray[np.int8]
    cells: NDArray[np.int8] | None = None

    def __len__(self) -> int:
        return len(self.legible)

    def all_cells(self) -> NDArray[np.int8]:
        """``cells``, -1 all over where there are none."""
        if self.cells is None:
            return np.full((len(self), CELLS, CELLS), UNKNOWN, np.int8)
        return self.cells


@dataclass(frozen=True, slots=True)
class Source:
    """Crops that batches are drawn from, row ``i`` as often as ``weight[i]`` says.

    ``share`` of a batch comes from here, relative to those of other sources, once ``begins`` of the training
    is over.
    """

    crops: Answered
    weight: NDArray[np.float64]
    share: float = 1.0
    begins: float = 0.0


@dataclass(frozen=True, slots=True)
class NumberTrainSettings:
    """How to train.

    It ends after ``steps`` or ``minutes``, whichever comes first; the learning rate follows. ``threads`` are
    of the CPU. One thread is the better choice on a machine that others use too.
    """

    steps: int = 20_000
    minutes: float = 30.0
    batch: int = 64
    lr: float = 3e-3
    threads: int = 2
    seed: int = 0


def join(parts: list[Answered]) -> Answered:
    """Put sets of crops together."""
    return Answered(
        np.concatenate([p.pictures for p in parts]),
        np.concatenate([p.legible for p in parts]),
        np.concatenate([p.number for p in parts]),
        None if all(p.cells is None for p in parts) else np.concatenate([p.all_cells() for p in parts]),
    )


def fit(
    network: NumberNetwork, sources: list[Source], settings: NumberTrainSettings, told: Told | None = None
) -> None:
    """Train in place; what stays is the average of the last steps' weights.

    Parameters
    ----------
    sources
        What to learn from. One has to be there from the beginning.
    told
        Called every 100 steps with the step, the share done, and the two losses.

    Raises
    ------
    ValueError
        If no source is there from the beginning.
    """
    if not any(s.begins <= 0 for s in sources):
        raise ValueError("sources: none begins at 0")
    torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    rng = np.random.default_rng(settings.seed)
    decayed = [p for p in network.parameters() if p.ndim > 1]
    plain = [p for p in network.parameters() if p.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": _WEIGHT_DECAY}, {"params": plain, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, settings.lr)
    network.train().to(memory_format=torch.channels_last)
    mean = {k: v.detach().clone() for k, v in network.state_dict().items()}
    began, step, share = time.perf_counter(), 0, 0.0
    while share < 1:
        rate = _LEAST_LR + (1 - _LEAST_LR) * (1 + cos(pi * share)) / 2
        for group in optimiser.param_groups:
            group["lr"] = settings.lr * rate * min(1.0, (step + 1) / min(_WARM_UP_STEPS, settings.steps / 4))
        pair = _step(network, optimiser, draw(sources, settings.batch, share, rng), rng)
        _follow(mean, network, step)
        if told is not None and step % 100 == 0:
            told(step, share, *pair)
        step += 1
        share = max(step / settings.steps, (time.perf_counter() - began) / (60 * settings.minutes))
    network.load_state_dict(mean)
    network.eval()


def draw(sources: list[Source], batch: int, share: float, rng: np.random.Generator) -> Answered:
    """Draw ``batch`` crops for when ``share`` of the training is over."""
    there = [s for s in sources if s.begins <= share]
    parts = rng.multinomial(batch, np.array([s.share for s in there]) / sum(s.share for s in there))
    chosen = []
    for source, n in zip(there, parts, strict=True):
        rows = rng.choice(len(source.crops), n, p=source.weight / source.weight.sum())
        crops = source.crops
        cells = None if crops.cells is None else crops.cells[rows]
        chosen.append(Answered(crops.pictures[rows], crops.legible[rows], crops.number[rows], cells))
    return join(chosen)


@torch.no_grad()  # type: ignore[untyped-decorator]
def _follow(mean: dict[str, torch.Tensor], network: NumberNetwork, step: int) -> None:
    keep = min(_LONGEST_MEMORY, (step + 1) / (step + 20))
    for name, value in network.state_dict().items():
        if value.is_floating_point():
            mean[name].lerp_(value, 1 - keep)
        else:
            mean[name].copy_(value)


def _step(
    network: NumberNetwork, optimiser: torch.optim.Optimizer, batch: Answered, rng: np.random.Generator
) -> tuple[float, float]:
    moves = _moves(len(batch), rng)
    x = _varied(batch.pictures, moves, rng).contiguous(memory_format=torch.channels_last)
    cells = _moved_cells(batch.all_cells(), moves)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=has_bfloat16()):
        found = network.features(x)
        logits, there = network.answer(found), network.digit_there(found)
    judged, digits = losses(
        logits.float(), torch.from_numpy(batch.legible).long(), torch.from_numpy(batch.number).long()
    )
    optimiser.zero_grad()
    (judged + digits + cell_loss(there.float(), cells)).backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), _MAX_NORM)
    optimiser.step()
    return judged.item(), digits.item()


def _varied(pictures: NDArray[np.uint8], moves: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Make input of crops ``(N, 48, 48, 3)``, each moved, recoloured, and some as negatives."""
    n = len(pictures)
    where = nn.functional.affine_grid(moves, [n, 3, INPUT_PX, INPUT_PX], align_corners=False)
    x = nn.functional.grid_sample(as_input(pictures), where, padding_mode="border", align_corners=False)
    orders = np.array([(0, 1, 2), (2, 1, 0), (1, 0, 2), (0, 2, 1), (1, 2, 0), (2, 0, 1)])
    order = orders[np.where(rng.random(n) < _SWAPPED, rng.integers(0, 6, n), 0)]
    x = torch.gather(x, 1, torch.from_numpy(order)[:, :, None, None].expand(-1, -1, *x.shape[2:]))
    negative = torch.from_numpy(rng.random(n) < _NEGATIVE)[:, None, None, None]
    x = torch.where(negative, 1 - x, x)
    gain = torch.from_numpy(rng.uniform(0.85, 1.15, (n, 3, 1, 1)).astype(np.float32))
    lift = torch.from_numpy(rng.uniform(-0.06, 0.06, (n, 1, 1, 1)).astype(np.float32))
    return (x * gain + lift).clamp_(0, 1)


def _moved_cells(cells: NDArray[np.int8], moves: torch.Tensor) -> torch.Tensor:
    n = len(cells)
    where = nn.functional.affine_grid(moves, [n, 1, CELLS, CELLS], align_corners=False)
    given = torch.from_numpy(cells).float()[:, None]
    moved = nn.functional.grid_sample(given, where, "nearest", "border", align_corners=False)
    return moved[:, 0].round().long()


def _moves(n: int, rng: np.random.Generator) -> torch.Tensor:
    """How ``n`` crops are moved, turned and stretched, ``(n, 2, 3)`` as `affine_grid` takes it."""
    angle, slant = rng.normal(0, _TURN_RAD, n), rng.normal(0, _SLANT, n)
    wide, high = np.exp(rng.normal(0, _STRETCH, (2, n)))
    shift = rng.normal(0, _SHIFT, (2, n))
    rows = [
        [wide * np.cos(angle), slant - high * np.sin(angle), shift[0]],
        [wide * np.sin(angle), high * np.cos(angle), shift[1]],
    ]
    return torch.from_numpy(np.array(rows).transpose(2, 0, 1).astype(np.float32))
