"""Train a segmentation network on a data set folder; resumable, with its settings and curves beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from pipeline.core.errors import DataSetError, WeightsError
from pipeline.core.locks import alone
from pipeline.core.types import ProgressCallback
from pipeline.datasets import canonical
from pipeline.datasets.canonical import DataSet
from pipeline.networks.quiet import silence_libraries
from pipeline.networks.weights import resolve, task_of
from pipeline.training import training_record
from pipeline.training.segmentation import checkpoint
from pipeline.training.segmentation.crops import CropSettings, make_crops
from pipeline.training.segmentation.semantic_crops import check_trainable, make_semantic_crops
from pipeline.training.segmentation.settings import TrainResult, TrainSettings
from pipeline.training.training_record import read_curves


def train(
    datasets: Sequence[DataSet],
    out: Path,
    settings: TrainSettings | None = None,
    *,
    resume: bool = False,
    progress: ProgressCallback | None = None,
) -> TrainResult:
    """Train a network.

    Leaves in ``out``: ``train.json`` (settings, data, versions), ``weights``, ``results.csv``,
    ``curves.html``.
    Killed at any moment, the same call goes on after the last whole epoch.

    Parameters
    ----------
    datasets
        What to train on, together; several need crops for the task "instance".
    resume
        Refuse to begin: there must be a training to go on with.
    progress
        Called with epochs done and epochs in all.

    Raises
    ------
    DataSetError
        If a data set has nothing to train on for this task.
    RunError
        If ``out`` holds another training, or there is nothing to resume.
    """
    settings = settings or TrainSettings()
    _check_data(datasets, settings)
    record = {
        "settings": asdict(settings),
        "data_sha256": [canonical.fingerprint(dataset) for dataset in datasets],
    }
    start = None if checkpoint.kept(out, settings.epochs) else _start(settings)
    training_record.begin(out, record, resume)
    with alone(out / ".lock", out):
        _go_on(datasets, out, settings, start, progress)
        result = finish(out)
        training_record.end(out)
        checkpoint.drop(out)
    return result


def _go_on(
    datasets: Sequence[DataSet],
    out: Path,
    settings: TrainSettings,
    start: Path | None,
    progress: ProgressCallback | None,
) -> None:
    """Train from the last whole epoch on, from ``start`` where there is none yet."""
    data = _data_file(datasets, out, settings)
    silence_libraries()
    last = checkpoint.kept(out, settings.epochs)
    if last is None:
        (out / "results.csv").unlink(missing_ok=True)
    else:
        checkpoint.rewind(out, last)
    if last is None or not last.done:
        from pipeline.training.segmentation.ultralytics_trainer import fit

        goes_on = last is not None
        fit(data, out, settings, start=last.path if last else start, resume=goes_on, progress=progress)
    else:
        checkpoint.complete(out, last)


def finish(out: Path) -> TrainResult:
    """Draw the curves of a training that has ended or been stopped, and say where its weights are."""
    from pipeline.training.curves import write_curves

    rows = read_curves(out / "results.csv")
    curves = out / "curves.html"
    write_curves(rows, curves, out.name)
    last = out / "weights" / "last.pt"
    best = out / "weights" / "best.pt"
    return TrainResult(best if best.is_file() else last, last, curves, len(rows))


def _check_data(datasets: Sequence[DataSet], settings: TrainSettings) -> None:
    if len(datasets) > 1 and settings.crop_px is None and settings.task == "instance":
        raise DataSetError("training on several data sets needs crops; give one, or no --whole-frames")
    for dataset in datasets:
        if not (train := dataset.split("train")):
            raise DataSetError(f"{dataset.root}: no pictures in train")
        if settings.task == "instance" and not any(s.labels for s in train):
            raise DataSetError(f"{dataset.root}: nothing is labelled in train")
    if settings.task == "semantic":
        check_trainable(datasets)


def _data_file(datasets: Sequence[DataSet], out: Path, settings: TrainSettings) -> Path:
    """The YAML to train from; cuts crops first where asked."""
    crops = None
    if settings.crop_px is not None:
        crops = CropSettings(
            size_px=settings.crop_px,
            scales=settings.crop_scales,
            per_frame=settings.crops_per_frame,
            ball_weight=settings.ball_weight,
            rare_weight=settings.rare_weight,
            paste_balls=settings.paste_balls,
            seed=settings.seed,
        )
    folder = out / "crops"
    if settings.task == "semantic":
        if not (folder / "semantic.yaml").is_file():
            make_semantic_crops(datasets, folder, crops)
        return folder / "semantic.yaml"
    if crops is None:
        return datasets[0].root / "data.yaml"
    if not (folder / "data.yaml").is_file():
        make_crops(datasets, folder, crops)
    return folder / "data.yaml"


def _start(settings: TrainSettings) -> Path | None:
    if settings.start is not None:
        weights = resolve(settings.start, trust=settings.trust_weights)
        if weights.kind != "torch":
            raise WeightsError(f"{settings.start}: training goes on from a .pt, not from an export")
        if settings.task == "instance" and task_of(weights) == "semantic":
            raise WeightsError(f"{settings.start}: a semantic network; --task instance cannot start from it")
        return weights.path
    return resolve("football-seg-n").path if settings.size == "n" else None
