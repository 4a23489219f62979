"""The record beside a training: settings, versions, curves; and whether it may go on."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from pipeline.core.errors import RunError
from pipeline.datasets import canonical


def read_curves(path: Path) -> list[dict[str, float]]:
    """Read ``results.csv``: one row an epoch, losses and validation metrics by name; empty without one."""
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as handle:
        return [{k.strip(): float(v) for k, v in row.items()} for row in csv.DictReader(handle)]


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


def versions() -> dict[str, str]:
    """Versions of what training depends on, by package."""
    from importlib.metadata import version

    return {name: version(name) for name in ("teamshape", "torch", "ultralytics")}


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value))
