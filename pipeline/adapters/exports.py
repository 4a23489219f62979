"""Export a finished run in a format that other tools read: the list of formats, and one way to write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.adapters.export_result import Written
from pipeline.adapters.run_tracks import finished_record, open_tracks
from pipeline.errors import ConfigError
from pipeline.files import whole_folder
from pipeline.run import write_json

MARK = "export.json"
"""In every export: what was written, and what the format could not hold."""


def write_export(run_dir: Path, out: Path, format: str, *, replace: bool = False) -> Written:
    """Write the run in ``run_dir`` to the folder ``out``, whole or not at all.

    Parameters
    ----------
    format
        One of `FORMATS`.
    replace
        Put it in the place of an earlier export.

    Raises
    ------
    ConfigError
        If there is no such format.
    RunError
        If ``run_dir`` holds no finished run, lacks what the format needs, or ``out`` cannot be used.
    """
    if format not in FORMATS:
        raise ConfigError(f"--format {format}: not known; choose from {', '.join(FORMATS)}")
    record = finished_record(run_dir)
    with whole_folder(out, MARK, replace) as folder:
        written = FORMATS[format](run_dir, folder)
        about: dict[str, Any] = {
            "format": format,
            "run": str(run_dir.absolute()),
            "source": record.get("source"),
            "teamshape": record.get("versions", {}).get("teamshape"),
            "frames": written.frames,
            "notes": list(written.notes),
        }
        write_json(folder / MARK, about | written.about)
    return written


def _skillcorner(run_dir: Path, out: Path) -> Written:
    from pipeline.adapters import write_skillcorner

    return write_skillcorner.write(open_tracks(run_dir, "SkillCorner"), out)


FORMATS: dict[str, Callable[[Path, Path], Written]] = {
    "skillcorner": _skillcorner,
}
