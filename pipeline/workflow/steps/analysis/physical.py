"""Step physical: tracked positions -> physical load, fast runs, efforts, peak demands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.core.config import Config
from pipeline.core.types import Kind
from pipeline.workflow.step import Context, Step

_READS = ("frames", "positions", "labels", "identities", "people", "possession", "formations")
WRITES = ("physical", "fast_runs", "efforts", "peak_demands")


def step(kind: Kind = "video") -> Step:
    """Make the step; it needs tracks."""
    more = ("periods",) if kind == "tracking" else ("periods", "links")
    return Step("physical", 2, (*_READS, *more), WRITES, _settings, _do((*_READS, *more)))


def _settings(config: Config) -> Mapping[str, Any]:
    return {
        "measure": config.measure.model_dump(),
        "physical": config.physical.model_dump(),
        "pitch": config.pitch.facts(),
        "max_gap_s": config.project.max_gap_s,
    }


def _do(reads: tuple[str, ...]) -> Callable[[Context], Mapping[str, Any]]:
    def do(context: Context) -> Mapping[str, Any]:
        from pipeline.metrics.physical.physical_tables import physical_tables
        from pipeline.metrics.summary import MatchTables
        from pipeline.tables import storage

        tables = {name: storage.read(context.table(name), name) for name in reads}
        formations, possession = tables.pop("formations"), tables.pop("possession")
        made = physical_tables(MatchTables(**tables), formations, possession, context.config)
        for name, table in made.items():
            storage.write(table, context.table(name), name)
        return {name: len(table) for name, table in made.items()}

    return do
