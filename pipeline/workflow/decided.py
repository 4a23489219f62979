"""Who is who as it was decided before any hand, kept beside the steps: what corrections start from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.json_files import write_json
from pipeline.runs.run_directory import read_json, step_path
from pipeline.tables import storage

if TYPE_CHECKING:
    import pandas as pd

_FOLDER = Path("steps", "link.decided")
_TABLES = ("people", "links")
_MADE_BY = ("segment", "track", "appearance", "calibrate", "shots", "project", "identify", "periods")
"""Steps before step link: it may read any of their tables."""


def decided_key(root: Path, about: Mapping[str, Any]) -> str | None:
    """Name what the decision rests on: the tables that step link reads, by content, and ``about``.

    None where a step did not record its tables.
    """
    made = {name: read_json(step_path(root, name)).get("outputs") for name in _MADE_BY}
    if any(not v for v in made.values()):
        return None
    text = json.dumps([made, about], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def keep(root: Path, key: str | None, people: pd.DataFrame, links: pd.DataFrame) -> None:
    """Keep what was decided; without a key nothing is kept, and what was is no longer believed."""
    folder = root / _FOLDER
    write_json(folder / "key.json", {"key": None})
    if key is None:
        return
    for name, table in zip(_TABLES, (people, links), strict=True):
        storage.write(table, folder / f"{name}.parquet", name)
    write_json(folder / "key.json", {"key": key})


def kept(root: Path, key: str | None) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Give back tables ``people`` and ``links`` that were kept under this key; None without them."""
    folder = root / _FOLDER
    if key is None or read_json(folder / "key.json").get("key") != key:
        return None
    people, links = (storage.read(folder / f"{name}.parquet", name) for name in _TABLES)
    return people, links
