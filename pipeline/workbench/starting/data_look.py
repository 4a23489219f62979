"""What a file of tracking data is, at once: who wrote it, and which further files are needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.core.errors import TrackingError
from pipeline.formats.readers.providers import provider_of, providers


def look_at_data(source: Path) -> dict[str, Any]:
    """Say whose data ``source`` are, by its name and first bytes; its positions are not read.

    ``provider``: None where that cannot be told, ``why`` then says so; ``providers``: all that can be chosen,
    each with ``meta``, files that it needs, and ``also``, those that it takes.
    """
    try:
        found, why = provider_of((source,), None).name, ""
    except TrackingError as error:
        found, why = None, str(error)
    listed = [
        {"name": p.name, "about": p.about, "meta": list(p.meta), "also": list(p.also)}
        for p in providers().values()
    ]
    size = source.stat().st_size if source.is_file() else None
    about = {"path": str(source), "name": source.name, "bytes": size, "folder": str(source.parent)}
    return about | {"provider": found, "why": why, "providers": listed}
