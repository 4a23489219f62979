"""Train the pitch network on pictures with known landmarks and lines; resumable, its record beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from pipeline.core.errors import DataSetError
from pipeline.core.locks import alone
from pipeline.core.types import ProgressCallback
from pipeline.networks.quiet import silence_libraries
from pipeline.training import training_record
from pipeline.training.curves import write_curves
from pipeline.training.pitch.samples import PitchSample, PitchTrainResult, PitchTrainSettings
from pipeline.training.training_record import read_curves


def train_pitch(
    train: Sequence[PitchSample],
    val: Sequence[PitchSample],
    out: Path,
    settings: PitchTrainSettings | None = None,
    *,
    resume: bool = False,
    progress: ProgressCallback | None = None,
) -> PitchTrainResult:
    """Train a pitch network.

    Leaves in ``out``: ``train.json`` (settings, data, versions), ``weights/pitch.onnx`` (the last epoch's:
    nothing is chosen by ``val``, which is only measured on), ``results.csv``, ``curves.html``.
    Killed at any moment, the same call goes on after the last whole epoch.

    Parameters
    ----------
    resume
        Refuse to begin: there must be a training to go on with.
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
    silence_libraries()
    from pipeline.training.pitch import training_loop

    begun = None if last.is_file() else training_loop.begun(settings)
    training_record.begin(out, record, resume)
    network = out / "weights" / "pitch.onnx"
    with alone(out / ".lock", out):
        state = begun or training_loop.resumed(last, settings)
        training_loop.fit(state, train, val, out, settings, progress)
        gap = training_loop.write_checked(state, network, (val or train)[:4])
        rows = read_curves(out / "results.csv")
        write_curves(rows, out / "curves.html", out.name)
        training_record.end(out)
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
