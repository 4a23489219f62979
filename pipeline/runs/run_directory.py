"""The run directory: what lies where, and whether what a step wrote still stands.

```
runs/derby/
├── run.json               versions, settings, video and weights fingerprints
├── overlay.mp4  report/   what people look at
├── tables/                every table as Parquet and CSV
└── steps/                 one JSON a finished step; parts of one under way; what was gathered for others
```
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.core import locks
from pipeline.core.errors import RunError

_MARK = "steps"


def record_path(root: Path) -> Path:
    """Where the record of the run in ``root`` lies."""
    return root / "run.json"


def table_path(root: Path, name: str) -> Path:
    """Where the table ``name`` of the run in ``root`` lies."""
    return root / "tables" / f"{name}.parquet"


def step_path(root: Path, step: str) -> Path:
    """Where the record of a finished step of the run in ``root`` lies."""
    return root / "steps" / f"{step}.json"


def parts_path(root: Path, step: str) -> Path:
    """Where the parts of a step of the run in ``root`` lie while it is under way."""
    return root / "steps" / f"{step}.parts"


def seen_path(root: Path, what: str) -> Path:
    """Where something lies that the pass over the footage of the run in ``root`` gathered for later steps."""
    return root / "steps" / f"{what}.seen"


def stands(root: Path, name: str, fingerprint: str) -> bool:
    """Say whether what step ``name`` last wrote is of this fingerprint."""
    record, before = record_paths(root, name)
    if record.exists():
        return read_json(record).get("fingerprint") == fingerprint
    return is_whole(root, before, fingerprint)


def intact(root: Path, entry: Mapping[str, Any]) -> bool:
    """Say whether all that a step's record lists is on disk with that size and content."""
    for name, known in entry.get("outputs", {}).items():
        try:
            if (root / name).stat().st_size != known["size"] or sha256(root / name) != known["sha256"]:
                return False
        except OSError:
            return False
    return True


def record_paths(root: Path, name: str) -> tuple[Path, Path]:
    """Where the record of step ``name`` lies, and the one that a later run has set aside."""
    return root / "steps" / f"{name}.json", root / "steps" / f"{name}.before"


def is_whole(root: Path, record: Path, fingerprint: str) -> bool:
    """Say whether ``record`` is of this fingerprint, and all that it lists is on disk unchanged."""
    found = read_json(record)
    return found.get("fingerprint") == fingerprint and "outputs" in found and intact(root, found)


def sha256(path: Path) -> str:
    """Hash the content of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Keep other processes from working in the run directory at the same time.

    Raises
    ------
    RunError
        If one does so already.
    """
    with locks.alone(root / "steps" / ".lock", root):
        yield


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
