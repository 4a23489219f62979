"""What a run says of itself, and whether its tables are those that it speaks of: every reader starts here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.core.errors import RunError
from pipeline.runs.run_directory import read_json, stands

FOR_PEOPLE = ("draw", "report")
"""Steps that no table comes from."""


def record_of(root: Path) -> dict[str, Any]:
    """Read ``run.json`` of a run whose tables are all there and made with the settings in it.

    Raises
    ------
    RunError
        If there is no run, it did not get so far, or a later run with other settings was stopped in it.
    """
    record = read_json(root / "run.json")
    steps = record.get("steps")
    if not isinstance(steps, dict) and record.get("state", "finished") != "finished":
        raise RunError(f"{root}: not finished; continue with the command that began it")
    if not isinstance(record.get("config"), dict):
        raise RunError(f"{root}: no run here (run.json is missing or broken); make one with 'teamshape run'")
    if not isinstance(steps, dict):  # made before run.json named them
        return record
    for name, fingerprint in steps.items():
        if name not in FOR_PEOPLE and not stands(root, name, fingerprint):
            raise RunError(
                f"{root}: not finished (step {name} is not of the settings in run.json); continue with the "
                "command that was stopped there"
            )
    return record


def finished_record(root: Path) -> dict[str, Any]:
    """Read ``run.json`` of a finished run.

    Raises
    ------
    RunError
        If there is none, or the run is not finished.
    """
    record = record_of(root)
    if record.get("state") != "finished":
        raise RunError(f"{root}: not finished; continue with the command that began it")
    return record
