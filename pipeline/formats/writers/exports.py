"""Export a finished run in a format that other tools read: the list of formats, and one way to write them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.core.errors import ConfigError
from pipeline.core.files import whole_folder
from pipeline.core.json_files import write_json
from pipeline.formats.writers.export_result import Written
from pipeline.runs.image_tracks import boxes_of, check_pictured
from pipeline.runs.pitch_tracks import RunTracks, tracks_of
from pipeline.runs.stored_run import StoredRun

MARK = "export.json"
"""In every export: what was written, and what the format could not hold."""
UNKNOWN = "unknown.csv"
"""Positions of players of a team who could be anyone of it; beside formats that know people only."""
_OF_PEOPLE = ("skillcorner", "cdf", "tracab")


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
    run = StoredRun.open(run_dir, stage="finished")
    with whole_folder(out, MARK, replace) as folder:
        written = FORMATS[format](run, folder)
        if format in _OF_PEOPLE:
            written = _with_unknown(tracks_of(run, format), written, folder)
        about: dict[str, Any] = {
            "format": format,
            "run": str(run_dir.absolute()),
            "source": run.record.get("source"),
            "teamshape": run.record.get("versions", {}).get("teamshape"),
            "frames": written.frames,
            "notes": list(written.notes),
        }
        write_json(folder / MARK, about | written.about)
    return written


def _with_unknown(run: RunTracks, written: Written, out: Path) -> Written:
    """Put sights of nobody in particular beside a format whose players are people."""
    rows = run.unknown()
    if rows.empty:
        return written
    rows.to_csv(out / UNKNOWN, index=False, float_format="%.3f")
    tracks = rows.groupby("team")["track_id"].nunique()
    pieces = " and ".join(f"{n} of team {t}" for t, n in tracks.items())
    about = f"{len(rows)} positions of nobody in particular ({pieces})"
    note = f"players are people: {about} are apart, in {UNKNOWN}"
    return replace(written, notes=(*written.notes, note))


def _skillcorner(run: StoredRun, out: Path) -> Written:
    from pipeline.formats.writers import skillcorner_writer

    return skillcorner_writer.write(tracks_of(run, "SkillCorner"), out)


def _cdf(run: StoredRun, out: Path) -> Written:
    from pipeline.formats.writers import cdf_writer

    return cdf_writer.write(tracks_of(run, "CDF"), out)


def _tracab(run: StoredRun, out: Path) -> Written:
    from pipeline.formats.writers import tracab_writer

    return tracab_writer.write(tracks_of(run, "TRACAB"), out)


def _mot(run: StoredRun, out: Path) -> Written:
    from pipeline.formats.writers import mot_writer

    return mot_writer.write(boxes_of(run, "MOT"), out)


def _gsr(run: StoredRun, out: Path) -> Written:
    from pipeline.formats.writers import gsr_writer

    return gsr_writer.write(boxes_of(run, "GSR"), out)


def _masks(run: StoredRun, out: Path, format: str) -> Written:
    from pipeline.formats.masks import mask_export

    check_pictured(run, format.upper())
    n = mask_export.write_masks(run.root, out, kind="instance", format=format)
    return Written(n, ("metres are left out; what the numbers mean is in legend.json",))


def _csv(run: StoredRun, out: Path) -> Written:
    from pipeline.formats.writers import csv_writer

    return csv_writer.write(run, out)


FORMATS: dict[str, Callable[[StoredRun, Path], Written]] = {
    "skillcorner": _skillcorner,
    "cdf": _cdf,
    "tracab": _tracab,
    "mot": _mot,
    "mots": partial(_masks, format="mots"),
    "coco": partial(_masks, format="coco"),
    "gsr": _gsr,
    "csv": _csv,
}
