"""The loop that trains the pitch network: batches, loss, learning rate, checkpoints, measuring."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from math import cos, pi
from pathlib import Path
from zipfile import is_zipfile

import numpy as np
import torch
from numpy.typing import NDArray

from pipeline.core.errors import RunError, WeightsError
from pipeline.core.files import whole_file
from pipeline.core.types import ProgressCallback
from pipeline.networks.convert import save_torch
from pipeline.networks.pitch_network import N_KEYPOINTS, peaks
from pipeline.training.cpu_bfloat16 import has_bfloat16
from pipeline.training.pitch.augmentation import degraded, random_window, shown, whole_pixels
from pipeline.training.pitch.heatmap_loss import pitch_losses
from pipeline.training.pitch.samples import PitchSample, PitchTrainSettings
from pipeline.training.pitch.targets import WHOLE, Target, Window, landmark_cells, target
from pipeline.training.pitch.torch_network import (
    PitchNetwork,
    as_input,
    largest_gap,
    read_network,
    write_onnx,
)
from pipeline.training.segmentation.settings import n_threads
from pipeline.training.training_record import read_curves

Batch = tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.bool_]]

_WARM_UP_STEPS, _LEAST_LR = 30, 0.02
_WEIGHT_DECAY, _MAX_NORM = 0.01, 5.0
_MIDDLE = Window(0.25, 0.25, 0.5, 0.5)
_MOST_VAL = 40
_PX_A_CELL = 15.0
"""Of a picture 1920 px wide."""
_FOUND_SCORE, _FOUND_CELLS = 0.3, 2.0
_MAX_GAP = 1e-3


@dataclass(slots=True)
class State:
    """A training under way. ``seconds`` were spent so far; ``rows`` are the curves."""

    network: PitchNetwork
    optimiser: torch.optim.AdamW
    device: torch.device
    epoch: int = 0
    step: int = 0
    seconds: float = 0.0
    rows: list[dict[str, float]] = field(default_factory=list)

    def share_done(self, settings: PitchTrainSettings, n_train: int) -> float:
        """How far training is, by steps or by the clock, whichever is further."""
        by_step = self.step / (settings.epochs * _n_batches(n_train, settings.batch))
        return max(by_step, 0.0 if settings.hours is None else self.seconds / (3600 * settings.hours))


def begun(settings: PitchTrainSettings) -> State:
    """Start from the weights that the settings name."""
    torch.manual_seed(settings.seed)
    return _state(read_network(settings.start), settings)


def resumed(last: Path, settings: PitchTrainSettings) -> State:
    """Go on from a checkpoint.

    Raises
    ------
    RunError
        If it cannot be read.
    """
    state = _state(PitchNetwork(), settings)
    if not is_zipfile(last):
        raise RunError(f"{last}: not a checkpoint that can be read; start a new folder")
    try:
        saved = torch.load(last, map_location=state.device, weights_only=True)
        state.network.load_state_dict(saved["network"])
        state.optimiser.load_state_dict(saved["optimiser"])
    except (RuntimeError, KeyError, ValueError) as error:
        raise RunError(f"{last}: of another network ({type(error).__name__}); start a new folder") from error
    state.epoch, state.step, state.seconds = saved["epoch"], saved["step"], saved["seconds"]
    state.rows = read_curves(last.parents[1] / "results.csv")[: state.epoch]
    return state


def fit(
    state: State,
    train: Sequence[PitchSample],
    val: Sequence[PitchSample],
    out: Path,
    settings: PitchTrainSettings,
    progress: ProgressCallback | None,
) -> None:
    """Train to the end, leaving a checkpoint and the curves after every epoch."""
    torch.set_num_threads(n_threads(settings.threads))
    while state.share_done(settings, len(train)) < 1:
        row = {"epoch": float(state.epoch + 1)} | _epoch(state, train, settings)
        began = time.perf_counter()
        row |= measure(state, val) if val else {}
        state.seconds += time.perf_counter() - began
        row["time"] = state.seconds
        state.epoch += 1
        state.rows.append(row)
        _save(state, out)
        if progress is not None:
            progress(state.epoch, settings.epochs)


def write_checked(state: State, path: Path, samples: Sequence[PitchSample]) -> float:
    """Write the network as ONNX; gives the largest difference from torch on some pictures.

    Raises
    ------
    WeightsError
        If they differ by more than rounding does.
    """
    network = state.network.to("cpu", memory_format=torch.contiguous_format)
    write_onnx(network, path)
    gap = largest_gap(network, path, [shown(s.picture.image(), WHOLE) for s in samples])
    if not gap < _MAX_GAP:
        raise WeightsError(f"{path}: answers otherwise than the trained network (by {gap:.3g}); not usable")
    return gap


@torch.no_grad()  # type: ignore[untyped-decorator]
def measure(state: State, samples: Sequence[PitchSample]) -> dict[str, float]:
    """Losses, and how far off landmarks are, on whole pictures and on their middles enlarged twice.

    ``off_px`` is the median distance of those found, px of a 1080p picture; ``found`` the share that respond
    within two cells.
    """
    step = max(1, len(samples) // _MOST_VAL)
    losses, off, n = [], [], 0
    for sample in samples[::step][:_MOST_VAL]:
        image = sample.picture.image()
        size = (image.shape[1], image.shape[0])
        for window in (WHOLE, whole_pixels(_MIDDLE, size)):
            answer = target(sample.seen, window, size)
            batch = (shown(image, window)[None], answer.heatmaps[None], answer.asked[None])
            logits, *losses_here = _losses(state, batch)
            losses.append([x.item() for x in losses_here])
            cells, score = peaks(logits[0, :N_KEYPOINTS].sigmoid().cpu().numpy())
            distance = np.linalg.norm(cells - landmark_cells(sample.seen, window, size), axis=1)
            n += int(np.isfinite(distance).sum())
            off += distance[(score > _FOUND_SCORE) & (distance < _FOUND_CELLS)].tolist()
    landmark, line = np.mean(losses, axis=0)
    return {
        "val/landmark_loss": float(landmark),
        "val/line_loss": float(line),
        "val/found": len(off) / n if n else float("nan"),
        "val/off_px": _PX_A_CELL * float(np.median(off)) if off else float("nan"),
    }


def example(sample: PitchSample, rng: np.random.Generator) -> tuple[NDArray[np.uint8], Target]:
    """Draw one view of a picture, ``(288, 512, 3)`` BGR, and what the network should answer to it."""
    image = sample.picture.image()
    size = (image.shape[1], image.shape[0])
    window = whole_pixels(random_window(rng), size)
    return degraded(shown(image, window), rng), target(sample.seen, window, size)


def _state(network: PitchNetwork, settings: PitchTrainSettings) -> State:
    name = settings.device
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(name)
        network = network.to(device, memory_format=torch.channels_last)
    except (RuntimeError, AssertionError) as error:
        raise RunError(f"--device {name}: not usable here ({str(error).splitlines()[0]})") from error
    optimiser = torch.optim.AdamW(network.parameters(), settings.lr, weight_decay=_WEIGHT_DECAY)
    return State(network, optimiser, device)


def _epoch(state: State, train: Sequence[PitchSample], settings: PitchTrainSettings) -> dict[str, float]:
    state.network.train()
    seen: list[tuple[float, float]] = []
    began = time.perf_counter()
    lr = 0.0
    for batch in _batches(train, settings, state.epoch):
        share = state.share_done(settings, len(train))
        if share >= 1:
            break
        rate = _LEAST_LR + (1 - _LEAST_LR) * (1 + cos(pi * share)) / 2
        lr = settings.lr * rate * min(1.0, (state.step + 1) / _WARM_UP_STEPS)
        for group in state.optimiser.param_groups:
            group["lr"] = lr
        _, landmark, line = _losses(state, batch)
        state.optimiser.zero_grad()
        (landmark + line).backward()
        torch.nn.utils.clip_grad_norm_(state.network.parameters(), _MAX_NORM)
        state.optimiser.step()
        seen.append((landmark.item(), line.item()))
        state.step += 1
        now = time.perf_counter()
        state.seconds, began = state.seconds + now - began, now
    landmark_loss, line_loss = np.mean(seen, axis=0)
    return {"train/landmark_loss": float(landmark_loss), "train/line_loss": float(line_loss), "lr": lr}


def _losses(state: State, batch: Batch) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The responses before the sigmoid, and the losses of landmarks and lines."""
    pictures, heatmaps, asked = batch
    x = as_input(pictures).to(state.device).contiguous(memory_format=torch.channels_last)
    half = state.device.type == "cuda" or (state.device.type == "cpu" and has_bfloat16())
    with torch.autocast(state.device.type, dtype=torch.bfloat16, enabled=half):
        logits = state.network(x)
    logits = logits.float()
    truth, where = (torch.from_numpy(a).to(state.device) for a in (heatmaps, asked))
    return (logits, *pitch_losses(logits, truth, where))


def _batches(train: Sequence[PitchSample], settings: PitchTrainSettings, epoch: int) -> Iterator[Batch]:
    """The batches of an epoch, made ahead in a thread of their own."""
    order = np.random.default_rng((settings.seed, epoch)).permutation(len(train))
    n = _n_batches(len(train), settings.batch)
    parts = np.array_split(order, n)

    def make(part: NDArray[np.intp]) -> Batch:
        drawn = [example(train[i], np.random.default_rng((settings.seed, epoch, int(i)))) for i in part]
        pictures, targets = zip(*drawn, strict=True)
        return (
            np.stack(pictures),
            np.stack([t.heatmaps for t in targets]),
            np.stack([t.asked for t in targets]),
        )

    with ThreadPoolExecutor(1) as pool:
        ahead = [pool.submit(make, part) for part in parts[:2]]
        for i in range(n):
            ready = ahead.pop(0)
            if i + 2 < n:
                ahead.append(pool.submit(make, parts[i + 2]))
            yield ready.result()


def _n_batches(n_train: int, batch: int) -> int:
    return max(1, -(-n_train // batch))


def _save(state: State, out: Path) -> None:
    with whole_file(out / "results.csv") as part, part.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, list(state.rows[-1]))
        writer.writeheader()
        writer.writerows(state.rows)
    kept = {
        "network": state.network.state_dict(),
        "optimiser": state.optimiser.state_dict(),
        "epoch": state.epoch,
        "step": state.step,
        "seconds": state.seconds,
    }
    save_torch(kept, out / "weights" / "last.pt")
