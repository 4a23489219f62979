"""Train the number network on crops with answers, by the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi

import numpy as np
import torch
from numpy.typing import NDArray

from pipeline.training.cpu_bfloat16 import has_bfloat16
from pipeline.training.shirt_numbers.number_network import NumberNetwork, as_input, losses

_WARM_UP_STEPS, _LEAST_LR = 200, 0.01
_WEIGHT_DECAY, _MAX_NORM = 0.02, 5.0
_SHIFT_PX, _SWAPPED = 2, 0.15

Told = Callable[[int, float, float, float], None]


@dataclass(frozen=True, slots=True)
class Answered:
    """Crops ``(N, 48, 48, 3)`` uint8 BGR with ``legible`` (1, 0, -1 unasked) and ``number`` (-1 none)."""

    pictures: NDArray[np.uint8]
    legible: NDArray[np.int8]
    number: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.legible)


@dataclass(frozen=True, slots=True)
class NumberTrainSettings:
    """How to train.

    It ends after ``steps`` or ``minutes``, whichever comes first; the learning rate follows. ``threads`` are
    of the CPU. One thread is the better choice on a machine that others use too.
    """

    steps: int = 20_000
    minutes: float = 30.0
    batch: int = 128
    lr: float = 2e-3
    threads: int = 2
    seed: int = 0


def join(parts: list[Answered]) -> Answered:
    """Put sets of crops together."""
    return Answered(
        np.concatenate([p.pictures for p in parts]),
        np.concatenate([p.legible for p in parts]),
        np.concatenate([p.number for p in parts]),
    )


def fit(
    network: NumberNetwork,
    more: Callable[[float], tuple[Answered, Answered | None]],
    settings: NumberTrainSettings,
    told: Told | None = None,
) -> None:
    """Train in place.

    Parameters
    ----------
    more
        Gives crops for a pass, and labelled ones of which every batch gets an eighth more; asked again after
        each pass, with the share of training that is over: easy crops first shorten it.
    told
        Called every 100 steps with the step, the share done, and the two losses.
    """
    torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    rng = np.random.default_rng(settings.seed)
    decayed = [p for p in network.parameters() if p.ndim > 1]
    plain = [p for p in network.parameters() if p.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": _WEIGHT_DECAY}, {"params": plain, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, settings.lr)
    network.train().to(memory_format=torch.channels_last)
    began, step, share = time.perf_counter(), 0, 0.0
    while True:
        data, often = more(share)
        for part in np.array_split(rng.permutation(len(data)), max(1, len(data) // settings.batch)):
            share = max(step / settings.steps, (time.perf_counter() - began) / (60 * settings.minutes))
            if share >= 1:
                network.eval()
                return
            rate = _LEAST_LR + (1 - _LEAST_LR) * (1 + cos(pi * share)) / 2
            for group in optimiser.param_groups:
                group["lr"] = (
                    settings.lr * rate * min(1.0, (step + 1) / min(_WARM_UP_STEPS, settings.steps / 4))
                )
            batch = Answered(data.pictures[part], data.legible[part], data.number[part])
            if often is not None and len(often):
                some = rng.integers(0, len(often), settings.batch // 8)
                batch = join([batch, Answered(often.pictures[some], often.legible[some], often.number[some])])
            pair = _step(network, optimiser, batch, rng)
            if told is not None and step % 100 == 0:
                told(step, share, *pair)
            step += 1


def _step(
    network: NumberNetwork, optimiser: torch.optim.Optimizer, batch: Answered, rng: np.random.Generator
) -> tuple[float, float]:
    x = _varied(batch.pictures, rng).contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=has_bfloat16()):
        logits = network(x)
    judged, digits = losses(
        logits.float(), torch.from_numpy(batch.legible).long(), torch.from_numpy(batch.number).long()
    )
    optimiser.zero_grad()
    (judged + 0.5 * digits).backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), _MAX_NORM)
    optimiser.step()
    return judged.item(), digits.item()


def _varied(pictures: NDArray[np.uint8], rng: np.random.Generator) -> torch.Tensor:
    """Make input of crops ``(N, 48, 48, 3)``, all shifted alike and each recoloured."""
    n = len(pictures)
    dx, dy = (int(v) for v in rng.integers(-_SHIFT_PX, _SHIFT_PX + 1, 2))
    order = rng.permutation(3) if rng.random() < _SWAPPED else np.array([2, 1, 0])
    x = as_input(np.roll(pictures, (dy, dx), (1, 2))[..., order[::-1]])
    gain = torch.from_numpy(rng.uniform(0.85, 1.15, (n, 3, 1, 1)).astype(np.float32))
    lift = torch.from_numpy(rng.uniform(-0.06, 0.06, (n, 1, 1, 1)).astype(np.float32))
    return (x * gain + lift).clamp_(0, 1)
