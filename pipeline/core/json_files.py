"""JSON on disk, whole or not at all, and values as JSON knows them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.core.files import whole_file


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write a JSON object, whole or not at all, making its folder.

    Raises
    ------
    RunError
        If the disk is full or the folder cannot be written.
    """
    with whole_file(path) as part:
        part.write_text(json.dumps(data, indent=2, default=str) + "\n", encoding="utf-8")


def plain(value: Any) -> Any:
    """Bring arrays, tuples and NaN (as null) to what JSON knows."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
