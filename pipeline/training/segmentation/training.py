"""Train a segmentation network on a data set folder; resumable, with its settings and curves beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from pipeline.core.errors import DataSetError, RunError, WeightsError
from pipeline.core.json_files import write_json
from pipeline.core.types import ProgressCallback
from pipeline.datasets import canonical
from pipeline.datasets.canonical import DataSet
from pipeline.networks.quiet import silence_libraries
from pipeline.networks.weights import resolve, task_of
from pipeline.training.segmentation.crops import CropSettings, make_crops
from pipeline.training.segmentation.semantic_crops import check_trainable, make_semantic_crops
from pipeline.training.segmentation.settings import TrainResult, TrainSettings
from pipeline.training.training_record import check_folder, read_curves, versions


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
    Killed at any moment it goes on with ``resume`` after the last whole epoch.

    Parameters
    ----------
    datasets
        What to train on, together; several need crops for the task "instance".
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
    last = out / "weights" / "last.pt"
    check_folder(out, record, last, resume)
    if resume and len(read_curves(out / "results.csv")) >= settings.epochs:
        raise RunError(f"{out}: this training is finished; start a new folder to train further")
    start = last if resume else _start(settings)
    if not resume:
        write_json(out / "train.json", record | {"versions": versions()})
    data = _data_file(datasets, out, settings)
    silence_libraries()
    from pipeline.training.segmentation.ultralytics_trainer import fit

    fit(data, out, settings, start=start, resume=resume, progress=progress)
    return finish(out)


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
