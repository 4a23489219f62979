"""A data set that is rendered picture by picture: killed, or on a full disk, the same call goes on.

While it grows, ``render.json`` holds what is rendered and ``rendered/`` a record of each whole picture.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.core.errors import DataSetError, UserError
from pipeline.core.json_files import plain, write_json
from pipeline.core.locks import alone
from pipeline.datasets.canonical import check_vacant, read_json

_RECIPE, _RECORDS, _LOCK = "render.json", "rendered", ".lock"


class Growing:
    """The records of whole pictures so far, in order."""

    def __init__(self, root: Path) -> None:
        self._folder = root / _RECORDS
        self.records: list[dict[str, Any]] = []
        while (path := self._path(len(self.records))).is_file():
            self.records.append(read_json(path))

    def add(self, record: Mapping[str, Any]) -> None:
        """Note one more picture, of which everything else is on disk."""
        write_json(self._path(len(self.records)), record)
        self.records.append(read_json(self._path(len(self.records))))

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:06d}.json"


@contextmanager
def growing(out: Path, recipe: Mapping[str, Any]) -> Iterator[Growing]:
    """Begin a data set in ``out``, or go on with one of the same ``recipe``; what was refused leaves nothing.

    Raises
    ------
    DataSetError
        If ``out`` has other content, another recipe's included.
    RunError
        If another process is at work there.
    """
    wanted = plain(dict(recipe))
    _check(out, wanted)
    new = not out.exists()
    out.mkdir(parents=True, exist_ok=True)
    with alone(out / _LOCK, out):
        try:
            write_json(out / _RECIPE, {"state": "running", "recipe": wanted})
            grown = Growing(out)
            yield grown
            write_json(out / _RECIPE, {"state": "finished", "recipe": wanted})
        except UserError:
            if not any(out.glob(f"{_RECORDS}/*")):
                _clear(out, new)
            raise
        _remove_records(out)


def _tidy(out: Path) -> None:
    """Remove what a process leaves that was killed behind its last picture."""
    if (out / _LOCK).exists():
        with alone(out / _LOCK, out):
            _remove_records(out)


def _remove_records(out: Path) -> None:
    shutil.rmtree(out / _RECORDS, ignore_errors=True)
    (out / _LOCK).unlink(missing_ok=True)


def _check(out: Path, wanted: dict[str, Any]) -> None:
    if not (out / _RECIPE).is_file():
        if not (out.is_dir() and {p.name for p in out.iterdir()} <= {_LOCK, f"{_RECIPE}.part"}):
            check_vacant(out)
        return
    found = read_json(out / _RECIPE)
    if found.get("state") != "running":
        _tidy(out)
        raise DataSetError(f"{out}: not empty, holds a rendered data set; give a new folder")
    if found.get("recipe") != wanted:
        raise DataSetError(
            f"{out}: holds one that is not finished, with other options; the command that began it "
            "continues it, or give a new folder"
        )


def _clear(out: Path, new: bool) -> None:
    for path in out.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if new:
        out.rmdir()
