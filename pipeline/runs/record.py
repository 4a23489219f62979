"""The record of a run, ``run.json``: the one place that opens it and says what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.core.config import Config
from pipeline.core.errors import RunError
from pipeline.runs.run_directory import read_json, record_path

_NEEDED = {"config": dict, "video": dict, "source": str}


def read_record(root: Path, *, finished: bool = True) -> dict[str, Any]:
    """Read the record of the run in ``root``.

    Parameters
    ----------
    finished
        Whether every step of the run has to be done.

    Raises
    ------
    RunError
        If there is no run, its record is broken, or it should be finished and is not.
    """
    record = read_json(record_path(root))
    if finished and record.get("state", "finished") != "finished":
        raise RunError(f"{root}: not finished; continue with the command that began it")
    if any(not isinstance(record.get(name), kind) for name, kind in _NEEDED.items()):
        raise RunError(f"{root}: no run here (run.json is missing or broken); make one with 'teamshape run'")
    return record


def settings_of(root: Path, record: dict[str, Any]) -> Config:
    """Read the settings that the run in ``root`` was made with from its ``record``.

    Raises
    ------
    RunError
        If they are none that this version knows.
    """
    try:
        return Config.model_validate(record["config"])
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(p) for p in first["loc"]) or "config"
        raise RunError(
            f"{record_path(root)}: {key}: {first['msg']}; this version cannot read these settings, so run "
            "the command that made it again"
        ) from None
