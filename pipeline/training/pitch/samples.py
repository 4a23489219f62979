"""What the pitch network is trained on, and how."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import SeenPitch


class PitchPicture(Protocol):
    """A picture on disk; see `pipeline.datasets.pitch_labels.LabelledPicture`."""

    @property
    def path(self) -> Path:
        """Its file."""

    def image(self) -> NDArray[np.uint8]:
        """Read it: ``(H, W, 3)`` BGR, 16 : 9 or nearly."""


@dataclass(frozen=True, slots=True)
class PitchSample:
    """A picture, and where it shows the pitch."""

    picture: PitchPicture
    seen: SeenPitch

    @property
    def match(self) -> str:
        """The match that it is from: its name up to the first ``_``."""
        return self.picture.path.name.partition("_")[0]


@dataclass(frozen=True, slots=True)
class PitchTrainSettings:
    """How to train.

    ``start`` is the network to go on from: the bundled one, or an ``.onnx`` of an earlier training. ``hours``
    ends training by the clock, the learning rate following. ``threads`` 0 is all cores.
    """

    epochs: int = 50
    batch: int = 16
    lr: float = 5e-4
    hours: float | None = None
    start: str = "pitch-lines-n"
    device: str = "auto"
    threads: int = 0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class PitchTrainResult:
    """What training left: the network, the curves' page, the epochs done, and by how much ONNX differs."""

    network: Path
    curves: Path
    n_epochs: int
    gap: float
