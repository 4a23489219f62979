"""Train the pitch network on folders of labelled and rendered pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.core.pitch import Pitch
from pipeline.core.types import ProgressCallback
from pipeline.datasets.pitch_labels import has_split, read_labelled
from pipeline.training.pitch.pitch_training import train_pitch
from pipeline.training.pitch.samples import PitchSample, PitchTrainResult, PitchTrainSettings
from pipeline.training.pitch.visible_pitch import seen_pitch


def train_on_folders(
    folders: Sequence[Path],
    out: Path,
    settings: PitchTrainSettings,
    *,
    resume: bool,
    progress: ProgressCallback,
) -> PitchTrainResult:
    """Train on the ``train`` split of each folder; measure on ``val`` where there is one.

    Raises
    ------
    UserError
        As `read_labelled` and `train_pitch`.
    """
    train = [s for folder in folders for s in samples(folder, "train")]
    val = [s for folder in folders if has_split(folder, "val") for s in samples(folder, "val")]
    return train_pitch(train, val, out, settings, resume=resume, progress=progress)


def samples(folder: Path, split: str) -> list[PitchSample]:
    """Read a split, with where each picture shows the pitch (105 x 68 m, unless it was rendered)."""
    return [PitchSample(p, seen_pitch(p, Pitch())) for p in read_labelled(folder, split)]
