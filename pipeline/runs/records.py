"""What a run says of itself, and whether its tables are those that it speaks of: every reader starts here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.core.config import Config
from pipeline.core.errors import RunError
from pipeline.runs.run_directory import read_json, record_path, stands

FOR_PEOPLE = ("draw", "report")
"""Steps that no table comes from."""
_NEEDED = {"config": dict, "video": dict, "source": str}


def begun_record(root: Path) -> dict[str, Any]:
    """Read ``run.json`` of a run, however far it got.

    Raises
    ------
    RunError
        If there is no run, or its record is broken.
    """
    record = read_json(record_path(root))
    if any(not isinstance(record.get(name), kind) for name, kind in _NEEDED.items()):
        raise RunError(f"{root}: no run here (run.json is missing or broken); make one with 'teamshape run'")
    return record


def record_of(root: Path) -> dict[str, Any]:
    """Read ``run.json`` of a run whose tables are all there and made with the settings in it.

    Raises
    ------
    RunError
        If there is no run, it did not get so far, or a later run with other settings was stopped in it.
    """
    there = read_json(record_path(root))
    steps = there.get("steps")
    if not isinstance(steps, dict) and there.get("state", "finished") != "finished":
        raise _unfinished(root, there)
    record = begun_record(root)
    if not isinstance(steps, dict):  # made before run.json named them
        return record
    for name, fingerprint in steps.items():
        if name not in FOR_PEOPLE and not stands(root, name, fingerprint):
            raise RunError(
                f"{root}: not finished (step {name} is not of the settings in run.json); "
                f"{how_to_continue(root, record)}"
            )
    return record


def how_to_continue(root: Path, record: dict[str, Any]) -> str:
    """Name the command that continues the run in ``root``."""
    command = "analyze" if record.get("kind") == "tracking" else "run"
    source = record.get("source") or "SOURCE"
    return f"continue with 'teamshape {command} {source} -o {root}' and the options that it began with"


def finished_record(root: Path) -> dict[str, Any]:
    """Read ``run.json`` of a finished run.

    Raises
    ------
    RunError
        If there is none, or the run is not finished.
    """
    record = record_of(root)
    if record.get("state") != "finished":
        raise _unfinished(root, record)
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


def _unfinished(root: Path, record: dict[str, Any]) -> RunError:
    return RunError(f"{root}: not finished; {how_to_continue(root, record)}")
