"""Train the number network on crops with answers, by the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from pipeline.core.files import whole_file
from pipeline.training.cpu_bfloat16 import has_bfloat16
from pipeline.training.shirt_numbers.number_network import NumberNetwork, cell_loss, losses
from pipeline.training.shirt_numbers.painted_numbers import CELLS, UNKNOWN
from pipeline.training.shirt_numbers.varied_crops import draw_moves, moved_cells, varied

_WARM_UP, _LEAST_LR = 0.06, 0.01
_LONGEST_MEMORY = 0.998
"""Share of the averaged weights that a step leaves as they were."""
_WEIGHT_DECAY, _MAX_NORM = 0.02, 5.0
_TOLD_STEPS = 100

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
    is over and until ``ends`` of it.
    """

    crops: Answered
    weight: NDArray[np.float64]
    share: float = 1.0
    begins: float = 0.0
    ends: float = 1.0


@dataclass(frozen=True, slots=True)
class NumberTrainSettings:
    """How to train.

    It ends after ``steps`` or ``minutes``, whichever comes first; the learning rate follows. ``threads`` are
    of the CPU. One thread is the better choice on a machine that others use too.
    """

    steps: int = 20_000
    minutes: float = 30.0
    batch: int = 64
    lr: float = 2e-3
    threads: int = 2
    seed: int = 0
    kept_steps: int = 500


def join(parts: list[Answered]) -> Answered:
    """Put sets of crops together."""
    return Answered(
        np.concatenate([p.pictures for p in parts]),
        np.concatenate([p.legible for p in parts]),
        np.concatenate([p.number for p in parts]),
        None if all(p.cells is None for p in parts) else np.concatenate([p.all_cells() for p in parts]),
    )


class _Progress:
    """A training under way, which a file can keep."""

    def __init__(self, network: NumberNetwork, settings: NumberTrainSettings) -> None:
        decayed = [p for p in network.parameters() if p.ndim > 1]
        plain = [p for p in network.parameters() if p.ndim <= 1]
        groups = [{"params": decayed, "weight_decay": _WEIGHT_DECAY}, {"params": plain, "weight_decay": 0.0}]
        self.optimiser = torch.optim.AdamW(groups, settings.lr)
        self.network, self.settings = network, settings
        self.mean = {k: v.detach().clone() for k, v in network.state_dict().items()}
        self.step, self.minutes = 0, 0.0

    @property
    def share(self) -> float:
        """Share of the training that is over."""
        return max(self.step / self.settings.steps, self.minutes / self.settings.minutes)

    def set_rate(self) -> None:
        """Set the learning rate: up at first, then down along a cosine."""
        up = min(1.0, max(self.share, 1 / self.settings.steps) / _WARM_UP)
        rate = up * (_LEAST_LR + (1 - _LEAST_LR) * (1 + cos(pi * self.share)) / 2)
        for group in self.optimiser.param_groups:
            group["lr"] = self.settings.lr * rate

    def keep(self, path: Path) -> None:
        """Write all that is needed to go on."""
        what = {"network": self.network.state_dict(), "optimiser": self.optimiser.state_dict()}
        with whole_file(path) as part:
            torch.save(what | {"mean": self.mean, "step": self.step, "minutes": self.minutes}, part)

    def take_up(self, path: Path) -> None:
        """Go on where `keep` was called."""
        kept = torch.load(path, weights_only=True)
        self.network.load_state_dict(kept["network"])
        self.optimiser.load_state_dict(kept["optimiser"])
        self.mean, self.step, self.minutes = kept["mean"], kept["step"], kept["minutes"]


def fit(
    network: NumberNetwork,
    sources: list[Source],
    settings: NumberTrainSettings,
    told: Told | None = None,
    kept: Path | None = None,
) -> None:
    """Train in place; what stays is the average of the last steps' weights.

    Parameters
    ----------
    sources
        What to learn from. One has to be there from the beginning.
    told
        Called every 100 steps with the step, the share done, and the two losses.
    kept
        A file that the training is written to now and then, and taken up from if it is there. Delete it to
        begin anew.

    Raises
    ------
    ValueError
        If no source is there from the beginning.
    """
    if not any(s.begins <= 0 for s in sources):
        raise ValueError("sources: none begins at 0")
    torch.set_num_threads(settings.threads)
    network.train().to(memory_format=torch.channels_last)
    progress = _Progress(network, settings)
    if kept is not None and kept.exists():
        progress.take_up(kept)
    torch.manual_seed(settings.seed + progress.step)
    rng = np.random.default_rng(settings.seed + progress.step)
    began = time.perf_counter() - 60 * progress.minutes
    while progress.share < 1:
        progress.set_rate()
        batch = draw(sources, settings.batch, progress.share, rng)
        pair = _step(network, progress.optimiser, batch, rng)
        _follow(progress.mean, network, progress.step)
        if told is not None and progress.step % _TOLD_STEPS == 0:
            told(progress.step, progress.share, *pair)
        progress.step += 1
        progress.minutes = (time.perf_counter() - began) / 60
        if kept is not None and progress.step % settings.kept_steps == 0:
            progress.keep(kept)
    network.load_state_dict(progress.mean)
    network.eval()


def draw(sources: list[Source], batch: int, share: float, rng: np.random.Generator) -> Answered:
    """Draw ``batch`` crops for when ``share`` of the training is over."""
    there = [s for s in sources if s.begins <= share < s.ends]
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
    moves = draw_moves(len(batch), rng)
    x = varied(batch.pictures, moves, rng).contiguous(memory_format=torch.channels_last)
    cells = moved_cells(batch.all_cells(), moves)
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
