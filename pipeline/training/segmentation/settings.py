"""How to train a segmentation network, and what training leaves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.networks.backends import n_cores
from pipeline.networks.weights import Task

Size = Literal["n", "s", "m"]


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """How to train.

    ``start`` are weights to go on from (a bundled name or a path); None takes the bundled ones of this size,
    or begins from nothing where there are none. ``crop_px`` cuts crops first, ``crops_per_frame`` at each of
    ``crop_scales`` (see `CropSettings`); None trains on whole frames. ``hours`` ends training by the clock,
    the learning rate following. ``threads`` 0 is all cores.
    """

    task: Task = "instance"
    size: Size = "n"
    epochs: int = 50
    imgsz: int = 512
    batch: int = 16
    lr: float = 5e-4
    hours: float | None = None
    crop_px: int | None = 512
    crop_scales: tuple[float, ...] = (1.0, 2 / 3)
    crops_per_frame: int = 2
    ball_weight: float = 8.0
    rare_weight: float = 1.0
    paste_balls: int = 0
    start: str | None = None
    trust_weights: bool = False
    freeze: int = 0
    mosaic: float = 0.5
    device: str = "auto"
    threads: int = 0
    workers: int = 2
    seed: int = 0


@dataclass(frozen=True, slots=True)
class TrainResult:
    """What training left: the best and the last weights, the curves' page, and the epochs done."""

    best: Path
    last: Path
    curves: Path
    n_epochs: int


def n_threads(threads: int) -> int:
    """How many threads torch gets, 0 for all: ultralytics leaves it one, which halves the speed of two."""
    return threads or n_cores()
