"""Step report: all tables -> report/index.html, and each table as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.core.types import Kind, Mode
from pipeline.workflow.step import Context, Step

if TYPE_CHECKING:
    from pipeline.core.config import Config

_READS = ("frames", "labels", "positions")
_READS_VIDEO = ("instances", "segments", "views", "shots", "projections", "kits")
_READS_TRACKING = ("identities", "movement", "movement_parts", "periods", "people")
_READS_MEASURED = ("team_movement", "team_movement_parts", "possession", "shapes", "formations", "roles")
_READS_TRACKED = ("tracks", "identities", "movement", "movement_parts")


def step(mode: Mode, kind: Kind = "video") -> Step:
    """Write the page, and each table as CSV beside its Parquet file."""
    if kind == "tracking":
        more = _READS_TRACKING
    else:
        more = (*_READS_VIDEO, *(_READS_TRACKED if mode != "team" else ()))
    reads = (*_READS, *_READS_MEASURED, *more)
    return Step("report", 1, reads, ("report/index.html",), _settings, _do)


def _settings(config: Config) -> Mapping[str, Any]:
    # The page lists all settings, so it is made again when any of them changes.
    return config.model_dump()


def _do(context: Context) -> Mapping[str, Any]:
    from pipeline.report.page.page import write_page
    from pipeline.report.run_data import load
    from pipeline.tables import storage

    run = load(context.root, context.config)
    size = write_page(run, context.root / "report" / "index.html")
    written = 0
    if context.config.report.csv:
        names = [r for r in step(context.config.mode, run.kind).reads if context.table(r).exists()]
        for written, name in enumerate(names, start=1):
            target = context.table(name).with_suffix(".csv")
            storage.write_csv(context.table(name), target)
            context.progress(written, len(names))
    return {"page_bytes": size, "csv_files": written}
