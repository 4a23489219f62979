"""The runs below the folders of the start page, newest first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.core.errors import RunError
from pipeline.runs.match_file import match_of_run, sheet_of_run
from pipeline.runs.records import finished_record
from pipeline.runs.run_directory import read_json, record_path
from pipeline.workbench.served_run import run_key
from pipeline.workbench.starting.allowed_folders import AllowedFolders

_DEEP, _MOST_FOLDERS = 4, 20_000


def run_roots(folders: AllowedFolders) -> list[Path]:
    """Find the run directories, at most four folders down; links are not followed."""
    found = [p for root in folders.roots for p in _below(root)]
    return sorted(set(found), key=lambda p: -_changed_s(p))


def told_run(root: Path) -> dict[str, Any]:
    """Tell a run: its state, source, date, teams; what is not known is None."""
    record = read_json(record_path(root))
    tracking = record.get("tracking") or {}
    sheet = sheet_of_run(root, record)
    video = record.get("video") or {}
    names = (tracking.get("teams") or {}) | dict(match_of_run(root, record).teams)
    return {
        "key": run_key(root),
        "name": root.name,
        "path": str(root),
        "kind": record.get("kind", "video"),
        "finished": _finished(root),
        "source": Path(str(record.get("source", ""))).name,
        "changed_s": _changed_s(root),
        "date": sheet.get("date", "")[:10] or None,
        "teams": [names.get("A"), names.get("B")] if names else None,
        "score": sheet.get("score"),
        "duration_s": video.get("duration_s"),
    }


def _finished(root: Path) -> bool:
    try:
        finished_record(root)
    except RunError:
        return False
    return True


def _below(root: Path) -> Iterator[Path]:
    for seen, (at, folders, files) in enumerate(os.walk(root)):
        here = Path(at)
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        if "run.json" in files:
            yield here
            folders[:] = []
        if len(here.relative_to(root).parts) >= _DEEP or seen > _MOST_FOLDERS:
            folders[:] = []


def _changed_s(root: Path) -> float:
    try:
        return record_path(root).stat().st_mtime
    except OSError:
        return 0.0
