"""The record beside a training: settings, versions, curves; and whether it may go on."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from pipeline.core.errors import RunError
from pipeline.core.json_files import write_json
from pipeline.datasets import canonical


def read_curves(path: Path) -> list[dict[str, float]]:
    """Read ``results.csv``: one row an epoch, losses and validation metrics by name; empty without one."""
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as handle:
        return [{k.strip(): float(v) for k, v in row.items()} for row in csv.DictReader(handle)]


def begin(out: Path, record: dict[str, Any], resume: bool) -> None:
    """See that a training may begin in ``out``, or go on there, and write ``train.json``.

    A folder with a training of the same settings and data goes on, asked to ``resume`` or not.

    Parameters
    ----------
    record
        The ``settings`` and ``data_sha256`` of this call.

    Raises
    ------
    RunError
        If it may not: other content, other settings or data, finished, or nothing to resume.
    """
    file = out / "train.json"
    if file.is_file():
        _check_same(out, record, canonical.read_json(file))
    elif resume:
        raise RunError(f"{out}: nothing to resume: no train.json of an earlier training")
    elif out.exists() and any(p.suffix != ".part" for p in out.iterdir()):
        raise RunError(f"{out}: not empty; give a new folder")
    write_json(file, record | {"versions": versions(), "state": "running"})


def end(out: Path) -> None:
    """Write into ``train.json`` that nothing is left to do."""
    write_json(out / "train.json", canonical.read_json(out / "train.json") | {"state": "finished"})


def _check_same(out: Path, record: dict[str, Any], before: dict[str, Any]) -> None:
    known = before.get("settings")
    if not isinstance(known, dict) or "data_sha256" not in before:
        raise RunError(f"{out}: its train.json is broken; start a new folder")
    changed = [k for k, v in record["settings"].items() if _plain(v) != known.get(k)]
    if changed:
        raise RunError(f"{out}: cannot go on with another {', '.join(changed)}; start a new folder")
    if before["data_sha256"] != record["data_sha256"]:
        raise RunError(f"{out}: cannot go on: the data set has changed since; start a new folder")
    old = "state" not in before and (out / "curves.html").is_file()
    if before.get("state") == "finished" or old:
        raise RunError(f"{out}: this training is finished; start a new folder to train further")


def versions() -> dict[str, str]:
    """Versions of what training depends on, by package."""
    from importlib.metadata import version

    return {name: version(name) for name in ("teamshape", "torch", "ultralytics")}


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value))
