"""Settings of steps before the links that were changed in the workbench: noted in the run, then applied.

The note lies in the run until the work that applies it has ended, so that a stopped server goes on with it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.core.config import Config
from pipeline.core.json_files import write_json
from pipeline.runs import records
from pipeline.runs.run_directory import read_json

_NOTE = "view/settings.json"


def note(root: Path, group: str, values: dict[str, Any]) -> None:
    """Note that the settings ``values`` of ``group`` (such as ``periods``) are wanted."""
    path = root / _NOTE
    path.parent.mkdir(exist_ok=True)
    write_json(path, read_json(path) | {group: values})


def noted_config(root: Path) -> Config | None:
    """Give the run's settings with those that were noted; None where nothing was."""
    noted = read_json(root / _NOTE)
    if not noted:
        return None
    settings = records.settings_of(root, records.begun_record(root)).model_dump()
    for group, values in noted.items():
        settings[group] = settings[group] | values
    try:
        return Config.model_validate(settings)
    except (ValidationError, KeyError, TypeError):  # not a note of ours
        return None


def settled(root: Path) -> None:
    """Take the note away: it is applied, or cannot be."""
    (root / _NOTE).unlink(missing_ok=True)
