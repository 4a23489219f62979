"""Train the pitch network on pictures with known landmarks and lines; resumable, its record beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import DataSetError, RunError
from pipeline.models.quiet import silence_libraries
from pipeline.models.training import check_folder, read_curves, versions, write_json
from pipeline.models.training_curves import write_curves
from pipeline.pitch import SeenPitch

Told = Callable[[int, int], None]


class Picture(Protocol):
    """A picture on disk; see `pipeline.calibration.labelled.LabelledPicture`."""

    @property
    def path(self) -> Path:
        """Its file."""

    def image(self) -> NDArray[np.uint8]:
        """Read it: ``(H, W, 3)`` BGR, 16 : 9 or nearly."""


@dataclass(frozen=True, slots=True)
class PitchSample:
    """A picture, and where it shows the pitch."""

    picture: Picture
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


def train_pitch(
    train: Sequence[PitchSample],
    val: Sequence[PitchSample],
    out: Path,
    settings: PitchTrainSettings | None = None,
    *,
    resume: bool = False,
    progress: Told | None = None,
) -> PitchTrainResult:
    """Train a pitch network.

    Leaves in ``out``: ``train.json`` (settings, data, versions), ``weights/pitch.onnx`` (the last epoch's:
    nothing is chosen by ``val``, which is only measured on), ``results.csv``, ``curves.html``.
    Killed at any moment it goes on with ``resume`` after the last whole epoch.

    Parameters
    ----------
    progress
        Called with epochs done and epochs in all.

    Raises
    ------
    DataSetError
        If nothing is labelled, or a match is in both ``train`` and ``val``.
    RunError
        If ``out`` holds another training, or there is nothing to resume.
    """
    settings = settings or PitchTrainSettings()
    _check_data(train, val)
    record = {"settings": asdict(settings), "data_sha256": [fingerprint(train), fingerprint(val)]}
    last = out / "weights" / "last.pt"
    check_folder(out, record, last, resume)
    silence_libraries()
    from pipeline.models import pitch_loop

    state = pitch_loop.resumed(last, settings) if resume else pitch_loop.begun(settings)
    network = out / "weights" / "pitch.onnx"
    if network.is_file() and state.share_done(settings, len(train)) >= 1:
        raise RunError(f"{out}: this training is finished; start a new folder to train further")
    if not resume:
        write_json(out / "train.json", record | {"versions": versions()})
    pitch_loop.fit(state, train, val, out, settings, progress)
    gap = pitch_loop.write_checked(state, network, (val or train)[:4])
    rows = read_curves(out / "results.csv")
    write_curves(rows, out / "curves.html", out.name)
    return PitchTrainResult(network, out / "curves.html", len(rows), gap)


def fingerprint(samples: Sequence[PitchSample]) -> str:
    """Identify labels and pictures by content (pictures by name and size): SHA-256, 64 hex digits."""
    digest = hashlib.sha256()
    for sample in samples:
        path = sample.picture.path
        digest.update(f"{path.name}:{path.stat().st_size}\n".encode())
        digest.update(np.round(sample.seen.landmarks, 6).tobytes())
        digest.update(sample.seen.known.tobytes())
    return digest.hexdigest()


def _check_data(train: Sequence[PitchSample], val: Sequence[PitchSample]) -> None:
    if not train:
        raise DataSetError("no pictures to train on; expected labels/train/*.txt in --data")
    if not any(s.seen.known.any() for s in train):
        raise DataSetError("nothing is labelled in the pictures to train on")
    both = sorted({s.match for s in train} & {s.match for s in val})
    if both:
        raise DataSetError(
            f"match {both[0]} is in train and in val: what is measured there would be worth nothing; "
            "divide the data by match (the file's name up to the first _)"
        )
