"""Train a segmentation network on a data set folder; resumable, with its settings and curves beside it."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from pipeline.errors import DataSetError, RunError, WeightsError
from pipeline.models.data import canonical
from pipeline.models.data.canonical import DataSet
from pipeline.models.data.crops import CropSettings, make_crops
from pipeline.models.data.semantic_crops import check_trainable, make_semantic_crops
from pipeline.models.quiet import silence_libraries
from pipeline.models.weights import Task, resolve, task_of

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


def train(
    datasets: Sequence[DataSet],
    out: Path,
    settings: TrainSettings | None = None,
    *,
    resume: bool = False,
    progress: Callable[[int, int], None] | None = None,
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
    from pipeline.models.training_ultralytics import fit

    fit(data, out, settings, start=start, resume=resume, progress=progress)
    return finish(out)


def finish(out: Path) -> TrainResult:
    """Draw the curves of a training that has ended or been stopped, and say where its weights are."""
    from pipeline.models.training_curves import write_curves

    rows = read_curves(out / "results.csv")
    curves = out / "curves.html"
    write_curves(rows, curves, out.name)
    last = out / "weights" / "last.pt"
    best = out / "weights" / "best.pt"
    return TrainResult(best if best.is_file() else last, last, curves, len(rows))


def read_curves(path: Path) -> list[dict[str, float]]:
    """Read ``results.csv``: one row an epoch, losses and validation metrics by name; empty without one."""
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as handle:
        return [{k.strip(): float(v) for k, v in row.items()} for row in csv.DictReader(handle)]


def n_threads(threads: int) -> int:
    """How many threads torch gets, 0 for all: ultralytics leaves it one, which halves the speed of two."""
    return (
        threads or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )


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


def check_folder(out: Path, record: dict[str, Any], last: Path, resume: bool) -> None:
    """See that a training may begin in ``out``, or go on there from its checkpoint ``last``.

    ``record`` has the ``settings`` and ``data_sha256`` of this call.

    Raises
    ------
    RunError
        If it may not: other content, other settings or data, or nothing to resume.
    """
    file = out / "train.json"
    if resume:
        if not last.is_file() or not file.is_file():
            raise RunError(f"{out}: nothing to resume: no weights/last.pt of an earlier training")
        before = canonical.read_json(file)
        changed = [k for k, v in record["settings"].items() if _plain(v) != before["settings"].get(k)]
        if changed:
            raise RunError(f"{out}: cannot resume with another {', '.join(changed)}; start a new folder")
        if before["data_sha256"] != record["data_sha256"]:
            raise RunError(f"{out}: cannot resume: the data set has changed since; start a new folder")
    elif out.exists() and any(out.iterdir()):
        raise RunError(f"{out}: not empty; give a new folder, or --resume to go on")


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


def versions() -> dict[str, str]:
    """Versions of what training depends on, by package."""
    from importlib.metadata import version

    return {name: version(name) for name in ("teamshape", "torch", "ultralytics")}


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON file, making its folder; a `RunError` says why it cannot."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    except OSError as error:
        raise RunError(f"{path}: cannot write ({error.strerror})") from error


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value))
