"""Export a finished run in a format that other tools read: the list of formats, and one way to write them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.core.errors import ConfigError
from pipeline.core.files import whole_folder
from pipeline.formats.writers.export_result import Written
from pipeline.runs.image_tracks import open_boxes, pictured_record
from pipeline.runs.pitch_tracks import finished_record, open_tracks
from pipeline.runs.run_directory import write_json

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
    from pipeline.formats.writers import skillcorner_writer

    return skillcorner_writer.write(open_tracks(run_dir, "SkillCorner"), out)


def _cdf(run_dir: Path, out: Path) -> Written:
    from pipeline.formats.writers import cdf_writer

    return cdf_writer.write(open_tracks(run_dir, "CDF"), out)


def _tracab(run_dir: Path, out: Path) -> Written:
    from pipeline.formats.writers import tracab_writer

    return tracab_writer.write(open_tracks(run_dir, "TRACAB"), out)


def _mot(run_dir: Path, out: Path) -> Written:
    from pipeline.formats.writers import mot_writer

    return mot_writer.write(open_boxes(run_dir, "MOT"), out)


def _gsr(run_dir: Path, out: Path) -> Written:
    from pipeline.formats.writers import gsr_writer

    return gsr_writer.write(open_boxes(run_dir, "GSR"), out)


def _masks(run_dir: Path, out: Path, format: str) -> Written:
    from pipeline.formats.masks import mask_export

    pictured_record(run_dir, format.upper())
    n = mask_export.write_masks(run_dir, out, kind="instance", format=format)
    return Written(n, ("metres are left out; what the numbers mean is in legend.json",))


def _csv(run_dir: Path, out: Path) -> Written:
    from pipeline.formats.writers import csv_writer

    return csv_writer.write(run_dir, out)


FORMATS: dict[str, Callable[[Path, Path], Written]] = {
    "skillcorner": _skillcorner,
    "cdf": _cdf,
    "tracab": _tracab,
    "mot": _mot,
    "mots": partial(_masks, format="mots"),
    "coco": partial(_masks, format="coco"),
    "gsr": _gsr,
    "csv": _csv,
}
