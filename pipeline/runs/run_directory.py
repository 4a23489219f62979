"""The run directory: what lies where, and how its JSON files are read and written.

```
runs/derby/
├── run.json               versions, settings, video and weights fingerprints
├── overlay.mp4  report/   what people look at
├── tables/                every table as Parquet and CSV
└── steps/                 one JSON a finished step; parts of a step that is under way
```
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.core.errors import RunError

RECORD = "run.json"
_MARK = "steps"


def record_path(root: Path) -> Path:
    """Where the record of the run in ``root`` lies."""
    return root / RECORD


def table_path(root: Path, name: str) -> Path:
    """Where the table ``name`` of the run in ``root`` lies."""
    return root / "tables" / f"{name}.parquet"


def step_path(root: Path, step: str) -> Path:
    """Where the record of a finished step of the run in ``root`` lies."""
    return root / "steps" / f"{step}.json"


def prepare(root: Path) -> None:
    """Make the run directory, or accept an existing one of ours.

    Raises
    ------
    RunError
        If it cannot be written, is a file, or is a folder holding something else.
    """
    try:
        if root.is_dir() and any(root.iterdir()) and not (root / _MARK).exists():
            raise RunError(f"{root}: a folder with other things in it; choose an empty or new one with -o")
        for name in ("tables", "steps"):
            (root / name).mkdir(parents=True, exist_ok=True)
        probe = root / "steps" / ".write-probe"
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        raise RunError(
            f"{root}: cannot write there ({error.strerror}); choose another folder with -o"
        ) from error


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object; an absent or broken file reads as empty."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}
