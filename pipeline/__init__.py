"""Team-level and player-level analytics from match footage.

What scripts need is here; it is loaded when it is first used::

    from pipeline import Run, process

    run = process("match.mp4", "runs/derby")
    run.table("movement")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.report.compare.team_comparison import compare
    from pipeline.report.run_heatmap import heatmap
    from pipeline.runs.run import Run
    from pipeline.season.query import ask as query_season
    from pipeline.workflow.library import analyze, process, segment_image

    __version__: str

__all__ = ["Run", "__version__", "analyze", "compare", "heatmap", "process", "query_season", "segment_image"]

_HOMES = {
    "Run": ("pipeline.runs.run", "Run"),
    "process": ("pipeline.workflow.library", "process"),
    "analyze": ("pipeline.workflow.library", "analyze"),
    "segment_image": ("pipeline.workflow.library", "segment_image"),
    "heatmap": ("pipeline.report.run_heatmap", "heatmap"),
    "compare": ("pipeline.report.compare.team_comparison", "compare"),
    "query_season": ("pipeline.season.query", "ask"),
}


def __getattr__(name: str) -> Any:
    """Load what is asked for: importing the package alone costs nothing."""
    from importlib import import_module, metadata

    if name == "__version__":
        return metadata.version("teamshape")
    if name in _HOMES:
        module, attribute = _HOMES[name]
        return getattr(import_module(module), attribute)
    raise AttributeError(f"module 'pipeline' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
