"""The state of a training by ultralytics as it was after the last whole epoch, whatever was cut off since.

ultralytics writes its weights in place: killed while it does, it leaves halves. So each epoch's are copied,
whole or not at all, and what is written down of them comes last.
"""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import is_zipfile

from pipeline.core.files import whole_file
from pipeline.core.json_files import write_json
from pipeline.runs.run_directory import read_json
from pipeline.training.training_record import read_curves

_RECORD = "checkpoint.json"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Weights and optimiser after ``epoch`` whole epochs, the ``best`` so far; ``done`` if none follows."""

    path: Path
    best: Path
    epoch: int
    done: bool


def keep(trainer: Any) -> None:
    """Copy what the trainer has just saved; called after each epoch."""
    folder, epoch = Path(trainer.wdir), trainer.epoch + 1
    best = read_json(folder / _RECORD).get("best", "")
    last = f"checkpoint_{epoch}.pt"
    _copy(folder / "last.pt", folder / last)
    if trainer.best_fitness == trainer.fitness or not (folder / best).is_file():
        best = f"checkpoint_best_{epoch}.pt"
        _copy(folder / "best.pt", folder / best)
    state = {"epoch": epoch, "done": bool(trainer.stop), "last": last, "best": best}
    write_json(folder / _RECORD, state)
    _remove(folder, {last, best})


def kept(out: Path, epochs: int) -> Checkpoint | None:
    """Find the last whole epoch of the training in ``out``; None before the first."""
    folder = out / "weights"
    state = read_json(folder / _RECORD)
    if not state and is_zipfile(folder / "last.pt"):  # of an earlier version
        n = len(read_curves(out / "results.csv"))
        return Checkpoint(folder / "last.pt", folder / "best.pt", n, n >= epochs) if n else None
    if not state or not is_zipfile(folder / str(state["last"])):
        return None
    return Checkpoint(
        folder / str(state["last"]), folder / str(state["best"]), int(state["epoch"]), bool(state["done"])
    )


def rewind(out: Path, checkpoint: Checkpoint) -> None:
    """Take out of the curves what came after the checkpoint: it is trained again."""
    path = out / "results.csv"
    if not path.is_file():
        return
    with path.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.reader(handle))
    with whole_file(path) as part, part.open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows(rows[: 1 + checkpoint.epoch])


def complete(out: Path, checkpoint: Checkpoint) -> None:
    """Give the weights of a training that has ended their final form: without optimiser, ready to use."""
    from ultralytics.utils.torch_utils import strip_optimizer

    for copy, name in ((checkpoint.path, "last.pt"), (checkpoint.best, "best.pt")):
        if copy.is_file():
            with whole_file(out / "weights" / name) as part:
                strip_optimizer(str(copy), str(part))


def drop(out: Path) -> None:
    """Remove the copies of a training that has ended."""
    (out / "weights" / _RECORD).unlink(missing_ok=True)
    _remove(out / "weights", set())


def _copy(source: Path, target: Path) -> None:
    with whole_file(target) as part:
        shutil.copyfile(source, part)


def _remove(folder: Path, others_than: set[str]) -> None:
    for path in folder.glob("checkpoint_*.pt*"):
        if path.name not in others_than:
            path.unlink(missing_ok=True)
