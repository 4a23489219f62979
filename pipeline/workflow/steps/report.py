"""Step report: all tables -> report/index.html, and each table as CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline.core.extensions import SECTIONS, extensions, fingerprints
from pipeline.core.types import Kind, Mode
from pipeline.workflow.step import Context, Step

if TYPE_CHECKING:
    from pipeline.core.config import Config

_HEAD = """# Tables of this run

Parquet and CSV of the same content. Missing means no row; a column marked * can be null.
"""
_READS = ("frames", "labels", "positions")
_READS_VIDEO = ("instances", "segments", "views", "shots", "projections", "kits", "periods")
_READS_TRACKING = ("identities", "movement", "movement_parts", "periods", "people")
_READS_PLAY = ("phases", "behaviour", "behaviour_parts", "line_steps", "turnovers")
_READS_MEASURED = ("team_movement", "team_movement_parts", "possession", "shapes", "formations", "roles")
_READS_PHYSICAL = ("physical", "fast_runs", "efforts", "peak_demands", "passes", "off_ball_runs")
_READS_TRACKED = ("tracks", "identities", "movement", "movement_parts", "people", "links", "placed_by_hand")


def step(mode: Mode, kind: Kind = "video", written: Sequence[str] = ()) -> Step:
    """Write the page, each table as CSV beside its Parquet file, and what their columns mean.

    ``written`` are the tables of all earlier steps: a section of another package may read any of them.
    """
    if kind == "tracking":
        more = (*_READS_TRACKING, *_READS_PHYSICAL)
    else:
        more = (*_READS_VIDEO, *((*_READS_TRACKED, *_READS_PHYSICAL) if mode != "team" else ()))
    reads: tuple[str, ...] = (*_READS, *_READS_MEASURED, *_READS_PLAY, *more)
    if extensions(SECTIONS):
        from pipeline.report.page.section import added_sections

        wanted = {r for section in added_sections() for r in section.reads}
        reads = (*reads, *(t for t in written if t in wanted and t not in reads))
    return Step("report", 3, reads, ("report/index.html", "tables/README.md"), _settings, _do, _inputs)


def _settings(config: Config) -> Mapping[str, Any]:
    # The page lists all settings, so it is made again when any of them changes.
    settings = config.model_dump()
    return settings | ({"sections": added} if (added := fingerprints(SECTIONS)) else {})


def _inputs(config: Config) -> Mapping[str, str]:
    from pipeline.runs.match_file import match_inputs

    return match_inputs(config, "report", ("date", "score", "competition", "round", "venue", "teams", "kits"))


def _do(context: Context) -> Mapping[str, Any]:
    from pipeline.report.page.page import write_page
    from pipeline.report.run_data import load
    from pipeline.tables import storage

    run = load(context.root, context.config)
    size = write_page(run, context.root / "report" / "index.html")
    _describe_tables(context)
    written = 0
    if context.config.report.csv:
        names = [r for r in step(context.config.mode, run.kind).reads if context.table(r).exists()]
        for written, name in enumerate(names, start=1):
            target = context.table(name).with_suffix(".csv")
            storage.write_csv(context.table(name), target)
            context.progress(written, len(names))
    return {"page_bytes": size, "csv_files": written}


def _describe_tables(context: Context) -> None:
    """Say beside the tables what their columns mean, with the thresholds of this run."""
    from pipeline.core.files import whole_file
    from pipeline.tables.run_schemas import markdown, schemas_of_run

    folder = context.root / "tables"
    schemas = schemas_of_run(context.config.measure, context.config.physical)
    text = markdown(s for n, s in schemas.items() if (folder / f"{n}.parquet").exists())
    with whole_file(folder / "README.md") as part:
        part.write_text(_HEAD + text, encoding="utf-8")
